"""Change or withdraw what you said. Everyone who got it sees the change."""

from bot.command import Command, Verb, ask
from bot.errors import Refusal
from bot.finding import find_answer
from bot.text import t
from bot.ui import Audience, Card, Reply
from bot.work import View, Work
from storage.answers import Answer
from storage.people import Person


def _as_it_is(verb: Verb, me: Person, view: View) -> str:
    answer = view.answers.get(verb.answer, viewer=me) if isinstance(verb, Edit) else None
    return answer.text if answer and answer.author_id == me.id else ""


class Edit(Command, help=t("Change what you wrote")):
    """The answer says this now, marked as edited; what it said before is kept for the record."""

    answer: int
    text: str = ask(t("Your answer"), kind="lines", most=3000, start=_as_it_is)

    def run(self, me: Person, work: Work) -> Reply:
        answer = _mine(self.answer, me, work)
        if answer.text != self.text:
            work.answers.edit(answer, self.text, work.now)
            work.redraw(("answer", answer.id))
            work.record(me, "edit", f"answer {answer.id}")
        return Reply(Card(t("It is changed. Everyone who got it sees it marked as edited.")), Audience.REPLACE)


class Withdraw(Command):
    """The answer is shown to nobody any more; if it had been accepted, the question is open again."""

    answer: int

    def run(self, me: Person, work: Work) -> Reply:
        answer = _mine(self.answer, me, work)
        question = work.questions.record(answer.question_id)
        work.answers.withdraw(answer.id)
        left = [said for said in work.answers.sent(answer.question_id) if said.author_id == me.id]
        if answer.kind == "answer" and not any(said.kind == "answer" for said in left):
            work.questions.set_offer(answer.question_id, me.id, "offered")
        if question is not None and question.accepted_id == answer.id:
            work.questions.become(question.id, "open")
        work.redraw(("answer", answer.id))
        work.redraw(("question", answer.question_id))
        work.record(me, "withdraw", f"answer {answer.id}")
        return Reply(Card(t("It is withdrawn. Nobody can read it any more.")), Audience.REPLACE)


def _mine(number: int, me: Person, work: Work) -> Answer:
    answer = find_answer(number, me, work)
    if answer.author_id != me.id:
        raise Refusal(t("Only the person who wrote this can change it."))
    return answer
