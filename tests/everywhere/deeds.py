"""Commands that leave a trace of each time they took effect, and what each of them promises to send."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import bindparam, func, select

from bot.command import Command, May, Query, registry
from bot.errors import Refusal
from bot.inbound import AccountRef, Address, Here, Inbound
from bot.text import t
from bot.ui import Audience, Card, Reply
from bot.work import View, Work
from storage import tables
from storage.people import Person
from storage.statements import statement
from storage.tables import columns
from tests.bot.commands import throwaway

Deed = Literal["notice", "reminder", "announcement", "set", "repeat", "alter", "refuse", "look"]
DEEDS: tuple[Deed, ...] = ("notice", "reminder", "announcement", "set", "repeat", "alter", "refuse", "look")
DAYS = 2
"""How often what is repeated is done, once a day."""
Shown = Literal["response", "chat", "channel"]
SHOWN: tuple[Shown, ...] = ("response", "chat", "channel")
"""Where the answer to a command is seen: in the platform's own response, or as a message of ours."""
WHERE = {"Ann": ("slack", "T1"), "Tess": ("teams", "T2"), "Newt": ("slack", "T1"), "Nell": ("teams", "T2")}
"""Who speaks, and on which platform; Newt and Nell are not known before they do."""
THING = "altered"
"""A kind of record with a mirror for each of those who are told."""

d = columns(tables.Audit)
_TIMES = statement(select(func.count()).where(d.verb == bindparam("verb"), d.subject == bindparam("subject")))


@dataclass(frozen=True)
class Given:
    """A command as somebody gave it: `number` is in the words of everything it sends."""

    number: int
    who: str
    deed: Deed
    to: int
    shown: Shown
    wait: int = 0
    thing: int = 1

    def promises(self) -> dict[str, str]:
        """The words of every message that it owes once it took effect, and their kinds; a timer's come later."""
        owed = {} if self.shown == "response" else {f"{self.number} {self.answer}": "reply"}
        if self.deed in ("notice", "reminder", "announcement"):
            owed[f"{self.number} handed"] = self.deed
        return owed

    @property
    def aloud(self) -> bool:
        return self.shown == "channel"

    @property
    def answer(self) -> str:
        return {"refuse": "refused", "look": "seen"}.get(self.deed, "done")

    @property
    def leaves_a_trace(self) -> bool:
        return self.deed not in ("refuse", "look")

    def payload(self) -> str:
        """As a button carries it."""
        carried: dict[str, dict[str, str | int]] = {
            "set": {"to": self.to, "wait": self.wait},
            "repeat": {"wait": self.wait},
            "alter": {"thing": self.thing},
            "refuse": {},
            "look": {},
        }
        more = carried.get(self.deed, {"to": self.to, "kind": self.deed})
        name = self.deed if self.deed not in ("notice", "reminder", "announcement") else "hand"
        return registry.verbs[f"{name}-it"].partly(number=self.number, aloud=self.aloud, **more).pack()

    def inbound(self) -> Inbound:
        """As its platform delivers it, each time with the same key."""
        platform, tenant = WHERE.get(self.who, ("slack", "T1"))
        user = f"U{self.who}"
        chat = Address(platform, tenant, user=user)
        channel = Address(platform, tenant, conversation="C1")
        here = Here(platform, tenant, "channel", "C1") if self.aloud else Here(platform, tenant, "direct", f"D{user}")
        return Inbound(
            key=f"event {self.number}",
            account=AccountRef(platform, tenant, user),
            here=here,
            private=chat,
            public=channel,
            payload=self.payload(),
            name=self.who,
            body_shows=frozenset(Audience) if self.shown == "response" else frozenset(),
            opens_forms=self.shown == "response",
        )


def times(verb: str, subject: object, view: View) -> int:
    """How often this took effect."""
    found: int = view.tx.value(_TIMES, verb=verb, subject=str(subject))
    return found


