"""Introductions: nobody who did not ask, everybody who did once a round, new people, and only where names may cross."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.features.introduce import PART, next_round, round_of
from bot.schedule import Schedule
from bot.work import Work
from storage import tables
from storage.database import Transaction, connect
from storage.tables import columns
from tests.everywhere.forging import presses_forged
from tests.features.days import it_becomes
from tests.features.telling import (
    agreements_end,
    changes,
    fills_in,
    is_no_longer_verified,
    nothing_was_refused,
    people_with,
    person,
    sees,
    shown,
)
from tests.town import Town

FIRST = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
"""The first Tuesday of December, 10am in London."""
SECOND = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)
MEET = "You get this because you asked to be introduced."
x = columns(tables.Paired)


async def want_it(town: Town, *keys: str, how_often: str = "monthly") -> None:
    """They said so, each in their own tool; Signpost's rounds are set."""
    await town.passes(timedelta(0))
    for key in keys:
        await town.says(key, f"me intro {how_often}")


async def rounds(town: Town) -> list[tuple[str, int, int]]:
    """Of each round: how many people were in it, and in how many groups."""
    found: list[tuple[str, int, int]] = await town.database.read(
        lambda tx: tx.once(
            select(x.round, func.count(x.person_id), func.count(func.distinct(x.pairing_id)))
            .group_by(x.round)
            .order_by(x.round)
        )
    )
    return found


async def test_two_people_of_two_organisations_meet_across_tools_and_write_to_each_other(town: Town) -> None:
    await want_it(town, "amira", "gareth")
    assert "Tuesday 1 December" in town.last("amira")
    assert people_with(town, MEET) == set()
    await it_becomes(town, FIRST)
    words = shown(town, "amira", MEET).words()
    for has in (
        "Meet Gareth Morlais-Rees",
        "Operations lead, DWP",
        "helplines",
        "You are both in Starting a business.",
    ):
        assert has in words
    assert "Meet Amira Haddad" in shown(town, "gareth", MEET).words()

    await fills_in(town, "amira", "Write to them", {"What do you want to say?": "Good morning from HMRC."}, on=MEET)
    modal = town.modal("amira")
    assert modal is not None and "Sent to Gareth Morlais-Rees." in modal.words()
    assert "Amira Haddad, Content designer, HMRC writes to you" in town.last("gareth")
    await fills_in(town, "gareth", "Write back", {"What do you want to say?": "Good morning from Cardiff."})
    assert sees(town, "gareth", "Sent to Amira Haddad.")
    assert "Good morning from Cardiff." in town.last("amira")
    assert nothing_was_refused(town)


async def test_nobody_is_introduced_who_did_not_ask(town: Town) -> None:
    await want_it(town, "amira", "gareth")
    await it_becomes(town, FIRST)
    assert people_with(town, MEET) == {"amira", "gareth"}


async def test_it_is_chosen_by_form_on_both_platforms_and_stopped_again(town: Town) -> None:
    await town.passes(timedelta(0))
    await town.says("amira", "/signpost me intro")
    await town.signpost.slack.drain() if town.signpost.slack else None
    await town.fills("amira", {"How often?": "fortnightly"})
    await town.says("tom", "me intro")
    await town.fills("tom", {"How often?": "fortnightly"})
    assert "You are introduced to somebody every two weeks." in town.last("tom")
    await town.presses("tom", "Stop introductions")
    assert sees(town, "tom", "You are not introduced to anybody.")
    await it_becomes(town, next_round("fortnightly", town.clock()))
    assert people_with(town, MEET) == set()
    assert nothing_was_refused(town)


async def test_the_odd_one_is_in_a_trio(town: Town) -> None:
    await want_it(town, "amira", "gareth", "nadia")
    await it_becomes(town, FIRST)
    assert await rounds(town) == [("monthly 2026-12-01", 3, 1)]
    assert "Meet Gareth Morlais-Rees and Nadia Rahimpour" in shown(town, "amira", MEET).words()
    await fills_in(town, "gareth", "Write to them", {"What do you want to say?": "Hello to both."}, on=MEET)
    assert "Hello to both." in town.last("amira") and "Hello to both." in town.last("nadia")


async def test_the_next_round_brings_somebody_new(town: Town) -> None:
    await want_it(town, "amira", "gareth", "nadia", "priya")
    await it_becomes(town, FIRST)
    first = {key: shown(town, key, MEET).words().splitlines()[0] for key in ("amira", "gareth", "nadia", "priya")}
    await it_becomes(town, SECOND)
    second = {key: shown(town, key, MEET).words().splitlines()[0] for key in first}
    assert all(first[key] != second[key] for key in first)
    assert await rounds(town) == [("monthly 2026-12-01", 4, 2), ("monthly 2027-01-05", 4, 2)]


async def test_two_who_are_alone_meet_again_rather_than_nobody(town: Town) -> None:
    await want_it(town, "amira", "gareth")
    await it_becomes(town, FIRST)
    await it_becomes(town, SECOND)
    assert sum(MEET in words for words in town.reads("amira")) == 2


