"""What a command has in its hands: the storage inside one transaction, plus send, show and later.

Everything it asks for is rows in that transaction: returning commits them all, raising leaves nothing.
"""

from datetime import datetime
from functools import cached_property
from typing import Literal

import msgspec

from bot.inbound import Address, Here
from bot.recurrence import next_after
from bot.text import Reader
from bot.ui import Action, Drawable, dump
from bot.view import View
from storage.arrivals import Arrivals
from storage.database import Transaction
from storage.mirrors import Mirror
from storage.people import Account, Person
from storage.timers import Recurrence, Timers
from storage.tray import Message, Tray

__all__ = ["RANKS", "SIGNPOST", "Act", "Subject", "View", "Work", "bucket_of", "chat_of", "lane_of", "reader_of"]

Subject = tuple[str, int]
"""A record that has mirrors: its kind and its number, such as ("question", 118)."""

SIGNPOST = Person(0, "Signpost", "", None, "", False, "en", "Europe/London", "", False, False, False)
"""Signpost itself, on whose behalf timers run that are nobody's."""


def reader_of(person: Person) -> Reader:
    """How this person reads: their language and time zone. English until they or their platform said another."""
    return Reader(person.language or "en", person.zone)


def chat_of(account: Account) -> Address:
    """The direct chat with Signpost of this account."""
    return Address(
        account.platform,
        account.tenant,
        user=account.user,
        conversation=account.chat,
        service_url=account.service_url,
    )


def lane_of(address: Address) -> str:
    """The lane that keeps this conversation in order: a person's direct chat, or a shared conversation."""
    return f"{address.platform}:{address.installation}:{address.user or address.conversation}"


Act = Literal["post", "aside", "redraw", "respond", "ask"]
"""What a message asks of its platform: a new message, one that a single person sees, another look for one that is
there, the answer to something just done (which has limits of its own), or who an account is."""

RANKS = {"reminder": 1, "announcement": 2, "bulletin": 2, "introduction": 2}
"""What goes after what people wait for; in its conversation too."""


def bucket_of(address: Address, act: Act | None = None) -> str:
    """The name of the wider limit that a message to this address is under: platform:tenant:act."""
    if act is None:
        act = "post"
        if address.until is not None:
            act = "respond"
        elif address.message:
            act = "redraw"
        elif address.only_for:
            act = "aside"
    return f"{address.platform}:{address.installation}:{act}"