@contextmanager
def deeds(told: list[int]) -> Iterator[None]:
    """While it lasts, these commands can be given; `told` have a mirror of each record that one of them alters."""
    with throwaway():
        _define_what_tells()
        _define_what_rings()
        _define_what_repeats()
        _define_what_alters(told)
        _define_what_changes_nothing()
        registry.drawings[THING] = _draw
        yield
        del registry.drawings[THING]


def _draw(number: int, person: Person, view: View) -> Card | None:
    return Card(t(f"altered {times('altered', number, view)}"))


def _answer(number: int, word: str, *, aloud: bool) -> Reply:
    return Reply(Card(t(f"{number} {word}")), Audience.EVERYONE if aloud else Audience.ME)


def _define_what_tells() -> None:
    class AnotherWay(Command, may=May.SYSTEM):
        number: int

        def run(self, me: Person, work: Work) -> Reply:
            work.record(None, "another way", str(self.number))
            return _answer(self.number, "another way", aloud=False)

    class HandIt(Command):
        number: int
        to: int
        kind: str
        aloud: bool = False

        def run(self, me: Person, work: Work) -> Reply:
            work.record(me, "did", str(self.number))
            card = Card(t(f"{self.number} handed"))
            assert work.send(self.to, card, kind=self.kind, otherwise=AnotherWay(self.number))
            return _answer(self.number, "done", aloud=self.aloud)


def _define_what_rings() -> None:
    class RingIt(Command, may=May.SYSTEM):
        number: int
        to: int

        def run(self, me: Person, work: Work) -> Reply:
            work.record(None, "rang", str(self.number))
            assert work.send(self.to, Card(t(f"{self.number} rings")), kind="reminder")
            return _answer(self.number, "rang", aloud=False)

    class SetIt(Command):
        number: int
        to: int
        wait: int
        aloud: bool = False

        def run(self, me: Person, work: Work) -> Reply:
            work.record(me, "did", str(self.number))
            at = work.now + timedelta(seconds=self.wait)
            work.later(RingIt(self.number, self.to), at, key=f"ring {self.number}")
            return _answer(self.number, "done", aloud=self.aloud)


def _define_what_repeats() -> None:
    class TollIt(Command, may=May.SYSTEM):
        number: int

        def run(self, me: Person, work: Work) -> Reply:
            work.record(None, "tolled", f"{self.number} {work.now:%d %B}")
            return _answer(self.number, "tolled", aloud=False)

    class RepeatIt(Command):
        number: int
        wait: int
        aloud: bool = False

        def run(self, me: Person, work: Work) -> Reply:
            work.record(me, "did", str(self.number))
            local = f"{work.now + timedelta(seconds=60 + self.wait):%Y-%m-%dT%H:%M}"
            key = f"toll {self.number}"
            work.every(TollIt(self.number), f"FREQ=DAILY;COUNT={DAYS}", local, "UTC", key=key)
            return _answer(self.number, "done", aloud=self.aloud)


def _define_what_alters(told: list[int]) -> None:
    class AlterIt(Command):
        number: int
        thing: int
        aloud: bool = False

        def run(self, me: Person, work: Work) -> Reply:
            work.record(me, "did", str(self.number))
            work.record(me, "altered", str(self.thing))
            for person in told:
                work.show(person, (THING, self.thing))
            work.redraw((THING, self.thing))
            return _answer(self.number, "done", aloud=self.aloud)


def _define_what_changes_nothing() -> None:
    class RefuseIt(Command):
        number: int
        aloud: bool = False

        def run(self, me: Person, work: Work) -> Reply:
            work.record(me, "did", str(self.number))
            work.send(me.id, Card(t("never")))
            raise Refusal(t(f"{self.number} refused"))

    class LookIt(Query):
        number: int
        aloud: bool = False

        def run(self, me: Person, view: View) -> Reply:
            return _answer(self.number, "seen", aloud=self.aloud)
