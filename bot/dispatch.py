"""Inbound -> command -> one transaction -> reply. The only way in, for every platform."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

from msgspec import structs

from bot import ui
from bot.command import Command, Considered, Query, Verb, from_answers, from_payload, registry
from bot.counting import Accepted, uncounted
from bot.errors import Refusal, Unavailable
from bot.forms import completed, form_of, refused
from bot.inbound import Address, Handled, Inbound
from bot.keeping import Kept, fitting, opened
from bot.meeting import acquainted, meet, who_is_it
from bot.permission import refuse_unless_allowed
from bot.text import Reader, t
from bot.trail import note
from bot.ui import Audience, Card, Form, Reply
from bot.words import from_words
from bot.work import View, Work, reader_of
from storage.database import Database, Transaction
from storage.people import Person

log = logging.getLogger(__name__)


NOBODY = object()
"""In place of what somebody would see who is not known yet."""
UNSEEN = object()
"""In place of what a command would find that lacked something when it was to look."""


class Repeated(Exception):
    """This event was acknowledged before; what it did is rolled back and the first reply stands."""


@dataclass
class Outcome:
    """What one inbound came to: whose it was, the reply or form, and whether messages are now owed."""

    me: Person
    reply: Reply | None
    owes: bool = False


class Dispatch:
    """Runs what people say. `now` is the clock; `owed` is called after a commit that left messages in the tray."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        owed: Callable[[], None],
        *,
        counted: Accepted = uncounted,
    ) -> None:
        self._database = database
        self._now = now
        self._owed = owed
        self._counted = counted
        self.address = ""
        """Where people reach Signpost with a browser (https://signpost.example), once it is known."""

    async def handle(self, inbound: Inbound) -> Handled:
        """The command has run once, however often it is delivered, and its reply is on its way.

        Raises Unavailable where the database cannot be reached: nothing happened, the platform tries again.
        """
        note(event=inbound.key)
        started, outcome = perf_counter(), "failed"
        try:
            outcome, handled = await self._whatever_comes(inbound)
        except Unavailable as away:
            outcome, reason = "unavailable", type(away.__cause__ or away).__name__
            log.warning("the database is away; the platform is asked to try again", extra={"reason": reason})
            raise
        finally:
            self._counted(outcome, perf_counter() - started)
        return handled

    async def _whatever_comes(self, inbound: Inbound) -> tuple[str, Handled]:
        try:
            outcome, handled = await self._answered_or_refused(inbound)
        except Repeated:
            return "repeated", await self._again(inbound)
        except Unavailable:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, the person is told and the log has it
            return "failed", await self._apologise(inbound, fault)
        return "repeated" if handled.repeated else outcome, handled

    async def _answered_or_refused(self, inbound: Inbound) -> tuple[str, Handled]:
        try:
            inbound = await self._opened(inbound)
            return "done", await self._answer(inbound)
        except Refusal as refusal:
            return "refused", await self._refuse(inbound, refusal)

    async def _opened(self, inbound: Inbound) -> Inbound:
        verb = from_payload(inbound.payload) if inbound.payload is not None else None
        if not isinstance(verb, Kept):
            return inbound
        return await self._database.read(lambda tx: opened(verb, inbound, View(tx, self._now(), inbound.here)))

    async def _answer(self, inbound: Inbound) -> Handled:
        verb = understand(inbound)
        if isinstance(verb, Query):
            return await self._ask(inbound, verb)
        seen = await self._looked(inbound, verb) if isinstance(verb, Considered) else None
        outcome = await self._database.write(lambda tx: self._run(tx, inbound, verb, seen))
        return self._handled(inbound, outcome)

    async def _looked(self, inbound: Inbound, verb: Considered[Any]) -> Any:
        """What the command must find before its transaction; somebody new is met first, for it is their view."""

        def look(tx: Transaction) -> Any:
            view = View(tx, self._now(), inbound.here)
            found = who_is_it(view, inbound)
            if found is None:
                return NOBODY
            ready = completed(verb, found[0], view)
            return ready.look(found[0], view) if not ready.needs() else UNSEEN

        seen = await self._database.read(look)
        if seen is NOBODY:
            await self._database.write(lambda tx: self._welcome(tx, inbound))
            self._owed()
            seen = await self._database.read(look)
        return seen

    def _welcome(self, tx: Transaction, inbound: Inbound) -> None:
        meet(Work(tx, self._now(), inbound.here), inbound)

    def _run(self, tx: Transaction, inbound: Inbound, verb: Verb, seen: Any) -> Outcome:
        work = Work(tx, self._now(), inbound.here)
        work.address = self.address
        me = meet(work, inbound)
        refuse_unless_allowed(verb, me, work)
        ready = completed(verb, me, work)
        if ready.needs() or seen is UNSEEN:  # what it lacked may be known by now: it has not looked, so it asks
            return self._deliver(work, inbound, me, Reply(form_of(inbound, ready, me, work)))
        if isinstance(ready, Considered):
            reply = ready.run(me, work, seen)
        elif isinstance(ready, Command):
            reply = ready.run(me, work)
        else:
            raise TypeError(f"{type(ready).__name__} is neither a command nor a query.")
        return self._deliver(work, inbound, work.became or me, reply)

    async def _ask(self, inbound: Inbound, verb: Query) -> Handled:
        def look(tx: Transaction) -> Outcome | None:
            view = View(tx, self._now(), inbound.here)
            found = acquainted(view, inbound)
            if found is None:
                return None
            refuse_unless_allowed(verb, found[0], view)
            ready = completed(verb, found[0], view)
            form = form_of(inbound, ready, found[0], view) if ready.needs() else None
            return Outcome(found[0], Reply(form) if form else ready.run(found[0], view))

        outcome = await self._database.read(look)
        if outcome is None:
            await self._database.write(lambda tx: self._welcome(tx, inbound))
            self._owed()
            outcome = await self._database.read(look)
        if outcome is None:
            raise LookupError("A person who was just met is not there.")
        if outcome.reply is not None and not _in_body(inbound, outcome.reply):
            outcome = await self._database.write(self._delivering(inbound, outcome.me, outcome.reply))
        return self._handled(inbound, outcome)

    def _delivering(self, inbound: Inbound, me: Person, reply: Reply) -> Callable[[Transaction], Outcome]:
        def write(tx: Transaction) -> Outcome:
            work = Work(tx, self._now(), inbound.here)
            who_is_it(work, inbound)  # so that the reply waits in the lane of their own chat, behind a welcome
            return self._deliver(work, inbound, me, reply)

        return write

    def _deliver(self, work: Work, inbound: Inbound, me: Person, reply: Reply, *, reference: str = "") -> Outcome:
        """The event is acknowledged with this reply, which is owed as a message where no response shows it."""
        body = fitting(reply.body, me, work)
        reply = reply if body is reply.body else structs.replace(reply, body=body)
        if _redrawn(work, inbound, reply):
            if not work.arrivals.accept(inbound.key, work.now, "", reference=reference):
                raise Repeated
            return Outcome(me, None, work.owes)
        in_body = _in_body(inbound, reply)
        kept = ui.dump(reply) if in_body else ""
        if not work.arrivals.accept(inbound.key, work.now, kept, reference=reference):
            raise Repeated
        if not in_body:
            work.post(_address(inbound, reply.audience), reply.body, kind="reply", person=me.id)
        return Outcome(me, reply, work.owes)

    def _handled(self, inbound: Inbound, outcome: Outcome) -> Handled:
        if outcome.owes:
            self._owed()
        reader = reader_of(outcome.me)
        if outcome.reply is None or not _in_body(inbound, outcome.reply):
            return Handled(reader)
        if isinstance(outcome.reply.body, Form):
            return Handled(reader, form=outcome.reply.body)
        return Handled(reader, reply=outcome.reply)

    async def _again(self, inbound: Inbound) -> Handled:
        def look(tx: Transaction) -> Handled:
            work = Work(tx, self._now(), inbound.here)
            found = who_is_it(work, inbound)
            arrival = work.arrivals.again(inbound.key)
            reply = ui.load_reply(arrival.reply) if arrival and arrival.reply else None
            return Handled(reader_of(found[0]) if found else Reader(), reply=reply, repeated=True)

        return await self._database.write(look)

    async def _refuse(self, inbound: Inbound, refusal: Refusal) -> Handled:
        return await self._reply_instead(inbound, lambda me, work: refused(inbound, refusal, me, work))

    async def _apologise(self, inbound: Inbound, fault: Exception) -> Handled:
        reference = secrets.token_hex(4)
        log.error("command failed", exc_info=fault, extra={"reference": reference})
        card = Card(
            t("Something went wrong on our side. Nothing was changed."),
            body=(ui.Paragraph(t("Tell an administrator this reference: {reference}.", reference=reference)),),
        )
        return await self._reply_instead(inbound, lambda me, work: Reply(card), reference)

    async def _reply_instead(
        self, inbound: Inbound, make: Callable[[Person, Work], Reply], reference: str = ""
    ) -> Handled:
        def write(tx: Transaction) -> Outcome:
            work = Work(tx, self._now(), inbound.here)
            me = meet(work, inbound)
            return self._deliver(work, inbound, me, make(me, work), reference=reference)

        try:
            return self._handled(inbound, await self._database.write(write))
        except Repeated:
            return await self._again(inbound)


