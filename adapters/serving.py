"""Listening, and stopping so that nothing in hand is lost."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiohttp import web, web_response

ALL_SECONDS = 10.0
DRAIN_SECONDS = 3.0
IDLE_SECONDS = 75.0  # longer than the proxies in front keep a connection (60 s), and the limit for a request's headers
LINGER_SECONDS = 2.0  # how long a refused body is still read, so that its sender sees the refusal

# aiohttp answers malformed requests by itself, before any of our code, and would say what it is and its version.
vars(web_response)["SERVER_SOFTWARE"] = ""

_log = logging.getLogger(__name__)


async def serve(
    app: web.Application, host: str, port: int, stop: asyncio.Event, drain: Callable[[], Awaitable[None]]
) -> None:
    """Listens until `stop` is set, or SIGTERM or SIGINT sets it; returns when all is finished or 10 s have passed.

    First nothing new is accepted, then requests in hand are answered, then `drain` finishes what they began.
    Raises OSError where the port can't be had. With port 0 the log says which one was taken.
    """
    with _stopped_by_signals(stop):
        runner = web.AppRunner(
            app,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=LINGER_SECONDS,
            shutdown_timeout=ALL_SECONDS,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            _log.info("Listening", extra={"host": host, "port": runner.addresses[0][1]})
            await stop.wait()
            _log.info("Stopping")
        finally:
            await _finish(runner, drain)
        _log.info("Stopped")


@contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """Until the end of the block SIGTERM and SIGINT set `stop`, the first time and any time after."""
    loop = asyncio.get_running_loop()

    def ask(*_: object) -> None:
        loop.call_soon_threadsafe(stop.set)

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _finish(runner: web.AppRunner, drain: Callable[[], Awaitable[None]]) -> None:
    end = asyncio.get_running_loop().time() + ALL_SECONDS
    for what, finish, until in (("requests", runner.cleanup, end - DRAIN_SECONDS), ("deliveries", drain, end)):
        try:
            async with asyncio.timeout_at(until):
                await finish()
        except TimeoutError:
            _log.warning("Stopped waiting for what was in hand", extra={"what": what})
