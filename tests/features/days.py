"""What tests of things that happen by themselves have in common: it becomes a day and an hour, and timers have run."""

from datetime import UTC, datetime, timedelta

from tests.town import Town

TUESDAY_NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""When what happens every day first happens."""
FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
NEXT_FRIDAY = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)


async def it_becomes(town: Town, at: datetime) -> None:
    """The clock says so, and all that was due until then has happened."""
    await town.passes(max(at - town.clock(), timedelta(0)))


async def things_happen_by_themselves(town: Town) -> None:
    """What Signpost always does is set, as each of its processes sees to; the first night is over."""
    await town.passes(timedelta(0))
    await it_becomes(town, TUESDAY_NIGHT)
