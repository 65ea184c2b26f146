"""The tray against a model of it: whatever happens in whatever order, nothing is lost, doubled or out of turn."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from storage import tables
from storage.database import Database
from storage.rates import Limit, Rate
from storage.statements import statement
from storage.tables import columns, table
from storage.tray import Message, Owed, Tray
from tests.storage.nouns import START, On, rows

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)
PACE = Rate(SECOND, burst=2)
LANES = {"ann": "here", "bob": "here", "cho": "there"}
"""The lanes, and the bucket of what is owed in each."""
LIMITS = {"here": Limit("here", Rate(2 * SECOND, burst=2))}
x, a = columns(tables.Outbox), columns(tables.Lane)
EMPTY = [statement(delete(table(one))) for one in (tables.Outbox, tables.Lane, tables.Bucket)]


@dataclass
class Kept:
    """One message as the model has it."""

    lane: str
    rank: int
    number: int
    state: str = "waiting"
    due: timedelta = timedelta(0)
    attempts: int = 0


@dataclass
class Model:
    """What should be true: the messages by number, who holds a lane until when, and when each bucket was drawn on."""

    messages: dict[int, Kept] = field(default_factory=dict)
    held: dict[str, timedelta] = field(default_factory=dict)
    sent: dict[str, list[timedelta]] = field(default_factory=dict)
    drawn: list[timedelta] = field(default_factory=list)

    def first(self, lane: str) -> Kept | None:
        """The message whose turn it is in this lane."""
        waiting = [
            kept for kept in self.messages.values() if kept.lane == lane and kept.state in ("waiting", "sending")
        ]
        return min(waiting, key=lambda kept: (kept.rank, kept.number), default=None)

    def due(self, now: timedelta) -> list[Kept]:
        """The messages that a claim may take."""
        firsts = [first for lane in LANES if (first := self.first(lane)) is not None and first.due <= now]
        return [
            first
            for first in firsts
            if self.held.get(first.lane, timedelta(0)) <= now and keeps(PACE, [*self.sent.get(first.lane, []), now])
        ]


def keeps(rate: Rate, instants: list[timedelta]) -> bool:
    """Whether no stretch of time holds more of these than the rate allows, counted one by one."""
    return all(
        later - earlier >= rate.every * (between - rate.burst + 1)
        for at, earlier in enumerate(instants)
        for between, later in enumerate(instants[at:])
    )


class Trays(RuleBasedStateMachine):
    """The tray and its model side by side; each run begins with an empty tray."""

    database: ClassVar[Database]
    claimed = Bundle("claimed")

    def __init__(self) -> None:
        super().__init__()
        self.tray = On(self.database, Tray)
        self.model = Model()
        self.now = timedelta(0)
        asyncio.run(self.database.write(lambda tx: [tx.run(clear) for clear in EMPTY]))

    @rule(lane=st.sampled_from(sorted(LANES)), rank=st.sampled_from([0, 0, 2]))
    def add(self, lane: str, rank: int) -> None:
        message = Message("notice", body=lane, rank=rank, bucket=LANES[lane])
        asyncio.run(self.tray(lambda tray: tray.add(lane, message, START + self.now)))
        ((number,),) = asyncio.run(rows(self.database, select(x.id).order_by(x.id.desc()).limit(1)))
        self.model.messages[number] = Kept(lane, rank, number, due=self.now)

    @rule(target=claimed)
    def claim(self) -> object:
        now = START + self.now
        owed = asyncio.run(self.tray(lambda tray: tray.claim(now, now + LEASE, LIMITS.get)))
        self._check({one.id for one in owed})
        for one in owed:
            kept = self.model.messages[one.id]
            assert one.uncertain == (kept.state == "sending")
            kept.state, kept.attempts = "sending", kept.attempts + 1
            assert one.attempt == kept.attempts
            self.model.held[kept.lane] = self.now + LEASE
        return multiple(*owed)

    def _check(self, taken: set[int]) -> None:
        """What was taken was due, within the limit and the most urgent; and what could go went."""
        due = self.model.due(self.now)
        assert taken <= {kept.number for kept in due}
        assert {kept.number for kept in due if LANES[kept.lane] == "there"} <= taken
        limited = sorted((kept for kept in due if LANES[kept.lane] == "here"), key=lambda kept: kept.rank)
        went = [kept for kept in limited if kept.number in taken]
        assert [kept.rank for kept in went] == [kept.rank for kept in limited][: len(went)]
        rate = LIMITS["here"].rate
        for kept in limited:
            if kept.number in taken:
                self.model.drawn.append(self.now)
                assert keeps(rate, self.model.drawn)
        if len(went) < len(limited):
            assert not keeps(rate, [*self.model.drawn, self.now])

    @rule(owed=consumes(claimed), state=st.sampled_from(["sent", "undeliverable", "dead", "uncertain"]))
    def settle(self, owed: Owed, state: str) -> None:
        self._settle(owed, state, None)

    @rule(owed=consumes(claimed), state=st.sampled_from(["waiting", "sending"]), wait=st.integers(0, 90))
    def try_again(self, owed: Owed, state: str, wait: int) -> None:
        self._settle(owed, state, timedelta(seconds=wait))

    def _settle(self, owed: Owed, state: str, wait: timedelta | None) -> None:
        now = START + self.now
        paced, due = PACE.after(owed.next_at, now), now + (wait or timedelta(0))
        settled = asyncio.run(self.tray(lambda tray: tray.settle(owed, state, paced, due=due)))
        kept = self.model.messages.get(owed.id)
        mine = kept is not None and kept.state == "sending" and kept.attempts == owed.attempt
        assert settled == mine
        if kept is not None and mine:
            kept.state = state
            kept.due = self.now + wait if wait is not None else kept.due
            self.model.held[kept.lane] = timedelta(0)
            self.model.sent.setdefault(kept.lane, []).append(self.now)

    @rule(seconds=st.sampled_from([1, 2, 15, 31, 120]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def old_ones_are_forgotten(self) -> None:
        asyncio.run(self.tray(lambda tray: tray.forget(START + self.now - timedelta(seconds=60))))
        for number, kept in list(self.model.messages.items()):
            if kept.state not in ("waiting", "sending") and number not in self._numbers():
                del self.model.messages[number]

    def _numbers(self) -> set[int]:
        return {number for (number,) in asyncio.run(rows(self.database, select(x.id)))}

    @invariant()
    def what_is_owed_is_there(self) -> None:
        found = asyncio.run(rows(self.database, select(x.id, x.state)))
        owed = {number: kept.state for number, kept in self.model.messages.items()}
        assert dict(found) == owed


def test_whatever_happens_nothing_is_lost_doubled_or_out_of_turn(database: Database) -> None:
    one_database = settings(
        max_examples=40,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    run_state_machine_as_test(type("OnThisDatabase", (Trays,), {"database": database}), settings=one_database)


async def test_at_most_sixteen_lanes_are_claimed_at_once_and_the_rest_at_once_after(database: Database) -> None:
    tray = On(database, Tray)
    for number in range(20):
        await tray(partial(Tray.add, lane=f"lane {number}", message=Message("notice"), now=START))
    first = await tray(lambda tray: tray.claim(START, START + LEASE, LIMITS.get))
    second = await tray(lambda tray: tray.claim(START, START + LEASE, LIMITS.get))
    assert (len(first), len(second)) == (16, 4)
    assert await tray(lambda tray: tray.claim(START, START + LEASE, LIMITS.get)) == []


async def test_counts_say_how_many_and_since_when(database: Database) -> None:
    tray = On(database, Tray)
    await tray(lambda tray: tray.add("ann", Message("notice"), START))
    await tray(lambda tray: tray.add("ann", Message("notice"), START + timedelta(minutes=5)))
    assert await tray(lambda tray: tray.counts()) == [("waiting", 2, START)]
    assert await tray(lambda tray: tray.next_due(LIMITS.get)) == START
