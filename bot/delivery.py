"""From the tray to each recipient's own platform: lanes, pace, retries. Holds the one port, `Platform`.

A message is claimed in one transaction, sent without any, and settled in another. What a process that died
held is found again when its lease ends, and counts as uncertain. A process that was stopped in between sends
nothing when it goes on: it sends only while enough of its lease is left for one bounded request.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from bot.counting import Delivered, uncounted
from bot.inbound import AccountRef, Address
from bot.outgoing import Outgoing, outgoing, place
from bot.text import Reader
from bot.trail import about
from bot.tries import AT_MOST_ONCE, TRIED_AGAIN, after_a_try, backoff
from bot.ui import Drawable
from bot.undeliverable import Cause, given_up, reason_of
from bot.vouching import Profile, believe, propose
from bot.work import View, Work, chat_of
from storage.database import Database, Transaction, Unavailable
from storage.rates import Limit, Rate
from storage.tray import Owed, Tray

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""How long a process may hold a conversation for one message: three times the longest send."""
SEND_WITHIN = 10.0
SPARE = 2.0
"""Seconds of its lease that a send leaves unused, for clocks of machines that differ a little."""
MOST_AT_ONCE = 64
"""Messages that one process sends at the same time."""
LONGEST_REST = 1.0
"""Seconds after which the loop looks by itself for what others left, whatever it was told."""


class Parcel(msgspec.Struct, frozen=True):
    """One message, drawn and addressed: post it, or redraw `address.message` where that is set."""

    id: int
    attempt: int
    address: Address
    body: Drawable
    reader: Reader
    since: datetime
    """When it was added: an earlier try that arrived came after that."""


class Sent(msgspec.Struct, frozen=True):
    """Where the message ended up: its id, and its conversation's, as the platform names them ("" where it has none)."""

    message: str = ""
    conversation: str = ""
    service_url: str = ""


