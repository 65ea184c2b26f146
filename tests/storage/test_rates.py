"""A rate is kept however the calls come, and the platforms' rates keep what the platforms document."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import rates as slack
from adapters.teams import rates as teams
from storage.rates import AHEAD, LONGEST_PAUSE, Limit, Rate
from tests.storage.nouns import START

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
TICK = timedelta(microseconds=1)
anything = settings(deadline=None)

RATES = st.builds(Rate, st.timedeltas(min_value=timedelta(milliseconds=1), max_value=3 * SECOND), st.integers(1, 20))
RESTS = st.timedeltas(min_value=timedelta(0), max_value=MINUTE) | st.just(timedelta(0))
INSTANTS = st.none() | st.timedeltas(min_value=-HOUR, max_value=AHEAD).map(lambda ahead: START + ahead)
"""When the next may go, as a column may have it."""


@anything
@given(RATES, st.lists(st.tuples(RESTS, st.integers(1, 30)), max_size=30))
def test_in_no_stretch_of_time_more_go_than_the_rate_allows(rate: Rate, calls: list[tuple[timedelta, int]]) -> None:
    now, next_at, gone = START, None, list[datetime]()
    for rest, wanted in calls:
        now += rest
        count = min(wanted, rate.room(next_at, now))
        next_at = rate.after(next_at, now, count) if count else next_at
        gone += [now] * count
    for first, earlier in enumerate(gone):
        for count, later in enumerate(gone[first:], 1):
            assert count <= rate.burst + (later - earlier) / rate.every


@anything
@given(RATES, INSTANTS, st.integers(0, 40))
def test_what_has_room_may_go_and_leaves_that_much_less(rate: Rate, next_at: datetime | None, count: int) -> None:
    room = rate.room(next_at, START)
    taken = min(count, room)
    assert rate.room(rate.after(next_at, START, taken), START) == room - taken


@anything
@given(RATES, INSTANTS)
def test_the_next_goes_exactly_when_it_was_said_to(rate: Rate, next_at: datetime | None) -> None:
    room = rate.room(next_at, START)
    then = rate.after(next_at, START, room) if room else next_at
    assert then is not None and then > START
    assert rate.room(then, then - TICK) == 0
    assert rate.room(then, then) == 1


@anything
@given(RATES, INSTANTS, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_however_long_nothing_goes_it_is_kept_for_one_burst(
    rate: Rate, next_at: datetime | None, rest: timedelta
) -> None:
    now = START + rest
    room = rate.room(next_at, now)
    assert room <= rate.burst
    if next_at is None or now - next_at >= rate.every * (rate.burst - 1):
        assert room == rate.burst


@anything
@given(RATES, st.timedeltas(min_value=AHEAD + TICK, max_value=timedelta(days=400)))
def test_what_a_clock_wrote_that_was_set_back_holds_nobody_up(rate: Rate, ahead: timedelta) -> None:
    assert rate.room(START + ahead, START) == rate.burst
    assert rate.after(START + ahead, START) == rate.after(None, START)


@anything
@given(RATES, st.timedeltas(min_value=TICK, max_value=LONGEST_PAUSE))
def test_the_longest_pause_is_no_such_mistake(rate: Rate, ahead: timedelta) -> None:
    assert rate.room(START + ahead, START) == 0


def habits(longest: timedelta) -> st.SearchStrategy[list[timedelta]]:
    """How long somebody rests each time: mostly not at all."""
    rest = st.timedeltas(min_value=timedelta(0), max_value=longest)
    return st.lists(st.just(timedelta(0)) | rest, min_size=1, max_size=100)


def greedily(rate: Rate, rests: Sequence[timedelta] = (timedelta(0),)) -> Iterator[datetime]:
    """When each goes of somebody who rests now and then, over and over, and each time sends all they may."""
    now, next_at = START, None
    for rest in cycle(rests):
        count = rate.room(next_at, now)
        yield from [now] * count
        next_at = rate.after(next_at, now, count)
        now = next_at + rest


def most_in(stretch: timedelta, gone: Sequence[datetime]) -> int:
    """The most that went in any stretch of this length, both its ends included."""
    first, most = 0, 0
    for last, later in enumerate(gone):
        while later - gone[first] > stretch:
            first += 1
        most = max(most, last - first + 1)
    return most


@anything
@given(habits(MINUTE))
def test_a_teams_conversation_takes_what_microsoft_allows(rests: list[timedelta]) -> None:
    gone = list(islice(greedily(teams.PACE, rests), 2500))
    for most, stretch in ((7, SECOND), (8, 2 * SECOND), (60, 30 * SECOND), (1800, HOUR)):
        assert most_in(stretch, gone) <= most


@anything
@given(habits(SECOND))
def test_a_teams_tenant_takes_thirty_requests_in_any_second(rests: list[timedelta]) -> None:
    assert most_in(SECOND, list(islice(greedily(teams.TENANT.rate, rests), 1000))) <= 30
    assert set(teams.LIMITS.values()) == {teams.TENANT}


@pytest.mark.parametrize(("act", "most"), [("post", 300), ("aside", 100), ("redraw", 50), ("ask", 100)])
@anything
@given(rests=habits(10 * SECOND))
def test_a_slack_workspace_takes_so_many_in_any_minute(act: str, most: int, rests: list[timedelta]) -> None:
    assert most_in(MINUTE, list(islice(greedily(slack.LIMITS[act].rate, rests), 1000))) <= most


def test_what_goes_to_many_uses_nearly_all_that_the_platforms_allow() -> None:
    for rate, most in ((slack.LIMITS["post"].rate, 300), (teams.TENANT.rate, 30 * 60)):
        gone = list(islice(greedily(rate), 20 * most))
        assert 20 * most / ((gone[-1] - gone[0]) / MINUTE) >= 0.95 * most


@pytest.mark.parametrize("limits", [slack.LIMITS, teams.LIMITS])
def test_what_waits_for_a_limit_waits_for_less_than_a_clock_may_be_wrong(limits: Mapping[str, Limit]) -> None:
    """A claim takes at most 64, so the next may go long before it would be taken for the work of a wrong clock."""
    assert all(limit.rate.every * 64 < AHEAD for limit in limits.values())
