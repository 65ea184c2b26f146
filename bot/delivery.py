"""From the tray to each recipient's own platform: lanes, pace, retries. Holds the one port, `Platform`.

A message is claimed in one transaction, sent without any, and settled in another. What a process that died
held is found again when its lease ends, and counts as uncertain.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from bot.command import registry
from bot.inbound import AccountRef, Address
from bot.text import Reader
from bot.ui import Drawable, load_drawable
from bot.vouching import believe
from bot.work import View, Work, chat_of, reader_of
from storage.database import Database, Transaction, Unavailable
from storage.people import Account
from storage.tray import Owed, Tray

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""How long a process may hold a conversation for one message: three times the longest send."""
SEND_WITHIN = 10.0
TRIES = 25
AT_MOST_ONCE = frozenset({"reminder", "announcement"})
"""Kinds that are worse twice than never: an uncertain one is not sent again but listed."""


class Parcel(msgspec.Struct, frozen=True):
    """One message, drawn and addressed: post it, or redraw `address.message` where that is set."""

    id: int
    attempt: int
    address: Address
    body: Drawable
    reader: Reader


class Sent(msgspec.Struct, frozen=True):
    """Where the message ended up: its id, and its conversation's, as the platform names them ("" where it has none)."""

    message: str = ""
    conversation: str = ""
    service_url: str = ""


class Profile(msgspec.Struct, frozen=True):
    """What a platform says of an account. A guest is someone from another organisation than the tenant's."""

    name: str
    email: str = ""
    zone: str = ""
    language: str = ""
    guest: bool = False
    gone: bool = False


class NotSent(Exception):
    """The platform refused for now and certainly did not send it: try again after `after` seconds at the earliest."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after


class Uncertain(Exception):
    """No answer came (time-out, lost connection): it may have been sent. `str()` is the reason, without any content."""


class Undeliverable(Exception):
    """Trying again cannot help (not installed, blocked, left, archived). `str()` is the platform's own error code."""


class Platform(Protocol):
    """What Signpost needs of a chat platform. Every method may raise NotSent, Uncertain or Undeliverable."""

    name: str
    pace: float
    """Seconds between two messages in one conversation, in the long run."""

    async def send(self, parcel: Parcel) -> Sent:
        """Posts or redraws one message; one bounded request (10 s at most for everything)."""

    async def find_sent(self, parcel: Parcel) -> Sent | None:
        """Looks whether an earlier, uncertain try of this parcel arrived. Where the platform can't be asked: None."""

    async def profile(self, account: AccountRef, chat: Address) -> Profile:
        """What the platform says of this account now; `chat` is its direct chat with us, as far as it is known."""


@dataclass(frozen=True)
class Ready:
    """A message as it goes out now: drawn and addressed; `account` is None for a shared conversation."""

    owed: Owed
    address: Address
    body: Drawable | None
    reader: Reader
    account: Account | None = None


@dataclass(frozen=True)
class Result:
    """What became of one try."""

    state: str
    reason: str = ""
    after: float = 0.0
    sent: Sent | None = None
    profile: Profile | None = None


class Delivery:
    """Takes what is owed and hands it to the recipient's platform, in every process that delivers."""

    def __init__(self, database: Database, now: Callable[[], datetime], platforms: Mapping[str, Platform]) -> None:
        self._database = database
        self._now = now
        self._platforms = platforms
        self._owed = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._stopping = False

    def wake(self) -> None:
        """Something is owed now; the loop looks at once."""
        self._owed.set()

    async def run(self) -> None:
        """Delivers until `stop`, whenever it is woken: by a commit here, or by the tick for what others left."""
        while not self._stopping:
            self._owed.clear()
            try:
                busy = await self.deliver()
            except Unavailable:
                busy = False
            except Exception:
                log.exception("deliveries pause until the next tick")
                busy = False
            if not busy:
                await self._owed.wait()

    async def stop(self) -> None:
        """Claims nothing more; what is being sent is settled before this returns."""
        self._stopping = True
        self.wake()
        await asyncio.gather(*self._sending)

    async def deliver(self) -> bool:
        """Whether there was something to send: the first message of every lane that was due is on its way."""
        now = self._now()
        claimed = await self._database.write(lambda tx: Tray(tx).claim(now, now + LEASE))
        for owed in claimed:
            task = asyncio.create_task(self._one(owed))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return bool(claimed)

    async def settled(self) -> None:
        """Everything that is due now has been delivered, and what came of it too."""
        while await self.deliver() or self._sending:
            await asyncio.gather(*self._sending)

    async def _one(self, owed: Owed) -> None:
        try:
            await self._deliver(owed)
        except Unavailable:
            log.warning("could not settle a message", extra={"outbox": owed.id})  # the lease ends by itself
        self.wake()

    async def _deliver(self, owed: Owed) -> None:
        ready: Ready | None = None
        try:
            ready = await self._database.read(lambda tx: _ready(tx, owed, self._now()))
            result = await self._try(owed, ready)
            await self._database.write(lambda tx: self._settle(tx, owed, ready, result))
        except Unavailable:
            raise
        except Exception:
            log.exception("a message could not be drawn, sent or settled", extra={"outbox": owed.id})
            tried = Result("waiting" if ready is None else "sending", "fault")  # drawn, it may have been sent
            await self._database.write(lambda tx: self._settle(tx, owed, None, tried))

    async def _try(self, owed: Owed, ready: Ready | None) -> Result:
        if ready is None or (ready.body is None and owed.kind != "profile"):
            return Result("sent", "nothing left to show")
        platform = self._platforms.get(ready.address.platform)
        if platform is None:
            return Result("undeliverable", "platform off")
        try:
            async with asyncio.timeout(SEND_WITHIN):
                return await _send(platform, owed, ready)
        except NotSent as refused:
            return Result("waiting", refused.reason, after=refused.after)
        except (Uncertain, TimeoutError) as unknown:
            return Result("uncertain" if owed.kind in AT_MOST_ONCE else "sending", str(unknown) or "timeout")
        except Undeliverable as refused:
            return Result("undeliverable", str(refused))

    def _settle(self, tx: Transaction, owed: Owed, ready: Ready | None, result: Result) -> None:
        work = Work(tx, self._now())
        state, due = result.state, None
        if state in ("waiting", "sending"):
            due = work.now + max(_backoff(owed.attempt), timedelta(seconds=result.after))
            state = _after_a_try(owed, state)
        platform = self._platforms.get(ready.address.platform) if ready else None
        pace = platform.pace if platform and state != "undeliverable" else 0.0
        next_at = max(work.now, owed.next_at or work.now) + timedelta(seconds=pace)
        if not work.tray.settle(owed, state, next_at, due=due, reason=result.reason):
            return
        if ready is not None and result.sent is not None:
            _placed(work, owed, ready, result.sent)
        if ready is not None and ready.account is not None and result.profile is not None:
            told = result.profile
            believe(ready.account, work, name=told.name, zone=told.zone, guest=told.guest, gone=told.gone)
        if state in ("undeliverable", "dead") and owed.otherwise:
            work.timers.add(f"otherwise-{owed.id}", owed.otherwise, work.now)


