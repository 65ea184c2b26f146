"""A load generator that costs little and stops by itself: ready-made HTTP/1.1 requests over keep-alive connections.

It speaks to 127.0.0.1 alone, and every run is bounded twice: by the number of requests, and by time.
Requests are bytes that were signed beforehand, so that the generator's own work is writing and reading.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HOST = "127.0.0.1"
CONNECTIONS = 32
LONGEST = 120.0


@dataclass(frozen=True)
class Outcome:
    """What came back, in the requests' order: seconds to each answer, and the bodies. `refused` counts all but 200s."""

    seconds: float
    latencies: list[float]
    bodies: list[bytes]
    refused: int

    @property
    def rate(self) -> float:
        """Answers a second over the whole run."""
        return len(self.bodies) / self.seconds if self.seconds else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile (`share` 0.99 for p99) of at least one value."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


async def as_fast_as_possible(port: int, requests: Sequence[bytes]) -> Outcome:
    """Every connection sends its next request when its last is answered; latency counts from the sending."""
    run = _Run(requests)
    await run.open(port)
    for number in range(len(requests)):
        run.submit(number)
    return await run.outcome()


async def on_schedule(port: int, requests: Sequence[bytes], rate: float) -> Outcome:
    """Request `i` is due at `i / rate` seconds, ready or not; latency counts from then, waiting included."""
    run = _Run(requests)
    await run.open(port)
    for number in range(len(requests)):
        due = run.began + number / rate
        if due > run.now():
            await asyncio.sleep(due - run.now())
        run.submit(number, due)
    return await run.outcome()


class _Run:
    """Which connections are free, which requests wait for one, and what has come back."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        loop = asyncio.get_running_loop()
        self.now = loop.time
        self.requests = requests
        self.connections: list[_Connection] = []
        self.free: deque[_Connection] = deque()
        self.waiting: deque[tuple[int, float | None]] = deque()
        self.latencies = [0.0] * len(requests)
        self.bodies = [b""] * len(requests)
        self.refused = 0
        self.left = len(requests)
        self.finished: asyncio.Future[float] = loop.create_future()
        self.began = self.now()

    async def open(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(CONNECTIONS):
            _, connection = await loop.create_connection(lambda: _Connection(self.answered), HOST, port)
            self.connections.append(connection)
        self.free.extend(self.connections)
        self.began = self.now()

    def submit(self, number: int, due: float | None = None) -> None:
        if self.free:
            self.send(self.free.popleft(), number, due)
        else:
            self.waiting.append((number, due))

    def send(self, connection: "_Connection", number: int, due: float | None) -> None:
        connection.number = number
        connection.since = self.now() if due is None else due
        connection.write(self.requests[number])

    def answered(self, connection: "_Connection", status: int, body: bytes) -> None:
        """Status 0 means that the connection was lost: it takes no further request."""
        self.latencies[connection.number] = self.now() - connection.since
        self.bodies[connection.number] = body
        self.refused += status != 200
        self.left -= 1
        if not self.left and not self.finished.done():
            self.finished.set_result(self.now())
        elif status and self.waiting:
            self.send(connection, *self.waiting.popleft())
        elif status:
            self.free.append(connection)

    async def outcome(self) -> Outcome:
        try:
            ended = await asyncio.wait_for(self.finished, LONGEST)
        finally:
            for connection in self.connections:
                connection.close()
        return Outcome(ended - self.began, self.latencies, self.bodies, self.refused)


class _Connection(asyncio.Protocol):
    """One keep-alive connection with at most one request in flight; answers must carry Content-Length."""

    def __init__(self, answered: Callable[["_Connection", int, bytes], None]) -> None:
        self.answered = answered
        self.number = -1
        self.since = 0.0
        self.received = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def write(self, request: bytes) -> None:
        self.received = b""
        if self.transport is None or self.transport.is_closing():
            self.answered(self, 0, b"")
        else:
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, gap, body = self.received.partition(b"\r\n\r\n")
        if gap and len(body) >= _content_length(head):
            self.answered(self, int(head[9:12]), body)

    def connection_lost(self, exc: Exception | None) -> None:
        in_flight = self.transport is not None and self.number >= 0 and not self.received
        self.transport = None
        if in_flight and exc is not None:
            self.answered(self, 0, b"")

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()


def _content_length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.split(b"\r\n", 1)[0] or 0)
