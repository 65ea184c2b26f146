"""Text by key: a card says *what* to say; the words are chosen for the person who reads it.

The key is the English sentence. Values are filled in when the text is drawn, in the reader's own
language and time zone. Anything a person wrote travels as a value, never as a key.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date
from babel.lists import format_list

from bot.locales import TRANSLATED, catalogue

LANGUAGES = ("en", *TRANSLATED)


class When(msgspec.Struct, frozen=True, tag="when", omit_defaults=True):
    """An instant, or a span with `until`, in the reader's own time zone: "2pm to 3pm GMT, Thursday 3 December".

    A `month` is "October 2026".
    """

    at: datetime
    form: Literal["moment", "day", "time", "month"] = "moment"
    until: datetime | None = None


class Text(msgspec.Struct, frozen=True, tag="text", omit_defaults=True):
    """A sentence by key with its values; `many` is the plural form, chosen by the value named `n`."""

    key: str
    values: tuple[tuple[str, "Value"], ...] = ()
    many: str = ""


class Listing(msgspec.Struct, frozen=True, tag="listing"):
    """Several values as one phrase: "HMRC, DWP and Companies House"."""

    items: tuple["Value", ...]


Value = str | int | Text | When | Listing

WELSH_VOWEL = re.compile(r"[“‘(]?(?:(?i:[aeiouâêîôûáéíóúàèìòùäëïöü])|(?:1|8|11)\b|[FHLMNRSX][A-Z]+\b)")
"""What Welsh says "ac" before: a vowel, un, wyth, un ar ddeg. Initials are read letter by letter."""


class Reader(msgspec.Struct, frozen=True):
    """Who will read it: a language ("en", "cy") and an IANA time zone."""

    language: str = "en"
    zone: str = "Europe/London"


def t(key: str, /, **values: Value) -> Text:
    """The text with this English key; each `{name}` in it is filled from `values`."""
    return Text(key, tuple(values.items()))


def tn(one: str, many: str, /, n: int, **values: Value) -> Text:
    """The text for `n` things: `one` or `many` in English, whatever the rule is in other languages."""
    return Text(one, (("n", n), *values.items()), many)


def words(text: str) -> Text:
    """What a person wrote or is called, exactly as it is: never translated."""
    return Text("{words}", (("words", text),))


def sentences(first: Text, *others: Text) -> Text:
    """The sentences one after another."""
    found = first
    for other in others:
        found = t("{first} {second}", first=found, second=other)
    return found


def listing(items: Sequence[Value]) -> Listing:
    """The items joined as the reader's language joins them."""
    return Listing(tuple(items))


def say(value: Value, reader: Reader) -> str:
    """The words for this reader. A translation that lacks a value falls back to English."""
    if isinstance(value, Text):
        return _sentence(value, reader)
    if isinstance(value, When):
        return _instant(value, reader)
    if isinstance(value, Listing):
        return _joined([say(item, reader) for item in value.items], reader)
    return str(value)


def _sentence(text: Text, reader: Reader) -> str:
    if text.key == "{words}":
        return str(text.values[0][1])
    filled = {name: say(value, reader) for name, value in text.values}
    found = catalogue(_language(reader))
    if text.many:
        count = dict(text.values)["n"]
        template = found.sentence(text.key, text.many, count if isinstance(count, int) else 0)
    else:
        template = found.sentence(text.key)
    return template.format_map(filled) if filled else template


def _language(reader: Reader) -> str:
    """The reader's language; English where the platform named one that has no catalogue."""
    return reader.language if reader.language in LANGUAGES else "en"


def _joined(items: list[str], reader: Reader) -> str:
    """ "HMRC, DWP and TPR"; in Welsh "and" depends on the sound that follows, which babel leaves open as "a(c)"."""
    if _language(reader) != "cy" or len(items) < 2:
        return format_list(items, locale=f"{_language(reader)}_GB")
    return f"{', '.join(items[:-1])} {'ac' if WELSH_VOWEL.match(items[-1]) else 'a'} {items[-1]}"


@cache
def _zone(name: str) -> ZoneInfo:
    """The zone; London's where the platform named one that nobody here knows."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(Reader().zone)


def _instant(when: When, reader: Reader) -> str:
    start = when.at.astimezone(_zone(reader.zone))
    if when.form == "month":
        return format_date(start.date(), "MMMM y", locale=f"{_language(reader)}_GB")
    day = _day(start.date(), reader)
    if when.form == "day":
        return day
    zone = start.tzname() or reader.zone
    if when.until is None:
        clock = f"{say(_clock(start), reader)} {zone}"
    else:
        until = when.until.astimezone(_zone(reader.zone))
        joined = t("{start} to {end}", start=_clock(start), end=_clock(until))
        clock = f"{say(joined, reader)} {zone}"
    return clock if when.form == "time" else f"{clock}, {day}"


def _day(day: date, reader: Reader) -> str:
    """ "Thursday 3 December", "dydd Iau 3 Rhagfyr": it stands inside a sentence, where Welsh has a small letter."""
    said = format_date(day, "EEEE d MMMM", locale=f"{_language(reader)}_GB")
    return said[0].lower() + said[1:] if _language(reader) == "cy" else said


def _clock(moment: datetime) -> Value:
    """ "9am", "2:30pm", "midday": the GOV.UK form of a time, in Welsh too (GOV.UK style guide, "Times")."""
    if (moment.hour, moment.minute) == (12, 0):
        return t("midday")
    if (moment.hour, moment.minute) == (0, 0):
        return t("midnight")
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def lasting(length: timedelta) -> Text:
    """A length of time in whole hours or minutes: "2 hours", "45 minutes"."""
    minutes = max(1, round(length.total_seconds() / 60))
    if minutes >= 90:
        return tn("{n} hour", "{n} hours", n=round(minutes / 60))
    return tn("{n} minute", "{n} minutes", n=minutes)
