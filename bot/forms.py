"""A command that lacks something, or was refused, as a form; and filling what can only be one thing."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from msgspec import structs

from bot import ui
from bot.command import Verb, from_payload, kinds_of, questions, registry
from bot.errors import Refusal, Stale
from bot.inbound import Inbound
from bot.text import t
from bot.ui import Button, Card, Form, Reply
from bot.work import View
from storage.people import Person


def completed(verb: Verb, me: Person, view: View) -> Any:
    """The command with each missing field filled where it is known, or there is only one thing it can be."""
    for name in verb.needs():
        question = questions(type(verb))[name]
        if question.known and question.start:
            verb = replace(verb, **{name: question.start(verb, me, view)})  # type: ignore[type-var]  # a dataclass too
            continue
        options = question.choices(me, view) if question.choices else ()
        if len(options) == 1:
            kind = kinds_of(type(verb))[name]
            verb = replace(verb, **{name: kind(options[0].value)})  # type: ignore[type-var]  # every verb is a dataclass
    return verb


def form_for(verb: Verb, me: Person, view: View, *, settled: Collection[str] = ()) -> Form:
    """What the command still needs, as a form: every field it asks for but the `settled`, filled with what is known."""
    asked = questions(type(verb))
    fields = tuple(_field(verb, name, me, view) for name in asked if name not in settled)
    return Form(type(verb).help or t("Fill in"), verb, fields, t("Send"))


def _field(verb: Verb, name: str, me: Person, view: View) -> ui.Field:
    question, value = questions(type(verb))[name], getattr(verb, name)
    options = tuple(question.choices(me, view)) if question.choices else ()
    if not value and question.start:
        value = question.start(verb, me, view)
    return ui.Field(
        name,
        question.label,
        "choice" if options else question.kind,
        value="yes" if value is True else str(value or ""),
        options=options,
        hint=question.hint,
        optional=question.optional,
        most=question.most,
    )


def form_of(inbound: Inbound, verb: Verb, me: Person, view: View) -> Form:
    """The form for what is missing; what a pressed button chose from a list is settled, what was typed can change."""
    chosen = {name for name, question in questions(type(verb)).items() if question.choices and getattr(verb, name)}
    return form_for(verb, me, view, settled=chosen if inbound.payload is not None and not inbound.answers else ())


def refused(inbound: Inbound, refusal: Refusal, me: Person, view: View) -> Reply:
    """The refusal where the person looks: on the form they filled in, what they typed kept, or as a card."""
    if inbound.payload is not None and inbound.answers and inbound.opens_forms and not isinstance(refusal, Stale):
        return Reply(_form_again(inbound.payload, inbound.answers, refusal, me, view))
    button = Button(t("Help"), registry.verbs["help"]())
    return Reply(Card(refusal.text, buttons=(button,)))


def _form_again(payload: str, answers: dict[str, str], refusal: Refusal, me: Person, view: View) -> Form:
    verb = from_payload(payload)
    settled = questions(type(verb)).keys() - answers.keys() - {refusal.field}
    form = form_for(verb, me, view, settled=settled)
    fields = tuple(
        structs.replace(
            field,
            value=answers.get(field.name, field.value),
            error=refusal.text if field.name == refusal.field else None,
        )
        for field in form.fields
    )
    beside = any(field.error for field in fields)
    return structs.replace(form, fields=fields, error=None if beside else refusal.text)
