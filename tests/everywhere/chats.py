"""Two chat platforms that keep what arrived, as real ones do, and what requests to them may meet."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from bot.delivery import NotSent, Parcel, Sent, Uncertain, Undeliverable
from bot.inbound import AccountRef, Address
from bot.text import say
from bot.vouching import Profile
from storage.rates import Limit, Rate

PACE = Rate(timedelta(seconds=1), burst=3)
LIMITS = {
    "post": Limit("posts", Rate(timedelta(seconds=1), burst=6)),
    "redraw": Limit("redraws", Rate(timedelta(seconds=2), burst=4)),
}


class Fate(Enum):
    """What one request to a platform meets."""

    TAKEN = "it arrives, and so does the answer"
    REFUSED = "500: certainly not taken"
    PAUSED = "429 with Retry-After, for everything under the same limit"
    BLOCKED = "it can never be delivered"
    LOST = "it arrives and its answer is lost"
    MISSING = "it is lost on its way"
    CRASH_BEFORE = "the process dies before it leaves"
    CRASH_AFTER = "the process dies between its arrival and its answer"
    HELD_BEFORE = "it takes long to arrive"
    HELD_AFTER = "its answer takes long"


class Holder(Protocol):
    """What a platform's line needs of the process that uses it."""

    troubled: bool

    def must_live(self) -> None: ...

    def crashes(self) -> None: ...

    async def held(self) -> None: ...


@dataclass
class Arrived:
    """One request that a platform took: a new message, or another look for one that is there."""

    outbox: int
    message: str
    conversation: str
    words: str
    redraw: bool
    at: datetime
    process: Holder
    excused: bool = False
    """Whether nobody of ours can know that it arrived, unless they ask."""


class Chat:
    """One platform. In direct chats it can be asked what arrived, where `answers` says so; in channels never."""

    def __init__(self, name: str, now: Callable[[], datetime], *, answers: bool) -> None:
        self.name, self.now, self.answers = name, now, answers
        self.arrived: list[Arrived] = []
        self.under_way: set[str] = set()
        self.overlaps: list[str] = []
        """Conversations in which two requests were under way at once."""
        self.blocked: set[int] = set()
        """Messages that it said can never be delivered."""
        self.fates: list[Fate] = []
        """What the next requests meet; all others are taken."""

    def meets(self) -> Fate:
        """What the request that comes now meets."""
        return self.fates.pop(0) if self.fates else Fate.TAKEN

    @contextmanager
    def one_at_a_time(self, address: Address) -> Iterator[None]:
        """A request to this conversation is under way; a second one meanwhile is noted."""
        conversation = conversation_of(address)
        if conversation in self.under_way:
            self.overlaps.append(conversation)
        self.under_way.add(conversation)
        try:
            yield
        finally:
            self.under_way.discard(conversation)

    def take(self, parcel: Parcel, process: Holder) -> Arrived:
        """The message is in the conversation; the new look of one that is there is in its place."""
        conversation = conversation_of(parcel.address)
        message = parcel.address.message
        if message and message not in self.shown():
            raise LookupError("What is redrawn is not there.")
        words = say(parcel.body.title, parcel.reader)
        new = f"m{len(self.arrived) + 1}"
        arrived = Arrived(parcel.id, message or new, conversation, words, bool(message), self.now(), process)
        self.arrived.append(arrived)
        return arrived

    def find(self, parcel: Parcel) -> Sent | None:
        """The message that an earlier try of this parcel left."""
        address = parcel.address
        if not self.answers or not address.user:
            return None
        for one in self.arrived:
            if one.outbox == parcel.id and not one.redraw and one.conversation == address.user:
                return Sent(one.message, f"D{address.user}")
        return None

    def shown(self) -> dict[str, str]:
        """What every message says now."""
        return {one.message: one.words for one in self.arrived}


def conversation_of(address: Address) -> str:
    """Its name: a direct chat has its user's, which is known before the chat's own."""
    return address.user or address.conversation


class Line:
    """One process's line to a platform."""

    pace = PACE
    limits: Mapping[str, Limit] = LIMITS

    def __init__(self, chat: Chat, process: Holder) -> None:
        self.name = chat.name
        self._chat, self._process = chat, process

    async def send(self, parcel: Parcel) -> Sent:
        with self._chat.one_at_a_time(parcel.address):
            fate = await self._leaves(parcel.id)
            arrived = self._chat.take(parcel, self._process)
            arrived.excused = fate is Fate.LOST
            await self._answers(fate)
        return Sent(arrived.message, f"D{arrived.conversation}")

    async def find_sent(self, parcel: Parcel) -> Sent | None:
        with self._chat.one_at_a_time(parcel.address):
            fate = await self._leaves(parcel.id)
            found = self._chat.find(parcel)
            await self._answers(fate)
        return found

    async def profile(self, account: AccountRef, chat: Address) -> Profile:
        await self._answers(await self._leaves(0))
        return Profile(account.user)

    async def _leaves(self, outbox: int) -> Fate:
        self._process.must_live()
        fate = self._chat.meets()
        if fate is Fate.CRASH_BEFORE:
            self._process.crashes()
        elif fate is Fate.HELD_BEFORE:
            await self._process.held()
        elif fate is Fate.REFUSED:
            raise NotSent("server_error")
        elif fate is Fate.PAUSED:
            raise NotSent("ratelimited", after=40, everywhere=True)
        elif fate is Fate.MISSING:
            raise Uncertain("timeout")
        elif fate is Fate.BLOCKED:
            self._chat.blocked.add(outbox)
            raise Undeliverable("user_not_found")
        return fate

    async def _answers(self, fate: Fate) -> None:
        if fate is Fate.LOST:
            raise Uncertain("timeout")
        if fate is Fate.CRASH_AFTER:
            self._process.crashes()
        elif fate is Fate.HELD_AFTER:
            await self._process.held()


def within(rate: Rate, instants: list[datetime]) -> bool:
    """Whether no stretch of time holds more of these instants than the rate allows, counted one by one."""
    return all(
        later - earlier >= rate.every * (between - rate.burst + 1)
        for at, earlier in enumerate(instants)
        for between, later in enumerate(instants[at:])
    )
