"""Each kind of record is kept for its time and no longer; who is silent for a year is asked, then forgotten."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Insert, Update, insert, select, update

from bot import records
from bot.command import registry
from bot.features import retention
from bot.features.retention import AskTheSilent, Tidy
from bot.schedule import Schedule
from bot.work import SIGNPOST, Work
from storage import tables
from storage.retention import PART, Retention
from storage.tables import columns, table
from tests.features.newcomers import record_of
from tests.features.telling import BUSINESS, asks, changes, nothing_was_refused, person, sees
from tests.storage.nouns import rows
from tests.town import Town

DAY = timedelta(days=1)
INSTANT = timedelta(seconds=1)
ASKED = "Do you still use Signpost?"


async def tidies(town: Town) -> None:
    """The look of the day was taken, and what it left for later."""
    await changes(town, lambda work: Tidy().run(SIGNPOST, work))
    await town.passes(timedelta(minutes=1))


async def adds(town: Town, model: Any, *given: dict[str, Any]) -> None:
    """These rows are there."""
    for row in given:
        await does(town, insert(table(model)).values(**row))


async def has(town: Town, model: Any, column: str) -> list[Any]:
    """What this column of a table holds, by the rows' numbers."""
    held = table(model)
    return [value for (value,) in await rows(town.database, select(held.c[column]).order_by(held.c.id))]


async def does(town: Town, change: Update | Insert) -> None:
    """The rows are changed."""
    await town.database.write(lambda tx: tx.once(change))


def around(now: datetime, age: timedelta) -> tuple[datetime, datetime]:
    """Just past its time, and just not. A minute passes while the look is taken."""
    return now - age - INSTANT, now - age + timedelta(minutes=5)


