"""Text by key: a card says *what* to say; the words are chosen for the person who reads it.

The key is the English sentence. Values are filled in when the text is drawn, in the reader's own
language and time zone. Anything a person wrote travels as a value, never as a key.
"""

import gettext
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date
from babel.lists import format_list

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("en", "cy")


class When(msgspec.Struct, frozen=True, tag="when", omit_defaults=True):
    """An instant, or a span with `until`, in the reader's own time zone: "2pm to 3pm GMT, Thursday 3 December"."""

    at: datetime
    form: Literal["moment", "day", "time"] = "moment"
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
        return format_list([say(item, reader) for item in value.items], locale=_locale(reader))
    return str(value)


def _sentence(text: Text, reader: Reader) -> str:
    if text.key == "{words}":
        return str(text.values[0][1])
    filled = {name: say(value, reader) for name, value in text.values}
    found = _catalogue(reader.language)
    if text.many:
        count = dict(text.values)["n"]
        template = found.ngettext(text.key, text.many, count if isinstance(count, int) else 0)
    else:
        template = found.gettext(text.key)
    return template.format_map(filled) if filled else template


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", LOCALES, [language], fallback=True)


def _locale(reader: Reader) -> str:
    """As these languages are written in the United Kingdom; English where the platform named another."""
    return f"{reader.language if reader.language in LANGUAGES else 'en'}_GB"


@cache
def _zone(name: str) -> ZoneInfo:
    """The zone; London's where the platform named one that nobody here knows."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(Reader().zone)


def _instant(when: When, reader: Reader) -> str:
    start = when.at.astimezone(_zone(reader.zone))
    day = format_date(start.date(), "EEEE d MMMM", locale=_locale(reader))
    if when.form == "day":
        return day
    zone = start.tzname() or reader.zone
    if when.until is None:
        clock = f"{_clock(start)} {zone}"
    else:
        until = when.until.astimezone(_zone(reader.zone))
        joined = t("{start} to {end}", start=_clock(start), end=_clock(until))
        clock = f"{say(joined, reader)} {zone}"
    return clock if when.form == "time" else f"{clock}, {day}"


def _clock(moment: datetime) -> str:
    """ "9am", "2:30pm", "midday": the GOV.UK form of a time (GOV.UK style guide, "Times")."""
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    if (moment.hour, moment.minute) == (0, 0):
        return "midnight"
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def lasting(length: timedelta) -> Text:
    """A length of time in whole hours or minutes: "2 hours", "45 minutes"."""
    minutes = max(1, round(length.total_seconds() / 60))
    if minutes >= 90:
        return tn("{n} hour", "{n} hours", n=round(minutes / 60))
    return tn("{n} minute", "{n} minutes", n=minutes)
