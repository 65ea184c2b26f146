"""A process that serves: its database, its Signpost, its web application, until it is told to stop."""

import asyncio
import gc
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from adapters.process import Signpost, SlackSettings, TeamsSettings
from adapters.readiness import Readiness, utc
from adapters.serving import serve as listen
from adapters.web import closed_until
from bot.errors import Unavailable
from storage.database import connect
from storage.secrets import Vault

AGAIN_SECONDS = 1.0
"""How long a process whose database is not right yet waits before it looks again."""
YOUNG_OBJECTS = 10_000
"""How many new objects there are before the collector looks for garbage among them."""

Part = Literal["all", "web", "worker"]


@dataclass(frozen=True)
class Places:
    """Where this process listens and is reached, its encryption keys, and the platforms that are on."""

    host: str
    port: int
    address: str
    keys: str = field(repr=False)
    slack: SlackSettings | None
    teams: TeamsSettings | None


async def serve(url: str, places: Places, *, part: Part) -> None:
    """Runs until SIGTERM or SIGINT, then finishes what is in hand within 10 seconds.

    A `worker` listens too, for its health and metrics; it hears no platform. Until the database is right nothing is
    sent and no timer runs, and platforms are told to try again; then work begins by itself.
    """
    database = connect(url)
    signpost = Signpost(database, Vault(places.keys), utc, places.slack, places.teams)
    opening = Opening(signpost, Readiness(url, database, lambda: signpost.metrics.failures), ticks=part != "web")
    hosts = [urlsplit(places.address).hostname or ""]
    app = signpost.application(opening.missing, hosts=hosts, hears=part != "worker", address=places.address)
    app.middlewares.append(closed_until(lambda: opening.done))
    try:
        await opening.begin()
        _settle_in()
        await listen(app, places.host, places.port, opening.failed, opening.drain)
    finally:
        await opening.drain()
        await signpost.stop()
        database.close()


class Opening:
    """Begins the work of a process as soon as its database is right, be that at once or hours later."""

    def __init__(self, signpost: Signpost, ready: Readiness, *, ticks: bool) -> None:
        self.done = False
        self.failed = asyncio.Event()
        self._ready = ready
        self._signpost = signpost
        self._ticks = ticks
        self._waiting: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """The work has begun, or does so by itself later; `failed` is set where it never can."""
        if not await self._begun():
            self._waiting = asyncio.create_task(self._begin_later())
            self._waiting.add_done_callback(self._stop_if_failed)

    async def missing(self) -> str:
        """One word for what is missing: of the database, or "start" for the moment until the work has begun."""
        return await self._ready() or ("" if self.done else "start")

    async def _begun(self) -> bool:
        try:
            if await self._ready():
                return False
            await self._signpost.start(ticks=self._ticks)
        except Unavailable:
            return False
        self.done = True
        return True

    async def _begin_later(self) -> None:
        while not await self._begun():  # noqa: ASYNC110 - nobody tells us when a database is right
            await asyncio.sleep(AGAIN_SECONDS)

    def _stop_if_failed(self, waited: asyncio.Task[None]) -> None:
        if not waited.cancelled() and waited.exception() is not None:
            self.failed.set()

    async def drain(self) -> None:
        """Nothing begins any more, and what is in hand is finished. Raises what kept the work from beginning."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.cancel()
            await asyncio.wait({waiting})
        await self._signpost.drain()
        if waiting is not None and not waiting.cancelled():
            waiting.result()


def _settle_in() -> None:
    """What was loaded at the start stays for ever, so the garbage collector need not go through it again and again.

    Source: the Python manual, `gc.freeze` and `gc.set_threshold`.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