class NotSent(Exception):
    """The platform refused for now and certainly did not send it: try again after `after` seconds at the earliest.

    With `everywhere` the same holds for all that is under the same wider limit.
    """

    def __init__(self, reason: str, after: float = 0.0, *, everywhere: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.everywhere = everywhere


class Uncertain(Exception):
    """No answer came (time-out, lost connection): it may have been sent. `str()` is the reason, without any content."""


class Undeliverable(Exception):
    """Trying again cannot help, and why. `str()` is the platform's own error code."""

    def __init__(self, code: str, cause: Cause = Cause.REFUSED) -> None:
        super().__init__(code)
        self.cause = cause


class Platform(Protocol):
    """What Signpost needs of a chat platform. Every method may raise NotSent, Uncertain or Undeliverable."""

    name: str
    pace: Rate
    """How fast one conversation takes messages."""
    limits: Mapping[str, Limit]
    """The wider limits of one workspace or tenant, by act (`bot.work.Act`); acts with one name share one limit."""

    async def send(self, parcel: Parcel) -> Sent:
        """Posts or redraws one message; one bounded request (10 s at most for everything)."""

    async def find_sent(self, parcel: Parcel) -> Sent | None:
        """Looks whether an earlier, uncertain try of this parcel arrived. Where the platform can't be asked: None."""

    async def profile(self, account: AccountRef, chat: Address) -> Profile:
        """What the platform says of this account now; `chat` is its direct chat with us, as far as it is known."""


@dataclass(frozen=True)
class Result:
    """What became of one try."""

    state: str
    reason: str = ""
    after: float = 0.0
    everywhere: bool = False
    sent: Sent | None = None
    profile: Profile | None = None


class Delivery:
    """Takes what is owed and hands it to the recipient's platform, in every process that delivers."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        platforms: Mapping[str, Platform],
        counted: Delivered = uncounted,
    ) -> None:
        self._database = database
        self._now = now
        self._platforms = platforms
        self._counted = counted
        self._owed = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._stopping = False

    def wake(self) -> None:
        """Something is owed now; the loop looks at once."""
        self._owed.set()

    async def run(self) -> None:
        """Delivers until `stop`: when it is woken, when the next message is due, and every second for what others left.

        It reads before it claims, so that nothing is written while nothing is due.
        """
        while not self._stopping:
            self._owed.clear()
            try:
                rest = await self._until_due() or (0.0 if await self.deliver() else LONGEST_REST)
            except Unavailable:
                rest = LONGEST_REST
            except Exception:
                log.exception("deliveries pause for a second")
                rest = LONGEST_REST
            if rest:
                await self._rest(rest)
        await asyncio.gather(*self._sending)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._owed.wait()
        except TimeoutError:
            return

    async def _until_due(self) -> float:
        """Seconds until something can be claimed, at most one; what is settled meanwhile wakes the loop."""
        if len(self._sending) >= MOST_AT_ONCE:
            return LONGEST_REST
        due = await self._database.read(lambda tx: Tray(tx).next_due(self.limit_of))
        return min(max((due - self._now()).total_seconds(), 0.0), LONGEST_REST) if due else LONGEST_REST

    async def stop(self) -> None:
        """Claims nothing more; what is being sent is settled before this returns."""
        self._stopping = True
        self.wake()
        await asyncio.gather(*self._sending)

    async def deliver(self) -> bool:
        """Whether there was something to send: the first message of every lane that was due is on its way."""
        room = MOST_AT_ONCE - len(self._sending)
        if room <= 0 or self._stopping:
            return False
        now, ends = self._now(), asyncio.get_running_loop().time() + LEASE.total_seconds() - SPARE
        claimed = await self._database.write(lambda tx: Tray(tx).claim(now, now + LEASE, self.limit_of, room))
        for owed in claimed:
            task = asyncio.create_task(self._one(owed, ends))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return bool(claimed)

    def limit_of(self, bucket: str) -> Limit | None:
        """The wider limit of platform:tenant:act, named so that each tenant has its own."""
        platform, _, rest = bucket.partition(":")
        tenant, _, act = rest.rpartition(":")
        known = self._platforms.get(platform)
        limit = known.limits.get(act) if known else None
        return Limit(f"{platform}:{tenant}:{limit.name}", limit.rate) if limit else None

    async def settled(self) -> None:
        """Everything that is due now has been delivered, and what came of it too."""
        busy = True
        while busy:
            busy = bool(self._sending)  # what is settled while the tray is looked at frees what was behind it
            busy = await self.deliver() or busy
            await asyncio.gather(*self._sending)

    async def _one(self, owed: Owed, ends: float) -> None:
        with about(outbox=owed.id, person=owed.person_id):
            try:
                await self._deliver(owed, ends)
            except Unavailable:
                log.warning("could not settle a message")  # the lease ends by itself
        self.wake()

    async def _deliver(self, owed: Owed, ends: float) -> None:
        ready: Outgoing | None = None
        try:
            ready = await self._database.read(lambda tx: outgoing(View(tx, self._now()), owed))
            result = await self._try(owed, ready, ends)
            await self._database.write(lambda tx: self._settle(tx, owed, ready, result))
            late = (self._now() - owed.created_at).total_seconds()
            self._counted(ready.address.platform if ready else "", after_a_try(owed, result.state), late)
        except Unavailable:
            raise
        except Exception:
            log.exception("a message could not be drawn, sent or settled")
            tried = Result("waiting" if ready is None else "sending", "fault")  # drawn, it may have been sent
            await self._database.write(lambda tx: self._settle(tx, owed, None, tried))

    async def _try(self, owed: Owed, ready: Outgoing | None, ends: float) -> Result:
        """`ends` is when the lease does, by the event loop's clock, which goes on while the process is stopped."""
        if ready is None:
            return Result("sent", "nothing left to show")
        platform = self._platforms.get(ready.address.platform)
        if platform is None:
            return Result("undeliverable", reason_of(Cause.NOT_INSTALLED, "platform_off"))
        try:
            if asyncio.get_running_loop().time() + SEND_WITHIN > ends:
                raise NotSent("too little of its lease was left")
            async with asyncio.timeout(SEND_WITHIN):
                return await _send(platform, owed, ready)
        except NotSent as refused:
            return Result("waiting", refused.reason, after=refused.after, everywhere=refused.everywhere)
        except (Uncertain, TimeoutError) as unknown:
            return Result("uncertain" if owed.kind in AT_MOST_ONCE else "sending", str(unknown) or "timeout")
        except Undeliverable as refused:
            return Result("undeliverable", reason_of(refused.cause, str(refused)))

    def _settle(self, tx: Transaction, owed: Owed, ready: Outgoing | None, result: Result) -> None:
        work = Work(tx, self._now())
        state, due = after_a_try(owed, result.state), work.now
        if state in TRIED_AGAIN:
            due += max(backoff(owed.attempt), timedelta(seconds=result.after))
        if not work.tray.settle(owed, state, self._paced(owed, ready, state, work.now), due=due, reason=result.reason):
            return
        limit = self.limit_of(owed.bucket) if result.everywhere else None
        if limit is not None:
            work.tray.pause(limit, work.now + timedelta(seconds=result.after), work.now)
        if ready is not None:
            _learn(work, ready, result)
        given_up(owed, state, work)

    def _paced(self, owed: Owed, ready: Outgoing | None, state: str, now: datetime) -> datetime:
        """From when on the conversation takes its next message."""
        platform = self._platforms.get(ready.address.platform) if ready else None
        if platform is None or state == "undeliverable":
            return now
        return platform.pace.after(owed.next_at, now)


def _learn(work: Work, ready: Outgoing, result: Result) -> None:
    """What the platform said is remembered: where the message is, and who the account is."""
    if result.sent is not None:
        place(work, ready, result.sent.message, result.sent.conversation, result.sent.service_url)
    if ready.account is not None and result.profile is not None:
        believe(ready.account, work, result.profile)
        propose(ready.account, work, result.profile.language)


async def _send(platform: Platform, owed: Owed, ready: Outgoing) -> Result:
    if owed.kind == "profile" and ready.account is not None:
        known = ready.account
        account = AccountRef(known.platform, known.tenant, known.user)
        return Result("sent", profile=await platform.profile(account, chat_of(known)))
    if ready.body is None:
        return Result("sent", "nothing left to show")
    parcel = Parcel(owed.id, owed.attempt, ready.address, ready.body, ready.reader, owed.created_at)
    if owed.uncertain and not ready.address.message:
        found = await platform.find_sent(parcel)
        if found is not None:
            return Result("sent", sent=found)
        if owed.kind in AT_MOST_ONCE:
            return Result("uncertain", "an earlier try may have arrived")
    return Result("sent", sent=await platform.send(parcel))
