"""Follow a question: how it, and what was said to it, looks in the chat of each person it concerns.

Every mirror is drawn from the record at the moment it is sent, for the person it is sent to. What the person may not
see any more, because an agreement ended, is not drawn again.
"""

import textwrap

from bot.command import registry
from bot.features.accept import Accept
from bot.features.answer import Answer, Decline
from bot.features.ask_back import AskBack
from bot.features.edit import Edit, Withdraw
from bot.features.thanks import SayThanks
from bot.features.whoknows import WhoKnows
from bot.finding import who
from bot.matching import shared
from bot.similar import answered_like
from bot.text import Text, listing, sentences, t, tn, words
from bot.ui import Button, Card, Element, Fact, Paragraph, Quote
from bot.work import Subject, View
from storage.answers import Answer as Said
from storage.people import Person
from storage.questions import Brought, Question


@registry.drawing("question")
def draw_question(number: int, person: Person, view: View) -> Card | None:
    """The question as this person sees it: its asker, or someone it was brought to."""
    question = view.questions.record(number)
    if question is None:
        return None
    if question.asker_id == person.id:
        return _asked(question, view)
    if view.questions.get(number, viewer=person) is None:
        return _not_shared(question, ("question", number), person, view)
    return _offered(question, person, view)


def _asked(question: Question, view: View) -> Card:
    brought = view.questions.brought(question.id)
    taking_part = [person for person in brought if person.state in ("offered", "answered")]
    facts = [Fact(t("State"), _state(question, brought, view))]
    if taking_part:
        facts.append(Fact(t("Brought to"), listing([_in_short(person) for person in taking_part])))
    button = Button(t("Find who knows"), WhoKnows(_start(question, 300)))
    if taking_part:
        button = Button(t("Add more"), AskBack.partly(question=question.id))
    is_open = question.state == "open"
    return Card(
        t("Q-{number}: your question in {community}", number=question.id, community=question.community),
        body=(Quote(question.text),),
        facts=tuple(facts),
        buttons=(button,) if is_open else (),
        note=t("Answers come here.") if is_open else None,
    )


def _state(question: Question, brought: list[Brought], view: View) -> Text:
    if question.state == "answered":
        accepted = view.answers.record(question.accepted_id) if question.accepted_id else None
        if accepted is None:
            return t("Answered")
        return t("Answered by {author}", author=who(accepted.author, "", accepted.organisation))
    if question.state == "withdrawn":
        return t("Withdrawn")
    states = {person.state for person in brought}
    if "answered" in states:
        return t("Answered, waiting for you to say whether that helps")
    return t("Waiting for an answer") if "offered" in states else t("Waiting for a member to find it under questions")


def _in_short(person: Brought) -> Text:
    return words(f"{person.name} ({person.organisation})" if person.organisation else person.name)


def _start(question: Question, most: int = 90) -> str:
    """How the question begins, in one line."""
    start = textwrap.shorten(question.text, most, placeholder="…")
    return start if len(start) > 1 else question.text[: most - 1] + "…"  # one word longer than the line


def _not_shared(question: Question, subject: Subject, person: Person, view: View) -> Card | None:
    """In place of what was shown before; what was never shown stays so."""
    mirror = view.mirrors.of(subject, person.id)
    if mirror is None or not mirror.message:
        return None
    title = t("Q-{number} is no longer shared with your organisation.", number=question.id)
    if question.state == "withdrawn":
        title = t("Q-{number} was withdrawn. You do not need to do anything.", number=question.id)
    return Card(title, buttons=(Button(t("See the questions that wait"), registry.verbs["questions"]()),))


def _offered(question: Question, person: Person, view: View) -> Card | None:
    asker = who(question.asker, question.asker_role, question.organisation)
    title = t("Q-{number} from {asker}", number=question.id, asker=asker)
    state = view.questions.offer_of(question.id, person.id)
    if state == "undelivered":
        return None
    if question.state != "open":
        done = t("This question is answered. You do not need to do anything.")
        return Card(title, body=(Quote(question.text), Paragraph(done)))
    if state == "declined":
        after_all = Button(t("Answer after all"), Answer.partly(question=question.id))
        told = Paragraph(t("You said that this is not for you. You are not asked about it again."))
        return Card(title, body=(Quote(question.text), told), buttons=(after_all,))
    back = Button(t("Ask back"), AskBack.partly(question=question.id))
    if state == "answered":
        told = Paragraph(t("You answered. To change what you said, press Edit below it."))
        add = Button(t("Add an answer"), Answer.partly(question=question.id))
        return Card(title, body=(told, Quote(question.text)), buttons=(add, back))
    return Card(
        title,
        body=(Paragraph(_why(question, person, view)), Quote(question.text)),
        buttons=(
            Button(t("Answer"), Answer.partly(question=question.id), style="primary"),
            back,
            Button(t("Not for me"), Decline(question.id)),
        ),
        note=t("You can also answer by writing here."),
    )


