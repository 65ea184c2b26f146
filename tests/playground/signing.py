"""Stands between Microsoft's test client, which can't do tokens, and the app, which believes nothing without one."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

Sign = Callable[[str], str]
"""The Authorization header that vouches for this service URL."""


@asynccontextmanager
async def signing_proxy(app_url: str, sign: Sign) -> AsyncIterator[str]:
    """The address to give to the test client: what it sends reaches `app_url` with a token, all else unchanged."""
    async with aiohttp.ClientSession() as session:

        async def pass_on(request: web.Request) -> web.Response:
            body = await request.read()
            activity: dict[str, Any] = json.loads(body)
            headers = {"Content-Type": "application/json", "Authorization": sign(activity["serviceUrl"])}
            async with session.post(app_url, data=body, headers=headers) as answer:
                text = await answer.read()
                kind = answer.headers.get("Content-Type", "application/octet-stream")
                return web.Response(status=answer.status, body=text, headers={"Content-Type": kind})

        async def is_there(request: web.Request) -> web.Response:
            """The test client looks whether anyone listens before it says anything."""
            return web.Response()

        app = web.Application()
        app.router.add_post("/api/messages", pass_on)
        app.router.add_route("*", "/api/messages", is_there)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
        finally:
            await runner.cleanup()
