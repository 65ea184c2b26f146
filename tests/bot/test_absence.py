"""Pure: the days somebody is away."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.absence import Days, away_in_words, read_days
from bot.text import Reader, say
from bot.work import SIGNPOST
from storage.availability import is_away

TODAY = date(2026, 11, 23)
JANUARY = Days(TODAY, date(2027, 1, 5))
CHRISTMAS = Days(date(2026, 12, 24), date(2027, 1, 5))


@pytest.mark.parametrize(
    ("said", "first", "days"),
    [
        ("until 5 January", "", JANUARY),
        ("5 January", "", JANUARY),
        ("hyd at 5 Ionawr", "", JANUARY),
        ("today", "", Days(TODAY, TODAY)),
        ("24 December to 5 January", "", CHRISTMAS),
        ("from 24 December until 5 January", "", CHRISTMAS),
        ("24 Rhagfyr i 5 Ionawr", "", CHRISTMAS),
        ("2027-01-05", "2026-12-24", CHRISTMAS),
        ("20 November to 30 November", "", Days(date(2026, 11, 20), date(2026, 11, 30))),
        ("10 October to 12 October", "", Days(date(2026, 10, 10), date(2026, 10, 12))),
    ],
)
def test_days_mean_what_people_who_say_so_mean(said: str, first: str, days: Days) -> None:
    assert read_days(said, first, TODAY) == days


@pytest.mark.parametrize("said", ["", "to", "until", "until whenever", "a to b", "31 February", "Tuesday 30 November"])
def test_what_are_no_days_is_none(said: str) -> None:
    assert read_days(said, "", TODAY) is None


@given(some.text(max_size=60), some.text(max_size=20))
def test_nothing_that_is_typed_as_days_is_an_error(said: str, first: str) -> None:
    read_days(said, first, TODAY)


def test_the_days_are_those_of_the_persons_own_zone_both_ends_among_them() -> None:
    away = SIGNPOST._replace(away_from=date(2026, 11, 24), away_until=date(2026, 11, 25), zone="Pacific/Kiritimati")
    for day, hour, there in ((23, 9, False), (23, 10, True), (25, 9, True), (25, 10, False)):  # 14 hours ahead
        assert is_away(away, datetime(2026, 11, day, hour, tzinfo=UTC)) is there
    assert not is_away(SIGNPOST, datetime(2026, 11, 24, tzinfo=UTC))


def test_others_read_until_when_and_from_when_it_is_still_to_come() -> None:
    away = SIGNPOST._replace(away_from=date(2026, 11, 24), away_until=date(2026, 11, 25))
    told = [away_in_words(away, datetime(2026, 11, day, 12, tzinfo=UTC)) for day in (23, 24, 26)]
    assert [text and say(text, Reader()) for text in told] == [
        "from Tuesday 24 November to Wednesday 25 November",
        "until Wednesday 25 November",
        None,
    ]
