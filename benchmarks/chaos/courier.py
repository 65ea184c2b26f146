"""Takes what people do to Signpost, again and again with the same id until it is acknowledged, and some of it twice."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from urllib.parse import urlsplit

from adapters.local.traffic import Delivered, Wire
from benchmarks.load import HOST

TWICE = 0.05
AGAIN_AFTER = (0.1, 1.0)
"""Seconds before a request that failed is sent again, to whichever process is drawn then: first, and at most."""


@dataclass(frozen=True)
class Request:
    """One request, signed, on the wire that it belongs to."""

    wire: Wire
    url: str
    headers: Mapping[str, str]
    body: bytes

    async def to(self, port: int) -> Delivered:
        """Once, to this port. What the message is known by stays the platform's own URL."""
        path = urlsplit(self.url).path
        delivered = await self.wire.once(f"http://{HOST}:{port}{path}", self.headers, self.body)
        if delivered.exchange is None:
            return delivered
        return replace(delivered, exchange=replace(delivered.exchange, url=self.url))


class Courier:
    """Stands in for the once-only carrier of a local platform's wire. `ports` are where Signpost hears now.

    `counts` has how many were acknowledged, redelivered, and sent twice; `differing` are sentences about second
    deliveries that were not answered as the first; `refused` about answers that no repeating can mend.
    """

    def __init__(self, ports: Callable[[], list[int]], chance: Random) -> None:
        self._ports = ports
        self._chance = chance
        self._repeating: set[asyncio.Task[None]] = set()
        self._over = False
        self.counts: Counter[str] = Counter()
        self.differing: list[str] = []
        self.refused: list[str] = []

    def serve(self, wire: Wire) -> None:
        """This wire's requests go by here from now on."""

        async def carry(url: str, headers: Mapping[str, str], body: bytes) -> Delivered:
            return await self._deliver(Request(wire, url, headers, body))

        wire.carrier = carry

    async def finish(self, seconds: float) -> None:
        """Second deliveries have been made; what is not acknowledged after so many seconds is given up."""
        if self._repeating:
            await asyncio.wait(set(self._repeating), timeout=seconds)
        self._over = True
        await asyncio.gather(*self._repeating)

    def give_up(self) -> None:
        """Second deliveries that were not made are not made any more."""
        for task in self._repeating:
            task.cancel()

    async def _deliver(self, request: Request) -> Delivered:
        delivered = await self._until_acknowledged(request)
        if not delivered.ok:
            return delivered
        self.counts["acknowledged"] += 1
        if self._chance.random() < TWICE:
            again = asyncio.create_task(self._second(request, delivered))
            self._repeating.add(again)
            again.add_done_callback(self._repeating.discard)
        return delivered

    async def _until_acknowledged(self, request: Request) -> Delivered:
        (wait, longest), port = AGAIN_AFTER, 0
        while True:
            port = self._another(port)
            delivered = await request.to(port)
            if delivered.ok or self._over:
                return delivered
            if 400 <= delivered.status < 500:
                self.refused.append(f"A request was answered {delivered.status}: {delivered.body[:200]}")
                return delivered
            self.counts["redelivered"] += 1
            self.counts[f"answered {delivered.status or delivered.body}"] += 1
            await asyncio.sleep(wait)
            wait = min(2 * wait, longest)

    def _another(self, port: int) -> int:
        """Where the next try goes: anywhere but to the one that just failed, as long as there is another."""
        ports = self._ports()
        return self._chance.choice([one for one in ports if one != port] or ports)

    async def _second(self, request: Request, first: Delivered) -> None:
        """Another delivery of what was acknowledged, a little later; its answer shows nowhere."""
        await asyncio.sleep(self._chance.uniform(0, 3))
        second = await self._until_acknowledged(request)
        self.counts["sent twice"] += 1
        if second.ok and second.body == first.body:
            self.counts["answered the same"] += 1
        elif second.ok:
            self.differing.append(f"First {first.body[:200]!r}, then {second.body[:200]!r}")
