"""Who could answer a question: people who answered ones like it, who say that they know about it, or who answer here.

Searching and ranking take some milliseconds and read a lot, so they are for reads: a command looks before its
transaction, and in it checks only that those who were chosen still may be asked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import exp
from typing import NamedTuple

from bot.ranking import Signs, features, scores, weights_from
from bot.work import View, Work
from storage.evidence import HALF_YEAR, Answered, EvidenceLog
from storage.people import Person
from storage.postings import Found
from storage.search import Search
from storage.weighing import Weighing

ALIKE = 300
"""Answered questions that have a vote."""
ACTIVE = 60
"""People who answer most in the community, and are considered whatever the question is about."""
SAYING = 100
"""People who say that they know about it, and are considered."""
CONSIDERED = 20
"""Fitted to these alone, the weights were as good as to everybody, on public conversations."""
WELL = 0.5
"""How well the best must match to count in full: where nothing is much like it, nothing counts much."""
LIKE = 0.5
"""From which share on of what the question most like it has, an answered question is said to be like it."""
RECENT = timedelta(days=60)
WEEK = timedelta(days=7)
OLD = 0.5
"""What an answer is worth that is very old, beside a new one."""
NEVER = 365.0
"""Days since somebody last answered who never did."""
KERNEL = {0: 1.0, 1: 0.94, 2: 0.78, 3: 0.57, 4: 0.37}
"""How much an hour of the day counts that is so many hours from now: e^(-(hours/4)^2)."""


class Ranked(NamedTuple):
    """A person who could answer: how much speaks for them and by what, and what they answered that is like it."""

    person: int
    score: float
    features: tuple[float, ...]
    like: tuple[int, ...]


def ranked(text: str, asker: Person, community: int, view: View, *, saying: int = SAYING) -> list[Ranked]:
    """Everybody who could answer this in the community (0: anywhere), the best first. Whether they may be asked, or
    found, is not looked at."""
    search, log = Search(view.tx), EvidenceLog(view.tx)
    alike = {one.key: one.score for one in search.questions(text, ALIKE)}
    votes = [one for one in log.to(list(alike)) if one.answered_at < view.now]
    says = {one.key: one.score for one in search.people(text, saying)}
    active = log.most_active(community, ACTIVE) if community else []
    people = sorted({*(vote.person_id for vote in votes), *says, *active} - {asker.id})
    signs = _signs(people, asker, community, log, view.now)
    signs = _with_votes(signs, alike, votes, view.now)
    signs = {one: each._replace(says=says.get(one, 0.0)) for one, each in signs.items()}
    like: dict[int, list[int]] = {}
    enough = LIKE * max([WELL, *alike.values()])
    for vote in sorted(votes, key=lambda vote: -alike[vote.question_id]):
        if alike[vote.question_id] >= enough:
            like.setdefault(vote.person_id, []).append(vote.question_id)
    of_each = features(list(signs.values()))
    weighing = Weighing(view.tx)
    weighed, ready = scores(of_each, weights_from(weighing.weights())), weighing.readiness(people)
    found = [
        Ranked(person, score + ready.get(person, 0.0), tuple(row.tolist()), tuple(like.get(person, ())))
        for person, score, row in zip(signs, weighed, of_each, strict=True)
    ]
    return sorted(found, key=lambda one: (-one.score, one.person))


def consider(question: int, found: Sequence[Ranked], work: Work) -> None:
    """What spoke for the first 20 is kept: the weights are fitted to which of them answer."""
    EvidenceLog(work.tx).consider(question, {one.person: one.features for one in found[:CONSIDERED]}, work.now)


def _signs(people: Sequence[int], asker: Person, community: int, log: EvidenceLog, now: datetime) -> dict[int, Signs]:
    """How much each of them answers, when, and for whom."""
    doing, hours = log.doing(people, community, now), log.hours(people)
    helped, returned = log.helped(asker.id, people), log.helped_by(asker.id, people)
    lately = log.brought_lately(people, now - WEEK)
    found = {}
    for person in people:
        does = doing.get(person)
        near = _near(hours.get(person, {}), now.hour)
        signs = Signs(hours=near, helped=helped.get(person, 0), returned=returned.get(person, 0), idle=NEVER)
        signs = signs._replace(lately=lately.get(person, 0))
        if does is not None:
            signs = signs._replace(
                here=max(does.here, 0.0),
                week=max(does.week, 0.0),
                half_year=max(does.half_year, 0.0),
                answered=max(does.answered, 0),
                idle=max((now - does.last_at) / timedelta(days=1), 0.0),
            )
        found[person] = signs
    return found


def _near(hours: dict[int, float], hour: int) -> float:
    """Which share of what somebody does is about this hour of the day."""
    return sum(share * KERNEL.get(min((hour - at) % 24, (at - hour) % 24), 0.0) for at, share in hours.items())


def _with_votes(
    signs: dict[int, Signs], alike: dict[int, float], votes: Iterable[Answered], now: datetime
) -> dict[int, Signs]:
    """Each answered question votes for those who answered it, the more the more it is like this one."""
    best = max([WELL, *alike.values()])
    voted, recently = dict.fromkeys(signs, 0.0), dict.fromkeys(signs, 0.0)
    for vote in votes:
        if vote.person_id in voted:
            share = alike[vote.question_id] / best
            voted[vote.person_id] += share * share
            recently[vote.person_id] += share * exp(-((now - vote.answered_at) / RECENT))
    return {one: each._replace(votes=voted[one], recent=recently[one]) for one, each in signs.items()}


def already_answered(text: str, view: View) -> list[Found[int]]:
    """Answered questions that may answer this one too, the best first. Who may see which is not looked at.

    An old answer counts half as much as a new one.
    """
    found = Search(view.tx).questions(text, ALIKE)
    asked = EvidenceLog(view.tx).asked([one.key for one in found])
    aged = [
        one._replace(score=one.score * (OLD + (1 - OLD) * exp(-max((view.now - asked[one.key]) / HALF_YEAR, 0.0))))
        for one in found
        if one.key in asked
    ]
    return sorted(aged, key=lambda one: (-one.score, one.key))
