"""Say how many questions a week may be brought to you."""

import pytest

from tests.features.newcomers import modal_of, nothing_was_refused, record_of
from tests.features.telling import ASKED, asks, consents, fills_in, prepares, sees
from tests.town import Town

BOTH = ("amira", "gareth")


async def test_a_limit_is_typed_and_the_profile_says_it(town: Town) -> None:
    for key in BOTH:
        await town.says(key, "me limit 2")
        assert "You are brought at most 2 questions a week." in town.last(key)
        await town.presses(key, "See your profile")
        assert "yes, up to 2 a week" in town.last(key)
        await town.says(key, "me asked yes")
        assert "at most 2 a week" in town.last(key)
    assert nothing_was_refused(town)


async def test_a_limit_is_filled_in_on_a_form_that_begins_with_what_it_is(town: Town) -> None:
    await town.says("amira", "me more")
    await town.presses("amira", "Change the limit")
    assert "3" in str((await modal_of(town, "amira")).json)
    await town.fills("amira", {"How many questions a week, at most?": "1"})
    assert "You are brought at most 1 question a week." in (await modal_of(town, "amira")).words()
    await town.says("gareth", "me more")
    await fills_in(town, "gareth", "Change the limit", {"How many questions a week, at most?": "20"})
    assert (await record_of(town, "gareth")).weekly == 20
    assert nothing_was_refused(town)


async def test_it_is_taken_back_by_a_press(town: Town) -> None:
    for key in BOTH:
        await town.says(key, "me limit 7 a week")
        await town.presses(key, "Back to 3 a week")
        assert (await record_of(town, key)).weekly == 3


@pytest.mark.parametrize("said", ["99", "-1", "two", "2.5", "٣", "21 questions", "'; drop", "9" * 30])
async def test_what_is_no_number_from_0_to_20_is_refused(town: Town, said: str) -> None:
    for key in BOTH:
        await town.says(key, f"me limit {said}")
        assert "Say a number from 0 to 20, such as me limit 2." in town.last(key)
        assert (await record_of(town, key)).weekly == 3


async def test_what_is_too_long_is_refused(town: Town) -> None:
    await town.says("gareth", f"me limit {'1' * 4000}")
    assert "That is 4000 characters. Use 40 or fewer." in town.last("gareth")


async def test_who_takes_none_is_brought_none_until_they_say_another_number(town: Town) -> None:
    await town.says("gareth", "me limit 0")
    assert "You are brought no questions until you say another number." in town.last("gareth")
    await prepares(town, "amira")
    assert "Gareth" not in town.last("amira")
    await town.says("gareth", "me limit 1")
    await asks(town, "amira")
    assert sees(town, "gareth", ASKED)
    await prepares(town, "amira", "Who hands over callers?")
    assert "Gareth" not in town.last("amira")


async def test_who_has_not_said_yes_reads_that_none_come(town: Town) -> None:
    for key in BOTH:
        await consents(town, key, False)
        await town.says(key, "me limit 5")
        assert "You have not said yet that we may bring you questions, so none come." in town.last(key)
        await town.presses(key, "Bring me questions")
        assert "at most 5 a week" in town.last(key)
