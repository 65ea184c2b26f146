"""Timers fire once, whoever ticks; what is old is forgotten, and only that."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from bot.command import Command, May, Verb
from bot.errors import Unavailable
from bot.schedule import Schedule
from bot.text import t
from bot.ui import Card, Packed, Reply
from bot.work import Work
from storage import tables
from storage.database import Database, Transaction, connect
from storage.people import Person
from storage.tables import columns
from tests.bot.platform import START, Office

T = TypeVar("T")
Verbs = dict[str, type[Verb]]
x = columns(tables.Timer)


class Woken:
    """How often deliveries were woken."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


class Killed(BaseException):
    """The process is gone."""


class Dying(Database):
    """A process that dies at the end of a transaction: everything in it was done, nothing is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _written(self, fn: Callable[[Transaction], T]) -> T:
        def die(tx: Transaction) -> T:
            fn(tx)
            raise Killed

        return await self._database.write(die)

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        return await self._database.read(fn)

    def close(self) -> None:
        self._database.close()


@contextmanager
def processes(office: Office, url: str, number: int) -> Iterator[list[Schedule]]:
    """Schedules that share nothing but the database and the clock."""
    databases = [connect(url) for _ in range(number)]
    yield [Schedule(one, office.clock, lambda: None) for one in databases]
    for one in databases:
        one.close()


def schedule(office: Office, woken: Callable[[], None] = lambda: None) -> Schedule:
    return Schedule(office.database, office.clock, woken)


async def rows(office: Office, *shown: Any) -> list[tuple[Any, ...]]:
    def look(tx: Transaction) -> list[tuple[Any, ...]]:
        return tx.once(select(*shown).order_by(shown[0].table.c[0]))

    return await office.database.read(look)


async def noted(office: Office) -> list[str]:
    d = columns(tables.Audit)
    return sorted(subject for _, subject in await rows(office, d.verb, d.subject))


async def test_many_processes_fire_each_timer_once(office: Office, verbs: Verbs) -> None:
    def add(work: Work) -> None:
        for number in range(20):
            work.later(verbs["Note"].partly(number=number), START, key=f"n{number}")

    await office.work(add)
    await asyncio.gather(*(schedule(office).tick() for _ in range(4)))
    await asyncio.gather(*(schedule(office).tick() for _ in range(4)))
    assert await noted(office) == sorted(str(number) for number in range(20))


async def test_a_timer_does_not_fire_before_its_time_and_not_twice_under_one_key(office: Office, verbs: Verbs) -> None:
    at = START + timedelta(minutes=1)
    await office.work(lambda work: work.later(verbs["Note"].partly(number=1), at, key="same"))
    await office.work(lambda work: work.later(verbs["Note"].partly(number=2), at, key="same"))
    woken = Woken()
    office.clock.passes(59)
    await schedule(office, woken).tick()
    assert await noted(office) == []
    office.clock.passes(1)
    await schedule(office, woken).tick()
    assert await noted(office) == ["1"]
    assert woken.times == 1


async def test_a_timer_runs_on_somebodys_behalf_and_not_once_they_left(office: Office, verbs: Verbs) -> None:
    ann, bob = await office.person("Ann"), await office.person("Bob")

    def add(work: Work) -> None:
        for person in (ann, bob):
            work.later(verbs["Note"].partly(number=person), START, key=f"p{person}", person=person)
        left = work.people.find(bob)
        assert left is not None
        work.people.describe(left, left.name, left.zone, verified=False, active=False)

    await office.work(add)
    await schedule(office).tick()
    d = columns(tables.Audit)
    assert await rows(office, d.id, d.actor_id, d.subject) == [(1, ann, str(ann))]
    assert await states(office) == ["fired", "fired"]


async def test_a_timer_that_meets_a_fault_of_ours_changes_nothing_and_waits_longer_each_time(
    office: Office, verbs: Verbs
) -> None:
    await office.work(lambda work: work.later(verbs["Stumble"](), START, key="s"))
    await office.work(lambda work: work.later(verbs["Note"].partly(number=1), START, key="n"))
    running = schedule(office)
    for minutes in (5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440):
        await running.tick()
        assert (await rows(office, x.state, x.due_at))[0] == ("failing", office.clock() + timedelta(minutes=minutes))
        assert await noted(office) == ["1"]
        office.clock.passes(minutes * 60)


async def test_a_recurring_timer_that_failed_goes_on_by_its_rule_and_its_next_fault_is_a_first_one(
    office: Office, verbs: Verbs
) -> None:
    faults = [ValueError("a fault of ours"), ValueError("another"), None, ValueError("a third")]

    class Waver(Command, may=May.SYSTEM):
        """It fails as long as there are faults."""

        def run(self, me: Person, work: Work) -> Reply:
            fault = faults.pop(0)
            if fault is not None:
                raise fault
            work.record(None, "note", "went well")
            return Reply(Card(t("Noted")))

    await office.work(lambda work: work.every(Waver(), "FREQ=DAILY", "2026-11-23T10:00", "UTC", key="w"))
    running, due = schedule(office), START + timedelta(days=1)
    office.clock.passes(86_400)
    for minutes in (5, 10):
        await running.tick()
        due += timedelta(minutes=minutes)
        assert await rows(office, x.state, x.due_at) == [("failing", due)]
        office.clock.passes(minutes * 60)
    await running.tick()
    assert await noted(office) == ["went well"]
    assert await rows(office, x.state, x.due_at) == [("recurring", START + timedelta(days=2))]
    office.clock.passes(86_400 - 15 * 60)
    await running.tick()
    assert await rows(office, x.state, x.due_at) == [("failing", START + timedelta(days=2, minutes=5))]


async def test_a_timer_that_asks_too_much_of_the_database_again_lets_the_others_go_first(
    office: Office, verbs: Verbs
) -> None:
    class Overask(Command, may=May.SYSTEM):
        """The database gives up on it, and is well."""

        def run(self, me: Person, work: Work) -> Reply:
            raise Unavailable("a statement took too long")

    await office.work(lambda work: work.later(Overask(), START - timedelta(minutes=1), key="o"))
    await office.work(lambda work: work.later(verbs["Note"].partly(number=1), START, key="n"))
    running = schedule(office)
    await running.tick()
    assert await states(office) == ["waiting", "waiting"]
    await running.tick()
    assert await noted(office) == ["1"]
    assert await rows(office, x.state, x.due_at) == [("failing", START + timedelta(minutes=1)), ("fired", START)]


async def test_a_timer_that_is_refused_changes_nothing_and_is_over(office: Office, verbs: Verbs) -> None:
    await office.work(lambda work: work.later(verbs["Refuse"](), START, key="r"))
    await office.work(lambda work: work.every(verbs["Refuse"](), "FREQ=DAILY", "2026-11-23T09:00", "UTC", key="e"))
    office.clock.passes(86_400)
    await schedule(office).tick()
    assert await noted(office) == []
    assert await states(office) == ["fired", "fired"]


async def test_a_timer_of_another_version_waits_until_one_comes_that_knows_its_command(
    office: Office, verbs: Verbs
) -> None:
    await office.work(lambda work: work.later(Packed('{"do":"come","at":1}'), START, key="c"))
    await office.work(lambda work: work.later(Packed('{"do":"note"}'), START, key="n"))
    await schedule(office).tick()
    assert await rows(office, x.state, x.due_at) == [("failing", START + timedelta(minutes=1))] * 2

    class Come(Command, may=May.SYSTEM):
        """The next version has it."""

        at: int

        def run(self, me: Person, work: Work) -> Reply:
            work.record(None, "note", f"came at {self.at}")
            return Reply(Card(t("Noted")))

    office.clock.passes(60)
    await schedule(office).tick()
    assert await noted(office) == ["came at 1"]
    assert await states(office) == ["fired", "failing"]


async def test_what_sets_itself_again_for_now_keeps_no_other_timer_waiting(office: Office, verbs: Verbs) -> None:
    class Spread(Command, may=May.SYSTEM):
        """One part after another, under one key."""

        left: int

        def run(self, me: Person, work: Work) -> Reply:
            work.record(None, "note", f"part {self.left}")
            if self.left:
                work.later(Spread(self.left - 1), work.now, key="spread")
            return Reply(Card(t("Noted")))

    def add(work: Work) -> None:
        work.later(Spread(100), START, key="spread")
        for number in range(5):
            work.later(verbs["Note"].partly(number=number), START + timedelta(milliseconds=number), key=f"n{number}")

    def now() -> datetime:
        office.clock.passes(0.001)
        return office.clock.at

    await office.work(add)
    await Schedule(office.database, now, lambda: None).tick()
    d = columns(tables.Audit)
    order = [subject for _, subject in await rows(office, d.id, d.subject)]
    assert order[-90:] == [f"part {left}" for left in range(89, -1, -1)]
    assert len(order) == 106


async def test_forgetting_takes_what_is_past_its_time_and_nothing_else(office: Office, verbs: Verbs) -> None:
    ann, bob = await office.person("Ann"), await office.person("Bob")
    await office.owes(ann, "old and sent")
    await office.delivery().settled()

    def add(work: Work) -> None:
        work.arrivals.accept("old", work.now, "an answer")
        work.later(verbs["Note"].partly(number=1), work.now, key="old")
        work.answers.add_draft(ann, "old words", work.now)
        work.send(bob, Card(t("old and still owed")))

    await office.work(add)
    await schedule(office).tick()
    office.clock.passes(timedelta(days=30, minutes=1).total_seconds())
    await office.owes(ann, "new and sent")

    def add_new(work: Work) -> None:
        work.arrivals.accept("new", work.now, "an answer")
        work.later(verbs["Note"].partly(number=2), work.now, key="new")
        work.answers.add_draft(ann, "new words", work.now)

    await office.work(add_new)
    before = await noted(office)
    await schedule(office).forget()
    n, m, d = (columns(table) for table in (tables.Inbound, tables.Outbox, tables.Draft))
    assert await rows(office, x.key) == [("new",)]
    assert await rows(office, n.key, n.reply) == [("new", "an answer")]
    assert await rows(office, m.id, m.state) == [(2, "waiting"), (3, "waiting")]
    assert await rows(office, d.text) == [("new words",)]
    assert await noted(office) == before


async def test_a_schedule_ticks_by_itself_until_it_is_stopped(office: Office) -> None:
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    running = Schedule(office.database, office.clock, lambda: None, tick)
    running.start()
    await ticked.wait()
    running.stop()


async def test_a_process_that_was_stopped_for_a_minute_just_goes_on(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    running = Schedule(office.database, office.clock, lambda: None, tick)
    running.start()
    for job in running._scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC) - timedelta(minutes=1))
    with caplog.at_level(logging.WARNING, "apscheduler"):
        await ticked.wait()
    running.stop()
    assert caplog.messages == []


async def states(office: Office) -> list[str]:
    return [state for _, state in await rows(office, x.id, x.state)]


async def test_while_the_database_is_away_timers_wait(office: Office) -> None:
    office.database.close()
    woken = Woken()
    await schedule(office, woken).tick()
    await schedule(office).forget()
    assert woken.times == 0


async def test_many_processes_fire_each_occurrence_once(office: Office, database_url: str, verbs: Verbs) -> None:
    def add(work: Work) -> None:
        for number in range(5):
            work.every(verbs["Note"].partly(number=number), "FREQ=DAILY", "2026-11-23T10:00", "UTC", key=f"n{number}")

    await office.work(add)
    with processes(office, database_url, 4) as four:
        for days in range(1, 6):
            office.clock.passes(86_400)
            for _ in range(2):
                await asyncio.gather(*(one.tick() for one in four))
            assert await noted(office) == sorted(str(number) for number in range(5) for _ in range(days))


async def test_who_dies_before_the_commit_leaves_no_trace_and_another_fires_it(office: Office, verbs: Verbs) -> None:
    ann = await office.person("Ann")

    class Tell(Command, may=May.SYSTEM):
        """Somebody is told, and it is noted."""

        def run(self, me: Person, work: Work) -> Reply:
            work.record(None, "note", "told")
            work.send(ann, Card(t("It is Monday")))
            return Reply(Card(t("Told")))

    await office.work(lambda work: work.every(Tell(), "FREQ=WEEKLY", "2026-11-23T10:00", "UTC", key="t"))
    office.clock.passes(7 * 86_400)
    before = await rows(office, x.state, x.due_at)
    with pytest.raises(Killed):
        await Schedule(Dying(office.database), office.clock, lambda: None).tick()
    assert (await office.states(), await noted(office)) == ([], [])
    assert await rows(office, x.state, x.due_at) == before == [("recurring", START + timedelta(days=7))]

    await schedule(office).tick()
    await schedule(office).tick()
    assert (await office.states(), await noted(office)) == ([("notice", "waiting")], ["told"])
    assert await rows(office, x.state, x.due_at) == [("recurring", START + timedelta(days=14))]


@pytest.mark.parametrize(
    ("evening", "fires"),
    [
        (datetime(2026, 10, 24, 22, 5, tzinfo=UTC), ["25 00:30", "26 01:30"]),
        (datetime(2027, 3, 27, 22, 5, tzinfo=UTC), ["28 01:30", "29 00:30"]),
    ],
    ids=["in October", "in March"],
)
async def test_half_past_one_fires_once_in_the_nights_when_the_clocks_change(
    office: Office, verbs: Verbs, evening: datetime, fires: list[str]
) -> None:
    office.clock.at = evening
    await office.work(
        lambda work: work.every(
            verbs["Note"].partly(number=1), "FREQ=DAILY", "2026-10-01T01:30", "Europe/London", key="n"
        )
    )
    running, fired = schedule(office), []
    for _ in range(30 * 12):
        office.clock.passes(300)
        before = len(await noted(office))
        await running.tick()
        fired += [f"{office.clock():%d %H:%M}"] * (len(await noted(office)) - before)
    assert fired == fires


async def test_what_was_missed_runs_once_and_late_and_the_end_of_the_rule_is_the_end(
    office: Office, verbs: Verbs
) -> None:
    note = verbs["Note"].partly(number=1)
    await office.work(lambda work: work.every(note, "FREQ=DAILY;COUNT=6", "2026-11-23T11:00", "UTC", key="n"))
    office.clock.passes(86_400 * 3.5)
    await schedule(office).tick()
    await schedule(office).tick()
    assert await noted(office) == ["1"]
    assert await rows(office, x.state, x.due_at) == [("recurring", START + timedelta(days=4, hours=1))]
    for _ in range(4):
        office.clock.passes(86_400)
        await schedule(office).tick()
    assert await noted(office) == ["1"] * 3
    assert await states(office) == ["fired"]


async def test_under_one_key_one_thing_is_set_until_it_is_cancelled(office: Office, verbs: Verbs) -> None:
    def note(number: int, rule: str) -> Callable[[Work], None]:
        command = verbs["Note"].partly(number=number)
        return lambda work: work.every(command, rule, "2026-11-23T11:00", "UTC", key="same")

    await office.work(note(1, "FREQ=DAILY"))
    await office.work(note(2, "FREQ=YEARLY"))
    await office.work(lambda work: work.later(verbs["Note"].partly(number=3), START, key="same"))
    office.clock.passes(3_600)
    await schedule(office).tick()
    assert await noted(office) == ["1"]
    assert await office.work(lambda work: work.cancel("same"))
    assert not await office.work(lambda work: work.cancel("same"))
    office.clock.passes(86_400)
    await schedule(office).tick()
    assert await noted(office) == ["1"]
    await office.work(note(4, "FREQ=DAILY"))
    office.clock.passes(86_400)
    await schedule(office).tick()
    assert await noted(office) == ["1", "4"]


async def test_a_command_has_the_last_word_on_its_own_key(office: Office, verbs: Verbs) -> None:
    class Enough(Command, may=May.SYSTEM):
        """Not again by its rule, but once more."""

        def run(self, me: Person, work: Work) -> Reply:
            assert work.cancel("e")
            work.later(verbs["Note"].partly(number=1), work.now, key="e")
            return Reply(Card(t("Enough")))

    await office.work(lambda work: work.every(Enough(), "FREQ=DAILY", "2026-11-23T11:00", "UTC", key="e"))
    office.clock.passes(3_600)
    await schedule(office).tick()
    assert await noted(office) == ["1"]
    assert await states(office) == ["fired"]


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;UNTIL=20261122", "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2"]
)
async def test_a_rule_without_sense_or_without_a_day_to_come_sets_nothing(
    office: Office, verbs: Verbs, rule: str
) -> None:
    def every(work: Work) -> None:
        work.record(None, "note", "before")
        work.every(verbs["Note"].partly(number=1), rule, "2026-11-01T11:00", "UTC", key="n")

    with pytest.raises(ValueError, match=r"\. (Choose|Write)"):
        await office.work(every)
    assert (await states(office), await noted(office)) == ([], [])


async def test_a_timer_that_must_search_first_does_so_and_runs_once_whatever_number_of_processes_ticks(
    office: Office, verbs: Verbs, database_url: str
) -> None:
    def add(work: Work) -> None:
        for number in range(5):
            work.later(verbs["Ponder"].partly(number=number), START, key=f"p{number}")
            work.later(verbs["Note"].partly(number=number), START, key=f"n{number}")

    await office.work(add)
    with processes(office, database_url, 3) as ticking:
        await asyncio.gather(*(one.tick() for one in ticking))
        await asyncio.gather(*(one.tick() for one in ticking))
    found = [f"found {number} at 10:00 for Signpost" for number in range(5)]
    assert await noted(office) == [*(str(number) for number in range(5)), *found]


async def test_a_search_that_meets_a_fault_of_ours_waits_while_the_others_go_on(office: Office, verbs: Verbs) -> None:
    def add(work: Work) -> None:
        work.later(verbs["Ponder"].partly(number=-1), START, key="bad")
        work.later(verbs["Ponder"].partly(number=1), START, key="good")

    await office.work(add)
    await schedule(office).tick()
    assert await noted(office) == ["found 1 at 10:00 for Signpost"]
    assert (await rows(office, x.state, x.due_at))[0] == ("failing", office.clock() + timedelta(minutes=5))


async def test_what_always_runs_is_set_once_and_stays_as_it_is(office: Office, verbs: Verbs) -> None:
    standing = {"note-daily": (verbs["Note"].partly(number=7), "FREQ=DAILY", "2026-01-01T12:30", "Europe/London")}
    for _ in range(2):
        await Schedule(office.database, office.clock, lambda: None, standing=standing).tick()
    assert await rows(office, x.key, x.state, x.rule) == [("note-daily", "recurring", "FREQ=DAILY")]
    office.clock.passes(2.5 * 60 * 60)
    await schedule(office).tick()
    assert await noted(office) == ["7"]
