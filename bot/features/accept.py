"""Say that an answer answers your question."""

from bot.command import Command
from bot.errors import Refusal
from bot.features.thanks import SayThanks
from bot.finding import find_answer, find_question, who
from bot.text import lasting, t
from bot.ui import Audience, Button, Card, Paragraph, Reply
from bot.work import Work
from storage.people import Person


class Accept(Command):
    """The question is answered by this; who answered sees it, everyone else it was brought to can leave it."""

    answer: int

    def run(self, me: Person, work: Work) -> Reply:
        answer = find_answer(self.answer, me, work)
        question = find_question(answer.question_id, me, work)
        if question.asker_id != me.id or answer.kind != "answer":
            raise Refusal(t("Only the person who asked can say what answers the question."))
        if question.accepted_id != answer.id:
            work.questions.become(question.id, "answered", accepted=answer.id, at=work.now)
            work.redraw(("question", question.id))
            for said in work.answers.sent(question.id):
                if said.id in (answer.id, question.accepted_id):
                    work.redraw(("answer", said.id))
            work.record(me, "accept", f"answer {answer.id}")
        author = who(answer.author, "", answer.organisation)
        can_thank = not answer.thanked and answer.author_id is not None
        took = lasting(answer.written_at - question.asked_at)
        return Reply(
            Card(
                t("Q-{number} was answered by {author} in {time}.", number=question.id, author=author, time=took),
                body=(Paragraph(t("They are told that it helped. It is kept for the next person who asks.")),),
                buttons=(Button(t("Say thanks"), SayThanks(answer.id)),) if can_thank else (),
            ),
            Audience.REPLACE,
        )