def _why(question: Question, person: Person, view: View) -> Text:
    """Why it was brought to them: what they answered or say, and that they said yes."""
    reasons = []
    if n := answered_like(question.text, person, view):
        reasons.append(tn("You answered {n} question like this.", "You answered {n} questions like this.", n=n))
    if shared(question.text, person.knows):
        reasons.append(t("You say that you know about it."))
    consent = t("You are in {community} and said we may bring you questions.", community=question.community)
    if not person.asked:
        consent = t("You are in {community}, and it waits for your answer.", community=question.community)
    return sentences(*reasons, consent)


@registry.drawing("answer")
def draw_answer(number: int, person: Person, view: View) -> Card | None:
    """What was said as this person sees it: who said it, or who it was said to."""
    said = view.answers.record(number)
    question = view.questions.record(said.question_id) if said else None
    if said is None or question is None:
        return None
    if said.author_id == person.id:
        return _given(said, question)
    if view.answers.get(number, viewer=person) is None:
        return _not_shared(question, ("answer", number), person, view)
    return _received(said, question, person)


def _given(said: Said, question: Question) -> Card:
    if said.state == "withdrawn":
        title = t("You withdrew what you said to Q-{number}.", number=question.id)
        again = Button(t("Answer again"), Answer.partly(question=question.id))
        mine = question.asker_id == said.author_id
        return Card(title, buttons=() if mine or question.state != "open" else (again,))
    to = who(question.asker, "", question.organisation)
    if said.kind == "answer":
        title = t("You answered Q-{number} from {asker}", number=question.id, asker=to)
    elif question.asker_id == said.author_id:
        title = t("You added to Q-{number}", number=question.id)
    else:
        title = t("You asked {asker} about Q-{number}", number=question.id, asker=to)
    told: list[Element] = [Quote(said.text)]
    if question.accepted_id == said.id:
        told.append(Paragraph(t("{asker} says this answers it.", asker=to)))
    if said.thanked:
        told.append(Paragraph(t("{asker} thanks you for it.", asker=to)))
    return Card(
        title,
        body=tuple(told),
        buttons=(Button(t("Edit"), Edit.partly(answer=said.id)), Button(t("Withdraw"), Withdraw(said.id))),
        note=t("Edited") if said.edited else None,
    )


def _received(said: Said, question: Question, person: Person) -> Card:
    author = who(said.author, said.author_role, said.organisation)
    if said.state == "withdrawn":
        return Card(t("{author} withdrew what they said to Q-{number}.", author=author, number=question.id))
    if said.kind == "answer":
        title = t("{author} answers Q-{number}", author=author, number=question.id)
    elif said.author_id == question.asker_id:
        title = t("{author} adds to Q-{number}", author=author, number=question.id)
    else:
        title = t("{author} asks back about Q-{number}", author=author, number=question.id)
    mine = question.asker_id == person.id
    body: list[Element] = [
        Paragraph(t("You asked: {start}", start=_start(question)) if mine else _about(question)),
        Quote(said.text),
    ]
    if question.accepted_id == said.id:
        body.append(Paragraph(t("You accepted this answer.")))
    if mine and said.thanked:
        body.append(Paragraph(t("You thanked them.")))
    return Card(
        title,
        body=tuple(body),
        buttons=_next(said, question, mine=mine),
        note=t("Edited") if said.edited else None,
    )


def _about(question: Question) -> Text:
    return t("It is about: {start}", start=_start(question))


def _next(said: Said, question: Question, *, mine: bool) -> tuple[Button, ...]:
    """What the one who got it can do: accept an answer and say thanks for it, or answer, and write back."""
    back = Button(t("Write back"), AskBack.partly(question=question.id, to=said.author_id or 0))
    if mine and said.kind == "answer":
        accept = Button(t("This answers it"), Accept(said.id), style="primary")
        thank = Button(t("Say thanks"), SayThanks(said.id))
        can_thank = not said.thanked and said.author_id is not None
        return (accept,) * (question.accepted_id != said.id) + (thank,) * can_thank + (back,)
    if not mine and question.state == "open":
        return Button(t("Answer"), Answer.partly(question=question.id), style="primary"), back
    return (back,)