async def test_who_skips_once_is_left_out_of_that_round_alone_and_can_change_their_mind(town: Town) -> None:
    await want_it(town, "amira", "gareth", "nadia")
    await town.presses("nadia", "Skip once")
    assert "Tuesday 5 January" in town.last("nadia")
    await town.presses("nadia", "Do not skip")
    assert "Tuesday 1 December" in town.last("nadia")
    await town.presses("nadia", "Skip once")
    await it_becomes(town, FIRST)
    assert people_with(town, MEET) == {"amira", "gareth"}
    await town.presses("amira", "Skip once", on=MEET)
    await it_becomes(town, SECOND)
    assert sees(town, "nadia", MEET)
    assert sum(MEET in words for words in town.reads("amira")) == 1
    assert nothing_was_refused(town)


async def test_nobody_meets_whom_their_organisation_did_not_agree_with(town: Town) -> None:
    await agreements_end(town, "amira")
    await want_it(town, "amira", "gareth", "kofi")
    await it_becomes(town, FIRST)
    assert people_with(town, MEET) == {"amira", "kofi"}


async def test_an_agreement_that_ends_later_ends_what_they_can_write(town: Town) -> None:
    await want_it(town, "amira", "gareth")
    await it_becomes(town, FIRST)
    await agreements_end(town, "amira")
    await fills_in(town, "gareth", "Write to them", {"What do you want to say?": "Are you there?"}, on=MEET)
    assert "Nobody of this introduction can be written to any more." in str(town.reads("gareth"))
    assert not sees(town, "amira", "Are you there?")


async def test_who_is_not_verified_is_refused_and_who_is_so_no_more_is_left_out(town: Town) -> None:
    await want_it(town, "amira", "gareth", "kofi")
    await is_no_longer_verified(town, "gareth")
    await town.says("gareth", "me intro monthly")
    assert "Your organisation is not verified yet" in town.last("gareth")
    await it_becomes(town, FIRST)
    assert people_with(town, MEET) == {"amira", "kofi"}


async def test_who_left_is_not_introduced(town: Town) -> None:
    await want_it(town, "amira", "gareth", "kofi")
    known = await person(town, "kofi")

    def leaves(work: Work) -> None:
        work.people.describe(known, "", "", verified=True, active=False)

    await changes(town, leaves)
    await it_becomes(town, FIRST)
    assert people_with(town, MEET) == {"amira", "gareth"}


async def test_words_that_are_no_choice_are_refused(town: Town) -> None:
    await town.says("tom", "me intro sometimes")
    assert "Say monthly, fortnightly or off." in town.last("tom")


async def test_a_stranger_cannot_write_to_people_who_were_introduced(town: Town) -> None:
    await want_it(town, "amira", "gareth")
    await it_becomes(town, FIRST)
    await presses_forged(town, "tom", '{"do":"write-to-them","introduction":1,"text":"Hello"}')
    assert "Nobody of this introduction can be written to any more." in town.last("tom")
    await presses_forged(town, "tom", '{"do":"introduce-part","cadence":"monthly","round":"x","after":0}')
    await presses_forged(town, "tom", '{"do":"skip-introduction","skip":true}')
    assert "You are not introduced to anybody now." in town.last("tom")


async def test_a_large_round_is_made_in_parts_once_whatever_number_of_processes_ticks(
    town: Town, database_url: str
) -> None:
    size = 2 * PART + 1

    def gather(tx: Transaction) -> None:
        work = Work(tx, town.clock())
        organisations = [organisation.id for organisation in work.organisations.all()]
        for number in range(size):
            organisation = organisations[number % len(organisations)]
            one = work.people.add(f"Person {number}", work.now, organisation=organisation, verified=True)
            work.people.add_account(one, ("slack", "T0HMRC4D1G", f"UCROWD{number}"), work.now)
            work.pairings.set_cadence(one, "fortnightly")

    await town.passes(timedelta(0))
    await town.database.write(gather)
    town.clock.move_by(next_round("fortnightly", town.clock()) - town.clock())
    others = [connect(database_url) for _ in range(2)]
    ticking = [Schedule(one, town.clock, lambda: None) for one in others]
    for _ in range(4):
        await asyncio.gather(town.signpost.schedule.tick(), *(one.tick() for one in ticking))
    for one in others:
        one.close()
    ((_, people, groups),) = await rounds(town)
    assert (people, groups) == (size, size // 2)
    o = columns(tables.Outbox)
    told: list[tuple[int]] = await town.database.read(
        lambda tx: tx.once(select(func.count(o.id)).where(o.kind == "introduction"))
    )
    assert told == [(size,)]


@pytest.mark.parametrize(
    ("cadence", "now", "called"),
    [
        ("monthly", datetime(2026, 12, 1, 10, 0, tzinfo=UTC), "monthly 2026-12-01"),
        ("monthly", datetime(2026, 12, 4, 10, 0, tzinfo=UTC), "monthly 2026-12-01"),
        ("monthly", datetime(2027, 4, 6, 9, 0, tzinfo=UTC), "monthly 2027-04-06"),
        ("fortnightly", datetime(2026, 12, 8, 10, 0, tzinfo=UTC), "fortnightly 2026-12-08"),
        ("fortnightly", datetime(2026, 12, 21, 10, 0, tzinfo=UTC), "fortnightly 2026-12-08"),
    ],
)
def test_a_round_is_called_by_the_day_it_was_planned_for_however_late_it_runs(
    cadence: str, now: datetime, called: str
) -> None:
    assert round_of(cadence, now) == called
    following = next_round(cadence, now)
    assert round_of(cadence, following) > called
    assert following - now <= timedelta(days=35)
