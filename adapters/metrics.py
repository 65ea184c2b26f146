"""What is counted and measured, for Prometheus. docs/operating.md says what each figure means and when to worry.

The core knows no Prometheus: it reports to the methods of `Metrics` as plain callables.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, partial
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from adapters.looking import Look
from storage.database import Database
from storage.gauges import Gauges, Standing
from storage.index import Index

LOOK_SECONDS = 2.0
"""How long the figures that are in the database are waited for; the others are given without them."""
LATE = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 21600)
WAITS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_log = logging.getLogger(__name__)


class Metrics:
    """What this process counted, in the caller's registry. Its methods may be called from any thread.

    `failures` is how often the database could not do something, so that readiness can look at why.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.failures = 0
        self._series = cache(self._labelled)
        self._look: Look[Looked] | None = None
        count, time = partial(Counter, registry=registry), partial(Histogram, registry=registry)
        self._requests = count("signpost_http_requests", "HTTP requests answered", ("route", "platform", "status"))
        self._seconds = time("signpost_http_request_seconds", "Time to answer a request", ("route", "platform"))
        self._accepts = time("signpost_accept_seconds", "Time to do what a person said, by outcome", ("outcome",))
        self._tries = count("signpost_deliveries", "Tries to deliver a message", ("platform", "outcome"))
        self._late = time("signpost_delivery_late_seconds", "Time from owed to delivered", ("platform",), buckets=LATE)
        self._waits = time("signpost_database_wait_seconds", "Time a caller waited", ("kind",), buckets=WAITS)
        self._retries = count("signpost_database_retries", "Transactions that were run again after a conflict")
        self._failed = count("signpost_database_failures", "Writes that the database could not keep")
        self._gauges = _Gauges()
        registry.register(self._gauges)
        self._index = _IndexGauges()
        registry.register(self._index)

    def answered(self, route: str, platform: str, status: int, seconds: float) -> None:
        """One request was answered. `route` is one of ours or "other", never what the caller typed."""
        counter, histogram = self._series(route, platform, status)
        counter.inc()
        histogram.observe(seconds)

    def _labelled(self, route: str, platform: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(route, platform, str(status)), self._seconds.labels(route, platform)

    def accepted(self, outcome: str, seconds: float) -> None:
        """One thing that a person did came to this: done, repeated, refused, unavailable or failed."""
        self._accepts.labels(outcome).observe(seconds)

    def delivered(self, platform: str, outcome: str, late: float) -> None:
        """One try came to this: sent, waiting, uncertain, undeliverable or dead; so long after it was owed.

        One that may have arrived counts as uncertain, also where it is looked for or sent again (state sending).
        """
        self._tries.labels(platform, "uncertain" if outcome == "sending" else outcome).inc()
        if outcome == "sent":
            self._late.labels(platform).observe(max(0.0, late))

    def waited(self, kind: str, seconds: float) -> None:
        """The database was waited for: to "read" or "write"; or there was a "retry", or a write that "failed"."""
        if kind == "retry":
            self._retries.inc()
        elif kind == "failed":
            self.failures += 1
            self._failed.inc()
        else:
            self._waits.labels(kind).observe(seconds)

    def watch(self, database: Database, now: Callable[[], datetime]) -> None:
        """From now on `refreshed` looks at this database, and how long it is waited for is measured."""
        database.observe = self.waited
        self._index.index = database.index
        self._look = Look(partial(_looked, database, now))

    async def refreshed(self) -> None:
        """What is in the database has been looked at, within two seconds, or counts as out of reach."""
        if self._look is None:
            return
        self._gauges.watched, self._gauges.found = True, None
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                self._gauges.found = await self._look()
        except Exception as reason:  # noqa: BLE001 - whatever it is, the other figures are given
            _log.warning("The database did not say how things stand", extra={"reason": type(reason).__name__})


class Looked(NamedTuple):
    """How things stood at one instant; `ahead` is the database's clock less ours, in seconds, where it has one."""

    standing: Standing
    at: datetime
    ahead: float | None


async def _looked(database: Database, now: Callable[[], datetime]) -> Looked:
    standing = await database.read(lambda tx: Gauges(tx).standing(now()))
    theirs, at = await database.clock(), now()
    return Looked(standing, at, (theirs - at).total_seconds() if theirs else None)


class _Gauges(Collector):
    """What was found in the database, or that it is out of reach: what was true before is not said again."""

    def __init__(self) -> None:
        self.watched = False
        self.found: Looked | None = None

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if self.watched:
            yield _gauge("database_up", "Whether the database answers", 1.0 if self.found else 0.0)
        if self.found is not None:
            yield from _families(self.found)


class _IndexGauges(Collector):
    """What this process holds in memory to search, whether or not the database answers now."""

    def __init__(self) -> None:
        self.index: Index | None = None

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if self.index is None:
            return
        texts = GaugeMetricFamily("signpost_index_texts", "Texts that can be searched here", labels=("noun",))
        texts.add_metric(("question",), len(self.index.questions))
        texts.add_metric(("person",), len(self.index.people))
        texts.add_metric(("skill",), len(self.index.skills))
        yield texts
        yield _gauge("index_complete", "Whether all that was there at the start is read", float(self.index.complete))
        yield _gauge("index_age_seconds", "Time since what had changed was last read", self.index.age)


def _families(found: Looked) -> Iterator[GaugeMetricFamily]:
    at, standing = found.at, found.standing
    states = GaugeMetricFamily("signpost_messages", "Messages by state, but those that were sent", labels=("state",))
    for state, count in standing.messages.items():
        states.add_metric((state,), count)
    yield states
    yield _gauge("lanes_waiting", "Conversations in which a message waits", standing.lanes)
    yield _gauge("oldest_undelivered_seconds", "Age of the oldest undelivered message", _since(standing.oldest, at))
    yield _gauge("timers_due", "Timers that are due and did not run yet", standing.timers)
    yield _gauge("timers_late_seconds", "How late the latest of them is", _since(standing.timer, at))
    yield _gauge("timers_failing", "Timers that met a fault and wait for their next try", standing.failing)
    if found.ahead is not None:
        yield _gauge("clock_difference_seconds", "How far the database's clock is ahead of ours", found.ahead)


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"signpost_{name}", said, value=value)


def _since(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment is not None else 0.0
