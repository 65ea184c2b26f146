"""Pure: how what speaks for each of several people is weighed, and how the weights are fitted to who really answers.

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
    `here`, `month`, `half_year`, `answered`: how much they answer in this community (fading in 90 days), anywhere
    (30 and 180), and ever. `idle`: days since they last did. `hours`: which share of it is about this time of the day.
    `helped`: how often they answered this asker. `says`: how well what they say they know fits. `lately`: how many
    questions they were brought in the last week.
    """

    votes: float = 0.0
    recent: float = 0.0
    here: float = 0.0
    month: float = 0.0
    half_year: float = 0.0
    answered: float = 0.0
    idle: float = 365.0
    hours: float = 0.0
    helped: float = 0.0
    says: float = 0.0
    lately: float = 0.0


WEIGHTS = Signs(
    votes=1.5,
    recent=0.3,
    here=0.9,
    month=0.5,
    half_year=-0.5,
    answered=-1.4,
    idle=-0.3,
    hours=0.9,
    helped=0.3,
    says=1.0,
    lately=-0.25,
)
"""Before a deployment has questions of its own. Those of what people did were fitted on public conversations (see
benchmarks/README.md); nobody there said what they know, and nobody was brought a question."""
SMOOTHED = {"idle": 0.02, "hours": 0.05, "helped": 1.0, "lately": 1.0}
"""What is added before the logarithm to a sign that is a number of its own; the others are shares of the largest."""
OF_LARGEST = 0.01
LEAST_QUESTIONS = 50
"""To fit the weights; with fewer they stay as they are."""
NEAR = 10.0
"""How strongly fitted weights are held to the ones before: as much as some questions are."""
STEPS = 30


def features(people: Sequence[Signs]) -> Matrix:
    """The logarithms, a row for each person: shares of the largest among them where sizes say nothing by themselves."""
    counted = np.array(people, float).reshape(len(people), len(Signs._fields))
    largest = counted.max(axis=0, initial=0.0)
    shares = np.divide(counted, largest, out=np.zeros_like(counted), where=largest > 0) + OF_LARGEST
    for name, more in SMOOTHED.items():
        at = Signs._fields.index(name)
        shares[:, at] = counted[:, at] + more
    logarithms: Matrix = np.log(shares)
    return logarithms


def scores(of_each: Matrix, weights: Signs = WEIGHTS) -> list[float]:
    """How much speaks for each of them, by their features; only the differences mean anything."""
    return [float(one) for one in of_each @ np.array(weights)]


class Example(NamedTuple):
    """A question that was answered: the features of those considered, and which of them answered."""

    features: Matrix
    answered: NDArray[np.bool_]


def fitted(examples: Sequence[Example], before: Signs = WEIGHTS) -> Signs:
    """The weights under which those who answered were most likely to, near those before where there is little to go by.

    Where fewer than 50 examples have an answer among those considered, they are the ones before.
    """
    told = [one for one in examples if one.answered.any() and not one.answered.all()]
    if len(told) < LEAST_QUESTIONS:
        return before
    spread = np.concatenate([one.features - one.features.mean(axis=0) for one in told]).std(axis=0) + 1e-6
    scaled = [Example(one.features / spread, one.answered) for one in told]
    start = np.array(before) * spread
    found = start.copy()
    for _ in range(STEPS):
        gradient, curvature = -NEAR * (found - start), NEAR * np.eye(len(found))
        for one in scaled:
            slope, bend = _pull(one, found)
            gradient += slope
            curvature += bend
        step = np.linalg.solve(curvature, gradient)
        found += step
        if np.abs(step).max() < 1e-3:
            break
    return Signs(*(found / spread).tolist())


def _pull(one: Example, weights: Matrix) -> tuple[Matrix, Matrix]:
    """Where one question pulls the weights, and how firmly."""
    logits = one.features @ weights
    chance = np.exp(logits - logits.max())
    chance /= chance.sum()
    among = np.where(one.answered, chance, 0.0)
    among /= max(float(among.sum()), 1e-300)
    mean = one.features.T @ chance
    return one.features.T @ (among - chance), (one.features.T * chance) @ one.features - np.outer(mean, mean)


def weights_from(kept: Mapping[str, float]) -> Signs:
    """The weights that were fitted here; what is not among them as it was at first."""
    return WEIGHTS._replace(**{name: value for name, value in kept.items() if name in Signs._fields})
