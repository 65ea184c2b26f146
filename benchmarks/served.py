"""How every program here but Signpost itself is served: plain aiohttp on 127.0.0.1, ready at /readyz, no access log."""

import os
from collections.abc import Awaitable

from aiohttp import web

from benchmarks.load import HOST


def serve(application: web.Application | Awaitable[web.Application]) -> None:
    """Serves it on the port named by PORT until SIGTERM."""
    web.run_app(_with_ready(application), host=HOST, port=int(os.environ["PORT"]), access_log=None, print=None)


async def _with_ready(application: web.Application | Awaitable[web.Application]) -> web.Application:
    served = application if isinstance(application, web.Application) else await application
    served.router.add_get("/readyz", _ready)
    return served


async def _ready(request: web.Request) -> web.Response:
    return web.Response(text="ready")
