"""When what repeats comes next: any rule against a naive reading of it, and the nights on which the clocks change."""

from calendar import Calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.recurrence import PERIODS, WEEKDAYS, next_after

anything = settings(deadline=None)
LONDON = "Europe/London"
ZONES = st.sampled_from(sorted(available_timezones()))
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0, fold=0))
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2033, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 # Hypothesis adds the zone
LONGEST_SPAN = timedelta(days=6 * 366)
"""How far the naive reading goes: past the 29 February that is farthest from every day above."""


def following(rule: str, local: str, after: str, most: int = 4, zone: str = LONDON) -> list[str]:
    """The next instants after this one, in UTC, as they are written."""
    found: list[datetime] = []
    moment = next_after(rule, local, zone, datetime.fromisoformat(after))
    while moment is not None and len(found) < most:
        found.append(moment)
        moment = next_after(rule, local, zone, moment)
    return [f"{one:%Y-%m-%d %H:%M}" for one in found]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY", "12-03 12-04 12-05 12-06"),
        ("FREQ=DAILY;INTERVAL=10", "12-03 12-13 12-23 01-02"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "12-03 12-04 12-07 12-08"),
        ("FREQ=WEEKLY", "12-03 12-10 12-17 12-24"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "12-03 12-17 12-31 01-14"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "12-03 12-14 12-17 12-28"),
        ("FREQ=MONTHLY", "12-03 01-03 02-03 03-03"),
        ("FREQ=MONTHLY;BYDAY=1TH", "12-03 01-07 02-04 03-04"),
        ("FREQ=MONTHLY;BYDAY=-1FR,2TU", "12-08 12-25 01-12 01-29"),
        ("FREQ=MONTHLY;BYDAY=5MO", "03-29 05-31 08-30 11-29"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "12-31 01-31 02-28 03-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "12-31 01-31 03-31 05-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "08-13 10-13 04-13 07-13"),
        ("FREQ=YEARLY", "12-03 12-03 12-03 12-03"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=-1TH", "11-25 11-30 11-29 11-28"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "02-29 02-29 02-29 02-29"),
        ("freq=weekly;count=2", "12-03 12-10"),
        ("FREQ=WEEKLY;UNTIL=20261210", "12-03 12-10"),
        ("FREQ=WEEKLY;UNTIL=20261210T135959", "12-03"),
        ("FREQ=WEEKLY;UNTIL=20261210T140000Z", "12-03 12-10"),
        ("FREQ=WEEKLY;UNTIL=20261201", ""),
    ],
)
def test_a_rule_names_the_days_that_people_mean_by_it(rule: str, days: str) -> None:
    found = following(rule, "2026-12-03T14:00", "2026-12-01T00:00+00:00")
    assert " ".join(moment[5:10] for moment in found) == days


def test_wall_time_stays_where_it_is_when_the_clocks_change() -> None:
    weekly = "FREQ=WEEKLY;BYDAY=TH"
    assert following(weekly, "2027-03-18T14:00", "2027-03-18T00:00+00:00") == [
        "2027-03-18 14:00",
        "2027-03-25 14:00",
        "2027-04-01 13:00",
        "2027-04-08 13:00",
    ]
    assert following(weekly, "2026-10-15T14:00", "2026-10-15T00:00+00:00") == [
        "2026-10-15 13:00",
        "2026-10-22 13:00",
        "2026-10-29 14:00",
        "2026-11-05 14:00",
    ]


def test_half_past_one_comes_once_in_the_night_that_has_it_twice() -> None:
    assert following("FREQ=DAILY", "2026-10-01T01:30", "2026-10-24T12:00+00:00", 3) == [
        "2026-10-25 00:30",
        "2026-10-26 01:30",
        "2026-10-27 01:30",
    ]


def test_half_past_one_comes_an_hour_later_by_the_clock_in_the_night_that_lacks_it() -> None:
    assert following("FREQ=DAILY", "2027-03-01T01:30", "2027-03-27T00:00+00:00") == [
        "2027-03-27 01:30",
        "2027-03-28 01:30",
        "2027-03-29 00:30",
        "2027-03-30 00:30",
    ]


