"""Each night the ranking is fitted to who really answered the last questions here."""

from datetime import timedelta

import numpy as np

from bot.command import Considered, May, registry
from bot.ranking import Example, Signs, fitted, weights_from
from bot.routing import CONSIDERED
from bot.text import t
from bot.ui import Card, Reply
from bot.work import View, Work
from storage.evidence import EvidenceLog
from storage.people import Person

QUESTIONS = 1000
"""The last ones that somebody answered."""
KEPT = timedelta(days=180)
"""How long it is kept what spoke for whom."""


class FitWeights(Considered[Signs], may=May.SYSTEM):
    """What each sign counts is what makes those who answered the last questions most likely, near what it was at first.

    Nothing changes before 50 questions have an answer by somebody who was considered for them.
    """

    def look(self, me: Person, view: View) -> Signs:
        return fitted(examples(view))

    def run(self, me: Person, work: Work, seen: Signs) -> Reply:
        log = EvidenceLog(work.tx)
        if seen != weights_from({}):
            log.weigh(seen._asdict(), work.now)
        log.forget_considered(work.now - KEPT)
        return Reply(Card(t("The ranking is fitted to the last questions.")))


def examples(view: View) -> list[Example]:
    """The last questions that somebody answered, with what spoke for those who were considered first."""
    found: dict[int, list[tuple[list[float], bool]]] = {}
    for question, features, answered in EvidenceLog(view.tx).considered(QUESTIONS * CONSIDERED):
        found.setdefault(question, []).append((features, answered))
    return [
        Example(np.array([features for features, _ in each]), np.array([answered for _, answered in each]))
        for each in found.values()
    ]


registry.always(FitWeights(), "FREQ=DAILY", "2026-01-01T03:30", "Europe/London", key="fit-weights")
