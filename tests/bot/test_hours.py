"""Pure: working hours in words, as they are kept, and against the clock."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.hours import Hours, hours_share, read_hours, read_kept
from storage.availability import zone_called

MONDAY = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
"""9:15am in London."""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("9 to 5", "09:00-17:00 01234"),
        ("9 tan 5 Llun i Iau", "09:00-17:00 0123"),
        ("8 to 4, Fri to Mon", "08:00-16:00 0456"),
        ("9 to 9", "09:00-21:00 01234"),
        ("12 to 8", "12:00-20:00 01234"),
        ("9 to 12", "09:00-12:00 01234"),
        ("midday to 5pm on Wednesdays", "12:00-17:00 2"),
        ("7:30 i 3:30 ar ddydd Llun a Gwener", "07:30-15:30 04"),
        ("9 to 03:00", "09:00-03:00 01234"),
    ],
)
def test_hours_mean_what_people_who_say_so_mean(said: str, kept: str) -> None:
    found = read_hours(said)
    assert found is not None and found.kept() == kept


@pytest.mark.parametrize(
    "said", ["", "9", "to", "9 to", "25 to 3", "9 to 5 T", "9 to 5 Mon to", "9 to 5 ,", "9:00-9am"]
)
def test_what_are_no_hours_is_none(said: str) -> None:
    assert read_hours(said) is None


@given(some.builds(Hours, some.times(), some.times(), some.frozensets(some.integers(0, 6), min_size=1)))
def test_what_is_kept_is_read_back_to_the_minute(hours: Hours) -> None:
    whole = hours._replace(
        starts=time(hours.starts.hour, hours.starts.minute), ends=time(hours.ends.hour, hours.ends.minute)
    )
    assert read_kept(whole.kept()) == whole


@given(some.text(max_size=60))
def test_nothing_that_is_typed_is_an_error(said: str) -> None:
    assert read_hours(said) is None or read_kept(read_hours(said).kept()) == read_hours(said)  # type: ignore[union-attr]


def share(kept: str, now: datetime, zone: str = "Europe/London") -> float:
    return hours_share(kept, zone_called(zone), now)


def test_the_share_follows_the_zone_and_the_clock_of_the_season() -> None:
    summer = datetime(2026, 7, 6, 8, 15, tzinfo=UTC)
    assert share("09:00-17:00 01234", summer) == 1
    assert share("09:00-17:00 01234", MONDAY.replace(hour=4), "Asia/Kolkata") == 7 / 8


def test_a_night_belongs_to_the_day_on_which_it_began() -> None:
    friday = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
    assert share("22:00-06:00 4", friday) == 1
    assert share("22:00-06:00 5", friday) == 0


def test_the_share_is_of_the_hours_in_which_an_answer_is_soon() -> None:
    assert share("09:00-17:00 01234", MONDAY) == 1
    assert share("", MONDAY) == 1
    assert share("09:00-13:00 01234", MONDAY) == 0.5
    assert share("09:00-17:00 1", MONDAY) == 0
    assert share("09:00-17:00 01234", MONDAY.replace(hour=17)) == 0
    assert share("09:00-17:00 01234", MONDAY, "Nowhere/At_all") == 1
