"""A timer under one key is set once, taken by one, and over when it fired or its rule has ended."""

import asyncio
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from storage import tables
from storage.database import Database, Transaction, connect
from storage.tables import columns
from storage.timers import Recurrence, Timer, Timers
from tests.storage.nouns import START, On, rows

LATER = START + timedelta(minutes=5)
WEEKLY = Recurrence("FREQ=WEEKLY", "2026-11-23T10:00", "Europe/London")
x = columns(tables.Timer)


async def test_one_key_is_one_timer(database: Database) -> None:
    timers = On(database, Timers)
    assert await timers(lambda timers: timers.add("k", "first", START))
    assert not await timers(lambda timers: timers.add("k", "second", START))
    assert not await timers(lambda timers: timers.add("k", "third", START, recurs=WEEKLY))
    taken = await timers(lambda timers: timers.take(START))
    assert taken is not None and (taken.command, taken.state) == ("first", "waiting")


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


async def test_what_recurs_or_failed_is_taken_before_what_may_be_set_for_now_again_and_again(
    database: Database,
) -> None:
    timers = On(database, Timers)
    await timers(lambda timers: timers.add("failed", "failed", START))
    failed = await timers(lambda timers: timers.take(START))
    assert failed is not None
    await timers(lambda timers: timers.postpone(failed, LATER))
    await timers(lambda timers: timers.add("once", "once", START))
    await timers(lambda timers: timers.add("weekly", "weekly", LATER, recurs=WEEKLY))
    assert await timers(lambda timers: timers.next_due()) == START

    def take_and_end(tx: Transaction) -> str:
        taken = Timers(tx).take(LATER)
        assert taken is not None
        Timers(tx).fired(taken)
        return taken.command

    assert [await database.write(take_and_end) for _ in range(3)] == ["weekly", "failed", "once"]


async def test_what_is_postponed_is_due_then_and_what_fired_stays_so(database: Database) -> None:
    timers = On(database, Timers)
    await timers(lambda timers: timers.add("k", "x", START))
    first = await timers(lambda timers: timers.take(START))
    assert first is not None
    await timers(lambda timers: timers.postpone(first, LATER))
    assert await timers(lambda timers: timers.take(START)) is None
    second = await timers(lambda timers: timers.take(LATER))
    assert second is not None and second.state == "failing"
    await timers(lambda timers: timers.fired(second))
    await timers(lambda timers: timers.postpone(second, LATER))
    assert await timers(lambda timers: timers.take(LATER + timedelta(days=1))) is None


async def test_who_is_late_changes_nothing_about_a_timer_that_another_ran_meanwhile(database: Database) -> None:
    timers = On(database, Timers)
    await timers(lambda timers: timers.add("k", "x", START, recurs=WEEKLY))
    taken = await timers(lambda timers: timers.take(START))
    assert taken is not None
    next_week = START + timedelta(days=7)
    await timers(lambda timers: timers.again(taken, next_week))
    for late in (
        partial(Timers.postpone, timer=taken, due=LATER),
        partial(Timers.fired, timer=taken),
        partial(Timers.again, timer=taken, due=LATER),
    ):
        await timers(late)
        assert await rows(database, select(x.state, x.due_at)) == [("recurring", next_week)]


async def test_a_recurring_timer_keeps_its_rule_and_is_nothing_that_the_version_before_would_take(
    database: Database,
) -> None:
    timers = On(database, Timers)
    await timers(lambda timers: timers.add("k", "x", START, recurs=WEEKLY))
    for again in (START + timedelta(days=7), START + timedelta(days=14)):
        taken = await timers(partial(Timers.take, now=again))
        assert taken is not None and (taken.rule, taken.local, taken.zone) == WEEKLY
        assert await rows(database, select(x.id).where(x.state == "waiting")) == []
        await timers(partial(Timers.again, timer=taken, due=again + timedelta(days=7)))
        assert await timers(partial(Timers.take, now=again)) is None


async def test_what_is_cancelled_does_not_run_and_its_key_is_free(database: Database) -> None:
    timers = On(database, Timers)
    for recurs in (None, WEEKLY):
        await timers(partial(Timers.add, key="k", command="x", due=START, recurs=recurs))
        assert await timers(lambda timers: timers.cancel("k"))
        assert await timers(lambda timers: timers.take(LATER)) is None
        assert not await timers(lambda timers: timers.cancel("k"))
    assert await timers(lambda timers: timers.add("k", "moved", LATER))
    moved = await timers(lambda timers: timers.take(LATER))
    assert moved is not None and moved.command == "moved"


async def test_what_is_cancelled_while_another_holds_it_does_not_come_back(database: Database) -> None:
    timers = On(database, Timers)
    await timers(lambda timers: timers.add("k", "x", START))
    taken = await timers(lambda timers: timers.take(START))
    assert taken is not None
    await timers(lambda timers: timers.cancel("k"))
    await timers(lambda timers: timers.postpone(taken, LATER))
    assert await rows(database, select(x.id)) == []


async def test_what_fired_may_be_set_again_and_is_no_longer_what_it_was(database: Database) -> None:
    timers = On(database, Timers)
    await timers(lambda timers: timers.add("k", "weekly", START, recurs=WEEKLY))
    taken = await timers(lambda timers: timers.take(START))
    assert taken is not None
    await timers(lambda timers: timers.fired(taken))
    assert not await timers(lambda timers: timers.cancel("k"))
    assert await timers(lambda timers: timers.add("k", "once", LATER))
    assert not await timers(lambda timers: timers.add("k", "twice", LATER))
    again = await timers(lambda timers: timers.take(LATER))
    assert again is not None and (again.command, again.state, again.rule, again.zone) == ("once", "waiting", "", "")


async def test_of_many_who_set_one_key_at_once_one_does(database: Database, database_url: str) -> None:
    others = [connect(database_url) for _ in range(3)]
    everyone = [On(one, Timers) for one in (database, *others)]

    def fire(timers: Timers) -> str:
        taken = timers.take(START)
        assert taken is not None
        timers.fired(taken)
        return taken.command

    for _ in ("a new key", "one that has fired"):
        set_now = await asyncio.gather(
            *(timers(partial(Timers.add, key="k", command=str(n), due=START)) for n, timers in enumerate(everyone))
        )
        assert sorted(set_now) == [False, False, False, True]
        assert await everyone[0](fire) == str(set_now.index(True))
    for one in others:
        one.close()


async def test_only_what_fired_is_forgotten(database: Database) -> None:
    timers = On(database, Timers)
    await timers(lambda timers: timers.add("fired", "x", START))
    taken = await timers(lambda timers: timers.take(START))
    assert taken is not None
    await timers(lambda timers: timers.fired(taken))
    await timers(lambda timers: timers.add("waits", "x", START))
    await timers(lambda timers: timers.add("recurs", "x", START, recurs=WEEKLY))
    await timers(lambda timers: timers.forget(LATER))
    assert sorted(await rows(database, select(x.key))) == [("recurs",), ("waits",)]