async def test_questions_go_five_years_after_the_last_word_with_all_that_was_said_to_them(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", "answer 21 Say the name of the helpline first.")
    q, w = columns(tables.Question), columns(tables.Answer)
    past, recent = around(town.clock(), retention.QUESTIONS)
    old = update(table(tables.Question)).where(q.id.in_([1, 2, 21])).values(asked_at=past)
    await does(town, old)
    for question, at in ((1, past), (2, recent), (21, past)):
        said = update(table(tables.Answer)).where(w.question_id == question).values(written_at=at)
        await does(town, said)
    await tidies(town)
    left = await has(town, tables.Question, "id")
    assert 1 not in left and 21 not in left and 2 in left
    assert not {1, 21} & set(await has(town, tables.Answer, "question_id"))
    assert not {1, 21} & set(await has(town, tables.Offer, "question_id"))
    assert await town.counts("mirror") == 0


async def test_under_a_legal_hold_nothing_that_was_asked_goes(town: Town) -> None:
    past, _ = around(town.clock(), retention.QUESTIONS)
    await does(town, update(table(tables.Question)).values(asked_at=past))
    await does(town, update(table(tables.Answer)).values(written_at=past))
    await town.database.write(lambda tx: records.hold(tx, BUSINESS, town.clock(), on=True))
    community = await changes(town, lambda work: work.communities.find(BUSINESS, BUSINESS))
    assert community is not None
    await tidies(town)
    assert set(await has(town, tables.Question, "community_id")) == {community.id}
    await town.database.write(lambda tx: records.hold(tx, BUSINESS, town.clock(), on=False))
    await tidies(town)
    assert await town.counts("question") == await town.counts("answer") == 0


async def test_the_audit_goes_after_two_years(town: Town) -> None:
    past, recent = around(town.clock(), retention.AUDIT)
    await adds(town, tables.Audit, {"at": past, "verb": "old"}, {"at": recent, "verb": "new"})
    await tidies(town)
    found = await has(town, tables.Audit, "verb")
    assert "new" in found and "old" not in found


async def test_attendance_goes_a_year_after_the_showcase(town: Town) -> None:
    number = (await person(town, "amira")).id
    past, recent = around(town.clock(), retention.ATTENDANCE)
    for starts in (past, recent):
        await changes(town, partial(_shows, person=number, starts=starts))
    await tidies(town)
    assert len(await has(town, tables.Attendance, "showcase_id")) == 1
    assert await town.counts("showcase") == 2


def _shows(work: Work, person: int, starts: datetime) -> None:
    made = work.showcases.add(1, "Show", ("2025-01-01T10:00", "Europe/London", starts), 60, person, work.now)
    work.showcases.say(made, person, True, work.now)


async def test_departures_requests_and_invitations_go_after_a_year(town: Town) -> None:
    number = (await person(town, "amira")).id
    other = (await person(town, "tom")).id
    past, recent = around(town.clock(), retention.DEPARTURES)
    await adds(town, tables.Departure, {"community_id": 1, "at": past}, {"community_id": 1, "at": recent})
    asked = {"community_id": 2, "asked_at": past, "decided_at": past}
    await adds(
        town,
        tables.JoinRequest,
        {**asked, "person_id": number, "state": "declined"},
        {**asked, "person_id": other, "state": "waiting", "decided_at": None},
    )
    for who, at in ((number, past), (other, recent)):
        await adds(town, tables.Invitation, {"community_id": 2, "person_id": who, "invited_at": at})
    await tidies(town)
    assert len(await has(town, tables.Departure, "at")) == 1
    assert await has(town, tables.JoinRequest, "state") == ["waiting"]
    assert await has(town, tables.Invitation, "person_id") == [other]


async def test_earlier_notices_go_after_two_years_and_the_last_one_stays(town: Town) -> None:
    number = (await person(town, "amira")).id
    past, _ = around(town.clock(), retention.NOTICES)
    n, p = columns(tables.Notice), columns(tables.Person)
    await adds(town, tables.Notice, {"person_id": number, "version": 2, "shown_at": past})
    await does(town, update(table(tables.Notice)).values(shown_at=past))
    await does(town, update(table(tables.Person)).where(p.id == number).values(told=2))
    await tidies(town)
    mine = select(n.version).where(n.person_id == number)
    assert await rows(town.database, mine) == [(2,)]
    assert await town.counts("notice") == len(town.people)


async def test_codes_and_links_go_a_week_after_they_ended(town: Town) -> None:
    await town.says("amira", "me link")
    await town.says("gareth", "me data")
    town.clock.move_by(retention.CODES + timedelta(minutes=30))
    await tidies(town)
    assert await town.counts("link_code") == 1
    town.clock.move_by(timedelta(hours=1))
    await tidies(town)
    assert await town.counts("link_code") == 0


async def test_what_a_message_said_goes_a_day_after_it_arrived(town: Town) -> None:
    await town.says("amira", "me")
    town.clock.move_by(retention.BODIES - timedelta(minutes=5))
    await tidies(town)
    assert any("Amira" in body for body in await has(town, tables.Outbox, "body"))
    town.clock.move_by(timedelta(minutes=10))
    await tidies(town)
    assert set(await has(town, tables.Outbox, "body")) == set(await has(town, tables.Outbox, "address")) == {""}


async def test_arrivals_go_after_a_week_and_their_replies_after_an_hour(town: Town) -> None:
    await town.says("amira", "/signpost me role Head of letters")
    await town.signpost.schedule.forget()
    held = table(tables.Inbound)
    replies = select(held.c.reply).where(held.c.reply != "")
    assert await rows(town.database, replies) != []
    town.clock.move_by(timedelta(hours=1, seconds=1))
    await town.signpost.schedule.forget()
    assert await rows(town.database, replies) == []
    town.clock.move_by(timedelta(days=7))
    await town.signpost.schedule.forget()
    assert await town.counts("inbound") == 0


async def test_more_than_a_part_goes_in_several_on_the_same_day(town: Town) -> None:
    past, _ = around(town.clock(), retention.AUDIT)
    await adds(town, tables.Audit, *({"at": past, "verb": "old"} for _ in range(PART + 10)))
    await changes(town, lambda work: Tidy().run(SIGNPOST, work))
    assert (await has(town, tables.Audit, "verb")).count("old") == 10
    await town.passes(timedelta(seconds=15))
    assert (await has(town, tables.Audit, "verb")).count("old") == 0


async def test_the_looks_of_every_day_are_set_once_for_all_processes_and_run_by_themselves(town: Town) -> None:
    other = Schedule(town.database, town.clock, lambda: None, standing=registry.standing)
    for schedule in (town.signpost.schedule, other, other):
        await schedule.tick()
    timers = table(tables.Timer)
    keys = select(timers.c.key).where(timers.c.state == "recurring")
    found = [key for (key,) in await rows(town.database, keys)]
    assert found.count("retention") == found.count("silent") == 1
    past, _ = around(town.clock(), retention.AUDIT)
    await adds(town, tables.Audit, {"at": past, "verb": "old"})
    for _ in range(2):
        await town.passes(DAY)
    assert "old" not in await has(town, tables.Audit, "verb")


async def falls_silent(town: Town, key: str, length: timedelta) -> int:
    """The person has said nothing for so long; everybody else spoke now."""
    number = (await person(town, key)).id
    a = columns(tables.Account)
    at = town.clock() - length
    await does(town, update(table(tables.Person)).values(created_at=at))
    silent = update(table(tables.Account)).where(a.person_id == number).values(seen_at=at)
    await does(town, silent)
    return number


async def looks(town: Town) -> None:
    """Those who are silent were looked for."""
    await changes(town, lambda work: AskTheSilent().run(SIGNPOST, work))
    await town.passes(timedelta(minutes=1))


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_who_is_silent_for_a_year_is_asked_once_and_forgotten_thirty_days_later(town: Town, key: str) -> None:
    number = await falls_silent(town, key, retention.SILENT - timedelta(hours=1))
    await looks(town)
    assert not sees(town, key, ASKED)
    town.clock.move_by(timedelta(hours=1))
    for _ in range(2):
        await looks(town)
        assert sum(ASKED in words for words in town.reads(key)) == 1
    assert [other for other in town.people if sees(town, other, ASKED)] == [key]

    town.clock.move_by(retention.NOTICE_BEFORE - timedelta(hours=1))
    await looks(town)
    assert await is_known(town, number)
    town.clock.move_by(timedelta(hours=1))
    await looks(town)
    assert not await is_known(town, number)
    assert nothing_was_refused(town)


async def is_known(town: Town, number: int) -> bool:
    """Whether there is a person with this number."""
    return number in await has(town, tables.Person, "id")


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_who_keeps_their_profile_or_says_a_word_is_asked_again_only_a_year_later(town: Town, key: str) -> None:
    number = await falls_silent(town, key, retention.SILENT + DAY)
    await looks(town)
    await town.presses(key, "Keep my profile")
    assert "Your profile is as it was." in town.last(key)
    town.clock.move_by(retention.NOTICE_BEFORE + DAY)
    await looks(town)
    assert await is_known(town, number) and sum(ASKED in words for words in town.reads(key)) == 0

    await falls_silent(town, key, retention.SILENT + DAY)
    await looks(town)
    await town.says(key, "questions")
    await town.says(key, "me asked yes")
    town.clock.move_by(retention.NOTICE_BEFORE + DAY)
    await looks(town)
    assert await is_known(town, number)


async def test_who_presses_forget_me_when_asked_is_forgotten(town: Town) -> None:
    number = await falls_silent(town, "gareth", retention.SILENT + DAY)
    await looks(town)
    await town.presses("gareth", "Forget me")
    await town.passes(timedelta(minutes=2))
    assert not await is_known(town, number)


async def test_a_silent_person_who_wrote_under_a_legal_hold_stays(town: Town) -> None:
    number = await falls_silent(town, "gareth", retention.SILENT + DAY)
    await looks(town)
    await town.database.write(lambda tx: records.hold(tx, BUSINESS, town.clock(), on=True))
    town.clock.move_by(retention.NOTICE_BEFORE + DAY)
    await looks(town)
    assert await is_known(town, number)
    assert (await record_of(town, "gareth")).id == number


async def test_nobody_waits_behind_those_who_wrote_under_a_legal_hold(town: Town) -> None:
    held = [await falls_silent(town, key, retention.SILENT + DAY) for key in ("amira", "gareth")]
    free = await falls_silent(town, "eleni", retention.SILENT + DAY)
    assert free > max(held)
    await looks(town)
    await town.database.write(lambda tx: records.hold(tx, BUSINESS, town.clock(), on=True))
    asked = town.clock()
    one = await town.database.write(lambda tx: Retention(tx).still_silent(asked, most=1))
    assert one == [free]
    await town.database.write(lambda tx: records.hold(tx, BUSINESS, town.clock(), on=False))
    assert await town.database.write(lambda tx: Retention(tx).still_silent(asked, most=3)) == sorted([*held, free])
