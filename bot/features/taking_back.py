"""Take back open questions from people of another organisation, once nothing crosses to it any more."""

from bot.command import Command, May
from bot.crossing import crossing, other_of
from bot.features.ask import RouteAgain
from bot.text import t
from bot.ui import Card, Reply
from bot.work import Work
from storage.consents import Agreed
from storage.crossing import Crossing
from storage.people import Person

PART = 100
"""Offers taken back in one transaction."""


class TakeBack(Command, may=May.SYSTEM):
    """Questions of each of the two that people of the other were brought wait for these no more.

    They do not see them any more; each question is brought to someone else, and its asker sees who has it now. Nothing
    happens where the two have agreed again. It sets itself again until all are taken back.
    """

    one: int
    other: int

    def run(self, me: Person, work: Work) -> Reply:
        if "questions" not in crossing(self.one, self.other, work).split():
            self._take_back(work)
        return Reply(Card(t("The questions are taken back.")))

    def _take_back(self, work: Work) -> None:
        between = Crossing(work.tx)
        found = between.with_them(self.one, self.other, PART) or between.with_them(self.other, self.one, PART)
        for question, person in found:
            work.questions.set_offer(question, person, "undelivered")
            work.redraw(("question", question))
            work.later(RouteAgain(question, person), work.now, key=f"taken-back-{question}-{person}")
        if found:
            take_back(self.one, self.other, work)


def take_back(one: int, other: int, work: Work) -> None:
    """Open questions between the two will be taken back."""
    first, second = sorted((one, other))
    work.later(TakeBack(first, second), work.now, key=f"take-back-{first}-{second}")


def take_back_what_stopped(organisation: int, before: list[Agreed], work: Work) -> None:
    """Where questions crossed before and do not any more, those that are open will be taken back."""
    still = {other_of(agreed, organisation) for agreed in work.consents.of(organisation) if agreed.questions}
    for agreed in before:
        other = other_of(agreed, organisation)
        if agreed.questions and other not in still:
            take_back(organisation, other, work)
