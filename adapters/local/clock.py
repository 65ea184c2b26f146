"""A clock that can be moved: time goes on by itself, and jumps when somebody moves it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def real_time() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class MovableClock:
    """Call it for the time, aware and in UTC. It runs at the speed of `base`, from wherever it was moved to."""

    def __init__(self, base: Callable[[], datetime] = real_time) -> None:
        self._base = base
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return self._base() + self._ahead

    def move_to(self, moment: datetime) -> None:
        """It is `moment` now, which must be aware."""
        self._ahead = moment.astimezone(UTC) - self._base()

    def move_by(self, length: timedelta) -> None:
        """It is so much later now."""
        self._ahead += length


def tomorrow_at(hour: int, now: datetime, zone: str = "Europe/London") -> datetime:
    """That hour on the wall clock of the next day in that zone."""
    there = now.astimezone(ZoneInfo(zone)) + timedelta(days=1)
    return there.replace(hour=hour, minute=0, second=0, microsecond=0)
