"""Whoever runs Signpost sees by numbers what needs a decision, and decides on all that was named or on nothing."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import letters
from bot.administration import Wrong
from bot.delivery import Uncertain, Undeliverable
from bot.letters import Chosen, as_json, decide, in_words, listing
from bot.undeliverable import Cause
from storage import tables
from storage.letters import UNDECIDED
from storage.tables import columns
from tests.bot.platform import Office

AT = "2026-11-23 10:00"


async def fails(office: Office, name: str, *errors: Exception, kind: str = "notice") -> None:
    """Messages for this person meet these errors, one each."""
    person = await office.person(name)
    office.platform.meets = list(errors)
    await office.owes(person, *(f"Mrs Penhaligon’s {number}" for number in range(len(errors))), kind=kind)
    await office.delivery().settled()


async def audited(office: Office) -> list[tuple[str, str]]:
    """What the audit says, oldest first."""
    a = columns(tables.Audit)
    return await office.database.read(lambda tx: tx.once(select(a.verb, a.subject).order_by(a.id)))


async def test_the_tray_is_listed_by_numbers_and_reasons_in_words(office: Office) -> None:
    await fails(office, "Ann", Undeliverable("user_not_found", Cause.LEFT), Undeliverable("invalid_blocks"))
    await fails(office, "Bob", Uncertain("timeout"), kind="reminder")
    await office.owes(await office.person("Cho"), "Mrs Penhaligon’s other one")
    found = await office.database.read(lambda tx: listing(tx, UNDECIDED))
    lines = in_words(found).splitlines()
    assert lines[:3] == [
        "Messages uncertain: 1, the oldest of 2026-11-23 10:00 UTC.",
        "Messages undeliverable: 2, the oldest of 2026-11-23 10:00 UTC.",
        "Messages waiting: 1, the oldest of 2026-11-23 10:00 UTC.",
    ]
    cells = [line.split("  ") for line in lines[4:8]]
    rows = [[cell.strip() for cell in row if cell.strip()] for row in cells]
    assert rows == [
        ["ID", "STATE", "KIND", "WHERE", "PERSON", "TRIES", "ADDED", "SETTLED OR DUE", "WHY"],
        ["3", "uncertain", "reminder", "slack:T1", "2", "1", *[AT] * 2, "it may have arrived: timeout"],
        ["2", "undeliverable", "notice", "slack:T1", "1", "1", *[AT] * 2, "the platform refused it (invalid_blocks)"],
        [
            *("1", "undeliverable", "notice", "slack:T1", "1", "1", AT, AT),
            "they left, or the conversation is gone (user_not_found)",
        ],
    ]
    assert lines[-1] == "To send again: signpost tray retry ID. To give up for good: signpost tray drop ID."
    for secret in ("Penhaligon", "Ann", "UBob"):
        assert secret not in in_words(found) + as_json(found)


async def test_a_program_reads_the_same_as_json(office: Office) -> None:
    await fails(office, "Ann", Undeliverable("is_archived", Cause.ARCHIVED))
    said = json.loads(as_json(await office.database.read(lambda tx: listing(tx, ["undeliverable"]))))
    at = "2026-11-23T10:00:00+00:00"
    assert said == {
        "counts": {"undeliverable": {"count": 1, "oldest": at}},
        "messages": [
            {
                "id": 1,
                "state": "undeliverable",
                "kind": "notice",
                "platform": "slack",
                "tenant": "T1",
                "person": 1,
                "tries": 1,
                "added": at,
                "settled_or_due": at,
                "why": "the channel is archived (is_archived)",
            }
        ],
        "more": 0,
    }


async def test_at_most_fifty_are_listed_and_the_rest_counted(office: Office) -> None:
    errors = [Undeliverable("user_not_found", Cause.LEFT)] * 53
    await fails(office, "Ann", *errors)
    found = await office.database.read(lambda tx: listing(tx, UNDECIDED))
    assert [letter.id for letter in found.letters] == list(range(53, 3, -1))
    assert "3 more, all older." in in_words(found)
    assert "No message is dead." in in_words(await office.database.read(lambda tx: listing(tx, ["dead"])))
    await decide(office.database, "drop", Chosen(states=UNDECIDED), office.clock())
    assert "There is nothing to decide." in in_words(await office.database.read(lambda tx: listing(tx, UNDECIDED)))
    dropped = in_words(await office.database.read(lambda tx: listing(tx, ["dropped"])))
    assert "signpost tray retry" not in dropped and "(user_not_found)" in dropped


async def test_a_reason_cannot_move_the_cursor_of_a_terminal(office: Office) -> None:
    await fails(office, "Ann", Undeliverable("\x1b[2Jgone\r"), Undeliverable(""))
    said = in_words(await office.database.read(lambda tx: listing(tx, UNDECIDED)))
    assert "\x1b" not in said and "\r" not in said and "[2Jgone" in said


async def test_a_wrong_number_is_named_and_nothing_is_done(office: Office) -> None:
    await fails(office, "Ann", Undeliverable("user_not_found", Cause.LEFT))
    await office.owes(await office.person("Bob"), "waits")
    for decision in ("retry", "drop"):
        with pytest.raises(Wrong) as wrong:
            await decide(office.database, decision, Chosen([99, 1, 2]), office.clock())
        assert str(wrong.value) == (
            "Nothing was done: 2 is waiting, 99 is not there. Say signpost tray to see what needs a decision."
        )
    assert await office.states() == [("notice", "undeliverable"), ("notice", "waiting")]
    assert await audited(office) == []


async def test_every_decision_is_in_the_audit_by_number(office: Office) -> None:
    await fails(office, "Ann", *[Undeliverable("user_not_found", Cause.LEFT)] * 3)
    assert (
        await decide(office.database, "retry", Chosen([3, 1, 3]), office.clock()) == "2 messages are tried again now."
    )
    assert await decide(office.database, "drop", Chosen([2]), office.clock()) == "1 message is dropped and never sent."
    assert await audited(office) == [("retry message", "1 3"), ("drop message", "2")]
    delivery = office.delivery()
    await delivery.settled()
    office.clock.passes(1)
    await delivery.settled()
    assert await office.states() == [("notice", "sent"), ("notice", "dropped"), ("notice", "sent")]


async def test_all_are_decided_on_in_parts_each_once_though_they_fail_again_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "PART", 2)
    await fails(office, "Ann", *[Undeliverable("user_not_found", Cause.LEFT)] * 5)
    office.platform.meets = [Undeliverable("user_not_found", Cause.LEFT) for _ in range(50)]
    office.clock.passes(60)
    started = office.clock()
    office.clock.passes(1)
    deciding = asyncio.create_task(decide(office.database, "retry", Chosen(states=UNDECIDED), started))
    delivery = office.delivery()
    while not deciding.done():
        await delivery.settled()
        await asyncio.sleep(0)
    assert await deciding == "5 messages are tried again now."
    await delivery.settled()
    assert len(office.platform.meets) == 45
    assert [subject for _, subject in await audited(office)] == ["1 2", "3 4", "5"]


async def test_where_nothing_needs_a_decision_nothing_is_done(office: Office) -> None:
    await office.owes(await office.person("Ann"), "waits")
    later = office.clock() + timedelta(days=1)
    assert await decide(office.database, "drop", Chosen(states=UNDECIDED), later) == (
        "There is no such message, so nothing was done."
    )
    assert await office.states() == [("notice", "waiting")]
    assert await audited(office) == []
