"""Inbound -> command -> one transaction -> reply. The only way in, for every platform."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot import ui
from bot.command import Command, Considered, Query, Verb, from_answers, from_payload, kinds_of, questions, registry
from bot.errors import Refusal, Unavailable
from bot.inbound import Address, Handled, Inbound
from bot.permission import refuse_unless_allowed
from bot.text import Reader, t
from bot.ui import Audience, Button, Card, Form, Reply
from bot.words import from_words
from bot.work import View, Work, reader_of
from storage.database import Database, Transaction
from storage.people import Account, Person
from storage.tray import Tray

log = logging.getLogger(__name__)

SEEN_AGAIN = timedelta(minutes=10)


class Repeated(Exception):
    """This event was acknowledged before; what it did is rolled back and the first reply stands."""


@dataclass
class Outcome:
    """What one inbound came to: whose it was, the reply or form, and whether messages are now owed."""

    me: Person
    reply: Reply
    owes: bool = False


class Dispatch:
    """Runs what people say. `now` is the clock; `owed` is called after a commit that left messages in the tray."""

    def __init__(self, database: Database, now: Callable[[], datetime], owed: Callable[[], None]) -> None:
        self._database = database
        self._now = now
        self._owed = owed

    async def handle(self, inbound: Inbound) -> Handled:
        """The command has run once, however often it is delivered, and its reply is on its way.

        Raises Unavailable where the database cannot be reached: nothing happened, the platform tries again.
        """
        try:
            return await self._answer(inbound)
        except Repeated:
            return await self._again(inbound)
        except Refusal as refusal:
            return await self._refuse(inbound, refusal)
        except Unavailable:
            raise
        except Exception as fault:
            return await self._apologise(inbound, fault)

    async def _answer(self, inbound: Inbound) -> Handled:
        verb = understand(inbound)
        if isinstance(verb, Query):
            return await self._ask(inbound, verb)
        seen: Any = None
        if isinstance(verb, Considered):
            seen = await self._database.read(lambda tx: self._look(tx, inbound, verb))
        outcome = await self._database.write(lambda tx: self._run(tx, inbound, verb, seen))
        return self._handled(inbound, outcome)

    def _look(self, tx: Transaction, inbound: Inbound, verb: Considered[Any]) -> Any:
        view = View(tx, self._now(), inbound.here)
        found = _who(view, inbound)
        if found is None:
            return None
        ready = _completed(verb, found[0], view)
        return ready.look(found[0], view) if not ready.needs() else None

    def _run(self, tx: Transaction, inbound: Inbound, verb: Verb, seen: Any) -> Outcome:
        work = Work(tx, self._now(), inbound.here)
        me = _meet(work, inbound)
        refuse_unless_allowed(verb, me, work)
        ready = _completed(verb, me, work)
        if ready.needs():
            return self._deliver(work, inbound, me, Reply(form_for(ready, me, work)), keep=False)
        if isinstance(ready, Considered):
            reply = ready.run(me, work, seen if seen is not None else ready.look(me, work))
        elif isinstance(ready, Command):
            reply = ready.run(me, work)
        else:
            raise TypeError(f"{type(ready).__name__} is neither a command nor a query.")
        return self._deliver(work, inbound, me, reply)

    async def _ask(self, inbound: Inbound, verb: Query) -> Handled:
        def look(tx: Transaction) -> Outcome | None:
            view = View(tx, self._now(), inbound.here)
            found = _who(view, inbound)
            if found is None:
                return None
            refuse_unless_allowed(verb, found[0], view)
            ready = _completed(verb, found[0], view)
            form = form_for(ready, found[0], view) if ready.needs() else None
            return Outcome(found[0], Reply(form) if form else ready.run(found[0], view))

        def meet(tx: Transaction) -> None:
            work = Work(tx, self._now(), inbound.here)
            _meet(work, inbound)

        outcome = await self._database.read(look)
        if outcome is None:
            await self._database.write(meet)
            self._owed()
            outcome = await self._database.read(look)
        if outcome is None:
            raise LookupError("A person who was just met is not there.")
        if not _in_body(inbound, outcome.reply):
            outcome = await self._database.write(self._delivering(inbound, outcome))
        return self._handled(inbound, outcome)

    def _delivering(self, inbound: Inbound, outcome: Outcome) -> Callable[[Transaction], Outcome]:
        def write(tx: Transaction) -> Outcome:
            return self._deliver(Work(tx, self._now(), inbound.here), inbound, outcome.me, outcome.reply)

        return write

    def _deliver(
        self, work: Work, inbound: Inbound, me: Person, reply: Reply, *, keep: bool = True, reference: str = ""
    ) -> Outcome:
        """The event is acknowledged with this reply, which is owed as a message where no response shows it."""
        in_body = _in_body(inbound, reply)
        kept = ui.dump(reply) if in_body and keep else ""
        if not work.arrivals.accept(inbound.key, work.now, kept, reference=reference):
            raise Repeated
        if not in_body:
            work.post(_address(inbound, reply.audience), reply.body, kind="reply", person=me.id)
        return Outcome(me, reply, work.owes)

    def _handled(self, inbound: Inbound, outcome: Outcome) -> Handled:
        if outcome.owes:
            self._owed()
        reader = reader_of(outcome.me)
        if not _in_body(inbound, outcome.reply):
            return Handled(reader)
        if isinstance(outcome.reply.body, Form):
            return Handled(reader, form=outcome.reply.body)
        return Handled(reader, reply=outcome.reply)

    async def _again(self, inbound: Inbound) -> Handled:
        def look(tx: Transaction) -> Handled:
            work = Work(tx, self._now(), inbound.here)
            found = _who(work, inbound)
            arrival = work.arrivals.find(inbound.key)
            reply = ui.load_reply(arrival.reply) if arrival and arrival.reply else None
            return Handled(reader_of(found[0]) if found else Reader(), reply=reply, repeated=True)

        return await self._database.read(look)

    async def _refuse(self, inbound: Inbound, refusal: Refusal) -> Handled:
        return await self._reply_instead(inbound, lambda me, work: _refused(inbound, refusal, me, work))

    async def _apologise(self, inbound: Inbound, fault: Exception) -> Handled:
        reference = secrets.token_hex(4)
        log.error("command failed", exc_info=fault, extra={"reference": reference, "event": inbound.key})
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
            me = _meet(work, inbound)
            return self._deliver(work, inbound, me, make(me, work), reference=reference)

        try:
            return self._handled(inbound, await self._database.write(write))
        except Repeated:
            return await self._again(inbound)


def understand(inbound: Inbound) -> Verb:
    """The command that was said, pressed or filled in. Raises Refusal in words where it cannot be one."""
    if inbound.payload is not None:
        if inbound.answers:
            return from_answers(inbound.payload, _clean(inbound.answers))
        return from_payload(inbound.payload)
    said = (inbound.said or "").replace("\0", "")
    in_thread = inbound.here.kind == "direct" and inbound.here.thread
    known = None if in_thread and not said.startswith("/") else from_words(said)
    if known is not None:
        return known
    if registry.any_words is None:
        raise LookupError("No feature takes words that are no command.")
    return registry.any_words(said)


def form_for(verb: Verb, me: Person, view: View) -> Form:
    """What the command still needs, as a form: every field it asks for, filled with what is known."""
    fields = []
    for name, question in questions(type(verb)).items():
        value = getattr(verb, name)
        options = tuple(question.choices(me, view)) if question.choices else ()
        if not value and question.start:
            value = question.start(verb, me, view)
        fields.append(
            ui.Field(
                name,
                question.label,
                "choice" if options else question.kind,
                value="yes" if value is True else str(value or ""),
                options=options,
                hint=question.hint,
                optional=question.optional,
                most=question.most,
            )
        )
    return Form(type(verb).help or t("Fill in"), verb, tuple(fields), t("Send"))


def _clean(answers: dict[str, str]) -> dict[str, str]:
    return {name: value.replace("\0", "") for name, value in answers.items()}


def _completed(verb: Verb, me: Person, view: View) -> Any:
    """The command with each missing field filled where there is only one thing it can be."""
    for name in verb.needs():
        choices = questions(type(verb))[name].choices
        options = choices(me, view) if choices else ()
        if len(options) == 1:
            kind = kinds_of(type(verb))[name]
            verb = replace(verb, **{name: kind(options[0].value)})  # type: ignore[type-var]  # every verb is a dataclass
    return verb


def _in_body(inbound: Inbound, reply: Reply) -> bool:
    if isinstance(reply.body, Form):
        return inbound.opens_forms
    return reply.audience in inbound.body_shows


def _address(inbound: Inbound, audience: Audience) -> Address:
    if audience is Audience.REPLACE:
        return inbound.original or inbound.private
    return inbound.public if audience is Audience.EVERYONE else inbound.private


def _who(view: View, inbound: Inbound) -> tuple[Person, Account] | None:
    account = inbound.account
    found = view.people.by_account(account.platform, account.tenant, account.user)
    view.account = found[1] if found else None
    return found


def _meet(work: Work, inbound: Inbound) -> Person:
    """Who it is. Somebody new starts unverified, in the organisation their workspace or tenant is tied to."""
    found = _who(work, inbound)
    chat = inbound.here.conversation if inbound.here.kind == "direct" else ""
    if found is None:
        return _welcome(work, inbound, chat)
    person, account = found
    moved = chat not in ("", account.chat) or (chat and inbound.here.service_url != account.service_url)
    if moved or work.now - account.seen_at > SEEN_AGAIN:
        url = inbound.here.service_url or account.service_url
        work.people.seen(account.id, work.now, chat=chat or account.chat, service_url=url)
    return person


def _welcome(work: Work, inbound: Inbound, chat: str) -> Person:
    account = inbound.account
    where = (account.platform, account.tenant, account.user)
    installation = work.organisations.installation(account.platform, account.tenant)
    organisation = installation.organisation_id if installation else None
    person = work.people.add(inbound.name or account.user, work.now, organisation=organisation)
    work.people.add_account(person, where, work.now, chat=chat, service_url=inbound.here.service_url)
    Tray(work.tx).add(":".join(where), "profile", work.now, person=person)
    work.owes = True
    found = _who(work, inbound)
    if found is None:
        raise LookupError("A person who was just added is not there.")
    return found[0]


def _refused(inbound: Inbound, refusal: Refusal, me: Person, work: Work) -> Reply:
    """The refusal where the person looks: on the form they filled in, what they typed kept, or as a card."""
    if inbound.payload is not None and inbound.answers and inbound.opens_forms:
        verb = from_payload(inbound.payload)
        form = form_for(verb, me, work)
        at_field = refusal.field in {field.name for field in form.fields}
        fields = tuple(
            ui.Field(
                field.name,
                field.label,
                field.kind,
                value=inbound.answers.get(field.name, field.value),
                options=field.options,
                hint=field.hint,
                optional=field.optional,
                most=field.most,
                error=refusal.text if field.name == refusal.field else None,
            )
            for field in form.fields
        )
        return Reply(Form(form.title, verb, fields, form.submit, error=None if at_field else refusal.text))
    button = Button(t("Help"), registry.verbs["help"]())
    return Reply(Card(refusal.text, buttons=(button,)))
