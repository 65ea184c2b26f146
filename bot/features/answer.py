"""Answer a question that was brought to you, or that you can see. The asker gets it in their own tool."""

from bot.command import Command, ask
from bot.errors import Refusal, Stale
from bot.features.ask import bring_to_another
from bot.finding import find_question, questions_for_me, who
from bot.text import t
from bot.ui import Audience, Card, Reply
from bot.work import Work
from storage.people import Person
from storage.questions import Question


class Answer(
    Command, name="answer", help=t("Answer a question"), example="answer 118 Yes, if they registered before April"
):
    """The asker has the answer in the thread of their question; the question shows that it is answered."""

    question: int = ask(t("Which question?"), choices=questions_for_me)
    text: str = ask(t("Your answer"), kind="lines", most=3000)

    def run(self, me: Person, work: Work) -> Reply:
        question = find_question(self.question, me, work)
        give_answer(question, me, self.text, work)
        asker = who(question.asker, "", question.organisation)
        title = t("Your answer to Q-{number} is on its way to {asker}.", number=question.id, asker=asker)
        return Reply(Card(title), Audience.REPLACE)


class Decline(Command):
    """The question is not for this person; it is brought to another member where there is one."""

    question: int

    def run(self, me: Person, work: Work) -> Reply:
        question = find_question(self.question, me, work)
        if work.questions.offer_of(question.id, me.id) != "offered":
            raise Stale(t("Q-{number} does not wait for you. Say questions to see what does.", number=question.id))
        work.questions.set_offer(question.id, me.id, "declined")
        asker = work.people.find(question.asker_id) if question.asker_id else None
        if asker is not None:
            bring_to_another(question, asker, work)
        work.record(me, "decline", f"question {question.id}")
        return Reply(Card(t("You said that Q-{number} is not for you.", number=question.id)), Audience.REPLACE)


def give_answer(question: Question, me: Person, text: str, work: Work) -> None:
    """The answer is kept and on its way; refused where the question is one's own or no longer open."""
    if question.asker_id == me.id:
        why = t("Q-{number} is your own question. To add something, press Add more under it.", number=question.id)
        raise Refusal(why, field="question")
    if question.state != "open":
        why = t(
            "{asker} has accepted an answer to Q-{number}, so it takes no more. Say questions to see what still waits.",
            asker=who(question.asker, "", question.organisation),
            number=question.id,
        )
        raise Refusal(why, field="question")
    number = work.answers.add(question.id, me, text, work.now)
    if not work.questions.offer(question.id, me.id, work.now, state="answered"):
        work.questions.set_offer(question.id, me.id, "answered")
    work.show(me.id, ("question", question.id))
    work.redraw(("question", question.id))
    relay(question, number, [question.asker_id], me, work)
    work.record(me, "answer", f"answer {number}")


def relay(question: Question, number: int, to: list[int | None], me: Person, work: Work) -> None:
    """What was said is in the chats of these people and of who said it, each in the thread of the question."""
    for person in (*to, me.id):
        if person is not None:
            work.show(person, ("answer", number), under=("question", question.id))
