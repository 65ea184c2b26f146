"""Slack's Web API at the edge of the tests: real HTTP on this machine; keeps what it is sent, answers as told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(frozen=True)
class Call:
    """One request: the Web API's method (or the path of a response URL), its arguments and its token."""

    method: str
    arguments: dict[str, Any]
    token: str


@dataclass
class Told:
    """One answer to give: a status, headers and a body; `hangs` gives none, `breaks` closes the connection."""

    body: Any = field(default_factory=lambda: {"ok": True})
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    breaks: bool = False


class SlackWeb:
    """What was asked, in order, and the answers still to be given for each method; then plain success."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: dict[str, list[Told]] = {}
        self.url = ""
        self.leave = asyncio.Event()

    def answer(self, method: str, *told: Told) -> None:
        """The next answers to this method, in order."""
        self.answers.setdefault(method, []).extend(told)

    def refuse(self, method: str, code: str) -> None:
        """The next answer to this method is this error."""
        self.answer(method, Told({"ok": False, "error": code}))

    def asked_for(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of this method."""
        return [call.arguments for call in self.calls if call.method == method]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.path.removeprefix("/api/")
        told = self._next(method)
        self.calls.append(await _call(request, method))
        if told.hangs:
            await self.leave.wait()
        if told.breaks and request.transport is not None:
            request.transport.abort()
        if isinstance(told.body, str):
            headers = {"Content-Type": "text/html", **told.headers}
            return web.Response(status=told.status, body=told.body.encode(), headers=headers)
        return web.json_response(told.body, status=told.status, headers=told.headers)

    def _next(self, method: str) -> Told:
        waiting = self.answers.get(method)
        if waiting:
            return waiting.pop(0)
        number = len(self.calls) + 1
        return Told({"ok": True, "channel": "D0AMIRA01", "ts": f"1795450000.{number:06}"})


async def _call(request: web.Request, method: str) -> Call:
    arguments: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        arguments |= json.loads(await request.text())
    return Call(method, arguments, request.headers.get("Authorization", "").removeprefix("Bearer "))


@asynccontextmanager
async def slack_web() -> AsyncIterator[SlackWeb]:
    """Slack on this machine, for as long as the block lasts."""
    theirs = SlackWeb()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", theirs.handle)
    server = TestServer(application, host="127.0.0.1")
    await server.start_server()
    theirs.url = str(server.make_url("/"))
    try:
        yield theirs
    finally:
        theirs.leave.set()
        await server.close()
