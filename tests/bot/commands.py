"""Throwaway commands for tests, registered only while they are needed."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot import command as commands
from bot.command import Command, Considered, May, Query, ask, find_features
from bot.errors import Refusal
from bot.text import t
from bot.ui import Card, Option, Reply
from bot.work import View, Work
from storage.people import Person


@contextmanager
def throwaway() -> Iterator[None]:
    """What is registered meanwhile is forgotten afterwards."""
    find_features()
    registry = commands.registry
    before = dict(registry.verbs), dict(registry.phrases), registry.any_words
    yield
    registry.verbs, registry.phrases, registry.any_words = before


def define() -> dict[str, type[commands.Verb]]:
    """Commands that note what they do in the audit, each with another fate."""

    class Note(Command, may=May.SYSTEM):
        """It runs."""

        number: int

        def run(self, me: Person, work: Work) -> Reply:
            work.record(me if me.id else None, "note", str(self.number))
            return Reply(Card(t("Noted")))

    class Refuse(Command, may=May.SYSTEM):
        """It writes, then refuses."""

        def run(self, me: Person, work: Work) -> Reply:
            work.record(None, "refused", "")
            raise Refusal(t("Not now."))

    class Stumble(Command, may=May.SYSTEM):
        """It writes, then fails."""

        def run(self, me: Person, work: Work) -> Reply:
            work.record(None, "stumbled", "")
            raise ValueError("a fault of ours")

    class OwnersOnly(Command, name="owners only", help=t("For owners"), may=May.OWNER):
        """Owners may."""

        def run(self, me: Person, work: Work) -> Reply:
            return Reply(Card(t("Done by an owner")))

    class AdminsOnly(Query, name="admins only", help=t("For administrators"), may=May.ADMIN):
        """Administrators may."""

        def run(self, me: Person, view: View) -> Reply:
            return Reply(Card(t("Seen by an administrator")))

    class Weigh(Considered[str], name="weigh", help=t("Weigh it")):
        """It looks, then runs with what it found."""

        what: str = ask(t("What?"))

        def look(self, me: Person, view: View) -> str:
            return f"looked at {self.what}"

        def run(self, me: Person, work: Work, seen: str) -> Reply:
            return Reply(Card(t("{name} {seen}", name=me.name, seen=seen)))

    class Odd(Command, name="odd", help=t("Do something odd")):
        """Its choices cannot be listed."""

        what: str = ask(t("What?"), choices=_broken)

    several = (Note, Refuse, Stumble, OwnersOnly, AdminsOnly, Weigh, _ponder(), Odd, _settle())
    return {verb.__name__: verb for verb in several}


def _ponder() -> type[commands.Verb]:
    class Ponder(Considered[str], may=May.SYSTEM):
        """It notes in the audit what it found before."""

        number: int

        def look(self, me: Person, view: View) -> str:
            if self.number < 0:
                raise ValueError("a fault of ours")
            return f"found {self.number} at {view.now:%H:%M} for {me.name}"

        def run(self, me: Person, work: Work, seen: str) -> Reply:
            work.record(None, "ponder", seen)
            return Reply(Card(t("Noted")))

    return Ponder


def _settle() -> type[commands.Verb]:
    class Settle(Considered[str], name="settle", help=t("Settle it")):
        """By the time it runs, what was still to be chosen when it was to look can only be one thing."""

        what: str = ask(t("What?"), choices=_fewer)

        def look(self, me: Person, view: View) -> str:
            return f"looked at {self.what}"

        def run(self, me: Person, work: Work, seen: str) -> Reply:
            return Reply(Card(t("{name} {seen}", name=me.name, seen=seen)))

    return Settle


def _broken(me: Person, view: View) -> list[Option]:
    raise ValueError("a fault of ours")


def _fewer(me: Person, view: View) -> list[Option]:
    return [Option("gold", t("Gold")), Option("lead", t("Lead"))][: 1 if view.tx.writes else 2]
