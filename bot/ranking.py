"""Pure: how what speaks for each of several people is weighed, and how that is fitted to who really answers.

The score of a person is a sum of weights times logarithms, so each sign multiplies the odds that they are the one who
answers, and only how people differ counts. Weights are fitted by maximum likelihood of a conditional logit over the
people considered for each question (D. McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior", 1974),
where whichever of those who answered counts (an EM step on the choice among them), held near those in use by a
quadratic penalty. Everybody is a row, every sign a column.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


class Signs(NamedTuple):
    """What speaks for one person, in numbers as they were counted; none is below 0.

    `votes`: likeness of the answered questions that they answered; `recent`: the same, fading within two months.
    `here`, `ten_days`, `half_year`, `answered`: how much they answer in this community (fading in 90 days), anywhere
    (10 and 180), and ever. `idle`: days since they last answered or asked. `hours`: which share of what they answer is
    about this time of the day.
    `helped`: how often they answered this asker, and `returned`: this asker them. `says`: how well what they say they
    know fits. `lately`: how many questions they were brought in the last week.
    """

    votes: float = 0.0
    recent: float = 0.0
    here: float = 0.0
    ten_days: float = 0.0
    half_year: float = 0.0
    answered: float = 0.0
    idle: float = 365.0
    hours: float = 0.0
    helped: float = 0.0
    returned: float = 0.0
    says: float = 0.0
    lately: float = 0.0


WEIGHTS = Signs(
    votes=1.5,
    recent=0.2,
    here=1.0,
    ten_days=0.3,
    half_year=-1.2,
    answered=0.0,
    idle=-0.15,
    hours=0.8,
    helped=0.3,
    returned=0.1,
    says=2.0,
    lately=-0.25,
)
"""Before a deployment has questions of its own. Those of what people did were fitted on public conversations (see
benchmarks/README.md); nobody there said what they know, and nobody was brought a question."""
OF_LARGEST = 0.01
"""A hundredth of the largest is as good as nothing, of those signs that are SIZES: the others are what they are."""
SIZES = Signs(1, 1, 1, 1, 1, 1, idle=0, hours=0, helped=0, returned=0, says=1, lately=0)
MORE = Signs(
    votes=0.02,
    recent=0.02,
    here=0.1,
    ten_days=0.05,
    half_year=0.5,
    answered=1.0,
    idle=0.005,
    hours=0.05,
    helped=1.0,
    returned=1.0,
    says=0.05,
    lately=1.0,
)
"""What is added before the logarithm: one answer is not infinitely more than none."""
LEAST_QUESTIONS = 50
"""To fit the weights; with fewer they stay as they are."""
NEAR = 10.0
"""How strongly fitted weights are held to the ones before: as much as some questions are."""
AS_ALL = 5.0
"""So many answers, as many as expected, are thought of everybody beside their own."""
STEPS = 30
HALVINGS = 8


def features(people: Sequence[Signs]) -> Matrix:
    """The logarithms, a row for each person: shares of the largest among them where sizes say nothing by themselves."""
    counted = np.array(people, float).reshape(len(people), len(Signs._fields))
    largest = counted.max(axis=0, initial=0.0)
    logarithms: Matrix = np.log(counted + np.maximum(OF_LARGEST * largest * np.array(SIZES), np.array(MORE)))
    return logarithms


def scores(of_each: Matrix, weights: Signs = WEIGHTS) -> list[float]:
    """How much speaks for each of them, by their features; only the differences mean anything."""
    return [float(one) for one in of_each @ np.array(weights)]


class Example(NamedTuple):
    """A question that was answered: the features of those considered, which of them answered, and who they are."""

    features: Matrix
    answered: NDArray[np.bool_]
    people: Sequence[int] = ()

    @property
    def tells(self) -> bool:
        """Whether some of them answered it, and others did not."""
        return bool(self.answered.any()) and not self.answered.all()


def fitted(examples: Sequence[Example], before: Signs = WEIGHTS) -> Signs:
    """The weights under which those who answered were most likely to, near those before where there is little to go by.

    Where fewer than 50 examples have an answer among those considered, they are the ones before.
    """
    told = [one for one in examples if one.tells]
    if len(told) < LEAST_QUESTIONS:
        return before
    spread = np.concatenate([one.features - one.features.mean(axis=0) for one in told]).std(axis=0) + 1e-6
    scaled = [Example(one.features / spread, one.answered) for one in told]
    start = np.array(before) * spread
    found = start
    for _ in range(STEPS):
        gradient, curvature = -NEAR * (found - start), NEAR * np.eye(len(found))
        for one in scaled:
            slope, bend = _pull(one, found)
            gradient += slope
            curvature += bend
        step = _no_worse(scaled, start, found, np.linalg.solve(curvature, gradient))
        found = found + step
        if np.abs(step).max() < 1e-3:
            break
    return Signs(*(found / spread).tolist())


def _no_worse(examples: Sequence[Example], start: Matrix, found: Matrix, step: Matrix) -> Matrix:
    """The step, halved until it makes who answered no less likely; none where that takes too long."""
    now = _likely(examples, start, found)
    for _ in range(HALVINGS):
        if _likely(examples, start, found + step) >= now:
            return step
        step = step / 2
    return np.zeros_like(step)


def _likely(examples: Sequence[Example], start: Matrix, weights: Matrix) -> float:
    """How likely it is, as a logarithm, that whoever is first is one who answered, less what the distance costs."""
    told = 0.0
    for one in examples:
        logits = one.features @ weights
        chance = np.exp(logits - logits.max())
        told += float(np.log(chance[one.answered].sum() / chance.sum() + 1e-300))
    return told - NEAR / 2 * float((weights - start) @ (weights - start))


def _pull(one: Example, weights: Matrix) -> tuple[Matrix, Matrix]:
    """Where one question pulls the weights, and how firmly."""
    chance, among = _chances(one, weights)
    mean = one.features.T @ chance
    return one.features.T @ (among - chance), (one.features.T * chance) @ one.features - np.outer(mean, mean)


def _chances(one: Example, weights: Matrix) -> tuple[Matrix, Matrix]:
    """For each how likely it is that it is they who answer; the same, now that it is known who did."""
    logits = one.features @ weights
    chance = np.exp(logits - logits.max())
    chance /= chance.sum()
    among = np.where(one.answered, chance, 0.0)
    return chance, among / max(float(among.sum()), 1e-300)


def readiness(examples: Sequence[Example], weights: Signs) -> dict[int, float]:
    """How much more than what speaks for them each person answers, as a logarithm to be added to their score.

    It is near 0 for who was seldom considered, and there is none where fewer than 50 examples tell anything.
    """
    told = [one for one in examples if one.tells]
    did: dict[int, float] = {}
    expected: dict[int, float] = {}
    for one in told if len(told) >= LEAST_QUESTIONS else ():
        for person, before, after in zip(one.people, *_chances(one, np.array(weights)), strict=True):
            expected[person] = expected.get(person, 0.0) + float(before)
            did[person] = did.get(person, 0.0) + float(after)
    return {person: float(np.log((did[person] + AS_ALL) / (expected[person] + AS_ALL))) for person in did}


def weights_from(kept: Mapping[str, float]) -> Signs:
    """The weights that were fitted here; what is not among them as it was at first."""
    return WEIGHTS._replace(**{name: value for name, value in kept.items() if name in Signs._fields})
