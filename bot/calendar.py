"""Pure: what a date, a time and a zone in words mean, and when reminders are due.

A showcase is kept as local wall time and an IANA zone, so that 2pm stays 2pm when the clocks change.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

MONTHS = "january february march april may june july august september october november december".split()
COMMON_ZONES = ("Europe/London", "UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Sydney")


def read_date(said: str, today: date) -> date | None:
    """ "2026-12-03", "3 December", "Thursday 3 Dec 2026", "tomorrow": the day, the next one where no year is said."""
    text = said.strip().lower()
    if text in ("today", "tomorrow"):
        return today + timedelta(days=text == "tomorrow")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _spelt(text, today)


def _spelt(text: str, today: date) -> date | None:
    found = re.fullmatch(r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,})(?: (\d{4}))?", text)
    if found is None:
        return None
    months = [number for number, name in enumerate(MONTHS, 1) if name.startswith(found[2])]
    if len(months) != 1:
        return None
    try:
        day = date(int(found[3] or today.year), months[0], int(found[1]))
        return day.replace(year=day.year + 1) if found[3] is None and day < today else day
    except ValueError:
        return None


def read_time(said: str) -> time | None:
    """ "14:00", "2pm", "2:30 pm", "midday": the time of day."""
    text = said.strip().lower().replace(" ", "").replace(".", ":")
    if text in ("midday", "noon"):
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
    text = said.strip().lower().replace(" ", "_")
    zones = available_timezones()
    exact = [zone for zone in zones if zone.lower() == text]
    cities = [zone for zone in zones if zone.lower().split("/")[-1] == text and "/" in zone]
    found = exact or cities
    return found[0] if len(found) == 1 else None


def instant(day: date, clock: time, zone: str) -> datetime | None:
    """The instant of this wall time, in UTC; None where the clocks skip it. Of two, the first."""
    local = datetime.combine(day, clock, ZoneInfo(zone))
    moment = local.astimezone(UTC)
    return moment if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def reminder(starts: datetime) -> datetime:
    """When those who come are reminded: an hour before."""
    return starts - timedelta(hours=1)
