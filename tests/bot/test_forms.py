"""A command that lacks something is a form, made of its own fields; what can only be one thing is not asked."""

from functools import partial

import pytest

from bot.command import Verb, registry
from bot.errors import Refusal, Stale
from bot.forms import completed, form_for, form_of, refused
from bot.inbound import Inbound
from bot.text import Reader, say, t
from bot.ui import Card, Form, Reply
from bot.work import Work
from storage.people import Person
from tests.bot.asking import dispatch, heard, title
from tests.bot.platform import Office


class Member(Office):
    """Ann, who is in some communities."""

    me: Person


@pytest.fixture
async def member(office: Office) -> Member:
    found = Member(office.database, office.clock)
    number = await found.person("Ann")
    person = await found.work(lambda work: work.people.find(number))
    assert person is not None
    found.me = person
    return found


async def joins(member: Member, *names: str) -> None:
    def join(work: Work) -> None:
        for name in names:
            number = work.communities.add(name.lower(), name, name, "Better", by=member.me.id, now=work.now)
            assert number is not None
            work.communities.join(number, member.me.id, work.now)

    await member.work(join)


def ask(question: str = "", community: str = "") -> Verb:
    return registry.verbs["ask"].partly(question=question, community=community)


async def test_what_can_only_be_one_thing_is_filled_in_and_two_are_asked(member: Member) -> None:
    await joins(member, "Tax")
    filled = await member.work(lambda work: completed(ask("What?"), member.me, work))
    assert filled == ask("What?", "tax")
    await joins(member, "Vat")
    filled = await member.work(lambda work: completed(ask("What?"), member.me, work))
    assert filled.needs() == ["community"]
    form = await member.work(lambda work: form_for(filled, member.me, work))
    community = next(field for field in form.fields if field.name == "community")
    assert (community.kind, [option.value for option in community.options]) == ("choice", ["tax", "vat"])
    assert next(field for field in form.fields if field.name == "question").value == "What?"


async def test_what_was_chosen_by_a_button_is_settled_and_what_was_typed_can_change(member: Member) -> None:
    await joins(member, "Tax", "Vat")
    verb = ask(community="tax")
    pressed = await member.work(lambda work: form_of(heard("Ann", payload=verb.pack()), verb, member.me, work))
    typed = await member.work(lambda work: form_of(heard("Ann", "ask"), verb, member.me, work))
    assert [field.name for field in pressed.fields] == ["question"]
    assert [field.name for field in typed.fields] == ["question", "community"]
    assert pressed.command.pack() == verb.pack()


async def test_a_field_begins_with_what_is_true_now(member: Member) -> None:
    me = member.me._replace(role="Designer")
    form = await member.work(lambda work: form_for(registry.verbs["me role"].partly(), me, work))
    assert [(field.name, field.value, field.most) for field in form.fields] == [("role", "Designer", 80)]


async def test_a_refusal_is_where_the_person_looks(member: Member) -> None:
    await joins(member, "Tax", "Vat")
    payload, answers = ask(community="tax").pack(), {"question": "What?"}
    cases = [
        (Refusal(t("Too short."), field="question"), heard("Ann", payload=payload, answers=answers), "question"),
        (Refusal(t("Not there."), field="community"), heard("Ann", payload=payload, answers=answers), "community"),
        (Refusal(t("Not now.")), heard("Ann", payload=payload, answers=answers), "form"),
        (Refusal(t("Not now.")), heard("Ann", payload=payload), "card"),
        (Refusal(t("Not now.")), heard("Ann", "ask What?"), "card"),
        (Refusal(t("Not now.")), heard("Ann", payload=payload, answers=answers, in_body=False), "card"),
        (Stale(t("Sent before.")), heard("Ann", payload=payload, answers=answers), "card"),
    ]
    for refusal, inbound, where in cases:
        reply = await member.work(partial(_refused, inbound, refusal, member.me))
        assert _where(reply.body) == where, (refusal, where)


def _refused(inbound: Inbound, refusal: Refusal, me: Person, work: Work) -> Reply:
    return refused(inbound, refusal, me, work)


def _where(body: Card | Form) -> str:
    if isinstance(body, Card):
        return "card"
    assert next(field for field in body.fields if field.name == "question").value == "What?"
    beside = [field.name for field in body.fields if field.error and say(field.error, Reader())]
    return beside[0] if beside else "form" if body.error else "nowhere"


async def test_what_is_known_is_not_asked_for_and_what_is_not_must_be_given(office: Office) -> None:
    await office.person("Ann")
    await office.person("Ben")
    await dispatch(office).handle(heard("Ann", "create Tax outcome: Fair taxes service: Tax"))
    handled = await dispatch(office).handle(heard("Ben", payload='{"do":"join","community":"tax"}'))
    assert handled.form is not None and [field.name for field in handled.form.fields] == ["role"]
    assert not handled.form.fields[0].optional
    await dispatch(office).handle(heard("Ben", "me role adviser"))
    again = await dispatch(office).handle(heard("Ben", payload='{"do":"join","community":"tax"}'))
    assert title(again) == "Welcome to Tax"
