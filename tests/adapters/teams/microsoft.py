"""Microsoft's side of Teams on this machine: signing keys and tokens over HTTP, and a connector that records."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

APP_ID = "6e1f7a6c-8f3c-4c58-9a52-0f4e3b1d7a10"
PASSWORD = "a-secret-for-tests"
ISSUER = "https://api.botframework.com"
START = datetime(2026, 11, 23, 9, tzinfo=UTC)


@cache
def private_key(number: int = 0) -> RSAPrivateKey:
    """The n-th key of this test run."""
    assert number >= 0
    return generate_private_key(public_exponent=65537, key_size=2048)


def published(key_id: str, number: int = 0, endorsements: tuple[str, ...] = ("msteams",)) -> dict[str, Any]:
    """The public half, as Microsoft publishes it."""
    found: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(private_key(number).public_key(), as_dict=True)
    return found | {"kid": key_id, "use": "sig", "endorsements": list(endorsements)}


@dataclass
class Request:
    """One request that reached the connector."""

    method: str
    path: str
    body: Any
    token: str


@dataclass(repr=False)
class Microsoft:
    """The keys, the login service and the connector at `url`; `clock` is everyone's, and stands still until moved."""

    url: str = ""
    moment: datetime = START
    keys: list[dict[str, Any]] = field(default_factory=lambda: [published("key-1")])
    key_loads: int = 0
    keys_down: bool = False
    held: asyncio.Event | None = None
    """While it is not set, nobody is answered who asks for keys."""
    connections: set[object] = field(default_factory=set)
    tokens_asked: list[dict[str, str]] = field(default_factory=list)
    token_answers: deque[tuple[int, Any]] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    answers: deque[web.Response | str] = field(default_factory=deque)
    sent: int = 0

    def clock(self) -> datetime:
        return self.moment

    @property
    def metadata_url(self) -> str:
        return f"{self.url}/metadata"

    @property
    def token_url(self) -> str:
        return f"{self.url}/tenant/oauth2/v2.0/token"

    def sign(self, number: int = 0, key_id: str = "key-1", **claims: Any) -> str:
        """An Authorization header as Teams sends it, with these claims instead of the usual ones."""
        usual = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": self.moment,
            "exp": self.moment + timedelta(hours=1),
            "serviceurl": self.url,
        }
        kept = {name: value for name, value in (usual | claims).items() if value is not None}
        return "Bearer " + jwt.encode(kept, private_key(number), algorithm="RS256", headers={"kid": key_id})

    def answer(self, status: int, body: Any = None, **headers: str) -> None:
        """What the connector answers next, once."""
        text = json.dumps(body if body is not None else {})
        self.answers.append(web.Response(status=status, text=text, content_type="application/json", headers=headers))

    def hang_up(self) -> None:
        """The connector closes the next connection without an answer."""
        self.answers.append("hang up")

    async def _metadata(self, request: web.Request) -> web.Response:
        if self.keys_down:
            return web.Response(status=503)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        self.key_loads += 1
        if self.held is not None:
            await self.held.wait()
        return web.json_response({"keys": self.keys})

    async def _token(self, request: web.Request) -> web.Response:
        self.tokens_asked.append({name: str(value) for name, value in (await request.post()).items()})
        usual = (200, {"token_type": "Bearer", "expires_in": 3600, "access_token": f"ours-{len(self.tokens_asked)}"})
        status, body = self.token_answers.popleft() if self.token_answers else usual
        return web.json_response(body, status=status)

    async def _connector(self, request: web.Request) -> web.Response:
        body = json.loads(await request.text() or "null")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.connections.add(request.transport and request.transport.get_extra_info("peername"))
        self.requests.append(Request(request.method, request.raw_path, body, token))
        if not self.answers:
            self.sent += 1
            return web.json_response({"id": f"sent-{self.sent}"}, status=201)
        answer = self.answers.popleft()
        if isinstance(answer, str):
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return answer


@asynccontextmanager
async def microsoft() -> AsyncIterator[Microsoft]:
    """Microsoft, on a free port of this machine until the end of the block."""
    ours = Microsoft()
    app = web.Application()
    app.router.add_get("/metadata", ours._metadata)
    app.router.add_get("/keys", ours._keys)
    app.router.add_post("/tenant/oauth2/v2.0/token", ours._token)
    app.router.add_route("*", "/v3/{rest:.*}", ours._connector)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        ours.url = f"http://{host}:{port}"
        yield ours
    finally:
        await runner.cleanup()
