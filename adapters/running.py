"""A process that serves: its database, its Signpost, its web application, until it is told to stop."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry

from adapters.process import Signpost, SlackSettings, TeamsSettings
from adapters.serving import serve as listen
from adapters.web import Metrics
from storage.database import Database, connect
from storage.schema import state
from storage.secrets import Vault

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


def now() -> datetime:
    """The clock of everything that runs for real."""
    return datetime.now(UTC)


async def serve(url: str, places: Places, *, part: Part) -> None:
    """Runs until SIGTERM or SIGINT, then finishes what is in hand within 10 seconds.

    A `worker` listens too, for its health and metrics; it hears no platform.
    """
    database = connect(url)
    signpost = Signpost(database, Vault(places.keys), now, places.slack, places.teams)
    metrics = Metrics(CollectorRegistry(), [urlsplit(places.address).hostname or ""])
    ready = readiness(url, database)
    app = signpost.application(ready, metrics) if part != "worker" else signpost.watched(ready, metrics)
    try:
        await signpost.start(ticks=part != "web")
        _settle_in()
        await listen(app, places.host, places.port, asyncio.Event(), signpost.drain)
    finally:
        await signpost.stop()
        database.close()


def _settle_in() -> None:
    """What was loaded at the start stays for ever, so the garbage collector need not go through it again and again.

    Source: the Python manual, `gc.freeze` and `gc.set_threshold`.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def readiness(url: str, database: Database) -> Callable[[], Awaitable[str]]:
    """Whether this process can do its work: "" or one word for what is missing. Tables that fit are looked at once."""
    fits = False

    async def ready() -> str:
        nonlocal fits
        if not fits:
            found = await asyncio.to_thread(state, url)
            if found not in ("current", "newer"):
                return "migrations"
            fits = True
        await database.read(lambda tx: None)
        return ""

    return ready
