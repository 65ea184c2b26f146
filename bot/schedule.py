"""APScheduler ticks, in every process: fire due timers, forget what is old. Nothing else.

The tick decides nothing: a timer is taken in the transaction that runs it, so however many processes tick, it fires
once. That is why the scheduler keeps its jobs in memory and needs no leader.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.command import Command, Considered, Standing, Verb, from_timer
from bot.errors import Refusal, Stale, Unavailable
from bot.recurrence import next_after
from bot.trail import about, note
from bot.work import SIGNPOST, View, Work
from storage.database import Database, Transaction
from storage.people import Person
from storage.retention import Retention
from storage.timers import Timer

log = logging.getLogger(__name__)

AFTER_FAULT = timedelta(minutes=5)
SOON = timedelta(minutes=1)
LONGEST = timedelta(days=1)
"""How long a timer waits that failed: this, then twice as long each time, a day at most."""
DOUBLINGS = 11
FAILED_KNOWN = 10_000
"""Of how many timers that failed a process counts the tries, before it counts anew."""
SETTLED_KEPT = timedelta(days=30)
DRAFTS_KEPT = timedelta(days=7)
ONCE: dict[str, Any] = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
"""A process that was stopped for a while ticks once and goes on, however many ticks it missed."""


class NotKnown(Exception):
    """The timer holds a command that this version does not know, as while another is rolled out."""


class NotConsidered(Exception):
    """The timer that was taken holds a command that must search first, outside this transaction."""


class Schedule:
    """Runs timers when they are due by the clock `now`; `owed` is called when one may have left something to send.

    `watch` is awaited at each tick, before the timers: what a process looks at once a second. What is `standing` is
    set at the first one, by its key.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        owed: Callable[[], None],
        watch: Callable[[], Awaitable[None]] | None = None,
        *,
        standing: Mapping[str, Standing] | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self._owed = owed
        self._watch = watch
        self._tries: dict[int, int] = {}
        self._met_away = 0
        self._standing = standing or {}
        self._stands = False
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Ticks every second and cleans every ten minutes, until `stop`."""
        self._scheduler.add_job(self.tick, "interval", seconds=1, **ONCE)
        self._scheduler.add_job(self.forget, "interval", minutes=10, **ONCE)
        self._scheduler.start()

    def stop(self) -> None:
        """Ticks no more."""
        self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Every timer that is due has run, or failed and waits; after each one deliveries are woken."""
        try:
            if self._watch is not None:
                await self._watch()
            if self._standing and not self._stands:
                await self._database.write(self._set_standing)
                self._stands = True
            if await self._database.read(self._due):
                while await self.fire():
                    self._owed()
        except Unavailable:
            log.warning("the database is away; timers wait")

    async def fire(self) -> bool:
        """Whether a timer was due: it has run, in the transaction that also says when it runs next.

        One whose command refuses is over. One that met a fault is tried again later and later, by this version or
        another. Either way nothing of what it did is kept.
        """
        taken: list[Timer] = []
        with about():
            try:
                return await self._considered(taken)
            except Refusal:
                log.warning("a timer is over, since its command refused")
                await self._database.write(lambda tx: Work(tx, self._now()).timers.fired(taken[-1]))
            except NotKnown:
                log.warning("a timer waits for a version that knows its command")
                await self._put_off(taken[-1], SOON)
            except Unavailable:
                if not taken or not self._is_to_blame(taken[-1]):
                    raise
                await self._put_off(taken[-1], SOON)
                log.warning("a timer asked too much of the database")
            except Exception:
                log.exception("a timer failed")
                if not taken:
                    raise
                await self._put_off(taken[-1], AFTER_FAULT)
        return True

    async def _considered(self, taken: list[Timer]) -> bool:
        """As `fire`. What a command must search for first is found without holding a transaction that writes."""
        seen: dict[int, Any] = {}
        while True:
            try:
                return await self._database.write(lambda tx: self._run(tx, taken, seen))
            except NotConsidered:
                timer = taken[-1]
                seen[timer.id] = await self._database.read(lambda tx, timer=timer: self._look(tx, timer))  # type: ignore[misc] # it is called here and now

    def _look(self, tx: Transaction, timer: Timer) -> Any:
        view, command = View(tx, self._now()), known(timer)
        me = _on_behalf_of(timer, view)
        return command.look(me, view) if isinstance(command, Considered) and me is not None else None

    def _is_to_blame(self, timer: Timer) -> bool:
        """Whether the database was away for this timer the last time too: then the others go first."""
        before, self._met_away = self._met_away, timer.id
        return before == timer.id

    async def _put_off(self, timer: Timer, first: timedelta) -> None:
        if len(self._tries) >= FAILED_KNOWN:
            self._tries.clear()
        tries = self._tries.get(timer.id, 0) if timer.state == "failing" else 0
        self._tries[timer.id] = min(tries + 1, DOUBLINGS)
        wait = min(first * 2**tries, LONGEST)
        await self._database.write(lambda tx: Work(tx, self._now()).timers.postpone(timer, self._now() + wait))

    async def forget(self) -> None:
        """Replies, keys and settled messages past their time are gone."""

        def write(tx: Transaction) -> None:
            work = Work(tx, self._now())
            work.arrivals.forget(work.now)
            work.tray.forget(work.now - SETTLED_KEPT)
            work.timers.forget(work.now - SETTLED_KEPT)
            work.answers.forget_drafts(work.now - DRAFTS_KEPT)
            Retention(work.tx).drop_drafts(work.now - DRAFTS_KEPT)
            work.announcements.forget_drafts(work.now - DRAFTS_KEPT)

        try:
            await self._database.write(write)
        except Unavailable:
            log.warning("the database is away; what is old waits")

    def _set_standing(self, tx: Transaction) -> None:
        """What always runs is set, once however many processes do this: each has its key."""
        work = Work(tx, self._now())
        for key, (command, rule, local, zone) in self._standing.items():
            work.every(command, rule, local, zone, key=key)

    def _due(self, tx: Transaction) -> bool:
        due = Work(tx, self._now()).timers.next_due()
        return due is not None and due <= self._now()

    def _run(self, tx: Transaction, taken: list[Timer], seen: dict[int, Any]) -> bool:
        """The timer is settled before its command runs, which so has the last word on its own key."""
        taken.clear()
        work = Work(tx, self._now())
        timer = work.timers.take(work.now)
        if timer is None:
            return False
        taken.append(timer)
        note(timer=timer.id)
        command = known(timer)
        if isinstance(command, Considered) and timer.id not in seen:
            raise NotConsidered
        following = next_after(timer.rule, timer.local, timer.zone, work.now) if timer.rule else None
        if following is None:
            work.timers.fired(timer)
        else:
            work.timers.again(timer, following)
        me = _on_behalf_of(timer, work)
        if me is not None and isinstance(command, Command):
            command.run(me, work)
        elif me is not None and isinstance(command, Considered):
            command.run(me, work, seen[timer.id])
        return True


def _on_behalf_of(timer: Timer, view: View) -> Person | None:
    """Whose command it is, None where they left; Signpost itself where it is nobody's."""
    return view.people.find(timer.person_id) if timer.person_id else SIGNPOST


def known(timer: Timer) -> Verb:
    """The timer's command, or NotKnown."""
    try:
        return from_timer(timer.command)
    except Stale as unknown:
        raise NotKnown from unknown
