"""Pure: which hours and days somebody works, in words, as they are kept, and against the clock.

Kept as "09:00-17:00 01234": from and to in the person's own zone, then the days, where Monday is 0.
"""

import re
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.calendar import WEEKDAYS, read_time
from bot.text import Text, listing, t, words

WEEKDAY, WEEK = frozenset(range(5)), frozenset(range(7))
HOUR = timedelta(hours=1)
AHEAD = 8
"""Hours: a working day, in which an answer is still soon."""
EVERY = {
    **dict.fromkeys(("weekdays", "working days", "diwrnodau gwaith", "dyddiau gwaith"), WEEKDAY),
    **dict.fromkeys(("every day", "daily", "all week", "bob dydd"), WEEK),
}
SHORT = (t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat"), t("Sun"))
_CLOCK = r"(?:\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?|midday|noon|hanner dydd)"
_SPAN = re.compile(rf"({_CLOCK})\s*(?:-|to|until|i|tan)\s*({_CLOCK})(?:[\s,]+(?:on\s+|ar\s+)?(.+))?", re.IGNORECASE)


class Hours(NamedTuple):
    """From and to, in the person's own zone; where `ends` is not after `starts`, it is on the next day."""

    starts: time
    ends: time
    days: frozenset[int] = WEEKDAY

    def kept(self) -> str:
        """As the database keeps it."""
        return f"{self.starts:%H:%M}-{self.ends:%H:%M} {''.join(str(day) for day in sorted(self.days))}"

    def holds(self, local: datetime) -> bool:
        """Whether this is in them; a night belongs to the day on which it began."""
        clock, day = local.time(), local.weekday()
        if self.starts < self.ends:
            return day in self.days and self.starts <= clock < self.ends
        return (day in self.days and clock >= self.starts) or ((day - 1) % 7 in self.days and clock < self.ends)


USUAL = Hours(time(9), time(17))
"""What is supposed of who did not say."""


def read_kept(kept: str) -> Hours | None:
    """What `Hours.kept` wrote; None for "", which is any hour."""
    if not kept:
        return None
    span, _, days = kept.partition(" ")
    starts, _, ends = span.partition("-")
    return Hours(time.fromisoformat(starts), time.fromisoformat(ends), frozenset(map(int, days)))


def read_hours(said: str) -> Hours | None:
    """ "9 to 5", "08:00-16:00 Mon to Thu", "9am to 1pm on Monday and Friday": None where it is no such thing.

    Where neither am nor pm is said and the end comes first, it is in the afternoon. Without days: Monday to Friday.
    """
    found = _SPAN.fullmatch(said.strip(" ."))
    if found is None:
        return None
    starts, ends = _clock(found[1]), _clock(found[2])
    days = _days(found[3] or "weekdays")
    if starts is None or ends is None or not days:
        return None
    plain = re.fullmatch(r"(?:[1-9]|1[0-2])(?:[:.]\d{2})?", found[2].strip())
    if plain and ends <= starts <= time(12) and ends < time(12):
        ends = ends.replace(hour=ends.hour + 12)
    return Hours(starts, ends, days) if starts != ends else None


def _clock(said: str) -> time | None:
    said = said.strip()
    return read_time(f"{said}:00" if said.isdigit() else said)


def _days(said: str) -> frozenset[int]:
    """The weekdays that these words name, none where one is no weekday: "Mon to Thu", "Llun a Gwener"."""
    text = " ".join(said.lower().strip(" .").split())
    if text in EVERY:
        return EVERY[text]
    days: set[int] = set()
    for part in re.split(r"\s*(?:,|&|\band\b|\bac?\b)\s*", text):
        ends = [_day(one) for one in re.split(r"\s*(?:-|\bto\b|\buntil\b|\bi\b|\btan\b)\s*", part)]
        if len(ends) > 2 or None in ends:
            return frozenset()
        first, last = ends[0] or 0, ends[-1] or 0
        days |= {(first + more) % 7 for more in range((last - first) % 7 + 1)}
    return frozenset(days)


def _day(said: str) -> int | None:
    """Which weekday it begins or is, in English or in Welsh, "Mondays" too; None for none or several."""
    said = re.sub("^d?dydd ", "", said)
    named = {at for names in WEEKDAYS for at, name in enumerate(names) if said == f"{name}s" or name.startswith(said)}
    return named.pop() if len(named) == 1 and len(said) > 1 else None


def hours_in_words(kept: str) -> Text:
    """ "9am to 5pm, Mon, Tue and Wed": as the person reads it, in their own zone."""
    hours = read_kept(kept)
    if hours is None:
        return t("any time")
    span = t("{start} to {end}", start=_said(hours.starts), end=_said(hours.ends))
    if hours.days == WEEKDAY:
        return t("{hours}, Monday to Friday", hours=span)
    if hours.days == WEEK:
        return t("{hours}, every day", hours=span)
    return t("{hours}, {days}", hours=span, days=listing([SHORT[day] for day in sorted(hours.days)]))


def _said(clock: time) -> Text:
    if clock == time(12):
        return t("midday")
    if clock == time(0):
        return t("midnight")
    minutes = f":{clock.minute:02d}" if clock.minute else ""
    return words(f"{clock.hour % 12 or 12}{minutes}{'am' if clock.hour < 12 else 'pm'}")


def hours_share(kept: str, zone: ZoneInfo, now: datetime) -> float:
    """From 0 to 1: in which share of the next 8 hours, the one that this is in among them, somebody works.

    1 at 9am for who works from 9 to 5, 0 in their evening. Who did not say, "", is supposed to work from 9 to 5 on
    weekdays. Whether they are away is not looked at.
    """
    hours = read_kept(kept) or USUAL
    first = now.astimezone(UTC).replace(minute=30, second=0, microsecond=0)
    return sum(hours.holds((first + HOUR * more).astimezone(zone)) for more in range(AHEAD)) / AHEAD
