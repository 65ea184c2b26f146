"""Pure: working hours in words, as they are kept, and against the clock."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.hours import Hours, hours_share, read_hours, read_kept, utc_hours
from bot.work import SIGNPOST
from storage.people import Person

MONDAY = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
"""9:15am in London."""


def works(hours: str, zone: str = "Europe/London") -> Person:
    return SIGNPOST._replace(hours=hours, zone=zone)


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


def test_hours_in_utc_follow_the_zone_and_the_clock_of_the_season() -> None:
    assert utc_hours(works("09:00-17:00 01234"), MONDAY) == frozenset(range(9, 17))
    assert utc_hours(works("09:00-17:00 01234", "Asia/Kolkata"), MONDAY) == frozenset(range(4, 12)) - {11} | {3}
    summer = datetime(2026, 7, 6, 9, 15, tzinfo=UTC)
    assert utc_hours(works("09:00-17:00 01234"), summer) == frozenset(range(8, 16))


def test_a_night_belongs_to_the_day_on_which_it_began() -> None:
    friday = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
    assert utc_hours(works("22:00-06:00 4"), friday) == frozenset({22, 23, 0, 1, 2, 3, 4, 5})
    assert utc_hours(works("22:00-06:00 5"), friday) == frozenset()


def test_the_share_is_of_the_hours_in_which_an_answer_is_soon() -> None:
    assert hours_share(works("09:00-17:00 01234"), MONDAY) == 1
    assert hours_share(works(""), MONDAY) == 1
    assert hours_share(works("09:00-13:00 01234"), MONDAY) == 0.5
    assert hours_share(works("09:00-17:00 1"), MONDAY) == 0
    assert hours_share(works("09:00-17:00 01234"), MONDAY.replace(hour=17)) == 0
    assert hours_share(works("09:00-17:00 01234", "Nowhere/At_all"), MONDAY) == 1
