"""A bot made by hand, which believes tokens with PyJWT alone and calls a local Teams over REST; and cards for it."""

from typing import Any
from urllib.parse import quote

import jwt
from aiohttp import ClientResponse, ClientSession

from adapters.local.clock import MovableClock
from adapters.local.teams import LocalTeams

APP, PASSWORD = "the-app-id", "the password"
TENANT, GARETH, HANA, GUEST = "tenant-dwp", "gareth-aad", "hana-aad", "guest-aad"
CHANNEL, GROUP = "19:operations@thread.tacv2", "19:few@thread.v2"


class Bot:
    """A bot made by hand: it checks tokens with PyJWT alone, and calls the connector over REST."""

    def __init__(self, teams: LocalTeams, session: ClientSession, clock: MovableClock) -> None:
        self.teams = teams
        self.session = session
        self.clock = clock
        self.token = ""

    async def believes(self, headers: dict[str, str], service_url: str) -> bool:
        metadata = await (await self.session.get(self.teams.openid_metadata_url)).json()
        keys = (await (await self.session.get(metadata["jwks_uri"])).json())["keys"]
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            kid = jwt.get_unverified_header(token)["kid"]
            key = next(key for key in keys if key["kid"] == kid and "msteams" in key["endorsements"])
            options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
            claims = jwt.decode(
                token, jwt.PyJWK(key), ["RS256"], audience=APP, issuer=self.teams.issuer, options=options
            )
        except (jwt.PyJWTError, StopIteration):
            return False
        now = self.clock().timestamp()
        return bool(claims["nbf"] - 300 <= now < claims["exp"] + 300 and claims.get("serviceurl") == service_url)

    async def log_in(self, **wrong: str) -> ClientResponse:
        form = {
            "grant_type": "client_credentials",
            "client_id": APP,
            "client_secret": PASSWORD,
            "scope": "https://api.botframework.com/.default",
        }
        answer = await self.session.post(self.teams.token_url, data=form | wrong)
        if answer.status == 200:
            self.token = (await answer.json())["access_token"]
        return answer

    async def call(self, method: str, *path: str, body: Any = None, query: str = "") -> tuple[int, Any]:
        if not self.token:
            await self.log_in()
        url = self.teams.service_url + "v3/" + "/".join(quote(part, safe="") for part in path) + query
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def chat(self, user: str = GARETH) -> str:
        body = {"members": [{"id": user}], "tenantId": TENANT, "isGroup": False}
        return str((await self.call("POST", "conversations", body=body))[1]["id"])


def card(*actions: dict[str, Any], body: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": "A card",
        "body": body or [{"type": "TextBlock", "text": "A question"}],
        "actions": list(actions),
    }


def execute(title: str, **data: Any) -> dict[str, Any]:
    fallback = {"type": "Action.Submit", "title": title, "data": data}
    return {"type": "Action.Execute", "title": title, "verb": "signpost", "data": data, "fallback": fallback}


def message(text: str = "", drawn: dict[str, Any] | None = None) -> dict[str, Any]:
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": drawn}
    return {"type": "message", "text": text} | ({"attachments": [content]} if drawn else {})
