"""Pure: what a date, a time and a zone in words mean, and when reminders are due.

A showcase is kept as local wall time and an IANA zone, so that 2pm stays 2pm when the clocks change.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

MONTHS = (
    "january february march april may june july august september october november december".split(),
    "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr".split(),
)
WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday".split(),
    "llun mawrth mercher iau gwener sadwrn sul".split(),
)
"""In English and in Welsh."""
TODAY, TOMORROW = ("today", "heddiw"), ("tomorrow", "yfory")
MIDDAY = ("midday", "noon", "12midday", "12noon", "hannerdydd", "canoldydd")
COMMON_ZONES = ("Europe/London", "UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Sydney")
NOTICE = timedelta(hours=1)
"""How long before a showcase those who come are reminded."""


def read_date(said: str, today: date) -> date | None:
    """ "2026-12-03", "3 December", "Thursday 3 Dec 2026", "dydd Iau 3 Rhagfyr", "3/12/2026", "tomorrow": the day.

    Where no year is said, the next such day. None where it is no day, or not on the weekday that is named.
    """
    text = " ".join(said.lower().replace(",", " ").split()).removeprefix("dydd ")
    if text in (*TODAY, *TOMORROW):
        return today + timedelta(days=text in TOMORROW)
    slashed = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if slashed is not None:
        return _day(int(slashed[3]), int(slashed[2]), int(slashed[1]))
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _spelt(text, today)


def _spelt(text: str, today: date) -> date | None:
    found = re.fullmatch(r"(?:([a-z]{3,}) )?(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,})(?: (\d{4}))?", text)
    if found is None:
        return None
    weekday, month = _place(found[1], WEEKDAYS), _place(found[3], MONTHS)
    if month is None or (found[1] and weekday is None):
        return None
    years = (int(found[4]),) if found[4] else range(today.year, today.year + 4)  # a 29 February may be years away
    days = (_day(year, month + 1, int(found[2])) for year in years)
    day = next((day for day in days if day is not None and (found[4] or day >= today)), None)
    return day if day is None or weekday in (None, day.weekday()) else None


def _place(said: str | None, languages: tuple[list[str], ...]) -> int | None:
    """Which of these names it begins, in any of the languages; None for none or several."""
    places = {place for names in languages for place, name in enumerate(names) if said and name.startswith(said)}
    return places.pop() if len(places) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_time(said: str) -> time | None:
    """ "14:00", "2pm", "2.30 p.m.", "midday", "hanner dydd": the time of day.

    "midnight" is none: it could be either end of a day.
    """
    text = "".join(said.lower().split()).replace("p.m", "pm").replace("a.m", "am").strip(".").replace(".", ":")
    if text in MIDDAY:
        return time(12)
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?(am|pm)?", text)
    if found is None or (found[2] is None and found[3] is None):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] and not 1 <= hour <= 12:
        return None
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_zone(said: str) -> str | None:
    """The IANA zone of this name in any case, "London" for Europe/London; None where there is none or several."""
    found = _zones().get("_".join(said.lower().split()), ())
    return found[0] if len(found) == 1 else None


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Every zone by its name in small letters; by its city too, where that is no zone's whole name."""
    names = sorted(available_timezones())
    cities: dict[str, tuple[str, ...]] = {}
    for name in names:
        if "/" in name:
            city = name.lower().split("/")[-1]
            cities[city] = (*cities.get(city, ()), name)
    return cities | {name.lower(): (name,) for name in names}


def instant(day: date, clock: time, zone: str) -> datetime | None:
    """The instant of this wall time, in UTC; of two, the first.

    None where the clocks skip it, or where it is before or after what a datetime can hold.
    """
    local = datetime.combine(day, clock, ZoneInfo(zone))
    try:
        moment = local.astimezone(UTC)
        back = moment.astimezone(ZoneInfo(zone))
    except OverflowError:
        return None
    return moment if back.replace(tzinfo=None) == local.replace(tzinfo=None) else None


def reminder(starts: datetime, now: datetime) -> datetime | None:
    """When those who come are reminded: an hour before; None where it begins sooner than that."""
    at = starts - NOTICE
    return at if at > now else None
