"""Messages that need somebody are listed, tried again in their own conversation's order, and counted by why."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from storage import tables
from storage.database import Database
from storage.letters import UNDECIDED, Failure, Letters
from storage.people import People
from storage.tables import columns, table
from storage.tray import TRIES, Message, Owed, Tray, queue_of
from tests.storage.nouns import START, On, rows

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)
KINDS = ("reminder", "announcement")
ANN, BOB = "slack:T1:UAnn", "slack:T1:UBob"
WORDS = ("not_installed", "left", "refused")
x, a = columns(tables.Outbox), columns(tables.Lane)


async def claimed(database: Database, now: datetime = START) -> list[Owed]:
    """What a process takes now."""
    return await On(database, Tray)(lambda tray: tray.claim(now, now + LEASE, lambda bucket: None))


async def owes(database: Database, lane: str, message: Message, now: datetime = START) -> int:
    """The number of a message that is owed now."""
    await On(database, Tray)(lambda tray: tray.add(lane, message, now))
    ((number,),) = await rows(database, select(x.id).order_by(x.id.desc()).limit(1))
    return int(number)


async def settled(database: Database, owed: Owed, state: str, reason: str = "", *, due: datetime = START) -> None:
    """The try came to this."""
    assert await On(database, Tray)(lambda tray: tray.settle(owed, state, START, due=due, reason=reason))


async def failed(
    database: Database,
    lane: str,
    state: str = "undeliverable",
    reason: str = "left user_not_found",
    *,
    kind: str = "notice",
    person: int | None = None,
    due: datetime = START,
) -> int:
    """The number of a message that came to this."""
    number = await owes(database, lane, Message(kind, person), due)
    (owed,) = [one for one in await claimed(database, due) if one.id == number]
    await settled(database, owed, state, reason, due=due)
    return number


async def kept(database: Database, number: int) -> tuple[str, int, datetime, str]:
    """The state, the tries, when due, and the reason of this message."""
    ((state, attempt, due, reason),) = await rows(
        database, select(x.state, x.attempt, x.due_at, x.reason).where(x.id == number)
    )
    return state, attempt, due, reason


async def test_the_newest_come_first_and_no_more_than_asked_for(database: Database) -> None:
    letters = On(database, Letters)
    numbers = []
    for minute, state in enumerate(("dead", "uncertain", "undeliverable", "sent", "dead")):
        due = START + timedelta(minutes=minute)
        numbers.append(await failed(database, f"slack:T1:U{minute}", state, due=due))
    found = await letters(lambda letters: letters.listed(UNDECIDED, 3))
    assert [letter.id for letter in found] == [numbers[4], numbers[2], numbers[1]]
    assert [letter.state for letter in found] == ["dead", "undeliverable", "uncertain"]
    (sent,) = await letters(lambda letters: letters.listed(["sent"], 50))
    assert (sent.id, sent.lane, sent.attempt, sent.reason) == (numbers[3], "slack:T1:U3", 1, "left user_not_found")
    assert (sent.created_at, sent.due_at) == (START + timedelta(minutes=3),) * 2
    assert await letters(lambda letters: letters.states([*numbers, 999])) == dict(
        zip(numbers, ("dead", "uncertain", "undeliverable", "sent", "dead"), strict=True)
    )


async def test_those_of_a_state_are_found_in_parts_and_not_what_was_settled_since(database: Database) -> None:
    letters = On(database, Letters)
    numbers = [await failed(database, f"slack:T1:U{number}") for number in range(5)]
    await failed(database, ANN, due=START + SECOND)
    first = await letters(lambda letters: letters.those(["undeliverable"], START, after=0, most=3))
    second = await letters(lambda letters: letters.those(["undeliverable"], START, after=first[-1], most=3))
    assert [*first, *second] == numbers
    assert await letters(lambda letters: letters.those(["dead"], START, after=0, most=3)) == []


@pytest.mark.parametrize(("kind", "becomes"), [("notice", "sending"), ("reminder", "waiting")])
async def test_a_retried_message_is_due_now_with_all_its_tries_and_its_platform_is_asked_first(
    database: Database, kind: str, becomes: str
) -> None:
    number = await failed(database, ANN, kind=kind)
    later = START + timedelta(hours=1)
    assert await claimed(database, later) == []
    await On(database, Letters)(lambda letters: letters.retry([number], KINDS, later))
    assert await kept(database, number) == (becomes, TRIES, later, "")
    (owed,) = await claimed(database, later)
    assert (owed.id, owed.attempt, owed.uncertain) == (number, TRIES + 1, becomes == "sending")


async def test_a_retried_message_does_not_wait_until_a_later_one_is_to_be_tried_again(database: Database) -> None:
    number = await failed(database, ANN)
    behind = await owes(database, ANN, Message("notice", bucket="slack:T1:redraw"))
    (owed,) = await claimed(database)
    await settled(database, owed, "waiting", "down", due=START + timedelta(minutes=10))
    await On(database, Letters)(lambda letters: letters.retry([number], KINDS, START + SECOND))
    (first,) = await claimed(database, START + SECOND)
    assert first.id == number
    await settled(database, first, "sent")
    assert await claimed(database, START + timedelta(minutes=9)) == []
    (second,) = await claimed(database, START + timedelta(minutes=10))
    assert second.id == behind


async def test_a_conversation_that_somebody_holds_is_taken_from_nobody(database: Database) -> None:
    number = await failed(database, ANN)
    await owes(database, ANN, Message("notice"))
    (owed,) = await claimed(database)
    await On(database, Letters)(lambda letters: letters.retry([number], KINDS, START))
    assert await claimed(database) == []
    assert await On(database, Tray)(lambda tray: tray.next_due(lambda bucket: None)) == START + LEASE
    await settled(database, owed, "sent")
    (next_one,) = await claimed(database)
    assert next_one.id == number


async def test_a_retry_does_not_hide_what_is_more_urgent_in_its_conversation(database: Database) -> None:
    number = await failed(database, ANN, kind="announcement")
    await database.write(lambda tx: tx.once(update(table(tables.Outbox)).where(x.id == number).values(rank=2)))
    await owes(database, ANN, Message("notice", bucket="slack:T1:post"), START + LEASE)
    await On(database, Letters)(lambda letters: letters.retry([number], KINDS, START))
    ((queue,),) = await rows(database, select(a.queue).where(a.name == ANN))
    assert queue == queue_of(0, "slack:T1:post")
    assert [owed.kind for owed in await claimed(database, START + LEASE)] == ["notice"]


async def test_its_conversations_pace_holds_for_a_retried_message_too(database: Database) -> None:
    number = await owes(database, ANN, Message("notice"))
    (owed,) = await claimed(database)
    next_at = START + timedelta(seconds=20)
    await On(database, Tray)(lambda tray: tray.settle(owed, "dead", next_at, due=START))
    await On(database, Letters)(lambda letters: letters.retry([number], KINDS, START))
    assert await claimed(database, START + timedelta(seconds=19)) == []
    assert len(await claimed(database, next_at)) == 1


@pytest.mark.parametrize("state", ["sent", "dropped"])
async def test_what_needs_nobody_is_neither_tried_again_nor_dropped(database: Database, state: str) -> None:
    number = await failed(database, ANN, state)
    before = await kept(database, number)
    await On(database, Letters)(lambda letters: letters.retry([number], KINDS, START + SECOND))
    await On(database, Letters)(lambda letters: letters.drop([number], START + SECOND))
    assert await kept(database, number) == before
    assert await claimed(database, START + SECOND) == []


async def test_what_is_dropped_keeps_its_reason_and_is_forgotten_like_the_others(database: Database) -> None:
    number = await failed(database, ANN)
    await On(database, Letters)(lambda letters: letters.drop([number], START + SECOND))
    assert await kept(database, number) == ("dropped", 1, START + SECOND, "left user_not_found")
    await On(database, Tray)(lambda tray: tray.forget(START + timedelta(days=1)))
    assert await rows(database, select(x.id)) == []


async def test_failures_are_counted_by_why_with_people_and_shared_conversations_apart(database: Database) -> None:
    ann, bob = await people(database, "Ann", "Bob")
    for lane, person in ((ANN, ann), (ANN, ann), (BOB, bob)):
        await failed(database, lane, reason="left user_not_found", person=person)
    await failed(database, ANN, reason="left users_not_found", person=ann)
    await failed(database, "slack:T1:C1", reason="not_installed not_in_channel")
    await failed(database, "slack:T1:C1", reason="not_installed not_in_channel")
    await failed(database, BOB, reason="notXinstalled odd", person=bob)
    await failed(database, BOB, "dead", "ratelimited", person=bob)
    await failed(database, ANN, "uncertain", "timeout", person=ann, kind="reminder")
    await failed(database, ANN, person=ann, kind="profile")
    assert await failures(database, "slack:T1:") == [
        Failure("dead", 1, 1, 0),
        Failure("left", 4, 2, 0),
        Failure("not_installed", 2, 0, 1),
        Failure("uncertain", 1, 1, 0),
        Failure("undeliverable", 1, 1, 0),
    ]
    given_up = await On(database, Letters)(
        lambda letters: letters.given_up("slack:T1:", START, untold=["profile", "undelivered"])
    )
    assert given_up == (8, 2)


async def test_only_what_failed_there_since_then_is_counted(database: Database) -> None:
    for lane in (ANN, "slack:T10:UAnn", "slack:T:UAnn", "teams:T1:UAnn", "slack:t1:UAnn"):
        await failed(database, lane)
    await failed(database, ANN, due=START + SECOND)
    await failed(database, BOB, "sent")
    assert await failures(database, "slack:T1:") == [Failure("left", 2, 0, 1)]
    assert await failures(database, "slack:T1:", START + SECOND) == [Failure("left", 1, 0, 1)]
    assert await failures(database, "slack:T1:", START + 2 * SECOND) == []


async def failures(database: Database, within: str, since: datetime = START) -> list[Failure]:
    return await On(database, Letters)(
        lambda letters: letters.failures(within, since, WORDS, untold=["profile", "undelivered"])
    )


async def people(database: Database, *names: str) -> Sequence[int]:
    return [await On(database, People)(partial(People.add, name=name, now=START)) for name in names]
