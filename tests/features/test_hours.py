"""Say in which hours and on which days you work."""

import pytest

from tests.features.newcomers import modal_of, nothing_was_refused, record_of
from tests.features.telling import fills_in
from tests.town import Town

BOTH = ("amira", "gareth")


@pytest.mark.parametrize(
    ("said", "shown", "kept"),
    [
        ("9 to 5", "9am to 5pm, Monday to Friday", "09:00-17:00 01234"),
        ("08:00 to 16:00 Mon to Thu", "8am to 4pm, Mon, Tue, Wed and Thu", "08:00-16:00 0123"),
        ("9am-1:30pm on Mondays and Friday", "9am to 1:30pm, Mon and Fri", "09:00-13:30 04"),
        ("22:00 to 06:00 every day", "10pm to 6am, every day", "22:00-06:00 0123456"),
    ],
)
async def test_hours_are_typed_and_shown_as_they_were_understood(town: Town, said: str, shown: str, kept: str) -> None:
    for key in BOTH:
        await town.says(key, f"me hours {said}")
        assert f"Your working hours: {shown}." in town.last(key)
        assert (await record_of(town, key)).hours == kept
        await town.says(key, "me more")
        assert shown in town.last(key)


async def test_any_hours_are_said_again_by_who_said_some(town: Town) -> None:
    for key in BOTH:
        await town.says(key, "me hours 9 to 5")
        await town.says(key, "me hours any")
        assert "Your working hours: any time." in town.last(key)
        assert (await record_of(town, key)).hours == ""


async def test_hours_are_filled_in_on_a_form_that_begins_with_what_they_are(town: Town) -> None:
    await town.says("amira", "me hours 8 to 4 Mon, Tue")
    await town.presses("amira", "Change your hours")
    assert "08:00 to 16:00 Mon, Tue" in str((await modal_of(town, "amira")).json)
    await town.fills("amira", {"Which hours do you work?": "08:00 to 16:00 Mon, Tue"})
    assert (await record_of(town, "amira")).hours == "08:00-16:00 01"
    await town.says("gareth", "me more")
    await fills_in(town, "gareth", "Change your hours", {"Which hours do you work?": "9 to 5"})
    assert (await record_of(town, "gareth")).hours == "09:00-17:00 01234"
    assert nothing_was_refused(town)


@pytest.mark.parametrize(
    "said", ["25 to 30", "9", "9 to 9:00am", "9 to 5 on some days", "9 to 5 Mon to Wed to Fri", "'; drop"]
)
async def test_what_are_no_hours_is_refused_with_an_example(town: Town, said: str) -> None:
    for key in BOTH:
        await town.says(key, f"me hours {said}")
        assert "Write your hours like 9 to 5, or 8 to 4 Mon to Thu." in town.last(key)
        assert (await record_of(town, key)).hours == ""


async def test_what_is_too_long_for_hours_is_refused(town: Town) -> None:
    await town.says("gareth", f"me hours {'9' * 4000}")
    assert "That is 4000 characters. Use 120 or fewer." in town.last("gareth")
