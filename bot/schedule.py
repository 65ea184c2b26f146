"""APScheduler ticks, in every process: fire due timers, look for what is owed, forget what is old. Nothing else.

The tick decides nothing: a timer is taken in the transaction that runs it, so however many processes tick, it fires
once. That is why the scheduler keeps its jobs in memory and needs no leader.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.command import Command, from_timer
from bot.errors import Refusal, Unavailable
from bot.work import SIGNPOST, Work
from storage.database import Database, Transaction
from storage.timers import Timer

log = logging.getLogger(__name__)

LATER = timedelta(minutes=5)
SETTLED_KEPT = timedelta(days=30)
DRAFTS_KEPT = timedelta(days=7)


class Schedule:
    """Runs timers when they are due by the clock `now`; `owed` is called when something may wait to be sent."""

    def __init__(self, database: Database, now: Callable[[], datetime], owed: Callable[[], None]) -> None:
        self._database = database
        self._now = now
        self._owed = owed
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Ticks every second and cleans every ten minutes, until `stop`."""
        once = {"max_instances": 1, "coalesce": True}
        self._scheduler.add_job(self.tick, "interval", seconds=1, **once)
        self._scheduler.add_job(self.forget, "interval", minutes=10, **once)
        self._scheduler.start()

    def stop(self) -> None:
        """Ticks no more."""
        self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Every timer that is due has run, or waits five minutes more after a fault of ours; deliveries are woken."""
        try:
            if await self._database.read(self._due):
                while await self.fire():
                    continue
        except Unavailable:
            log.warning("the database is away; timers wait")
        self._owed()

    async def fire(self) -> bool:
        """Whether a timer was due: it has run, in the same transaction that says so."""
        taken: list[Timer] = []
        try:
            return await self._database.write(lambda tx: self._run(tx, taken))
        except Unavailable:
            raise
        except Refusal:
            await self._database.write(lambda tx: Work(tx, self._now()).timers.fired(taken[-1]))
        except Exception:
            log.exception("a timer failed", extra={"timer": taken[-1].id if taken else None})
            if not taken:
                raise
            await self._database.write(lambda tx: Work(tx, self._now()).timers.postpone(taken[-1], self._now() + LATER))
        return True

    async def forget(self) -> None:
        """Replies, keys and settled messages past their time are gone."""

        def write(tx: Transaction) -> None:
            work = Work(tx, self._now())
            work.arrivals.forget(work.now)
            work.tray.forget(work.now - SETTLED_KEPT)
            work.timers.forget(work.now - SETTLED_KEPT)
            work.answers.forget_drafts(work.now - DRAFTS_KEPT)
            work.questions.forget_drafts(work.now - DRAFTS_KEPT)

        try:
            await self._database.write(write)
        except Unavailable:
            log.warning("the database is away; what is old waits")

    def _due(self, tx: Transaction) -> bool:
        due = Work(tx, self._now()).timers.next_due()
        return due is not None and due <= self._now()

    def _run(self, tx: Transaction, taken: list[Timer]) -> bool:
        work = Work(tx, self._now())
        timer = work.timers.take(work.now)
        if timer is None:
            return False
        taken.append(timer)
        me = work.people.find(timer.person_id) if timer.person_id else SIGNPOST
        command = from_timer(timer.command)
        if me is not None and isinstance(command, Command):
            command.run(me, work)
        work.timers.fired(timer)
        return True
