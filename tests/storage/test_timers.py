"""A timer under one key is set once, taken by one, and over when it fired."""

from datetime import timedelta
from functools import partial

from storage.database import Database, Transaction
from storage.timers import Timer, Timers
from tests.storage.nouns import START, On

LATER = START + timedelta(minutes=5)


async def test_one_key_is_one_timer(database: Database) -> None:
    timers = On(database, Timers)
    assert await timers(lambda timers: timers.add("k", "first", START))
    assert not await timers(lambda timers: timers.add("k", "second", START))
    taken = await timers(lambda timers: timers.take(START))
    assert taken is not None and taken.command == "first"


async def test_the_earliest_that_is_due_is_taken_first(database: Database) -> None:
    timers = On(database, Timers)
    for minutes in (3, 1, 2):
        due = START + timedelta(minutes=minutes)
        await timers(partial(Timers.add, key=f"k{minutes}", command=str(minutes), due=due))
    assert await timers(lambda timers: timers.next_due()) == START + timedelta(minutes=1)

    def fire(tx: Transaction) -> Timer | None:
        taken = Timers(tx).take(LATER)
        if taken:
            Timers(tx).fired(taken)
        return taken

    fired = [await database.write(fire) for _ in range(4)]
    assert [taken.command if taken else None for taken in fired] == ["1", "2", "3", None]
    assert await timers(lambda timers: timers.next_due()) is None


async def test_what_is_postponed_is_due_then_and_what_fired_stays_so(database: Database) -> None:
    timers = On(database, Timers)
    await timers(lambda timers: timers.add("k", "x", START))
    taken = await timers(lambda timers: timers.take(START))
    assert taken is not None
    await timers(lambda timers: timers.postpone(taken, LATER))
    assert await timers(lambda timers: timers.take(START)) is None
    assert await timers(lambda timers: timers.take(LATER)) is not None
    await timers(lambda timers: timers.fired(taken))
    await timers(lambda timers: timers.postpone(taken, LATER))
    assert await timers(lambda timers: timers.take(LATER + timedelta(days=1))) is None


async def test_only_what_fired_is_forgotten_and_its_key_is_free_again(database: Database) -> None:
    timers = On(database, Timers)
    await timers(lambda timers: timers.add("fired", "x", START))
    taken = await timers(lambda timers: timers.take(START))
    assert taken is not None
    await timers(lambda timers: timers.fired(taken))
    await timers(lambda timers: timers.add("waits", "x", START))
    await timers(lambda timers: timers.forget(LATER))
    assert await timers(lambda timers: timers.add("fired", "again", LATER))
    assert not await timers(lambda timers: timers.add("waits", "again", LATER))
