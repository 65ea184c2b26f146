"""The web application: one route per platform, and the routes by which a machine is watched. It knows no platform."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import ip_address
from itertools import count
from time import perf_counter
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client.exposition import choose_encoder

from adapters.metrics import Metrics
from bot.errors import Unavailable
from bot.trail import about

MOST_BYTES = 1024**2
READING_SECONDS = 10.0
HANDLING_SECONDS = 25.0
READY_SECONDS = 2.0
RETRY_AFTER_SECONDS = "2"
SLOW_SECONDS = 1.0
"""What went well is counted, not logged: a line a request was an eighth of what a command costs."""
PLATFORM_ROUTES = {"slack": "/slack/events", "teams": "/api/messages"}
FOR_PROBES = frozenset(("/healthz", "/readyz"))

_PLATFORMS = {route: platform for platform, route in PLATFORM_ROUTES.items()}
_REFERENCE = web.RequestKey("reference", str)
_STARTED = secrets.token_hex(4)
_numbers = count(1)
"""A request's id: this process by chance, then the request by number. Asking for chance each time costs 20 us."""
_log = logging.getLogger(__name__)


class Answered(Protocol):
    """An HTTP answer, as bytes that go out unchanged; `adapters.answer.Answer` is one."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


class Endpoint(Protocol):
    """One platform's way in."""

    async def handle(self, body: bytes, headers: Mapping[str, str], /) -> Answered:
        """Answers one request, unverified and unparsed. Header names may be looked up in any case.

        May raise Unavailable: the platform is then told to try again.
        """


class Hosts:
    """The names that pages may be read at.

    A page on another name that was made to lead here (DNS rebinding) is refused; addresses in numbers and localhost
    always pass, since no stranger can own them.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(name.lower() for name in names)

    def knows(self, host: str) -> bool:
        """Whether this Host header is one of ours."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name == "localhost" or name.endswith(".localhost") or name in self._names or _is_number(name)


def application(
    *,
    slack: Endpoint | None,
    teams: Endpoint | None,
    ready: Callable[[], Awaitable[str]],
    metrics: Metrics,
    extra_routes: Sequence[web.AbstractRouteDef] = (),
    hosts: Sequence[str] = (),
) -> web.Application:
    """The application, not yet listening. A platform that is off has no route (404).

    `ready` gives "" or one word for what is missing. Bodies over 1 MiB are refused (413), bodies that take over 10 s
    to arrive too (408). Whatever goes wrong inside is answered with a reference alone, which the log has with the
    trace. `extra_routes` get all of this but the time limits, and only at `hosts`, at localhost and at numbers; a page
    that reads its body as it comes has limits of its own (`adapters.uploads`).
    """
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[_watched(metrics), _at_our_hosts(Hosts(hosts))])
    app.on_response_prepare.append(_dress)
    for platform, endpoint in (("slack", slack), ("teams", teams)):
        if endpoint is not None:
            app.router.add_post(PLATFORM_ROUTES[platform], _platform_route(endpoint))
    app.router.add_get("/healthz", _healthz)
    app.router.add_get("/readyz", _ready_route(ready))
    app.router.add_get("/metrics", _metrics_route(metrics))
    app.router.add_routes(extra_routes)
    return app


def _platform_route(endpoint: Endpoint) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        body = await _body(request)
        limit = asyncio.timeout(HANDLING_SECONDS)
        try:
            async with limit:
                answer = await endpoint.handle(body, request.headers)
        except TimeoutError:
            if not limit.expired():
                raise
            raise Unavailable from None
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    return handle


async def _body(request: web.Request) -> bytes:
    """The raw bytes, which a signature is about: nothing is unpacked."""
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
    if request.content.is_eof():
        return await request.read()
    try:
        async with asyncio.timeout(READING_SECONDS):
            return await request.read()
    except TimeoutError:
        late = web.HTTPRequestTimeout()
        late.force_close()
        raise late from None


async def _healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def _ready_route(ready: Callable[[], Awaitable[str]]) -> Handler:
    async def readyz(_: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(READY_SECONDS):
                missing = await ready()
        except TimeoutError:
            missing = "slow"
        except Unavailable:
            missing = "database"
        return web.Response(status=503 if missing else 200, text=missing or "ready")

    return readyz


def _metrics_route(metrics: Metrics) -> Handler:
    async def said(request: web.Request) -> web.Response:
        await metrics.refreshed()
        encode, kind = choose_encoder(request.headers.get(hdrs.ACCEPT, ""))
        return web.Response(body=encode(metrics.registry), headers={hdrs.CONTENT_TYPE: kind})

    return said


def closed_until(is_open: Callable[[], bool]) -> Middleware:
    """Platforms are told to try again until then; pages and probes are answered as ever."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in _PLATFORMS and not is_open():
            raise Unavailable("The work has not begun: the database is not right yet")
        return await handler(request)

    return guard


def _watched(metrics: Metrics) -> Middleware:
    @web.middleware
    async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Gives each request its id, counts it, and turns what went wrong into an answer without particulars."""
        reference = f"{_STARTED}{next(_numbers):08x}"
        request[_REFERENCE] = reference
        started, status = perf_counter(), 500
        with about(request=reference):
            try:
                response = await _answered(request, handler)
                status = response.status
                return response
            except web.HTTPException as refused:
                status = refused.status
                raise
            finally:
                seconds, route = perf_counter() - started, _route(request)
                metrics.answered(route, _PLATFORMS.get(route, ""), status, seconds)
                _say(route, status, seconds)

    return watched


def _say(route: str, status: int, seconds: float) -> None:
    """A line for what went wrong or took long; for the rest only where everything is wanted."""
    well = (status < 400 and seconds <= SLOW_SECONDS) or route in FOR_PROBES  # what they find is said where it changes
    if not well or _log.isEnabledFor(logging.DEBUG):
        level = logging.DEBUG if well else logging.INFO
        _log.log(level, "Answered", extra={"route": route, "status": status, "ms": round(seconds * 1000, 1)})


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Unavailable:
        _log.warning("Not available now", exc_info=True)
        return web.Response(status=503, headers={hdrs.RETRY_AFTER: RETRY_AFTER_SECONDS}, text="Try again soon.")
    except Exception:  # noqa: BLE001 - the last place that can answer; the log has the trace
        _log.exception("A request failed")
        return web.Response(status=500, text=f"Something went wrong. Reference: {request[_REFERENCE]}")


def _at_our_hosts(hosts: Hosts) -> Middleware:
    @web.middleware
    async def at_our_hosts(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Platforms sign what they send and probes learn nothing; every other page wants a host that is ours."""
        free = request.path in FOR_PROBES or request.path in _PLATFORMS
        if free or hosts.knows(request.headers.get(hdrs.HOST, "")):
            return await handler(request)
        return web.Response(status=421, text="Signpost does not answer at this address. SIGNPOST_PUBLIC_URL names it.")

    return at_our_hosts


async def _dress(request: web.Request, response: web.StreamResponse) -> None:
    """The headers of every answer: its id, nothing about what serves it."""
    response.headers.pop(hdrs.SERVER, None)
    response.headers["X-Request-Id"] = request.get(_REFERENCE, "")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "other"


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
