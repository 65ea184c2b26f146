"""Follow a question: how it, and what was said to it, looks in the chat of each person it concerns.

Every mirror is drawn from the record at the moment it is sent, for the person it is sent to.
"""

from bot.command import registry
from bot.features.accept import Accept
from bot.features.answer import Answer, Decline
from bot.features.ask_back import AskBack
from bot.features.edit import Edit, Withdraw
from bot.finding import who
from bot.text import Text, listing, t, words
from bot.ui import Button, Card, Fact, Paragraph, Quote
from bot.work import View
from storage.answers import Answer as Said
from storage.people import Person
from storage.questions import Brought, Question


@registry.drawing("question")
def draw_question(number: int, person: Person, view: View) -> Card | None:
    """The question as this person sees it: its asker, or someone it was brought to."""
    question = view.questions.record(number)
    if question is None:
        return None
    return _asked(question, view) if question.asker_id == person.id else _offered(question, person, view)


def _asked(question: Question, view: View) -> Card:
    brought = view.questions.brought(question.id)
    facts = [Fact(t("State"), _state(question, brought))]
    waiting = [person for person in brought if person.state in ("offered", "answered")]
    if waiting:
        facts.append(Fact(t("Brought to"), listing([words(f"{who.name} ({who.organisation})") for who in waiting])))
    return Card(
        t("Q-{number}: your question in {community}", number=question.id, community=question.community),
        body=(Quote(question.text),),
        facts=tuple(facts),
        note=t("Answers come here. What you write under this message goes to who answered last."),
    )


def _state(question: Question, brought: list[Brought]) -> Text:
    if question.state == "answered":
        return t("Answered")
    if question.state == "withdrawn":
        return t("Withdrawn")
    answered = sum(person.state == "answered" for person in brought)
    return t("Answered, waiting for you to say whether that helps") if answered else t("Waiting for an answer")


def _offered(question: Question, person: Person, view: View) -> Card:
    asker = words(", ".join(part for part in (question.asker, question.asker_role, question.organisation) if part))
    title = t("Q-{number} from {asker}", number=question.id, asker=asker)
    if question.state != "open":
        return Card(title, body=(Quote(question.text), Paragraph(t("This question is answered or closed."))))
    state = view.questions.offer_of(question.id, person.id)
    if state == "declined":
        return Card(title, body=(Quote(question.text), Paragraph(t("You said this is not for you."))))
    said = t("You answered. You can add to it.") if state == "answered" else _why(question)
    return Card(
        title,
        body=(Paragraph(said), Quote(question.text)),
        buttons=(
            Button(t("Answer"), Answer.partly(question=question.id), style="primary"),
            Button(t("Ask back"), AskBack.partly(question=question.id)),
            Button(t("Not for me"), Decline(question.id)),
        ),
        note=t("You can also answer by writing here."),
    )


def _why(question: Question) -> Text:
    return t("You are in {community} and said we may bring you questions.", community=question.community)


@registry.drawing("answer")
def draw_answer(number: int, person: Person, view: View) -> Card | None:
    """What was said as this person sees it: who said it, or who it was said to."""
    said = view.answers.record(number)
    question = view.questions.record(said.question_id) if said else None
    if said is None or question is None:
        return None
    return _given(said, question) if said.author_id == person.id else _received(said, question, person)


def _given(said: Said, question: Question) -> Card:
    if said.state == "withdrawn":
        return Card(t("You withdrew what you said to Q-{number}.", number=question.id))
    to = who(question.asker, "", question.organisation)
    if said.kind == "answer":
        title = t("You answered Q-{number} from {asker}", number=question.id, asker=to)
    else:
        title = t("You wrote about Q-{number}", number=question.id)
    thanks = t("{asker} says this answers it.", asker=to) if question.accepted_id == said.id else None
    return Card(
        title,
        body=(Quote(said.text), Paragraph(thanks)) if thanks else (Quote(said.text),),
        buttons=(Button(t("Edit"), Edit.partly(answer=said.id)), Button(t("Withdraw"), Withdraw(said.id))),
        note=t("Edited") if said.edited else None,
    )


def _received(said: Said, question: Question, person: Person) -> Card:
    author = who(said.author, said.author_role, said.organisation)
    if said.state == "withdrawn":
        return Card(t("{author} withdrew what they said to Q-{number}.", author=author, number=question.id))
    back = Button(t("Write back"), AskBack.partly(question=question.id, to=said.author_id or 0))
    if said.kind == "answer":
        title = t("{author} answers Q-{number}", author=author, number=question.id)
    elif said.author_id == question.asker_id:
        title = t("{author} adds to Q-{number}", author=author, number=question.id)
    else:
        title = t("{author} asks back about Q-{number}", author=author, number=question.id)
    mine = question.asker_id == person.id and said.kind == "answer"
    accept = (Button(t("This answers it"), Accept(said.id), style="primary"),)
    accepted = question.accepted_id == said.id
    return Card(
        title,
        body=(Quote(said.text), Paragraph(t("You accepted this answer."))) if accepted else (Quote(said.text),),
        buttons=(*accept, back) if mine and not accepted else (back,),
        note=t("Edited") if said.edited else None,
    )
