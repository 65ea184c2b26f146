"""Pure: when what repeats comes next, by a rule such as FREQ=WEEKLY;INTERVAL=2;BYDAY=TH, a wall time and a zone.

The rules are those of RFC 5545, 3.3.10, as far as people use them: DAILY, WEEKLY, MONTHLY or YEARLY; INTERVAL, BYDAY
(2TH: the second Thursday of the month, -1TH: the last), BYMONTHDAY (-1: its last day), BYMONTH, COUNT, UNTIL. A week
begins on Monday.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.calendar import read_zone

HORIZON = timedelta(days=3653)
"""Ten years: how far ahead is looked. It bounds the work of a rule that names no day, to some milliseconds."""
WEEKDAYS = "MO TU WE TH FR SA SU".split()
PERIODS: dict[str, Callable[[date], int]] = {
    "DAILY": date.toordinal,
    "WEEKLY": lambda day: (day.toordinal() - 1) // 7,  # the first day of all was a Monday
    "MONTHLY": lambda day: day.year * 12 + day.month,
    "YEARLY": lambda day: day.year,
}
"""The number of the period that a day is in: INTERVAL counts those."""
PARTS = {
    "FREQ": "|".join(PERIODS),
    "INTERVAL": r"[1-9]\d{0,3}",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
    "BYDAY": r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)",
    "BYMONTHDAY": r"[+-]?(?:[1-9]|[12]\d|3[01])",
    "BYMONTH": r"[1-9]|1[0-2]",
}
"""What each part of a rule may say; one that begins with BY says one or several, with commas between."""


@dataclass(frozen=True)
class Rule:
    """A rule that makes sense, read. An empty set is any; a weekday has its place in the month, or 0 for every one.

    `until` is an instant, or wall time.
    """

    period: Callable[[date], int]
    interval: int
    months: frozenset[int]
    month_days: frozenset[int]
    weekdays: frozenset[tuple[int, int]]
    count: int | None
    until: datetime | None

    def names(self, day: date, starts: date) -> bool:
        """Whether the rule names this day, counted from the day it starts on."""
        last = monthrange(day.year, day.month)[1]
        weekday, back = day.weekday(), last + 1 - day.day  # back: 1 on the last day of the month
        places = ((0, weekday), ((day.day + 6) // 7, weekday), (-((back + 6) // 7), weekday))
        return (
            (self.period(day) - self.period(starts)) % self.interval == 0
            and (not self.months or day.month in self.months)
            and (not self.month_days or not self.month_days.isdisjoint((day.day, -back)))
            and (not self.weekdays or not self.weekdays.isdisjoint(places))
        )

    def is_over(self, number: int, wall: datetime, moment: datetime) -> bool:
        """Whether the rule ends before this occurrence, the first of which has the number 1."""
        if self.count is not None:
            return number > self.count
        return self.until is not None and (moment if self.until.tzinfo else wall) > self.until


def next_after(rule: str, local: str, zone: str, after: datetime) -> datetime | None:
    """The first instant strictly after `after` at which it is `local`'s time of day on a day that the rule names.

    None where the rule has ended, or names no day in the next ten years. `local` (2026-12-03T14:00) is wall time in
    the zone, and the first that may be meant. The wall time stays when the clocks change: one that they skip is taken
    with the offset before the gap, and of two the first (RFC 5545, 3.3.5). ValueError says what makes no sense.
    """
    starts, place = _start(local, zone)
    read = read_rule(rule, starts.date())
    today = after.astimezone(place).date()
    begins = starts.date() if read.count else max(starts.date(), today - timedelta(days=1))  # some zones lost a day
    number = 0
    for ordinal in range(begins.toordinal(), (today + HORIZON).toordinal()):
        day = date.fromordinal(ordinal)
        if not read.names(day, starts.date()):
            continue
        number += 1
        wall = datetime.combine(day, starts.time())
        moment = wall.replace(tzinfo=place).astimezone(UTC)
        if read.is_over(number, wall, moment):
            return None
        if moment > after:
            return moment
    return None


def _start(local: str, zone: str) -> tuple[datetime, ZoneInfo]:
    try:
        starts = datetime.fromisoformat(local)
    except ValueError:
        starts = None
    if starts is None or starts.tzinfo is not None:
        raise ValueError(f"{local} is no wall time. Write it as 2026-12-03T14:00.")
    if read_zone(zone) != zone:
        raise ValueError(f"{zone} is no time zone. Write it as Europe/London.")
    return starts, ZoneInfo(zone)


def read_rule(rule: str, starts: date) -> Rule:
    """The rule, read; what it does not say is taken from the day it starts on. ValueError says what makes no sense."""
    said = _parts(rule)
    frequency = said["FREQ"]
    months = {int(one) for one in _items(said, "BYMONTH")}
    month_days = {int(one) for one in _items(said, "BYMONTHDAY")}
    weekdays = {(int(one[:-2] or 0), WEEKDAYS.index(one[-2:])) for one in _items(said, "BYDAY")}
    if not month_days and not weekdays:
        weekdays = {(0, starts.weekday())} if frequency == "WEEKLY" else set()
        month_days = {starts.day} if frequency in ("MONTHLY", "YEARLY") else set()
        months = months or ({starts.month} if frequency == "YEARLY" else set())
    return Rule(
        PERIODS[frequency],
        int(said.get("INTERVAL", 1)),
        frozenset(months),
        frozenset(month_days),
        frozenset(weekdays),
        int(said["COUNT"]) if "COUNT" in said else None,
        _until(said["UNTIL"]) if "UNTIL" in said else None,
    )


def _parts(rule: str) -> dict[str, str]:
    """The rule's parts by name, each with a value that it may have."""
    pairs = [part.partition("=") for part in rule.upper().split(";")]
    said = {name: value for name, _, value in pairs}
    for name, value in said.items():
        items = value.split(",") if name.startswith("BY") else [value]
        if name not in PARTS or not all(re.fullmatch(PARTS[name], item, re.ASCII) for item in items):
            raise ValueError(f"A rule cannot say “{name}={value}”. Write it as FREQ=WEEKLY;INTERVAL=2;BYDAY=TH.")
    if "FREQ" not in said or len(said) != len(pairs):
        raise ValueError("A rule says how often, and each part once. Write it as FREQ=WEEKLY;INTERVAL=2;BYDAY=TH.")
    if "COUNT" in said and "UNTIL" in said:
        raise ValueError("A rule ends by COUNT or by UNTIL. Leave one of them out.")
    if "BYMONTHDAY" in said and said["FREQ"] == "WEEKLY":
        raise ValueError("A week has no days of the month. Use BYDAY, or FREQ=MONTHLY.")
    monthly = said["FREQ"] == "MONTHLY" or (said["FREQ"] == "YEARLY" and "BYMONTH" in said)
    if not monthly and any(len(item) > 2 for item in _items(said, "BYDAY")):
        raise ValueError("Only a month has a second Thursday. Use FREQ=MONTHLY, or say BYMONTH.")
    return said


def _items(said: dict[str, str], name: str) -> list[str]:
    return said[name].split(",") if name in said else []


def _until(value: str) -> datetime:
    """An instant where it ends with Z, else wall time; a day is that day to its end."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"UNTIL={value} is no day. Write it as UNTIL=20261203.") from None
    return found if "T" in value else datetime.combine(found, time.max)
