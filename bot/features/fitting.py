"""Each night the ranking is fitted to who really answered the last questions here."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np

from bot.command import Considered, May, registry
from bot.ranking import Example, Signs, fitted, readiness, weights_from
from bot.routing import CONSIDERED
from bot.text import t
from bot.ui import Card, Reply
from bot.work import View, Work
from storage.people import Person
from storage.weighing import Weighed, Weighing

QUESTIONS = 1000
"""The last ones that somebody answered."""
KEPT = timedelta(days=180)
"""How long it is kept what spoke for whom."""


class Fit(NamedTuple):
    """What each sign counts, and how much more than expected each person answers."""

    weights: Signs
    readiness: dict[int, float]


class FitWeights(Considered[Fit], may=May.SYSTEM):
    """What each sign counts is what makes those who answered the last questions most likely, near what it was at first;
    and who answered more of them than that would make one expect counts more.

    Nothing changes before 50 questions have an answer by somebody who was considered for them.
    """

    def look(self, me: Person, view: View) -> Fit:
        last = examples(view)
        weights = fitted(last)
        return Fit(weights, readiness(last, weights))

    def run(self, me: Person, work: Work, seen: Fit) -> Reply:
        weighing = Weighing(work.tx)
        if seen.weights != weights_from({}):
            weighing.weigh(seen.weights._asdict(), work.now)
        weighing.are_ready(seen.readiness)
        weighing.forget_considered(work.now - KEPT)
        return Reply(Card(t("The ranking is fitted to the last questions.")))


def examples(view: View) -> list[Example]:
    """The last questions that somebody answered, with what spoke for those who were considered first.

    What was kept when there were other signs is left out.
    """
    found: dict[int, list[Weighed]] = {}
    for one in Weighing(view.tx).considered(QUESTIONS * CONSIDERED):
        if len(one.features) == len(Signs._fields):
            found.setdefault(one.question_id, []).append(one)
    return [
        Example(
            np.array([one.features for one in each]),
            np.array([one.answered for one in each]),
            [one.person_id for one in each],
        )
        for each in found.values()
    ]


registry.always(FitWeights(), "FREQ=DAILY", "2026-01-01T03:30", "Europe/London", key="fit-weights")
