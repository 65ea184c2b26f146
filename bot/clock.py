"""Notices that the wall clock went back, and sees to it that nothing waits for the time to come round again.

Lanes hold instants of the clock that was wrong: without this, what was due then would wait as long as it went back.
Timers keep theirs: a reminder for 9am is for 9am by whatever clock is right now.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from storage.database import Database
from storage.gauges import Gauges
from storage.tray import Tray

log = logging.getLogger(__name__)

MOST_SECONDS = 5.0
"""How far a clock may be off before it is an error; a machine that asks a time server is off by far less."""


class Moment(NamedTuple):
    """The same instant by the wall clock, and by one that nobody can set, in seconds."""

    wall: datetime
    steady: float


class ClockWatch:
    """`look` once a second. `lease` is for how long another may hold a lane; `steady` counts seconds, never back."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        lease: timedelta,
        *,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._now = now
        self._lease = lease
        self._steady = steady
        self._before: Moment | None = None

    async def look(self) -> None:
        """Where the clock went back by over 5 s since the last look, lanes that would wait for it wait for a lease.

        At the first look it counts from what was last acknowledged, before this process began. Raises Unavailable;
        then the next look sees the same again.
        """
        moment = Moment(self._now(), self._steady())
        seconds = await self._lost(moment)
        if seconds > MOST_SECONDS:
            log.error("the clock went back", extra={"seconds": round(seconds, 1)})
            await self._bring_forward(moment.wall)
        self._before = moment

    async def _lost(self, moment: Moment) -> float:
        """How many seconds the wall clock lost since the last look, where that brought it behind what it said then.

        One that was merely slow, or that a test holds still, is behind nothing that was written.
        """
        if self._before is not None:
            gained = (moment.wall - self._before.wall).total_seconds()
            return moment.steady - self._before.steady - gained if gained < 0 else 0.0
        newest = await self._database.read(lambda tx: Gauges(tx).newest())
        return (newest - moment.wall).total_seconds() if newest else 0.0

    async def _bring_forward(self, now: datetime) -> None:
        """Not where the database has another clock than ours: ours is wrong then, and leases of others are right."""
        theirs = await self._database.clock()
        ahead = (theirs - now).total_seconds() if theirs else 0.0
        if abs(ahead) > MOST_SECONDS:
            log.error("this machine's clock differs from the database's", extra={"seconds": round(ahead, 1)})
            return
        await self._database.write(lambda tx: Tray(tx).clock_went_back(now, self._lease))
