"""What dates, times and zones in words mean: any of them, and the days on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar import MONTHS, WEEKDAYS, instant, read_date, read_time, read_zone, reminder

anything = settings(deadline=None)
TODAY = date(2026, 11, 23)
ZONES = sorted(available_timezones())
SOON = st.dates(TODAY, TODAY + timedelta(days=364))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-12-03", date(2026, 12, 3)),
        ("3 December", date(2026, 12, 3)),
        ("3rd dec", date(2026, 12, 3)),
        ("Thursday, 3 December 2026", date(2026, 12, 3)),
        ("thu 3 December", date(2026, 12, 3)),
        ("3/12/2026", date(2026, 12, 3)),
        (" 3   DECEMBER ", date(2026, 12, 3)),
        ("22 November", date(2027, 11, 22)),
        ("23 November", TODAY),
        ("29 February", date(2028, 2, 29)),
        ("today", TODAY),
        ("Tomorrow", date(2026, 11, 24)),
        ("3 Rhagfyr", date(2026, 12, 3)),
        ("dydd Iau 3 Rhagfyr", date(2026, 12, 3)),
        ("Dydd Mawrth, 2 Mawrth 2027", date(2027, 3, 2)),
        ("1 mai", date(2027, 5, 1)),
        ("heddiw", TODAY),
        ("Yfory", date(2026, 11, 24)),
    ],
)
def test_a_day_is_read_as_people_write_it(said: str, meant: date) -> None:
    assert read_date(said, TODAY) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Monday 3 December",
        "dydd Llun 3 Rhagfyr",
        "31 November",
        "29 February 2027",
        "3 Ju",
        "3 ma",
        "32 May",
        "0 May",
        "12/13/2026",
        "soon",
    ],
)
def test_what_is_no_day_or_not_on_that_weekday_is_none(said: str) -> None:
    assert read_date(said, TODAY) is None


@anything
@given(SOON, st.integers(0, len(MONTHS) - 1))
def test_every_day_is_found_again_however_it_is_written(day: date, language: int) -> None:
    months, weekdays = MONTHS[language], WEEKDAYS[language]
    month, weekday = months[day.month - 1].title(), weekdays[day.weekday()].title()
    for said in (day.isoformat(), f"{day.day} {month}", f"{weekday} {day.day} {month[:3]} {day.year}"):
        assert read_date(said, TODAY) == day


@anything
@given(st.text(max_size=30), st.dates())
def test_any_text_is_a_day_or_none_and_never_a_fault(said: str, today: date) -> None:
    assert read_date(said, min(today, date(9990, 1, 1))) is None or isinstance(read_date(said, today), date)
    assert read_time(said) is None or isinstance(read_time(said), time)
    assert read_zone(said) is None or read_zone(said) in ZONES


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("14:00", time(14)),
        ("2pm", time(14)),
        ("2.30 p.m.", time(14, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("midday", time(12)),
        ("hanner dydd", time(12)),
        ("canol dydd", time(12)),
        ("09:05", time(9, 5)),
    ],
)
def test_a_time_is_read_as_people_write_it(said: str, meant: time) -> None:
    assert read_time(said) == meant


@pytest.mark.parametrize(
    "said", ["", "2", "25:00", "12:60", "0am", "13pm", "midnight", "hanner nos", "-1pm", "2 o’clock"]
)
def test_what_is_no_time_is_none(said: str) -> None:
    assert read_time(said) is None


@anything
@given(st.times())
def test_every_minute_is_found_again(clock: time) -> None:
    minute = clock.replace(second=0, microsecond=0, tzinfo=None, fold=0)
    assert read_time(f"{minute:%H:%M}") == minute
    assert read_time(f"{minute.hour % 12 or 12}:{minute:%M}{'am' if minute.hour < 12 else 'pm'}") == minute


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("London", "Europe/London"),
        ("europe/london", "Europe/London"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
        ("Atlantis", None),
        ("", None),
        ("../etc/passwd", None),
    ],
)
def test_a_zone_is_its_name_or_its_city(said: str, meant: str | None) -> None:
    assert read_zone(said) == meant


@anything
@given(st.sampled_from(ZONES))
def test_every_zone_is_known_by_its_full_name(zone: str) -> None:
    assert (read_zone(zone) or "").lower() == zone.lower()


@anything
@given(st.dates(), st.times(), st.sampled_from(ZONES))
def test_an_instant_is_that_wall_time_or_there_is_none(day: date, clock: time, zone: str) -> None:
    clock = clock.replace(fold=0)
    found = instant(day, clock, zone)
    if found is not None:
        assert found.tzinfo is UTC
        assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == datetime.combine(day, clock)


@anything
@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.sampled_from(ZONES))
def test_midday_always_exists(day: date, zone: str) -> None:
    skipped = instant(day, time(12), zone) is None
    assert not skipped or instant(day, time(0), zone) is None  # a zone that moved over the date line lost a whole day


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2027, 3, 28)])
def test_the_hour_that_the_clocks_skip_in_march_is_no_time(day: date) -> None:
    at = {minute: instant(day, time(1, minute), "Europe/London") for minute in (0, 30, 59)}
    assert at == {0: None, 30: None, 59: None}
    assert instant(day, time(0, 59), "Europe/London") == datetime(day.year, 3, day.day, 0, 59, tzinfo=UTC)
    assert instant(day, time(2), "Europe/London") == datetime(day.year, 3, day.day, 1, 0, tzinfo=UTC)


def test_of_the_hour_that_comes_twice_in_october_the_first_is_meant() -> None:
    day = date(2026, 10, 25)
    assert instant(day, time(1, 30), "Europe/London") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(day, time(2), "Europe/London") == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(("month", "change"), [(3, 29), (10, 25)])
def test_2pm_every_week_stays_2pm_over_a_change_of_the_clocks(month: int, change: int) -> None:
    before, after = (instant(date(2026, month, change) + timedelta(days=d), time(14), "Europe/London") for d in (-3, 4))
    assert before is not None
    assert after is not None
    assert [one.astimezone(ZoneInfo("Europe/London")).hour for one in (before, after)] == [14, 14]
    assert after - before == timedelta(days=7, hours=-1 if month == 3 else 1)


@pytest.mark.parametrize(("day", "zone"), [(date.min, "Asia/Tokyo"), (date.max, "America/New_York")])
def test_a_day_at_the_end_of_the_calendar_is_none_and_no_fault(day: date, zone: str) -> None:
    clock = time(0) if day == date.min else time(23, 59)
    assert instant(day, clock, zone) is None


@anything
@given(st.datetimes(timezones=st.just(UTC)), st.integers(-10_000, 10_000))
def test_a_reminder_is_an_hour_before_and_never_late(now: datetime, minutes: int) -> None:
    now = now.replace(year=2000 + now.year % 100, day=min(now.day, 28))
    starts = now + timedelta(minutes=minutes)
    assert reminder(starts, now) == (starts - timedelta(hours=1) if minutes > 60 else None)
