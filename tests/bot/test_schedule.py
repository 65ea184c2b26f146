"""Timers fire once, whoever ticks; what is old is forgotten, and only that."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.command import Verb
from bot.schedule import Schedule
from bot.text import t
from bot.ui import Card, Packed
from bot.work import Work
from storage import tables
from storage.database import Transaction
from storage.tables import columns
from tests.bot.platform import START, Office

Verbs = dict[str, type[Verb]]


class Woken:
    """How often deliveries were woken."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


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
    assert woken.times == 2


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


async def test_a_timer_that_meets_a_fault_of_ours_changes_nothing_and_waits_five_minutes(
    office: Office, verbs: Verbs
) -> None:
    await office.work(lambda work: work.later(verbs["Stumble"](), START, key="s"))
    await office.work(lambda work: work.later(verbs["Note"].partly(number=1), START, key="n"))
    await schedule(office).tick()
    assert await noted(office) == ["1"]
    x = columns(tables.Timer)
    assert (await rows(office, x.state, x.due_at))[0] == ("waiting", START + timedelta(minutes=5))
    office.clock.passes(300)
    await schedule(office).tick()
    assert (await rows(office, x.state, x.due_at))[0] == ("waiting", START + timedelta(minutes=10))


async def test_a_timer_that_is_refused_changes_nothing_and_is_over(office: Office, verbs: Verbs) -> None:
    await office.work(lambda work: work.later(verbs["Refuse"](), START, key="r"))
    await schedule(office).tick()
    assert await noted(office) == []
    assert await states(office) == ["fired"]


async def test_a_timer_that_no_version_of_ours_knows_is_over_too(office: Office, verbs: Verbs) -> None:
    await office.work(lambda work: work.later(Packed('{"do":"gone","at":1}'), START, key="g"))
    await office.work(lambda work: work.later(Packed('{"do":"note"}'), START, key="h"))
    await schedule(office).tick()
    assert await states(office) == ["fired", "fired"]


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
    x, n, m, d = (columns(table) for table in (tables.Timer, tables.Inbound, tables.Outbox, tables.Draft))
    assert await rows(office, x.key) == [("new",)]
    assert await rows(office, n.key, n.reply) == [("new", "an answer")]
    assert await rows(office, m.id, m.state) == [(2, "waiting"), (3, "waiting")]
    assert await rows(office, d.text) == [("new words",)]
    assert await noted(office) == before


async def test_a_schedule_ticks_by_itself_until_it_is_stopped(office: Office) -> None:
    ticked = asyncio.Event()
    running = schedule(office, ticked.set)
    running.start()
    await ticked.wait()
    running.stop()


async def states(office: Office) -> list[str]:
    x = columns(tables.Timer)
    return [state for _, state in await rows(office, x.id, x.state)]


async def test_while_the_database_is_away_timers_wait(office: Office) -> None:
    office.database.close()
    woken = Woken()
    await schedule(office, woken).tick()
    await schedule(office).forget()
    assert woken.times == 1
