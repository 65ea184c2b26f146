"""Say thanks for an answer to your question. Who answered sees it on their own card, and it counts for them."""

from bot.command import Command, registry
from bot.errors import Refusal
from bot.finding import find_answer, find_question, who
from bot.text import t
from bot.ui import Audience, Button, Card, Reply
from bot.work import Work
from storage.people import Person
from storage.thanks import Thanks


class SayThanks(Command):
    """Who answered sees that the asker thanked them, once for each answer; they get no message of it.

    The asker alone may, for an answer of somebody who is still here.
    """

    answer: int

    def run(self, me: Person, work: Work) -> Reply:
        answer = find_answer(self.answer, me, work)
        question = find_question(answer.question_id, me, work)
        if question.asker_id != me.id or answer.kind != "answer" or answer.author_id == me.id:
            raise Refusal(t("Only the person who asked can say thanks for an answer."))
        if answer.author_id is None:
            raise Refusal(t("Who answered this is not here any more, so nobody would see your thanks."))
        if Thanks(work.tx).say(answer.id):
            work.redraw(("answer", answer.id))
            work.record(me, "thank", f"answer {answer.id}")
        title = t("{author} sees that you thanked them.", author=who(answer.author, "", answer.organisation))
        see = Button(t("See the questions that wait"), registry.verbs["questions"]())
        return Reply(Card(title, buttons=(see,)), Audience.REPLACE)