def test_a_day_that_a_zone_left_out_is_the_next_one_and_comes_once() -> None:
    """Samoa went over the date line: it had no 30 December 2011."""
    assert following("FREQ=DAILY", "2011-12-01T10:00", "2011-12-29T00:00+00:00", 3, "Pacific/Apia") == [
        "2011-12-29 20:00",
        "2011-12-30 20:00",
        "2011-12-31 20:00",
    ]
    friday = following("FREQ=WEEKLY;BYDAY=FR", "2011-12-01T10:00", "2011-12-30T19:00+00:00", 1, "Pacific/Apia")
    assert friday == ["2011-12-30 20:00"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=WEEKLY;BYMONTH=2;UNTIL=20261231",
        "FREQ=YEARLY;INTERVAL=9999;BYMONTH=1",
    ],
)
def test_a_rule_that_names_no_day_ahead_ends_rather_than_being_searched_for_ever(rule: str) -> None:
    assert following(rule, "2026-12-03T14:00", "2026-12-01T00:00+00:00") == []


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "WEEKLY",
        "FREQ=",
        "FREQ=SECONDLY",
        "INTERVAL=2",
        "FREQ=DAILY;",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=1.5",
        "FREQ=DAILY;INTERVAL=٣",
        "FREQ=DAILY;INTERVAL=100000",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=20271301",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYDAY=MO,",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=YEARLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=DAILY;BYSETPOS=1",
        "FREQ=DAILY;WKST=SU",
        "FREQ=DAILY\nCOUNT=1",
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_a_sentence(rule: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)^[A-Z].*\. [A-Z].*\.$"):
        next_after(rule, "2026-12-03T14:00", LONDON, datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("local", "zone"),
    [
        ("2pm", LONDON),
        ("2026-02-30T14:00", LONDON),
        ("2026-12-03T14:00+01:00", LONDON),
        ("2026-12-03T14:00Z", LONDON),
        ("2026-12-03T14:00", "Atlantis"),
        ("2026-12-03T14:00", "london"),
        ("2026-12-03T14:00", "../London"),
    ],
)
def test_what_is_no_wall_time_or_no_zone_is_refused_in_a_sentence(local: str, zone: str) -> None:
    with pytest.raises(ValueError, match=r"^.+ is no .+\. Write it as .+\.$"):
        next_after("FREQ=DAILY", local, zone, datetime(2026, 12, 1, tzinfo=UTC))


@anything
@given(st.text(max_size=60) | st.from_regex(r"FREQ=[A-Z]+(;[A-Z]+=[-+A-Z0-9,]+){0,3}", fullmatch=True), INSTANTS)
def test_any_text_is_a_rule_or_refused_and_never_a_fault_of_another_kind(rule: str, after: datetime) -> None:
    try:
        found = next_after(rule, "2026-12-03T14:00", LONDON, after)
    except ValueError:
        return
    assert found is None or found > after


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Any rule that makes sense, its parts in any order; most come often enough to be seen."""
    frequency = draw(st.sampled_from(list(PERIODS)))
    parts = [f"FREQ={frequency}"]
    months = draw(st.lists(st.integers(1, 12), max_size=3, unique=True))
    places = (
        ("", "1", "+2", "3", "5", "-1", "-2") if frequency == "MONTHLY" or (frequency == "YEARLY" and months) else ("",)
    )
    weekdays = draw(st.lists(st.tuples(st.sampled_from(places), st.sampled_from(WEEKDAYS)), max_size=3, unique=True))
    month_days = draw(st.lists(st.sampled_from([*range(-31, 0), *range(1, 32)]), max_size=4, unique=True))
    if months:
        parts.append("BYMONTH=" + ",".join(map(str, months)))
    if weekdays:
        parts.append("BYDAY=" + ",".join(map("".join, weekdays)))
    if month_days and frequency != "WEEKLY":
        parts.append("BYMONTHDAY=" + ",".join(map(str, month_days)))
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 4))}")
    end = draw(st.none() | st.integers(1, 30) | DAYS)
    if end is not None:
        parts.append(f"UNTIL={end:%Y%m%d}" if isinstance(end, date) else f"COUNT={end}")
    return ";".join(draw(st.permutations(parts)))


def naively(rule: str, starts: datetime) -> Iterator[datetime]:
    """The wall times of a rule, written down from its words: period by period, from lists of each period's days."""
    said = dict(part.split("=") for part in rule.split(";"))
    interval, count = int(said.get("INTERVAL", 1)), int(said.get("COUNT", 10_000))
    until = datetime.combine(date.fromisoformat(said.get("UNTIL", "99991231")), time.max)
    for period in periods(said["FREQ"], starts.date())[::interval]:
        for day in period:
            wall = datetime.combine(day, starts.time())
            if wall < starts or not is_named(day, said, starts.date()):
                continue
            if wall > until or count == 0:
                return
            count -= 1
            yield wall