def _after_a_try(owed: Owed, state: str) -> str:
    """An earlier uncertain try stays uncertain until the message is settled; after the last try it is dead."""
    if owed.attempt >= TRIES:
        return "dead"
    return "sending" if owed.uncertain else state


async def _send(platform: Platform, owed: Owed, ready: Ready) -> Result:
    if owed.kind == "profile" and ready.account is not None:
        known = ready.account
        account = AccountRef(known.platform, known.tenant, known.user)
        return Result("sent", profile=await platform.profile(account, chat_of(known)))
    if ready.body is None:
        return Result("sent", "nothing left to show")
    parcel = Parcel(owed.id, owed.attempt, ready.address, ready.body, ready.reader)
    if owed.uncertain and not ready.address.message:
        found = await platform.find_sent(parcel)
        if found is not None:
            return Result("sent", sent=found)
        if owed.kind in AT_MOST_ONCE:
            return Result("uncertain", "an earlier try may have arrived")
    return Result("sent", sent=await platform.send(parcel))


def _ready(tx: Transaction, owed: Owed, now: datetime) -> Ready | None:
    """The message as it goes out now; None where its person or record is gone."""
    view = View(tx, now)
    if owed.mirror_id is not None:
        return _drawn(view, owed)
    person = view.people.find(owed.person_id) if owed.person_id else None
    reader = reader_of(person) if person else Reader()
    if owed.kind == "profile":
        account = view.people.home(owed.person_id) if owed.person_id else None
        return Ready(owed, chat_of(account), None, reader, account) if account else None
    address = msgspec.json.decode(owed.address, type=Address)
    if address.until is not None and address.until <= now:
        address = msgspec.structs.replace(address, via={}, until=None)
    account = view.people.home(owed.person_id) if owed.person_id and address.user else None
    return Ready(owed, address, load_drawable(owed.body), reader, account)


def _drawn(view: View, owed: Owed) -> Ready | None:
    mirror = view.mirrors.get(owed.mirror_id) if owed.mirror_id else None
    found = view.people.by_account_id(mirror.account_id) if mirror else None
    if mirror is None or found is None:
        return None
    person, account = found
    above = view.mirrors.get(mirror.under_id) if mirror.under_id else None
    chat = chat_of(account)
    address = msgspec.structs.replace(
        chat,
        conversation=mirror.conversation or chat.conversation,
        thread=above.message if above else "",
        message=mirror.message,
    )
    body = registry.drawings[mirror.subject](mirror.subject_id, person, view)
    return Ready(owed, address, body, reader_of(person), account)


def _placed(work: Work, owed: Owed, ready: Ready, sent: Sent) -> None:
    """Where the message ended up is known: its mirror can be redrawn, and the chat found again."""
    if owed.mirror_id is not None and sent.message and not ready.address.message:
        work.mirrors.place(owed.mirror_id, sent.conversation or ready.address.conversation, sent.message)
    account = ready.account
    if account is not None and sent.conversation and sent.conversation != account.chat and not account.chat:
        url = sent.service_url or account.service_url
        work.people.seen(account.id, account.seen_at, chat=sent.conversation, service_url=url)


def _backoff(attempt: int) -> timedelta:
    """Twice as long after each try, from 1 second to 10 minutes, with jitter so that many do not return together."""
    longest = min(600.0, 2.0 ** min(attempt, 10))
    return timedelta(seconds=longest * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