class Work(View):
    """A view that may also change things and tell people, all in one transaction."""

    def __init__(self, tx: Transaction, now: datetime, here: Here | None = None) -> None:
        super().__init__(tx, now, here)
        self.owes = False
        self.became: Person | None = None
        """Who speaks, where the command changed how they read: the reply to it is drawn for them as they are now."""

    @cached_property
    def arrivals(self) -> Arrivals:
        return Arrivals(self.tx)

    @cached_property
    def tray(self) -> Tray:
        return Tray(self.tx)

    @cached_property
    def timers(self) -> Timers:
        return Timers(self.tx)

    def send(self, person: int, body: Drawable, *, kind: str = "notice", otherwise: Action | None = None) -> bool:
        """The person gets this in their direct chat, on the platform they were last seen on.

        `otherwise` runs where it cannot be delivered. False where they have no account left.
        """
        account = self.people.home(person)
        if account is None:
            return False
        self.post(chat_of(account), body, kind=kind, person=person, otherwise=otherwise)
        return True

    def post(
        self, to: Address, body: Drawable, *, kind: str, person: int | None = None, otherwise: Action | None = None
    ) -> None:
        """The message is owed to this address, behind what is owed there already.

        What goes to the person's own direct chat has one lane, however the address names that chat.
        """
        self.owes = True
        spoken_in = self.account if self.here is not None and self.here.kind == "direct" else None
        own = spoken_in is not None and spoken_in.person_id == person
        lane = lane_of(chat_of(spoken_in) if own and spoken_in is not None else to)
        packed = otherwise.pack() if otherwise else ""
        address = msgspec.json.encode(to).decode()
        rank, bucket = RANKS.get(kind, 0), bucket_of(to)
        message = Message(kind, person, None, address, dump(body), packed, rank, bucket)
        self.tray.add(lane, message, self.now)

    def show(
        self, person: int, subject: Subject, *, under: Subject | None = None, otherwise: Action | None = None
    ) -> None:
        """The person has a mirror of the record in their direct chat, in the thread of their mirror of `under`.

        One that they have stays as it is; one that never arrived is tried again.
        """
        above = self.mirrors.of(under, person) if under else None
        found = self.people.by_account_id(above.account_id) if above else None
        account = found[1] if found else self.people.home(person)
        if account is None:
            return
        added = self.mirrors.add(subject, person, account.id, self.now, under=above.id if above else None)
        theirs = added or self._unsent(subject, person)
        if theirs is not None:
            self._draw(theirs, account, person, otherwise, act="post")

    def _unsent(self, subject: Subject, person: int) -> int | None:
        mirror = self.mirrors.of(subject, person)
        return mirror.id if mirror is not None and not mirror.message else None

    def spread(self, subject: Subject, community: int, after: int, *, viewer: Person) -> int | None:
        """The next 500 members after this one whom the viewer may reach have a mirror; the last one's number."""
        self.owes = True
        return self.spreading.tell(subject, community, after, self.now, viewer=viewer)

    def spread_to_all(self, subject: Subject, community: int, after: int, *, but: int = 0) -> int | None:
        """As `spread`, for what Signpost itself says of a community: every member, but the one who did it."""
        self.owes = True
        return self.spreading.tell_all(subject, community, after, self.now, but=but)

    def spread_news(self, subject: Subject, community: int, after: int) -> int | None:
        """The next 500 members after this one who have not muted the community have a mirror; the last one's number."""
        self.owes = True
        return self.spreading.tell_members(subject, community, after, self.now)

    def redraw_part(self, subject: Subject, after: int) -> int | None:
        """The next 500 mirrors of the record show it as it is now, after everything people wait for; as `spread`."""
        self.owes = True
        return self.spreading.redraw(subject, after, self.now)

    def redraw(self, subject: Subject) -> None:
        """Every mirror of the record shows it as it is now."""
        for mirror in self.mirrors.all(subject):
            self.redraw_one(mirror)

    def redraw_one(self, mirror: Mirror) -> None:
        """This mirror shows its record as it is now."""
        found = self.people.by_account_id(mirror.account_id)
        if found is not None:
            self._draw(mirror.id, found[1], mirror.person_id, None, act="redraw" if mirror.message else "post")

    def _draw(self, mirror: int, account: Account, person: int, otherwise: Action | None, *, act: Act) -> None:
        self.owes = True
        packed, chat = otherwise.pack() if otherwise else "", chat_of(account)
        message = Message("mirror", person, mirror, otherwise=packed, bucket=bucket_of(chat, act))
        self.tray.add(lane_of(chat), message, self.now)

    def later(self, command: Action, at: datetime, *, key: str, person: int | None = None) -> bool:
        """The command runs at this instant, once, on that person's behalf; a second one with this key is not set.

        Once it has run, or was cancelled, the key is free: the command itself may set it again while it runs.
        Whether it was set now.
        """
        return self.timers.add(key, command.pack(), at, person=person)

    def every(self, command: Action, rule: str, local: str, zone: str, *, key: str, person: int | None = None) -> None:
        """The command runs again and again, each time as in `later`: from `local` (2026-12-03T14:00) on, by this rule.

        It goes on until `cancel`, the end of the rule, or a refusal by the command. What was missed runs once, late.
        A rule that makes no sense, or that names no time in the next ten years, is a ValueError.
        """
        due = next_after(rule, local, zone, self.now)
        if due is None:
            raise ValueError("This rule names no time in the next ten years. Choose an earlier one, or a later end.")
        self.timers.add(key, command.pack(), due, person=person, recurs=Recurrence(rule, local, zone))

    def cancel(self, key: str) -> bool:
        """Whether something under this key was still to run; now it does not."""
        return self.timers.cancel(key)

    def record(self, me: Person | None, verb: str, subject: str) -> None:
        """The audit says who did what to what; never what was said."""
        self.arrivals.audit(me.id if me else None, verb, subject, self.now)
