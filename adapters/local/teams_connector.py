"""The Bot Connector of a local Teams over HTTP, with the login service and the signing keys beside it.

Source: "Bot Connector REST API reference" and "Send and receive messages with a bot", learn.microsoft.com.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from adapters.local.faults import Faults
from adapters.local.seen import Json
from adapters.local.teams_posts import Posts
from adapters.local.teams_state import ConnectorError
from adapters.local.teams_tokens import ISSUER, Login, Signer
from adapters.local.teams_wire import TeamsWire
from adapters.local.traffic import Request, answer_with, exchange_of

LOGIN = "/login/oauth2/v2.0/token"
METADATA = "/openid/.well-known/openidconfiguration"
KEYS = "/openid/.well-known/keys"
LARGEST = 28 * 1024

Action = Callable[[Request], tuple[int, Any]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Connector:
    """Every request is recorded under a short name ("create", "send", "token", ...) and may be made to fail."""

    def __init__(self, wire: TeamsWire, posts: Posts, signer: Signer, login: Login, faults: Faults) -> None:
        self._wire = wire
        self._posts = posts
        self._signer = signer
        self._login = login
        self._faults = faults
        self._public_url = wire.service_url.rstrip("/")

    def routes(self) -> list[web.RouteDef]:
        """The connector, the token endpoint and the keys, under the path of the public URL."""
        root = urlsplit(self._public_url).path.rstrip("/")
        chat = root + "/v3/conversations/{conversation}"
        one = chat + "/activities/{activity}"
        posts = self._posts
        return [
            web.get(root + METADATA, self._handler("metadata", self._metadata, guarded=False)),
            web.get(root + KEYS, self._handler("keys", lambda _: (200, self._signer.key_set()), guarded=False)),
            web.post(root + LOGIN, self._handler("token", self._grant, guarded=False)),
            web.post(root + "/v3/conversations", self._handler("create", posts.create)),
            web.post(chat + "/activities", self._handler("send", posts.send)),
            web.post(one, self._handler("reply", posts.reply)),
            web.put(one, self._handler("update", posts.update)),
            web.delete(one, self._handler("delete", posts.delete)),
            web.get(chat + "/members", self._handler("members", posts.members)),
            web.get(chat + "/pagedmembers", self._handler("pagedmembers", posts.paged_members)),
            web.get(chat + "/members/{member}", self._handler("member", posts.member)),
        ]

    def _handler(self, name: str, action: Action, guarded: bool = True) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            exchange = await exchange_of(request)
            token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
            arguments: Json = {**request.query, **request.match_info, "body": _body(request, exchange.body)}
            named = Request(name, arguments, token, exchange)
            self._wire.requests.append(named)

            async def effect() -> web.Response:
                return self._answer(named, action, guarded)

            return await answer_with(self._faults, request, named, effect)

        return handle

    def _answer(self, named: Request, action: Action, guarded: bool) -> web.Response:
        try:
            if guarded:
                self._login.check(named.token)
                _must_be_json(named)
            status, body = action(named)
        except ConnectorError as error:
            if error.code in ("BadArgument", "BadSyntax", "MessageSizeTooBig"):
                self._wire.report(f"{named.method} got {error.code}: {error.message}")
            answer = {"error": {"code": error.code, "message": error.message}}
            return web.json_response(answer, status=error.status)
        return web.json_response(body, status=status)

    def _metadata(self, _: Request) -> tuple[int, Json]:
        return 200, {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": self._public_url + KEYS,
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def _grant(self, named: Request) -> tuple[int, Json]:
        return self._login.grant(dict(parse_qsl(named.exchange.body)))


def _body(request: web.Request, text: str) -> Any:
    """The JSON of the body; None for anything else, so that the secret in a login form is not kept twice."""
    if request.content_type != "application/json" or not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _must_be_json(named: Request) -> None:
    if named.exchange.method in ("POST", "PUT") and not isinstance(named.arguments["body"], dict):
        raise ConnectorError(400, "BadSyntax", "The body is not JSON")
    if len(named.exchange.body.encode()) > LARGEST:
        raise ConnectorError(413, "MessageSizeTooBig", "Message size too large.")
