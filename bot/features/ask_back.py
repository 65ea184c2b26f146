"""Ask the asker for more, or tell those who answer more."""

from bot.command import Command, ask
from bot.errors import Refusal
from bot.features.answer import relay
from bot.finding import find_question
from bot.text import t
from bot.ui import Audience, Card, Reply
from bot.work import Work
from storage.people import Person
from storage.questions import Question


class AskBack(Command, help=t("Write about a question")):
    """What was written is in the other's chat, in the thread of the question; the question stays as it is."""

    question: int
    text: str = ask(t("What do you want to say?"), kind="lines", most=3000)
    to: int = 0

    def run(self, me: Person, work: Work) -> Reply:
        question = find_question(self.question, me, work)
        write_back(question, me, self.text, self.to, work)
        return Reply(Card(t("Sent. The reply comes here, under Q-{number}.", number=question.id)), Audience.REPLACE)


def write_back(question: Question, me: Person, text: str, to: int, work: Work) -> None:
    """It goes to `to`, who must take part in this question; else to who spoke last, else to all it was brought to.

    Only the asker and those who take part may; refused where nobody would read it.
    """
    taking_part = {
        brought.person_id for brought in work.questions.brought(question.id) if brought.state in ("offered", "answered")
    }
    if question.asker_id == me.id:
        chosen = [to] if to else [work.answers.last_to(question.id, me.id)]
        if not to and chosen[0] not in taking_part:
            chosen = sorted(taking_part)
        chosen = [person for person in chosen if person in taking_part]
    else:
        chosen = [question.asker_id] if question.asker_id and me.id in taking_part else []
    if not chosen:
        raise Refusal(
            t("Nobody who takes part in Q-{number} would get this. Say questions to see it.", number=question.id)
        )
    number = work.answers.add(question.id, me, text, work.now, kind="ask_back", to=chosen[0])
    relay(question, number, [*chosen], me, work)
    work.record(me, "ask back", f"answer {number}")
