"""An event is acknowledged once; its answer is kept for an hour, its key for seven days."""

import asyncio
from datetime import timedelta

from storage.arrivals import Arrivals
from storage.database import Database
from tests.storage.nouns import START, On


async def test_an_event_is_accepted_once_however_many_bring_it(database: Database) -> None:
    arrivals = On(database, Arrivals)
    taken = await asyncio.gather(*(arrivals(lambda arrivals: arrivals.accept("k", START, "x")) for _ in range(12)))
    assert sorted(taken) == [False] * 11 + [True]


async def test_the_first_answer_stands(database: Database) -> None:
    arrivals = On(database, Arrivals)
    await arrivals(lambda arrivals: arrivals.accept("k", START, "first"))
    await arrivals(lambda arrivals: arrivals.accept("k", START, "second"))
    found = await arrivals(lambda arrivals: arrivals.find("k"))
    assert found is not None and (found.at, found.reply) == (START, "first")
    assert await arrivals(lambda arrivals: arrivals.find("other")) is None


async def test_answers_go_after_an_hour_and_keys_after_seven_days(database: Database) -> None:
    arrivals = On(database, Arrivals)
    await arrivals(lambda arrivals: arrivals.accept("k", START, "an answer"))
    for later, left in (
        (timedelta(hours=1), "an answer"),
        (timedelta(hours=1, seconds=1), ""),
        (timedelta(days=7), ""),
        (timedelta(days=7, seconds=1), None),
    ):
        now = START + later
        await arrivals(lambda arrivals, now=now: arrivals.forget(now))  # type: ignore[misc]
        found = await arrivals(lambda arrivals: arrivals.find("k"))
        assert (found.reply if found else None) == left, later
