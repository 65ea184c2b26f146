"""What is searched is read into a process in the background, in parts, until it is stopped; a database may go away."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

import pytest

from bot.errors import Unavailable
from bot.reading import Reading
from storage.database import Database, Transaction, connect
from storage.search import Search
from tests.storage.test_search import answered, asked, finds, somebody

T = TypeVar("T")


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Database, Database]]:
    """Two processes on one database."""
    one, other = connect(database_url), connect(database_url)
    yield one, other
    one.close()
    other.close()


class Shaky(Database):
    """A database whose reads fail as often as is said, each after part of what was to be read."""

    def __init__(self, database: Database, *failures: Exception) -> None:
        super().__init__()
        self._database = database
        self.index = database.index
        self._failures = list(failures)
        self.reads = 0

    async def _written(self, fn: Callable[[Transaction], T]) -> T:
        return await self._database.write(fn)

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        self.reads += 1
        if self._failures:
            raise self._failures.pop(0)
        return await self._database.read(fn)

    def close(self) -> None:
        self._database.close()


async def until(true: Callable[[], bool], reading: Reading) -> None:
    """Reads in the background until this is so, then stops, which it does at once."""
    running = asyncio.create_task(reading.run())
    async with asyncio.timeout(60):
        while not true():
            assert not running.done()
            await asyncio.sleep(0)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def zeppelins(database: Database, many: int) -> list[int]:
    """As many answered questions."""
    ann, bob = await somebody(database), await somebody(database)
    numbers = [await asked(database, ann, f"Who registers zeppelin {n}?") for n in range(many)]
    for number in numbers:
        await answered(database, number, bob, "I do.")
    return numbers


async def test_everything_is_read_in_parts_though_nobody_searches(
    two: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.search.PART", 2)
    here, there = two
    numbers = await zeppelins(here, 9)
    shaky = Shaky(there)
    await until(lambda: there.index.complete, Reading(shaky, rest=0.0))
    assert shaky.reads > 3
    assert len(there.index.questions) == 9
    assert sorted(await finds(there, "zeppelin")) == numbers


async def test_what_changes_later_is_read_though_nobody_searches(two: tuple[Database, Database]) -> None:
    here, there = two
    reading = Reading(there, rest=0.0)
    await until(lambda: there.index.complete, reading)
    assert len(there.index.questions) == 0
    await zeppelins(here, 2)
    await until(lambda: len(there.index.questions) == 2, reading)


async def test_while_the_database_is_away_it_waits_and_the_log_says_so_once(
    two: tuple[Database, Database], caplog: pytest.LogCaptureFixture
) -> None:
    here, there = two
    numbers = await zeppelins(here, 3)
    shaky = Shaky(there, Unavailable("away"), Unavailable("away"), ValueError("ours"))
    with caplog.at_level(logging.INFO, logger="bot.reading"):
        await until(lambda: there.index.complete and len(caplog.records) > 1, Reading(shaky, rest=0.0))
    assert [line.message for line in caplog.records] == [
        "texts to search wait for the database",
        "texts to search are read again",
    ]
    assert sorted(await finds(there, "zeppelin")) == numbers


async def test_a_part_that_could_not_be_read_is_read_the_next_time(
    two: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away in the middle: neither what was there nor what changed is taken for read."""
    here, there = two
    numbers = await zeppelins(here, 2)

    def broken(tx: Transaction) -> None:
        search = Search(tx)
        monkeypatch.setattr(search, "_questions", _away)
        search.load()

    for more in (0, 2):
        if more:
            numbers += await zeppelins(here, more)
        with pytest.raises(Unavailable):
            await there.read(broken)
    assert sorted(await finds(there, "zeppelin")) == numbers


def _away(_: object) -> dict[int, dict[str, int]]:
    raise Unavailable("away")