def periods(frequency: str, starts: date) -> list[list[date]]:
    """The days of each period, from the one that the first day is in."""
    days = [starts.replace(day=1, month=1) - timedelta(days=7) + timedelta(days=n) for n in range(LONGEST_SPAN.days)]
    found: dict[object, list[date]] = {}
    for day in days:
        found.setdefault(period_of(frequency, day), []).append(day)
    return [days for days in found.values() if days[-1] >= starts]


def period_of(frequency: str, day: date) -> object:
    if frequency == "WEEKLY":
        return day.isocalendar()[:2]
    return {"DAILY": day, "MONTHLY": (day.year, day.month), "YEARLY": day.year}[frequency]


def is_named(day: date, said: dict[str, str], starts: date) -> bool:
    """Whether the parts that begin with BY let this day through, or where there are none, the first day's own."""
    weeks = Calendar().monthdatescalendar(day.year, day.month)
    month = sorted(one for week in weeks for one in week if one.month == day.month)
    if "BYMONTH" in said and str(day.month) not in said["BYMONTH"].split(","):
        return False
    if "BYMONTHDAY" in said and day not in [
        month[i] for i in indexes(said["BYMONTHDAY"]) if -len(month) <= i < len(month)
    ]:
        return False
    if "BYDAY" in said:
        return any(day in chosen(one, month) for one in said["BYDAY"].split(","))
    if "BYMONTHDAY" in said or said["FREQ"] == "DAILY":
        return True
    if said["FREQ"] == "WEEKLY":
        return day.isoweekday() == starts.isoweekday()
    return day.day == starts.day and ("BYMONTH" in said or said["FREQ"] == "MONTHLY" or day.month == starts.month)


def indexes(numbers: str) -> list[int]:
    return [int(one) - 1 if int(one) > 0 else int(one) for one in numbers.split(",")]


def chosen(one: str, month: list[date]) -> list[date]:
    """Each such weekday of the month, or the one that is meant by 2TH or -1TH."""
    such = [day for day in month if day.isoweekday() == WEEKDAYS.index(one[-2:]) + 1]
    return [such[i] for i in indexes(one[:-2]) if -len(such) <= i < len(such)] if one[:-2] else such


def is_in_a_gap(wall: datetime, zone: str) -> bool:
    place = ZoneInfo(zone)
    return wall.replace(tzinfo=place).astimezone(UTC).astimezone(place).replace(tzinfo=None) != wall


@anything
@given(rules(), DAYS, CLOCKS, ZONES)
def test_every_occurrence_is_what_a_naive_reading_finds_and_none_is_skipped(
    rule: str, day: date, clock: time, zone: str
) -> None:
    starts = datetime.combine(day, clock)
    moment: datetime | None = datetime(2025, 12, 1, tzinfo=UTC)
    for _, wall in zip(range(6), naively(rule, starts), strict=False):
        assert moment is not None
        moment = next_after(rule, starts.isoformat(), zone, moment)
        assert moment == wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        assert is_in_a_gap(wall, zone) or moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == wall


@anything
@given(rules(), DAYS, CLOCKS, ZONES, INSTANTS)
def test_from_any_instant_the_next_is_the_first_strictly_after_it(
    rule: str, day: date, clock: time, zone: str, after: datetime
) -> None:
    starts = datetime.combine(day, clock)
    found = next_after(rule, starts.isoformat(), zone, after)
    moments = (wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for wall in naively(rule, starts))
    first = next((moment for moment in moments if moment > after), None)
    if first is None and found is not None:
        assert found > starts.replace(tzinfo=UTC) + LONGEST_SPAN - timedelta(days=367)  # as far as the naive one looks
    else:
        assert found == first
