"""The wall clock is set back while messages and timers wait: they are late by a lease at most, and none is lost."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ClockWatch
from bot.delivery import LEASE, NotSent
from storage.database import Unavailable
from tests.bot.platform import Office

HOUR = 3600.0


class Steady:
    """Seconds that nobody can set back."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def watch(office: Office, steady: Steady) -> ClockWatch:
    """A process whose clock is an hour ahead of what everybody else has, the database's server too."""
    office.clock.at = datetime.now(UTC) + timedelta(seconds=HOUR)
    return ClockWatch(office.database, office.clock, LEASE, steady=steady)


def passes(office: Office, steady: Steady, seconds: float) -> None:
    """Time goes by, as both clocks see it."""
    office.clock.passes(seconds)
    steady.at += seconds


async def owes_one_that_was_refused(office: Office) -> None:
    """A message waits to be tried again, by the clock that is ahead."""
    await office.owes(await office.person("Ann"), "Hello")
    office.platform.meets = [NotSent("busy", after=20)]
    await office.delivery().settled()
    assert office.platform.words() == []


async def test_what_waits_when_the_clock_is_set_right_is_sent_within_a_lease(
    office: Office, watch: ClockWatch, steady: Steady, caplog: pytest.LogCaptureFixture
) -> None:
    await watch.look()
    await owes_one_that_was_refused(office)
    office.clock.passes(-HOUR)
    passes(office, steady, 1)
    await watch.look()
    assert [vars(record)["seconds"] for record in caplog.records if record.levelno == logging.ERROR] == [HOUR]
    passes(office, steady, LEASE.total_seconds())
    await office.delivery().settled()
    assert office.platform.words() == ["Hello"]


async def test_a_message_that_was_on_its_way_meanwhile_is_sent_once(
    office: Office, watch: ClockWatch, steady: Steady
) -> None:
    await watch.look()
    await office.owes(await office.person("Ann"), "First", "Second")
    delivery = office.delivery()
    await delivery.deliver()
    office.clock.passes(-HOUR)
    await watch.look()
    for _ in range(4):
        await delivery.settled()
        passes(office, steady, LEASE.total_seconds())
    assert office.platform.words() == ["First", "Second"]


async def test_a_clock_that_was_set_back_while_nothing_ran_is_noticed_at_the_start(
    office: Office, watch: ClockWatch, steady: Steady
) -> None:
    await office.work(lambda work: work.arrivals.accept("event", work.now, ""))
    await owes_one_that_was_refused(office)
    office.clock.passes(-HOUR)
    await watch.look()
    passes(office, steady, LEASE.total_seconds())
    await office.delivery().settled()
    assert office.platform.words() == ["Hello"]


async def test_a_clock_that_keeps_pace_goes_ahead_or_stands_still_changes_nothing(
    office: Office, watch: ClockWatch, steady: Steady, caplog: pytest.LogCaptureFixture
) -> None:
    await owes_one_that_was_refused(office)
    for seconds, really in ((0, 1), (1, 1), (HOUR, 1), (-3, 1), (0, HOUR)):
        await watch.look()
        office.clock.passes(seconds)
        steady.at += really
    await watch.look()
    assert [record for record in caplog.records if record.name == "bot.clock"] == []


async def test_leases_of_other_machines_are_left_alone_by_one_whose_clock_is_wrong(
    office: Office, watch: ClockWatch, steady: Steady, caplog: pytest.LogCaptureFixture, database_url: str
) -> None:
    await watch.look()
    await owes_one_that_was_refused(office)
    office.clock.passes(-2 * HOUR)
    await watch.look()
    passes(office, steady, LEASE.total_seconds())
    await office.delivery().settled()
    if database_url.startswith("postgres"):
        assert office.platform.words() == []
        assert "differs from the database's" in caplog.messages[-1]
        assert vars(caplog.records[-1])["seconds"] == pytest.approx(HOUR, abs=60)
    else:
        assert office.platform.words() == ["Hello"]


async def test_while_the_database_is_away_the_clock_is_not_forgotten(office: Office, steady: Steady) -> None:
    await office.work(lambda work: work.arrivals.accept("event", work.now, ""))
    watch = ClockWatch(office.database, office.clock, LEASE, steady=steady)
    await watch.look()
    office.clock.passes(-HOUR)
    office.database.close()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await watch.look()


async def test_a_conversation_that_was_quiet_takes_what_is_said_after_the_clock_was_set_right(
    office: Office, watch: ClockWatch, steady: Steady
) -> None:
    await watch.look()
    ann = await office.person("Ann")
    await office.owes(ann, "before")
    await office.delivery().settled()
    office.clock.passes(-HOUR)
    await watch.look()
    await office.owes(ann, "after")
    passes(office, steady, LEASE.total_seconds())
    await office.delivery().settled()
    assert office.platform.words() == ["before", "after"]
