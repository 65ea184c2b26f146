"""What a card says is chosen for its reader: language, time zone, plural; what people wrote stays as it is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import Reader, Text, When, lasting, listing, say, t, tn, words

LONDON, PARIS, WELSH = Reader(), Reader(zone="Europe/Paris"), Reader("cy")
NOON = datetime(2026, 12, 3, 12, tzinfo=UTC)


@given(st.text())
def test_what_people_wrote_is_said_as_it_is(text: str) -> None:
    assert say(words(text), LONDON) == text
    assert say(t("Welcome to {community}", community=text), LONDON) == f"Welcome to {text}"


def test_what_people_wrote_is_never_taken_for_a_pattern() -> None:
    assert say(t("{a} and {b}", a="{b}", b="{a.__class__}"), LONDON) == "{b} and {a.__class__}"


@pytest.mark.parametrize(
    ("when", "reader", "said"),
    [
        (When(NOON), LONDON, "midday GMT, Thursday 3 December"),
        (When(NOON), PARIS, "1pm CET, Thursday 3 December"),
        (When(NOON, until=NOON + timedelta(minutes=45)), LONDON, "midday to 12:45pm GMT, Thursday 3 December"),
        (When(NOON.replace(hour=0)), LONDON, "midnight GMT, Thursday 3 December"),
        (When(NOON.replace(month=7)), LONDON, "1pm BST, Friday 3 July"),
        (When(NOON, "day"), LONDON, "Thursday 3 December"),
        (When(NOON.replace(hour=14, minute=5), "time"), LONDON, "2:05pm GMT"),
        (When(NOON), WELSH, "hanner dydd GMT, dydd Iau 3 Rhagfyr"),
        (When(NOON, until=NOON + timedelta(minutes=45)), WELSH, "hanner dydd i 12:45pm GMT, dydd Iau 3 Rhagfyr"),
        (When(NOON.replace(hour=0), "time"), WELSH, "hanner nos GMT"),
        (When(NOON.replace(month=7, day=5, hour=8)), WELSH, "9am BST, dydd Sul 5 Gorffennaf"),
        (When(NOON, "day"), WELSH, "dydd Iau 3 Rhagfyr"),
        (When(NOON.replace(hour=23, minute=30), "day"), PARIS, "Friday 4 December"),
    ],
)
def test_an_instant_is_in_the_readers_own_zone_language_and_form(when: When, reader: Reader, said: str) -> None:
    assert say(when, reader) == said


def test_a_count_chooses_its_form() -> None:
    assert [say(tn("{n} person", "{n} people", n=n), LONDON) for n in (0, 1, 2)] == ["0 people", "1 person", "2 people"]


def test_several_are_joined_as_the_language_joins_them() -> None:
    assert say(listing(["HMRC"]), LONDON) == "HMRC"
    assert say(listing(["HMRC", "DWP", words("one more")]), LONDON) == "HMRC, DWP and one more"


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], ""),
        (["DWP"], "DWP"),
        (["HMRC", "DWP"], "HMRC a DWP"),
        (["DWP", "HMRC"], "DWP ac HMRC"),
        (["HMRC", "DWP", "Ofcom"], "HMRC, DWP ac Ofcom"),
        (["Siân Probert", "Gareth Morlais-Rees"], "Siân Probert a Gareth Morlais-Rees"),
        (["Gareth Morlais-Rees", "Elin Prys"], "Gareth Morlais-Rees ac Elin Prys"),
        (["7", "8"], "7 ac 8"),
        (["7", "18"], "7 a 18"),
        (["“join”", "“ask”"], "“join” ac “ask”"),
    ],
)
def test_the_last_two_are_joined_in_welsh_by_the_sound_that_follows(items: list[str], said: str) -> None:
    assert say(listing(items), WELSH) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=5), "1 minute"),
        (timedelta(minutes=45), "45 minutes"),
        (timedelta(minutes=89), "89 minutes"),
        (timedelta(minutes=90), "2 hours"),
        (timedelta(hours=26), "26 hours"),
    ],
)
def test_a_length_of_time_is_in_whole_minutes_or_hours(length: timedelta, said: str) -> None:
    assert say(lasting(length), LONDON) == said


@pytest.mark.parametrize(("minutes", "said"), [(1, "1 munud"), (2, "2 funud"), (45, "45 munud"), (120, "2 awr")])
def test_a_length_of_time_mutates_after_its_number(minutes: int, said: str) -> None:
    assert say(lasting(timedelta(minutes=minutes)), WELSH) == said


@pytest.mark.parametrize("reader", [Reader("xx"), Reader("en", "Nowhere/Here"), Reader("", "")])
def test_a_reader_whose_language_or_zone_nobody_knows_still_reads(reader: Reader) -> None:
    assert say(t("Welcome to {community}", community="Starting a business"), reader) == "Welcome to Starting a business"
    assert say(listing(["HMRC", "DWP"]), reader)
    assert "3 December" in say(When(NOON), reader)


def test_a_text_is_compared_by_what_it_says() -> None:
    assert t("Hello {name}", name="Ann") == t("Hello {name}", name="Ann")
    assert t("Hello {name}", name="Ann") != t("Hello {name}", name="Bob")
    assert isinstance(words("x"), Text)
