"""Pure: the days on which somebody is away, as they say them and as others read them."""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from bot.calendar import read_date
from bot.text import Text, When, t
from storage.availability import is_away, today_of, zone_of
from storage.people import Person

LATELY = timedelta(days=60)
"""A day without a year that was so lately is the one meant, rather than the next one."""
YEAR = timedelta(days=366)
_BETWEEN = re.compile(r"(?:(?:from|o)\s+)?(.+?)\s+(?:to|until|till|hyd at|tan|i)\s+(.+)", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|to|hyd at|tan)\s+(.+)", re.IGNORECASE)


class Days(NamedTuple):
    """The first and the last day away."""

    first: date
    last: date


def read_days(said: str, first: str, today: date) -> Days | None:
    """ "until 5 January", "24 December to 5 January", "5 January" with a first day or none, which is today.

    None where one of them is no day.
    """
    text = " ".join(said.split()).strip(" .")
    between, until = _BETWEEN.fullmatch(text), _UNTIL.fullmatch(text)
    if until is not None:
        text = until[1]
    elif between is not None and not first:
        first, text = between[1], between[2]
    begins = _begins(first.strip(" ."), today) if first else today
    ends = read_date(text, begins) if begins else None
    return Days(begins, ends) if begins and ends else None


def _begins(said: str, today: date) -> date | None:
    """The next such day; where that is most of a year away, the last one."""
    day = read_date(said, today)
    return day if day is None or day - today < YEAR - LATELY else read_date(said, today - LATELY)


def day_of(person: Person, day: date) -> When:
    """A day of this person's, for whoever reads it: "Monday 5 January"."""
    return When(datetime.combine(day, time(12), zone_of(person)), "day")


def away_in_words(person: Person, now: datetime) -> Text | None:
    """ "until Monday 5 January", with the first day where it is still to come; None for who is not, nor will be."""
    if person.away_from is None or person.away_until is None or person.away_until < today_of(person, now):
        return None
    until = day_of(person, person.away_until)
    if is_away(person, now):
        return t("until {day}", day=until)
    return t("from {first} to {last}", first=day_of(person, person.away_from), last=until)
