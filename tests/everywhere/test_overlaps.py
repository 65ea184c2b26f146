"""Two processes in each other's way on PostgreSQL, at every statement: what is owed is found, and is sent once.

One side is stopped before its first statement, then before its second, and so on until before its last COMMIT; the
other then goes as far as it can: to its end, or until it waits for the first. So either commits first, in turn.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

import psycopg
import pytest

from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.schedule import Schedule
from storage.database import Database, Transaction, connect
from tests.bot.platform import Clock, Office
from tests.everywhere.chats import Chat, Line
from tests.everywhere.crashing import watched
from tests.everywhere.deeds import Deed, Given, deeds, times

T = TypeVar("T")
Do = Callable[[Database], Coroutine[Any, Any, object]]

WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'"
)


class Alive:
    """A process that nothing happens to."""

    troubled = False

    def must_live(self) -> None: ...

    def crashes(self) -> None: ...

    async def held(self) -> None: ...


class Stopping(Database):
    """A database of one process, which stops before the statement or COMMIT of this number until `goes_on`."""

    def __init__(self, real: Database, moment: int) -> None:
        super().__init__()
        self._real, self._moment = real, moment
        self._numbers, self._loop = count(), asyncio.get_running_loop()
        self._go = threading.Event()
        self.stopped = asyncio.Event()

    async def _written(self, fn: Callable[[Transaction], T]) -> T:
        return await self._real.write(watched(fn, self._passes))

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        return await self._real.read(watched(fn, self._passes))

    def goes_on(self) -> None:
        self._go.set()

    def close(self) -> None:
        """It is closed by who opened it."""

    def _passes(self) -> None:
        if next(self._numbers) == self._moment:
            self._loop.call_soon_threadsafe(self.stopped.set)
            self._go.wait()


@dataclass
class Two:
    """Two processes with connections of their own, a platform, and somebody new for each try."""

    one: Database
    other: Database
    url: str
    clock: Clock = field(default_factory=Clock)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    told: list[int] = field(default_factory=list)
    chat: Chat = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(self.one, self.clock)
        self.chat = Chat("slack", self.clock, answers=True)

    async def somebody(self) -> int:
        """A new person, who is told of what is altered; a minute later, for no limit is in the way then."""
        self.clock.passes(60)
        self.told[:] = [await self.office.person(f"P{next(self.numbers)}")]
        self.thing = next(self.numbers)
        return self.told[0]

    def sends(self) -> Do:
        """A delivery round of a process."""
        return lambda database: Delivery(database, self.clock, {"slack": Line(self.chat, Alive())}).settled()

    def given(self, deed: Deed, who: str = "Ann") -> Given:
        """A command that concerns the new person."""
        return Given(next(self.numbers), who, deed, self.told[0], "response", thing=self.thing)

    def hears(self, given: Given) -> Do:
        """A command, as the platform delivers it."""
        return lambda database: Dispatch(database, self.clock, lambda: None).handle(given.inbound())

    def fires(self) -> Do:
        """A look at the timers."""
        return lambda database: Schedule(database, self.clock, lambda: None).tick()

    async def overlap(self, first: Do, second: Do, moment: int) -> tuple[bool, list[Any]]:
        """Whether the first was stopped at that moment, rather than at its end before, and what both came to."""
        stopping = Stopping(self.one, moment)
        stopped = asyncio.create_task(stopping.stopped.wait())
        one = asyncio.create_task(first(stopping))
        try:
            await asyncio.wait({one, stopped}, return_when=asyncio.FIRST_COMPLETED)
            met = stopping.stopped.is_set()
            two = asyncio.create_task(second(self.other))
            await self._as_far_as_it_can(two)
        finally:
            stopping.goes_on()
            stopped.cancel()
        return met, [await one, await two]

    async def _as_far_as_it_can(self, two: asyncio.Task[object]) -> None:
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as looking:
            while not two.done():
                found = await (await looking.execute(WAITING)).fetchone()
                if found != (0,):
                    return

    async def settle(self) -> None:
        """Everything was sent that is due now."""
        await self.sends()(self.other)

    async def shown(self, person: int) -> list[str]:
        """What the person's chat says, once everything was sent that is due now."""
        await self.settle()
        user = (await self.office.work(lambda work: work.people.accounts(person)))[0].user
        messages = dict.fromkeys(one.message for one in self.chat.arrived if one.conversation == user)
        return [self.chat.shown()[message] for message in messages]


