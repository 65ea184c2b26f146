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
    """Open questions, the oldest first, with a way to answer; then one's own."""

    def run(self, me: Person, view: View) -> Reply:
        waiting = [question for question in view.questions.open(viewer=me) if question.asker_id != me.id]
        mine = view.questions.mine(viewer=me)
        ask = Button(t("Ask a question"), registry.verbs["ask"]())
        if not waiting and not mine:
            return Reply(Card(t("No question waits for an answer."), buttons=(ask,)))
        body = [Item(excerpt(question), _about(question), (_answer(question),)) for question in waiting]
        if mine:
            body += [Item(excerpt(question), _mine(question)) for question in mine]
        title = t("Questions that wait, and yours") if waiting else t("Your questions")
        intro = Paragraph(t("The one that has waited longest comes first.")) if waiting else None
        return Reply(Card(title, body=(intro, *body) if intro else tuple(body), buttons=(ask,)))


def _answer(question: Question) -> Button:
    return Button(t("Answer"), Answer.partly(question=question.id))


def _about(question: Question) -> Text:
    asker = who(question.asker, question.asker_role, question.organisation)
    day = When(question.asked_at, "day")
    return t("{asker} in {community}, {day}", asker=asker, community=question.community, day=day)


def _mine(question: Question) -> Text:
    day = When(question.asked_at, "day")
    if question.state == "answered":
        return t("Yours in {community}, {day}: answered", community=question.community, day=day)
    return t("Yours in {community}, {day}: open", community=question.community, day=day)
