"""What goes over the wire in both directions, kept so that tests and the x-ray can look at it."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from adapters.local.faults import Fault, Faults
from adapters.local.seen import Json


@dataclass(frozen=True)
class Exchange:
    """One HTTP request as it was sent; `status` and `answer` where the answer is Signpost's."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str
    status: int = 0
    answer: str = ""


@dataclass(frozen=True)
class Request:
    """One request that Signpost made: the platform's name for the method, its arguments and the token it came with."""

    method: str
    arguments: Json
    token: str
    exchange: Exchange


@dataclass(frozen=True)
class Delivered:
    """One request made to Signpost, and its answer. `status` is 0 where none came, or where none was sent.

    `refused` says why the platform itself would not send it (a required field is empty).
    """

    status: int = 0
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    exchange: Exchange | None = None
    refused: str = ""
    event_id: str = ""
    retries: int = 0

    @property
    def sent(self) -> bool:
        """Whether anything was sent: platforms hold back what the app may not see."""
        return self.exchange is not None

    @property
    def ok(self) -> bool:
        """Whether Signpost took it."""
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """The answer as JSON, None where it isn't."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


NOT_SENT = Delivered()
Changed = Callable[[str, Iterable[str]], None]
Carrier = Callable[[str, Mapping[str, str], bytes], Awaitable[Delivered]]
"""How one request to Signpost travels: its URL, headers and body, and what comes back."""


class Wire:
    """Everything that a local platform sends and receives; `deadline` is in seconds, for Signpost's answers.

    `problems` are sentences about what Signpost did that the real platform would not show or accept.
    `carrier` takes each request to Signpost: once, unless something else is put in its place.
    """

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.requests: list[Request] = []
        self.deliveries: list[Delivered] = []
        self.problems: list[str] = []
        self.carried: dict[tuple[str, str], list[Exchange]] = {}
        self.watchers: list[Changed] = []
        self.carrier: Carrier = self.once
        self._session: ClientSession | None = None

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Delivered:
        """Signpost's answer, by way of the carrier."""
        delivered = await self.carrier(url, headers, body)
        self.deliveries.append(delivered)
        return delivered

    async def once(self, url: str, headers: Mapping[str, str], body: bytes) -> Delivered:
        """Signpost's answer. A lost connection or a passed deadline is an answer of status 0."""
        if self._session is None:
            self._session = ClientSession()
        exchange = Exchange("POST", url, dict(headers), body.decode(errors="replace"))
        try:
            limit = ClientTimeout(total=self.deadline)
            async with self._session.post(url, data=body, headers=headers, timeout=limit) as answer:
                text = await answer.text()
                seen = replace(exchange, status=answer.status, answer=text)
                return Delivered(answer.status, text, dict(answer.headers), seen)
        except (ClientError, TimeoutError, OSError) as error:
            return Delivered(exchange=exchange, body=type(error).__name__)

    def carry(self, conversation: str, message: str, exchange: Exchange | None) -> None:
        """Remembers that this request caused or carried the message."""
        if exchange is not None:
            self.carried.setdefault((conversation, message), []).append(exchange)

    def changed(self, tenant: str, users: Iterable[str]) -> None:
        """Tells the watchers that these people of this tenant see something new."""
        several = list(users)
        for watcher in self.watchers:
            watcher(tenant, several)

    async def stop(self) -> None:
        """The connections are closed; the next delivery opens them again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


Effect = Callable[[], Awaitable[web.Response]]


async def answer_with(faults: Faults, request: web.Request, named: Request, effect: Effect) -> web.StreamResponse:
    """The answer of `effect`, or what the fault that is armed for this request makes of it."""
    fault = faults.take(named.method, named.arguments, named.token)
    if fault is None:
        return await effect()
    done = await effect() if fault.effect else None
    if fault.arrived is not None:
        fault.arrived.set()
    if fault.until is not None:
        await fault.until.wait()
    await asyncio.sleep(fault.wait)
    if fault.cut:
        cut(request)
    if not fault.status and not fault.cut:
        return done or await effect()
    return _faulty(fault)


def _faulty(fault: Fault) -> web.Response:
    return web.Response(
        status=fault.status or 500, headers=dict(fault.headers), text=fault.body, content_type=fault.content_type
    )


def cut(request: web.Request) -> None:
    """Breaks the connection at once, so that the caller sees a reset and no answer."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        # Closing with a linger of zero seconds sends RST instead of FIN (socket(7), SO_LINGER).
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if isinstance(transport, asyncio.Transport):
        transport.abort()


async def exchange_of(request: web.Request) -> Exchange:
    """The request as it came in, its body as text."""
    body = (await request.read()).decode(errors="replace")
    return Exchange(request.method, str(request.url), dict(request.headers), body)
