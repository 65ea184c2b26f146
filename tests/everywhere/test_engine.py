"""Accept, fire, claim and settle, with crashes between any two statements: nothing is lost, nothing is sent twice.

Commands, timers and deliveries go through the product's own code, in several processes that hypothesis lets die, stop
or lose their database at any statement, on platforms that refuse, keep silent or take long. What was promised is
checked after every step, and once more after a quiet time in which everything works.

`ENGINE_EXAMPLES=2000` looks longer.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from bot.inbound import Handled
from bot.meeting import NOTICE
from bot.ui import dump
from bot.work import Work
from storage import tables
from storage.database import Database, Transaction, Unavailable
from storage.notices import Notices
from storage.statements import statement
from storage.tables import table
from storage.timers import Timers
from storage.tray import Tray
from tests.bot.platform import Clock
from tests.everywhere import promises
from tests.everywhere.chats import Chat, Fate
from tests.everywhere.crashing import AFTER, Crash, Fault, World
from tests.everywhere.deeds import DEEDS, SHOWN, WHERE, Given, deeds

EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "60"))
STEPS = 40
NAMES = st.sampled_from(["A", "B"])
FAULTS = st.none() | st.builds(
    Fault,
    kind=st.sampled_from(["crash", "away", "hold"]),
    transaction=st.integers(0, 3),
    moment=st.integers(0, 15) | st.just(AFTER),
)
HELD = st.builds(Fault, kind=st.just("hold"), transaction=st.integers(0, 3), moment=st.sampled_from([0, AFTER]))
FATES = st.lists(st.sampled_from(list(Fate)), min_size=1, max_size=4)
LATER = st.sampled_from([0, 1, 2, 11, 31, 660])
COMMANDS = st.builds(
    Given,
    number=st.just(0),
    who=st.sampled_from(sorted(WHERE)),
    deed=st.sampled_from(DEEDS),
    to=st.integers(0, 1),
    shown=st.sampled_from(SHOWN),
    wait=st.sampled_from([0, 40, 900]),
)
EMPTY = [
    statement(delete(table(one)))
    for one in (
        tables.Outbox,
        tables.Lane,
        tables.Bucket,
        tables.Timer,
        tables.Inbound,
        tables.Audit,
        tables.Mirror,
        tables.Notice,
        tables.Account,
        tables.Person,
    )
]


class Engine(RuleBasedStateMachine):
    """Two processes, both platforms, and whatever may happen; each run begins with empty tables."""

    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.chats = [Chat("slack", self.clock, answers=True), Chat("teams", self.clock, answers=False)]
        self.world = World(self.database, self.clock, self.chats)
        self.people: list[int] = self.world.write(self._begin)
        self.given: list[Given] = []
        self.settled: dict[int, str] = {}
        self.acknowledged: dict[int, str] = {}
        self.running: list[tuple[asyncio.Task[Any], Given | None]] = []
        self.open = ExitStack()
        self.errors = self.open.enter_context(errors())
        self.open.enter_context(deeds(self.people))

    def _begin(self, tx: Transaction) -> list[int]:
        for clear in EMPTY:
            tx.run(clear)
        work, people = Work(tx, self.clock()), []
        for name in ("Ann", "Tess"):
            people.append(work.people.add(name, work.now))
            work.people.add_account(people[-1], (*WHERE[name], f"U{name}"), work.now)
            Notices(tx).show(people[-1], NOTICE, work.now)
        return people

    @rule(process=NAMES, commands=st.lists(COMMANDS, min_size=1, max_size=3), fault=FAULTS)
    def people_give_commands(self, process: str, commands: list[Given], fault: Fault | None) -> None:
        for command in commands:
            one = replace(command, number=len(self.given) + 1, to=self.people[command.to])
            self.given.append(one)
            self._hears(process, one, fault)

    @precondition(lambda self: self.given)
    @rule(process=NAMES, which=st.integers(0, 99), fault=FAULTS)
    def it_is_delivered_again(self, process: str, which: int, fault: Fault | None) -> None:
        self._hears(process, self.given[which % len(self.given)], fault)

    @rule(process=NAMES, after=LATER, fault=FAULTS)
    def messages_are_sent(self, process: str, after: int, fault: Fault | None) -> None:
        self.time_passes(after)
        self._start(self._with(process, fault).delivery.deliver())

    @rule(process=NAMES, after=LATER, rounds=st.lists(FATES, min_size=1, max_size=3))
    def platforms_make_trouble(self, process: str, after: int, rounds: list[list[Fate]]) -> None:
        for fates in rounds:
            self.time_passes(after)
            for chat in self.chats:
                chat.fates[:] = fates
            self._start(self._with(process, None).delivery.deliver())

    @rule(at=HELD, fates=FATES, seconds=LATER, commands=st.lists(COMMANDS, max_size=2))
    def a_process_stops_while_others_go_on(
        self, at: Fault, fates: list[Fate], seconds: int, commands: list[Given]
    ) -> None:
        for chat in self.chats:
            chat.fates[:] = fates
        self._start(self._with("A", at).delivery.deliver())
        self.time_passes(seconds)
        self.people_give_commands("B", commands, None)
        self._start(self.world.process("B").delivery.deliver())
        self.what_was_held_goes_on_or_dies("A", dies=False)
        self._start(self.world.process("C").delivery.deliver())

    @rule(process=NAMES, after=LATER, fault=FAULTS)
    def timers_are_looked_at(self, process: str, after: int, fault: Fault | None) -> None:
        self.time_passes(after)
        self._start(self._with(process, fault).schedule.tick())

    @rule(seconds=LATER)
    def time_passes(self, seconds: int) -> None:
        self.clock.passes(seconds)
        for process in self.world.processes.values():
            process.troubled = process.troubled or (process.holds and seconds >= 10)
        self.world.settles()
        self._ended()

    @rule(process=NAMES, dies=st.booleans())
    def what_was_held_goes_on_or_dies(self, process: str, dies: bool) -> None:
        one = self.world.process(process)
        if dies:
            one.dies()
        else:
            one.goes_on()
        self.world.settles()
        self._ended()

    @invariant()
    def what_did_not_happen_does_not_happen_later(self) -> None:
        for chat in self.chats:
            chat.fates.clear()
        for process in self.world.processes.values():
            process.fault = None

    def _is_as_promised(self) -> None:
        found = self.world.read(promises.rows)
        self._see_what_nobody_knows(found)
        promises.check_effects(found, self.given, self.acknowledged)
        promises.check_lanes(found)
        promises.check_settled(found, self.settled)
        for chat in self.chats:
            promises.check_arrivals(found, chat)
        assert self.world.unexpected == []
        assert self.errors == []

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self._quiet()
        finally:
            self.world.close()
            self.open.close()

    def _with(self, name: str, fault: Fault | None) -> Any:
        process = self.world.process(name)
        process.fault = fault
        return process

    def _hears(self, name: str, one: Given, fault: Fault | None) -> None:
        self._start(self._with(name, fault).dispatch.handle(one.inbound()), one)

    def _start(self, work: Coroutine[Any, Any, object], one: Given | None = None) -> None:
        self.running.append((self.world.starts(work), one))
        self._ended()

    def _ended(self) -> None:
        """What ended was acknowledged, or died, or was told to try again; anything else is a fault."""
        for task, one in [(task, one) for task, one in self.running if task.done()]:
            self.running.remove((task, one))
            if isinstance(task.exception(), Crash | Unavailable):
                continue
            handled = task.result()
            if one is not None:
                self._acknowledge(one, handled)
        self._is_as_promised()

    def _acknowledge(self, one: Given, handled: Handled) -> None:
        reply = dump(handled.reply) if handled.reply else ""
        assert (f"{one.number} {one.answer}" in reply) == (one.shown == "response")
        assert self.acknowledged.setdefault(one.number, reply) == reply

    def _see_what_nobody_knows(self, found: promises.Rows) -> None:
        """Where a process is in trouble, nobody of ours knows what became of what it was sending."""
        unsettled = {message.id for message in found.messages if message.state in promises.UNSETTLED}
        for chat in self.chats:
            for one in chat.arrived:
                one.excused = one.excused or (one.process.troubled and one.outbox in unsettled)
        for process in self.world.processes.values():
            process.troubled = process.gone or (process.troubled and process.holds)

    def _quiet(self) -> None:
        """Everything works, what was not acknowledged may come again, and the clock goes from one thing to the next."""
        for process in self.world.processes.values():
            process.goes_on()
        self.world.settles()
        self._ended()
        for one in self.given:
            if one.number in self.acknowledged or one.number % 2:
                self._hears("C", one, None)
        for _ in range(300):
            self._start(self.world.process("C").schedule.tick())
            self._start(self.world.process("C").delivery.deliver())
            due = self.world.read(self._next)
            if due is None:
                break
            self.clock.at = max(self.clock.at, due)
            self.world.settles()
        assert self.running == []
        found = self.world.read(promises.rows)
        promises.check_kept(found, self.given, self.chats)
        promises.check_mirrors(found, self.chats)

    def _next(self, tx: Transaction) -> datetime | None:
        """When there is something to do: no message and no timer is looked at without being due."""
        due = Tray(tx).next_due(self.world.process("C").delivery.limit_of), Timers(tx).next_due()
        return min((one for one in due if one is not None), default=None)


@contextmanager
def errors() -> Iterator[list[str]]:
    """The faults of ours that the log got meanwhile; that the database is away is no news here."""
    found: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(self.format(record))

    keep, log = Keep(logging.ERROR), logging.getLogger("bot")
    level = log.level
    log.addHandler(keep)
    log.setLevel(logging.ERROR)
    yield found
    log.removeHandler(keep)
    log.setLevel(level)


def test_whatever_crashes_and_whenever_nothing_is_lost_and_nothing_is_sent_twice(database: Database) -> None:
    looking = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    run_state_machine_as_test(type("OnThisDatabase", (Engine,), {"database": database}), settings=looking)
