"""The tray is emptied in order, at each conversation's pace, by one process at a time, whatever goes wrong."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from bot import command as commands
from bot import delivery as module
from bot.delivery import LEASE, SEND_WITHIN, Delivery, NotSent, Sent, Uncertain, Undeliverable
from bot.features.ask import RouteAgain
from bot.text import t
from bot.ui import Card
from bot.vouching import Profile
from bot.work import View, Work
from storage import tables
from storage.database import Database, Transaction
from storage.people import Person
from storage.rates import Limit, Rate
from storage.tables import columns
from storage.tray import Message
from tests.bot.platform import Office

T = TypeVar("T")


async def test_a_conversation_gets_its_messages_in_order_and_no_faster_than_its_pace(office: Office) -> None:
    ann = await office.person("Ann")
    await office.owes(ann, *(str(n) for n in range(8)))
    delivery = office.delivery()
    await delivery.settled()
    assert office.platform.words() == ["0", "1", "2", "3"]  # three ahead of the pace of one a second
    for expected in (5, 6, 7, 8):
        office.clock.passes(1)
        await delivery.settled()
        assert len(office.platform.sent) == expected
    assert office.platform.words() == [str(n) for n in range(8)]


async def test_one_slow_conversation_holds_back_no_other(office: Office) -> None:
    ann, bob = await office.person("Ann"), await office.person("Bob")
    slow = asyncio.Event()
    office.platform.meets = [slow]
    await office.owes(ann, "to Ann", "to Ann too")
    delivery = office.delivery()
    assert await delivery.deliver()
    await office.platform.arrived.wait()
    await office.owes(bob, "to Bob")
    other = office.delivery()
    await other.settled()
    assert office.platform.words() == ["to Bob"]
    slow.set()
    await delivery.settled()
    assert office.platform.words() == ["to Bob", "to Ann", "to Ann too"]


async def test_many_processes_send_each_message_once_and_in_order(office: Office) -> None:
    people = [await office.person(f"P{n}") for n in range(6)]
    for person in people:
        await office.owes(person, *(f"{person}.{n}" for n in range(4)))
    several = [office.delivery() for _ in range(4)]
    for _ in range(10):
        await asyncio.gather(*(delivery.settled() for delivery in several))
        office.clock.passes(1)
    assert sorted(office.platform.words()) == sorted(f"{person}.{n}" for person in people for n in range(4))
    for person in people:
        assert [words for words in office.platform.words() if words.startswith(f"{person}.")] == [
            f"{person}.{n}" for n in range(4)
        ]


async def test_what_a_dead_process_held_is_looked_for_and_not_sent_again(office: Office) -> None:
    ann = await office.person("Ann")
    await office.owes(ann, "once", "after")
    await _claimed_and_lost(office)
    delivery = office.delivery()
    await delivery.settled()
    assert office.platform.sent == []  # its lease is not over
    office.clock.passes(31)
    office.platform.finding = [Sent("m0", "D1")]
    await delivery.settled()
    assert [parcel.attempt for parcel in office.platform.looked] == [2]
    assert office.platform.words() == ["after"]
    assert await office.states() == [("notice", "sent"), ("notice", "sent")]


async def test_an_answer_that_cannot_be_found_is_sent_again_and_a_reminder_is_listed(office: Office) -> None:
    ann, bob = await office.person("Ann"), await office.person("Bob")
    await office.owes(ann, "an answer")
    await office.owes(bob, "a reminder", kind="reminder")
    await _claimed_and_lost(office)
    office.clock.passes(31)
    await office.delivery().settled()
    assert office.platform.words() == ["an answer"]
    assert await office.states() == [("notice", "sent"), ("reminder", "uncertain")]


async def test_a_reminder_whose_answer_was_lost_is_not_sent_again(office: Office) -> None:
    ann = await office.person("Ann")
    office.platform.meets = [Uncertain("timeout")]
    await office.owes(ann, "a reminder", kind="reminder")
    await office.delivery().settled()
    office.clock.passes(3600)
    await office.delivery().settled()
    assert office.platform.sent == []
    assert await office.states() == [("reminder", "uncertain")]


async def test_an_uncertain_message_stays_uncertain_while_the_platform_refuses_to_look(office: Office) -> None:
    ann, bob = await office.person("Ann"), await office.person("Bob")
    office.platform.meets = [Uncertain("timeout")]
    await office.owes(ann, "an answer")
    delivery = office.delivery()
    await delivery.settled()
    office.clock.passes(60)
    office.platform.finding = [NotSent("ratelimited", after=1), Sent("m0", "D1")]
    await delivery.settled()
    office.clock.passes(60)
    await delivery.settled()
    assert len(office.platform.looked) == 2
    assert office.platform.sent == []
    await office.owes(bob, "a reminder", kind="reminder")
    await _claimed_and_lost(office)
    office.clock.passes(31)
    office.platform.finding = [NotSent("ratelimited", after=1)]
    await delivery.settled()
    office.clock.passes(60)
    await delivery.settled()
    assert office.platform.sent == []
    assert await office.states() == [("notice", "sent"), ("reminder", "uncertain")]


async def test_a_fault_of_ours_while_sending_leaves_it_uncertain(office: Office) -> None:
    ann = await office.person("Ann")
    office.platform.meets = [ValueError("a fault after it was sent")]
    await office.owes(ann, "an answer")
    delivery = office.delivery()
    await delivery.settled()
    office.clock.passes(60)
    office.platform.finding = [Sent("m0", "D1")]
    await delivery.settled()
    assert office.platform.sent == []
    assert await office.states() == [("notice", "sent")]


async def test_a_try_whose_lease_was_lost_settles_nothing(office: Office) -> None:
    ann = await office.person("Ann")
    slow = asyncio.Event()
    office.platform.meets = [slow, Undeliverable("user_not_found")]
    await office.owes(ann, "late")
    first = office.delivery()
    await first.deliver()
    await office.platform.arrived.wait()
    office.clock.passes(31)
    await office.delivery().settled()
    assert await office.states() == [("notice", "undeliverable")]
    slow.set()
    await first.settled()
    assert await office.states() == [("notice", "undeliverable")]


async def test_a_late_try_does_not_free_the_conversation_that_another_has_taken_for_something_more_urgent(
    office: Office,
) -> None:
    ann = await office.person("Ann")
    late, slow = asyncio.Event(), asyncio.Event()
    office.platform.meets = [late, slow]
    await office.owes(ann, "an announcement", kind="announcement")
    stopped, other, third = office.delivery(), office.delivery(), office.delivery()
    await stopped.deliver()
    await office.platform.arrived.wait()
    office.platform.arrived.clear()
    office.clock.passes(31)
    await office.owes(ann, "an answer", "another")
    await other.deliver()
    await office.platform.arrived.wait()
    late.set()
    await stopped.settled()
    await third.settled()
    assert office.platform.words() == ["an announcement"]
    slow.set()
    await other.settled()
    assert office.platform.words() == ["an announcement", "an answer", "another"]
    assert {state for _, state in await office.states()} == {"sent"}


async def test_what_is_settled_while_the_tray_is_looked_at_frees_what_was_behind_it(office: Office) -> None:
    ann = await office.person("Ann")
    slow = asyncio.Event()
    office.platform.meets = [slow]
    await office.owes(ann, "first", "second")
    delivery = Delivery(Overtaken(office.database), office.clock, {"slack": office.platform})
    await delivery.deliver()
    await office.platform.arrived.wait()
    everything = asyncio.create_task(delivery.settled())
    slow.set()
    await everything
    assert office.platform.words() == ["first", "second"]


async def test_retry_after_is_obeyed_and_order_is_kept_meanwhile(office: Office) -> None:
    ann = await office.person("Ann")
    office.platform.meets = [NotSent("ratelimited", after=40)]
    await office.owes(ann, "first", "second")
    delivery = office.delivery()
    await delivery.settled()
    office.clock.passes(39)
    await delivery.settled()
    assert office.platform.words() == []
    office.clock.passes(2)
    await delivery.settled()
    assert office.platform.words() == ["first", "second"]


async def test_lanes_that_wait_to_try_again_take_no_turn_from_the_others(office: Office) -> None:
    waiting = [await office.person(f"W{n}") for n in range(20)]
    office.platform.meets = [NotSent("down", after=3000) for _ in waiting]
    for person in waiting:
        await office.owes(person, "refused", "behind it")
    delivery = office.delivery()
    await delivery.settled()
    office.clock.passes(5)
    bob = await office.person("Bob")
    await office.owes(bob, "to Bob")
    await delivery.settled()
    assert office.platform.words() == ["to Bob"]


async def test_tries_come_further_apart_and_after_25_the_message_is_dead_and_told_once(office: Office) -> None:
    ann = await office.person("Ann")
    office.platform.meets = [NotSent("server_error") for _ in range(25)]
    await office.work(lambda work: work.send(ann, Card(t("never")), otherwise=RouteAgain(1, ann)))
    await office.owes(ann, "behind it")
    delivery = office.delivery()
    for number in range(25):
        await delivery.settled()
        assert len(office.platform.meets) == 24 - number
        office.clock.passes(601)
    await delivery.settled()
    assert await office.states() == [("notice", "dead"), ("notice", "sent")]
    assert await _timers(office) == 1


@pytest.mark.parametrize("code", ["user_not_found", "BotNotInConversationRoster"])
async def test_what_cannot_be_delivered_runs_its_otherwise_once_and_holds_nothing_back(
    office: Office, code: str
) -> None:
    ann = await office.person("Ann")
    office.platform.meets = [Undeliverable(code)]
    await office.work(lambda work: work.send(ann, Card(t("never")), otherwise=RouteAgain(1, ann)))
    await office.owes(ann, "next")
    await office.delivery().settled()
    assert office.platform.words() == ["next"]
    assert await office.states() == [("notice", "undeliverable"), ("notice", "sent")]
    assert await _timers(office) == 1


async def test_what_is_for_a_platform_that_is_off_cannot_be_delivered(office: Office) -> None:
    def add(work: Work) -> None:
        person = work.people.add("Tess", work.now)
        work.people.add_account(person, ("teams", "T2", "UTess"), work.now)
        work.send(person, Card(t("never")), otherwise=RouteAgain(1, person))

    await office.work(add)
    await office.delivery().settled()
    assert await office.states() == [("notice", "undeliverable")]
    assert await _timers(office) == 1


async def test_a_workspace_gets_no_more_than_its_limit_and_another_is_not_held_up(office: Office) -> None:
    office.platform.limits = {"post": Limit("posts", Rate(timedelta(seconds=10), burst=2))}
    people = [await office.person(name, tenant) for tenant in ("T1", "T2") for name in ("Ann", "Bob", "Cho")]
    for person in people:
        await office.owes(person, f"to {person}")
    delivery = office.delivery()
    await delivery.settled()
    assert sorted(parcel.address.installation for parcel in office.platform.sent) == ["T1", "T1", "T2", "T2"]
    office.clock.passes(9)
    await delivery.settled()
    assert len(office.platform.sent) == 4
    office.clock.passes(1)
    await office.delivery().settled()
    assert len(office.platform.sent) == 6


async def test_what_people_wait_for_goes_before_reminders_and_those_before_announcements(office: Office) -> None:
    office.platform.limits = {"post": Limit("posts", Rate(timedelta(seconds=10)))}
    people = {kind: await office.person(kind.title()) for kind in ("announcement", "reminder", "notice")}
    for kind, person in people.items():
        await office.owes(person, kind, kind=kind)
    for _ in people:
        await office.delivery().settled()
        office.clock.passes(10)
    assert office.platform.words() == ["notice", "reminder", "announcement"]


async def test_an_answer_overtakes_an_announcement_in_the_same_conversation(office: Office) -> None:
    ann = await office.person("Ann")
    office.platform.meets = [NotSent("ratelimited", after=60)]
    await office.owes(ann, "to all", kind="announcement")
    delivery = office.delivery()
    await delivery.settled()
    await office.owes(ann, "an answer", "another")
    await delivery.settled()
    assert office.platform.words() == ["an answer", "another"]
    office.clock.passes(61)
    await delivery.settled()
    assert office.platform.words() == ["an answer", "another", "to all"]


async def test_a_refusal_for_the_whole_workspace_holds_it_up_and_no_other(office: Office) -> None:
    office.platform.limits = {"post": Limit("posts", Rate(timedelta(seconds=1), burst=5))}
    ann, bob, cho = await office.person("Ann"), await office.person("Bob"), await office.person("Cho", "T2")
    office.platform.meets = [NotSent("ratelimited", after=30, everywhere=True)]
    await office.owes(ann, "to Ann")
    delivery = office.delivery()
    await delivery.settled()
    await office.owes(bob, "to Bob")
    await office.owes(cho, "to Cho")
    await delivery.settled()
    assert office.platform.words() == ["to Cho"]
    office.clock.passes(31)
    await delivery.settled()
    assert sorted(office.platform.words()) == ["to Ann", "to Bob", "to Cho"]


async def test_with_too_little_of_its_lease_left_nothing_is_sent_and_nothing_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await office.person("Ann")
    await office.owes(ann, "late")
    with monkeypatch.context() as stopped:
        stopped.setattr(module, "SPARE", LEASE.total_seconds() - SEND_WITHIN + 1)  # as long as it stood still
        await office.delivery().settled()
    assert office.platform.sent == []
    assert await office.states() == [("notice", "waiting")]
    office.clock.passes(2)
    await office.delivery().settled()
    assert office.platform.words() == ["late"]


async def test_a_clock_that_was_set_back_an_hour_holds_nothing_up(office: Office) -> None:
    office.platform.limits = {"post": Limit("posts", Rate(timedelta(seconds=1), burst=5))}
    ann, bob = await office.person("Ann"), await office.person("Bob")
    await office.owes(ann, "before")
    delivery = office.delivery()
    await delivery.settled()
    await office.owes(ann, "waits")
    await office.owes(bob, "waits too")
    await office.work(lambda work: work.tray.claim(work.now, work.now + LEASE, lambda bucket: None, 1))
    office.clock.passes(-3600)
    await office.owes(ann, "new")
    await office.work(lambda work: work.tray.clock_went_back(work.now, LEASE))
    await delivery.settled()
    office.clock.passes(31)
    for _ in range(5):
        await delivery.settled()
        office.clock.passes(1)
    assert sorted(office.platform.words()) == ["before", "new", "waits", "waits too"]


async def test_a_mirror_is_posted_once_and_then_redrawn(office: Office) -> None:
    ann = await office.person("Ann")
    with drawings() as shown:
        await office.work(lambda work: work.show(ann, ("thing", 7)))
        delivery = office.delivery()
        await delivery.settled()
        shown[7] = "changed"
        await office.work(lambda work: work.show(ann, ("thing", 7)))
        await office.work(lambda work: work.redraw(("thing", 7)))
        await delivery.settled()
    assert [parcel.address.message for parcel in office.platform.sent] == ["", "m1"]
    assert office.platform.words() == ["new", "changed"]


async def test_redraws_that_wait_are_one_and_show_the_last_state(office: Office) -> None:
    ann = await office.person("Ann")
    with drawings() as shown:
        await office.work(lambda work: work.show(ann, ("thing", 7)))
        for state in ("one", "two", "three"):
            shown[7] = state
            await office.work(lambda work: work.redraw(("thing", 7)))
        await office.delivery().settled()
    assert office.platform.words() == ["three"]


async def test_a_change_while_a_mirror_is_being_sent_is_drawn_afterwards(office: Office) -> None:
    ann = await office.person("Ann")
    slow = asyncio.Event()
    office.platform.meets = [slow]
    with drawings() as shown:
        await office.work(lambda work: work.show(ann, ("thing", 7)))
        delivery = office.delivery()
        await delivery.deliver()
        await office.platform.arrived.wait()
        shown[7] = "changed"
        await office.work(lambda work: work.redraw(("thing", 7)))
        slow.set()
        await delivery.settled()
    assert office.platform.words() == ["new", "changed"]


async def test_a_record_that_cannot_be_drawn_holds_back_its_own_conversation_alone_and_not_for_ever(
    office: Office,
) -> None:
    ann, bob = await office.person("Ann"), await office.person("Bob")
    with drawings() as shown:
        shown[7] = ""
        await office.work(lambda work: work.show(ann, ("thing", 7), otherwise=RouteAgain(1, ann)))
        await office.owes(ann, "behind it")
        await office.owes(bob, "to Bob")
        delivery = office.delivery()
        await delivery.settled()
        assert office.platform.words() == ["to Bob"]
        for _ in range(25):
            office.clock.passes(601)
            await delivery.settled()
    assert office.platform.words() == ["to Bob", "behind it"]
    assert (await office.states())[0] == ("mirror", "dead")
    assert await _timers(office) == 1


async def test_a_record_that_is_gone_is_not_shown(office: Office) -> None:
    ann = await office.person("Ann")
    with drawings() as shown:
        del shown[7]
        await office.work(lambda work: work.show(ann, ("thing", 7)))
        await office.delivery().settled()
    assert office.platform.sent == []
    assert await office.states() == [("mirror", "sent")]


async def test_what_the_platform_says_of_a_person_is_kept_and_who_comes_back_is_back(office: Office) -> None:
    ann = await office.person("Ann")
    for known in (Profile("Ann Gwynne", zone="Europe/Paris"), Profile("", gone=True), Profile("Ann Gwynne-Hall")):
        office.platform.known = known
        await office.work(lambda work: work.tray.add("slack:T1:UAnn", Message("profile", ann), work.now))
        await office.delivery().settled()
        office.clock.passes(60)
        found = await office.work(lambda work: work.people.find(ann))
        assert (found is None) == known.gone
        assert found is None or (found.name, found.zone) == (known.name, "Europe/Paris")
    assert [account.user for account in office.platform.asked] == ["UAnn"] * 3


async def test_stopping_settles_what_is_being_sent_and_claims_nothing_more(office: Office) -> None:
    ann, bob = await office.person("Ann"), await office.person("Bob")
    slow = asyncio.Event()
    office.platform.meets = [slow]
    await office.owes(ann, "in hand")
    delivery = office.delivery()
    running = asyncio.create_task(delivery.run())
    await office.platform.arrived.wait()
    stopping = asyncio.create_task(delivery.stop())
    await asyncio.sleep(0)
    await office.owes(bob, "too late")
    slow.set()
    await stopping
    await running
    assert office.platform.words() == ["in hand"]
    assert await office.states() == [("notice", "sent"), ("notice", "waiting")]


class Overtaken(Database):
    """The database; whoever writes second learns of it after all that follows from the third write."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._writes = 0
        self._third = asyncio.Event()

    async def _written(self, fn: Callable[[Transaction], T]) -> T:
        self._writes += 1
        number = self._writes
        value = await self._database.write(fn)
        if number == 2:
            await self._third.wait()
            for _ in range(9):
                await asyncio.sleep(0)
        elif number == 3:
            self._third.set()
        return value

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        return await self._database.read(fn)

    def close(self) -> None:
        self._database.close()


@contextmanager
def drawings() -> Iterator[dict[int, str]]:
    """While it lasts, ("thing", 7) is drawn as a card with the title `shown[7]`; an empty one is a fault of ours."""
    shown = {7: "new"}

    def draw(number: int, person: Person, view: View) -> Card | None:
        if number not in shown:
            return None
        if not shown[number]:
            raise ValueError("a fault in a drawing")
        return Card(t(shown[number]))

    commands.registry.drawings["thing"] = draw
    yield shown
    del commands.registry.drawings["thing"]


async def _claimed_and_lost(office: Office) -> None:
    """A process took what was due, and died before it settled anything."""
    now = office.clock()
    await office.work(lambda work: work.tray.claim(now, now + timedelta(seconds=30), lambda bucket: None))


async def _timers(office: Office) -> int:
    """How often the feature that sent something hears that it could not be delivered."""
    timer = columns(tables.Timer)
    found: list[tuple[int]] = await office.database.read(
        lambda tx: tx.once(select(func.count(timer.id)).where(timer.key.startswith("otherwise-")))
    )
    return found[0][0]
