"""Who could answer a question: people who answered ones like it, who say that they know about it, or who answer here.

Searching and ranking take some milliseconds and read a lot, so they are for reads: a command looks before its
transaction, and in it checks only that those who were chosen still may be asked.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from heapq import nlargest
from math import exp
from typing import NamedTuple

import numpy as np

from bot.hours import hours_share
from bot.ranking import Signs, features, scores, weights_from
from bot.work import View, Work
from storage.availability import Availability, zone_called
from storage.evidence import HALF_YEAR, Doing, EvidenceLog
from storage.meaning import Meaning
from storage.people import Person
from storage.postings import NONE, Found
from storage.search import Search
from storage.weighing import Weighing

ALIKE = 300
"""Answered questions that have a vote."""
VOTERS = 80
"""People for whom those speak most, and who are considered: who is found is the same as with all of them."""
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
NEVER = timedelta(days=365)
"""How long ago somebody was here last who never answered or asked."""
DAY = timedelta(days=1)


Only = Callable[[Collection[int]], Collection[int]]


def everybody(people: Collection[int]) -> Collection[int]:
    """All of them."""
    return people


class Ranked(NamedTuple):
    """A person who could answer: how much speaks for them and by what, and what they answered that is like it."""

    person: int
    score: float
    features: tuple[float, ...]
    like: tuple[int, ...]


def ranked(
    text: str, asker: Person, community: int, view: View, *, saying: int = SAYING, only: Only = everybody
) -> list[Ranked]:
    """Everybody who could answer this in the community (0: anywhere), the best first, of those whom `only` leaves.
    Whether they may be asked, or found, is not looked at."""
    search, log = Search(view.tx), EvidenceLog(view.tx)
    meaning = meant_by(text, asker, community, view)
    alike = {one.key: one.score for one in search.questions(text, ALIKE, meaning=meaning)}
    votes = log.votes(list(alike), view.now)
    says = {one.key: one.score for one in search.people(text, saying, meaning=meaning)}
    active = log.most_active(community, ACTIVE) if community else []
    voted, recently = _voted(votes, alike)
    voters = nlargest(VOTERS, voted, key=lambda person: (voted[person] + 2 * recently[person], -person))
    people = sorted({*only({*voters, *says, *active} - {asker.id})})
    signs = [
        one._replace(votes=voted.get(person, 0.0), recent=recently.get(person, 0.0), says=says.get(person, 0.0))
        for person, one in zip(people, _signs(people, asker, community, log, view), strict=True)
    ]
    like: dict[int, list[int]] = {}
    enough = LIKE * max([WELL, *alike.values()])
    close = [(alike[question], question, person) for question, person, _ in votes if alike[question] >= enough]
    for _, question, person in sorted(close, key=lambda one: -one[0]):
        like.setdefault(person, []).append(question)
    of_each = features(signs)
    weighing = Weighing(view.tx)
    weighed, ready = scores(of_each, weights_from(weighing.weights())), weighing.readiness(people)
    found = [
        Ranked(person, score + ready.get(person, 0.0), tuple(row.tolist()), tuple(like.get(person, ())))
        for person, score, row in zip(people, weighed, of_each, strict=True)
    ]
    return sorted(found, key=lambda one: (-one.score, one.person))


def meant_by(text: str, asker: Person, community: int, view: View) -> Mapping[str, float]:
    """What the words mean too in the community (0: in those that the asker is in), as searches take it."""
    where = [community] if community else [one.id for one in view.communities.mine(asker.id)]
    return Meaning(view.tx).of(text, where)


def consider(question: int, found: Sequence[Ranked], work: Work) -> None:
    """What spoke for the first 20 is kept: the weights are fitted to which of them answer."""
    EvidenceLog(work.tx).consider(question, {one.person: one.features for one in found[:CONSIDERED]}, work.now)


def _signs(people: Sequence[int], asker: Person, community: int, log: EvidenceLog, view: View) -> list[Signs]:
    """How much each of them answers, when, and for whom."""
    now = view.now
    doing, hours = log.doing(people, community, now), _hours(people, log, view)
    helped, returned = log.helped(asker.id, people), log.helped_by(asker.id, people)
    lately = log.brought_lately(people, now - WEEK)
    found = []
    for person in people:
        does = doing.get(person, Doing(person, 0, 0.0, 0.0, 0.0, now - NEVER))
        found.append(
            Signs(
                here=max(does.here, 0.0),
                ten_days=max(does.ten_days, 0.0),
                half_year=max(does.half_year, 0.0),
                answered=max(does.answered, 0),
                idle=max((now - does.last_at) / DAY, 0.0),
                hours=hours.get(person, 0.0),
                helped=helped.get(person, 0),
                returned=returned.get(person, 0),
                lately=lately.get(person, 0),
            )
        )
    return found


def _hours(people: Sequence[int], log: EvidenceLog, view: View) -> dict[int, float]:
    """How likely each of them is to be there now: by the hours they said they work, else by when they answer, else as
    who works from 9 to 5; from 0 to 1."""
    found = log.near_now(people, view.now)
    shares: dict[tuple[str, str], float] = {}
    for person, working in Availability(view.tx).working(people).items():
        said, zone = working
        if said or person not in found:
            if working not in shares:
                shares[working] = hours_share(said, zone_called(zone), view.now)
            found[person] = shares[working]
    return found


def _voted(
    votes: Sequence[tuple[int, int, float]], alike: Mapping[int, float]
) -> tuple[dict[int, float], dict[int, float]]:
    """Each answered question votes for those who answered it, the more the more it is like this one; and the same,
    fading. A vote is the question, the person, and how many seconds ago it was."""
    if not votes:
        return {}, {}
    questions, people, ages = zip(*votes, strict=True)
    share = np.array([alike[question] for question in questions]) / max([WELL, *alike.values()])
    numbers, at = np.unique(np.array(people), return_inverse=True)
    voted = np.bincount(at, share * share)
    recently = np.bincount(at, share * np.exp(-np.array(ages) / RECENT.total_seconds()))
    of = numbers.tolist()
    return dict(zip(of, voted.tolist(), strict=True)), dict(zip(of, recently.tolist(), strict=True))


def already_answered(text: str, view: View, meaning: Mapping[str, float] = NONE) -> list[Found[int]]:
    """Answered questions that may answer this one too, the best first. Who may see which is not looked at.

    An old answer counts half as much as a new one.
    """
    found = Search(view.tx).questions(text, ALIKE, meaning=meaning)
    asked = EvidenceLog(view.tx).asked([one.key for one in found])
    aged = [
        one._replace(score=one.score * (OLD + (1 - OLD) * exp(-max((view.now - asked[one.key]) / HALF_YEAR, 0.0))))
        for one in found
        if one.key in asked
    ]
    return sorted(aged, key=lambda one: (-one.score, one.key))
