"""Pure: how many may go now under a steady rate, and from when on the next.

The generic cell rate algorithm (ITU-T I.371) with one instant as its whole state, so that processes on any number of
machines share it as one column: `next_at`, from when on the next may go. In any stretch of time no more than
`burst + stretch / every` go.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

AHEAD = timedelta(minutes=6)
"""An instant further ahead than this was written by a clock that has since been set back: it holds nobody up."""
LONGEST_PAUSE = timedelta(minutes=5)
"""How long a platform's "try again later" holds up all that is under one limit; the message itself waits longer."""


class Rate(NamedTuple):
    """One each `every` in the long run; after a rest up to `burst` at once."""

    every: timedelta
    burst: int = 1

    def room(self, next_at: datetime | None, now: datetime) -> int:
        """How many may go now."""
        start = self._start(next_at, now)
        return 0 if start > now else 1 + int((now - start) / self.every)

    def after(self, next_at: datetime | None, now: datetime, count: int = 1) -> datetime:
        """From when on the next may go, once so many have gone now."""
        return self._start(next_at, now) + self.every * count

    def _start(self, next_at: datetime | None, now: datetime) -> datetime:
        """What was not used is kept for one burst and no longer."""
        rested = now - self.every * (self.burst - 1)
        return rested if next_at is None or next_at > now + AHEAD else max(next_at, rested)


class Limit(NamedTuple):
    """A rate that everything under one name shares, within one workspace or tenant."""

    name: str
    rate: Rate