@pytest.fixture
async def two(postgres_url: str) -> AsyncIterator[Two]:
    one, other = connect(postgres_url), connect(postgres_url)
    pair = Two(one, other, postgres_url)
    with deeds(pair.told):
        yield pair
    one.close()
    other.close()


Attempt = Callable[[], Awaitable[tuple[Do, Do, Callable[[list[Any]], Awaitable[None]]]]]
"""Prepares something, and gives what two processes do at once and what must be so afterwards, of what both came to."""


async def at_every_moment(two: Two, attempt: Attempt, *, least: int) -> None:
    """The attempt, with either side stopped at each of its moments, and there are at least so many."""
    for order in (1, -1):
        for moment in count():
            one, other, check = await attempt()
            first, second = (one, other)[::order]
            stopped, came = await two.overlap(first, second, moment)
            await check(came[::order])
            if not stopped:
                assert moment >= least
                break


async def test_a_message_that_is_added_while_the_one_before_is_claimed_sent_and_settled_is_found(two: Two) -> None:
    async def attempt() -> Any:
        ann = await two.somebody()
        await two.office.owes(ann, "first")

        async def adds(database: Database) -> None:
            await Office(database, two.clock).owes(ann, "second")

        async def check(_: list[Any]) -> None:
            assert await two.shown(ann) == ["first", "second"]

        return two.sends(), adds, check

    await at_every_moment(two, attempt, least=4)


@pytest.mark.parametrize("shown_before", [False, True])
async def test_an_edit_while_a_mirror_is_claimed_drawn_sent_and_settled_is_seen_in_the_end(
    two: Two, shown_before: bool
) -> None:
    async def attempt() -> Any:
        ann = await two.somebody()
        await two.hears(two.given("alter"))(two.one)
        if shown_before:
            await two.settle()
            await two.hears(two.given("alter"))(two.one)

        async def check(_: list[Any]) -> None:
            assert await two.shown(ann) == [f"altered {3 if shown_before else 2}"]

        return two.sends(), two.hears(two.given("alter")), check

    await at_every_moment(two, attempt, least=4)


async def test_somebody_new_who_writes_twice_at_once_is_met_once_and_a_new_conversation_gets_both_messages(
    two: Two,
) -> None:
    async def attempt() -> Any:
        ann = await two.somebody()
        who = f"New{ann}"
        sides = [two.given("notice", who), two.given("notice", who)]

        async def check(_: list[Any]) -> None:
            assert set(await two.shown(ann)) == {f"{given.number} handed" for given in sides}

        return (*map(two.hears, sides), check)

    await at_every_moment(two, attempt, least=4)


async def test_a_command_that_is_delivered_twice_at_once_is_done_once_and_answered_the_same(two: Two) -> None:
    async def attempt() -> Any:
        ann = await two.somebody()
        given = two.given("notice")

        async def check(came: list[Any]) -> None:
            assert came[0].reply == came[1].reply
            assert await two.shown(ann) == [f"{given.number} handed"]

        return two.hears(given), two.hears(given), check

    await at_every_moment(two, attempt, least=4)


async def test_two_who_deliver_at_once_send_each_message_once_and_in_order(two: Two) -> None:
    async def attempt() -> Any:
        ann = await two.somebody()
        await two.office.owes(ann, "first", "second")

        async def check(_: list[Any]) -> None:
            assert await two.shown(ann) == ["first", "second"]

        return two.sends(), two.sends(), check

    await at_every_moment(two, attempt, least=4)


async def test_a_timer_that_two_look_at_at_once_fires_once(two: Two) -> None:
    async def attempt() -> Any:
        ann = await two.somebody()
        given = two.given("set")
        await two.hears(given)(two.one)

        async def check(_: list[Any]) -> None:
            assert await two.office.work(lambda work: times("rang", given.number, work)) == 1
            assert await two.shown(ann) == [f"{given.number} rings"]

        return two.fires(), two.fires(), check

    await at_every_moment(two, attempt, least=4)