def understand(inbound: Inbound) -> Verb:
    """The command that was said, pressed or filled in. Raises Refusal in words where it cannot be one."""
    if inbound.payload is not None:
        if inbound.answers:
            return from_answers(inbound.payload, {name: _clean(value) for name, value in inbound.answers.items()})
        return from_payload(inbound.payload)
    said = _clean(inbound.said or "")
    in_thread = inbound.here.kind == "direct" and inbound.here.thread
    known = None if in_thread and not said.startswith("/") else from_words(said)
    if known is not None:
        return known
    if registry.any_words is None:
        raise LookupError("No feature takes words that are no command.")
    return registry.any_words(said)


def _clean(text: str) -> str:
    """Without what no database keeps: NUL, and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _in_body(inbound: Inbound, reply: Reply) -> bool:
    """Whether the response shows it. What was typed redraws no message: its reply is for that person alone."""
    if isinstance(reply.body, Form):
        return inbound.opens_forms
    alone = reply.audience is Audience.REPLACE and inbound.original is None
    return (Audience.ME if alone else reply.audience) in inbound.body_shows


def _redrawn(work: Work, inbound: Inbound, reply: Reply) -> bool:
    """Whether the pressed message is a mirror: then its own redrawing is the reply, since it shows its record alone."""
    if reply.audience is not Audience.REPLACE or Audience.REPLACE in inbound.body_shows:
        return False
    if work.account is None or inbound.original is None or not inbound.original.message:
        return False
    mirror = work.mirrors.at(work.account.id, inbound.original.message)
    if mirror is not None:
        work.redraw_one(mirror)
    return mirror is not None


def _address(inbound: Inbound, audience: Audience) -> Address:
    if audience is Audience.REPLACE:
        return inbound.original or inbound.private
    return inbound.public if audience is Audience.EVERYONE else inbound.private
