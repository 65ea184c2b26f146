"""Say when you are away, and be back by yourself."""

from datetime import date, timedelta

import pytest

from tests.features.newcomers import nothing_was_refused, record_of
from tests.features.telling import ASKED, asks, changes, fills_in, people_with, prepares, sees
from tests.town import Town

BOTH = ("amira", "gareth")


async def test_days_away_are_typed_and_the_profile_shows_them(town: Town) -> None:
    for key in BOTH:
        await town.says(key, "me away until 5 January")
        assert "You are away until Tuesday 5 January." in town.last(key)
        assert "You are back by yourself on Wednesday 6 January." in town.last(key)
        await town.presses(key, "See your profile")
        assert "until Tuesday 5 January" in town.last(key)
    assert nothing_was_refused(town)


@pytest.mark.parametrize(
    "said",
    [
        "24 December to 5 January",
        "from 24 December until 5 January",
        "2026-12-24 to 2027-01-05",
        "5/1/2027 from: 24/12/2026",
    ],
)
async def test_days_still_to_come_have_a_first_day(town: Town, said: str) -> None:
    for key in BOTH:
        await town.says(key, f"me away {said}")
        assert "You are away from Thursday 24 December to Tuesday 5 January." in town.last(key)
        known = await record_of(town, key)
        assert (known.away_from, known.away_until) == (date(2026, 12, 24), date(2027, 1, 5))


async def test_days_that_began_already_are_not_taken_for_next_years(town: Town) -> None:
    await town.says("gareth", "me away 20 November to 30 November")
    assert "You are away until Monday 30 November." in town.last("gareth")


async def test_who_is_away_is_brought_nothing_and_is_back_by_themselves(town: Town) -> None:
    await town.says("gareth", "me away until 27 November")
    await prepares(town, "amira")
    assert "Gareth" not in town.last("amira")
    await town.passes(timedelta(days=5))
    await asks(town, "amira")
    assert sees(town, "gareth", ASKED)
    await town.says("gareth", "me")
    assert "Away" not in town.last("gareth")


async def test_who_goes_away_after_the_preview_is_not_brought_the_question(town: Town) -> None:
    await prepares(town, "amira")
    assert "Gareth" in town.last("amira")
    await town.says("gareth", "me away until tomorrow")
    await town.presses("amira", "Send")
    assert "since you saw the list, they cannot be asked" in "".join(town.reads("amira"))
    assert not sees(town, "gareth", ASKED)


async def test_days_are_those_of_ones_own_zone(town: Town) -> None:
    known = await record_of(town, "gareth")
    zone = "Pacific/Kiritimati"
    await changes(town, lambda work: work.people.describe(known, "", zone, verified=True, active=True))
    await town.says("gareth", "me away 25 November to 25 November")
    await town.passes(timedelta(hours=1))
    await prepares(town, "amira")
    assert "Gareth" in town.last("amira")  # Tuesday 24 November there
    await town.passes(timedelta(hours=23))
    await prepares(town, "amira", "Who hands over callers to helplines?")
    assert "Gareth" not in town.last("amira")  # Wednesday 25 November there, and Tuesday in London


async def test_what_waits_stays_or_is_passed_on_to_another_member(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", "me away until 5 January")
    assert "1 question waits for you. It stays yours, unless you pass it on." in town.last("gareth")
    had, offers = people_with(town, ASKED), await town.counts("offer")
    (on,) = (label for label in town.sees("gareth")[-1].buttons() if label.startswith("Pass on Q-"))
    await town.presses("gareth", on)
    assert "is not for you" in "".join(town.reads("gareth"))
    assert await town.counts("offer") == offers + 1
    assert len(people_with(town, ASKED) - had) == 1
    assert nothing_was_refused(town)


async def test_who_is_back_sooner_says_so_by_a_press_or_in_words(town: Town) -> None:
    for key in BOTH:
        await town.says(key, "me away until 5 January")
        await town.presses(key, "I am not away")
        assert "You are back." in town.last(key)
        await town.says(key, "me back")
        assert "You are not away." in town.last(key)
        assert (await record_of(town, key)).away_until is None


async def test_days_are_filled_in_on_a_form(town: Town) -> None:
    last = "What is your last day away?"
    for key in BOTH:
        await town.says(key, "me more")
        await fills_in(town, key, "Say when you are away", {last: "2027-01-05"})
        assert (await record_of(town, key)).away_until == date(2027, 1, 5)
    assert nothing_was_refused(town)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("until", "That is not a day."),
        ("until whenever", "That is not a day."),
        ("until 30 February", "That is not a day."),
        ("5 to 9", "That is not a day."),
        ("'; drop table person", "That is not a day."),
        ("5 January 2027 from: 8 January 2027", "The last day comes before the first."),
        ("8 January 2027 to 5 January 2027", "The last day comes before the first."),
        ("until 22 November 2026", "The last day comes before the first."),
        ("1 November 2026 to 22 November 2026", "That is in the past."),
        ("until 5 January 2030", "That is more than a year away."),
        ("x" * 4000, "That is 4000 characters. Use 80 or fewer."),
    ],
)
async def test_what_are_no_days_to_come_is_refused(town: Town, said: str, why: str) -> None:
    for key in BOTH:
        await town.says(key, f"me away {said}")
        assert why in town.last(key)
        assert (await record_of(town, key)).away_until is None
