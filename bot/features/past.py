"""See a question with what was answered, whoever asked it and however long ago."""

from datetime import datetime

from bot.command import Query, ask, registry
from bot.features.answer import Answer
from bot.finding import find_question, who
from bot.text import Text, Value, When, t
from bot.ui import Button, Card, Element, Paragraph, Quote, Reply
from bot.work import View
from storage.answers import Answer as Said
from storage.people import Person
from storage.questions import Question

MOST = 5
"""How many answers are shown: the one that was accepted, then the first."""


class SeeQuestion(
    Query,
    name="see question",
    help=t("See a question and its answers"),
    example="see question Q-118",
    also=("show question",),
):
    """The question and up to five answers that this person may see; refused where they may not see the question."""

    question: int = ask(t("Which question?"), hint=t("Its number, such as Q-118."))

    def run(self, me: Person, view: View) -> Reply:
        question = find_question(self.question, me, view)
        said = [one for one in view.answers.sent(question.id) if one.kind == "answer"]
        mine = [one for one in said if view.answers.get(one.id, viewer=me) is not None]
        mine.sort(key=lambda one: (one.id != question.accepted_id, one.id))
        body: list[Element] = [Quote(question.text, _asked_by(question, view.now))]
        body += [Quote(one.text, _said_by(one, question, view.now)) for one in mine[:MOST]]
        if not mine:
            body.append(Paragraph(t("Nobody has answered it yet.")))
        again = registry.verbs["ask"].partly(community=_slug(question, view))
        buttons = [Button(t("Ask a question"), again)]
        if question.state == "open" and question.asker_id != me.id:
            buttons.insert(0, Button(t("Answer"), Answer.partly(question=question.id), style="primary"))
        title = t("Q-{number} in {community}", number=question.id, community=question.community)
        return Reply(Card(title, body=tuple(body), buttons=tuple(buttons)))


def _slug(question: Question, view: View) -> str:
    community = view.communities.get(question.community_id)
    return community.slug if community is not None and community.state == "active" else ""


def _asked_by(question: Question, now: datetime) -> Text:
    day = _day(question.asked_at, now)
    if question.source:
        return t("Asked before Signpost was here, {day}", day=day)
    asker = who(question.asker, question.asker_role, question.organisation)
    return t("{asker}, {day}", asker=asker, day=day)


def _said_by(said: Said, question: Question, now: datetime) -> Text:
    day = _day(said.written_at, now)
    if question.source and said.author_id is None:
        return t("Answered before Signpost was here, {day}", day=day)
    return t("{author}, {day}", author=who(said.author, said.author_role, said.organisation), day=day)


def _day(at: datetime, now: datetime) -> Value:
    """The day, with the year where it is not this one."""
    day = When(at, "day")
    return day if at.year == now.year else t("{day} {year}", day=day, year=at.year)
