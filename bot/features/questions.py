"""See the questions that wait: yours, those brought to you, and those of your communities."""

from bot.command import Query, registry
from bot.features.answer import Answer
from bot.finding import excerpt, who
from bot.text import Text, When, t
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View
from storage.people import Person
from storage.questions import Question


class Questions(Query, name="questions", help=t("See the questions that wait")):
    """Open questions of others, the oldest first, with a way to answer; then one's own, the newest first."""

    def run(self, me: Person, view: View) -> Reply:
        waiting = view.questions.open(viewer=me)
        mine = view.questions.mine(viewer=me)
        ask = Button(t("Ask a question"), registry.verbs["ask"]())
        if not waiting and not mine:
            return Reply(Card(t("No question waits for an answer."), buttons=(ask,)))
        body: list[Item | Paragraph] = []
        if waiting:
            body.append(Paragraph(t("These wait for an answer, the oldest first.")))
            body += [Item(excerpt(question), _about(question, me, view), (_answer(question),)) for question in waiting]
        if mine:
            body += [Paragraph(t("These are yours, the newest first."))] if waiting else []
            body += [Item(excerpt(question), _mine(question, view)) for question in mine]
        title = t("Questions that wait") if waiting else t("Your questions")
        return Reply(Card(title, body=tuple(body), buttons=(ask,)))


def _answer(question: Question) -> Button:
    return Button(t("Answer"), Answer.partly(question=question.id))


def _about(question: Question, me: Person, view: View) -> Text:
    asker = who(question.asker, question.asker_role, question.organisation)
    day = When(question.asked_at, "day")
    where = t("{asker} in {community}, {day}.", asker=asker, community=question.community, day=day)
    state = view.questions.offer_of(question.id, me.id)
    if state == "offered":
        return t("{where} Brought to you.", where=where)
    return t("{where} You answered.", where=where) if state == "answered" else where


def _mine(question: Question, view: View) -> Text:
    day = When(question.asked_at, "day")
    if question.state == "answered":
        return t("{community}, {day}. You accepted an answer.", community=question.community, day=day)
    said = [said for said in view.answers.sent(question.id) if said.kind == "answer"]
    if said:
        return t("{community}, {day}. Answered: say whether that helps.", community=question.community, day=day)
    return t("{community}, {day}. Waiting for an answer.", community=question.community, day=day)
