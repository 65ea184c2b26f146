"""The weights find who answers, whatever that hangs on here; with little to go by they stay as they are."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ranking import WEIGHTS, Example, Signs, features, fitted, readiness, scores, weights_from

anything = settings(deadline=None)
numbers = st.floats(0, 1e6, allow_nan=False)
people = st.lists(st.builds(Signs, *[numbers] * len(Signs._fields)), min_size=1, max_size=20)


@anything
@given(people)
def test_any_signs_give_numbers(crowd: list[Signs]) -> None:
    assert np.isfinite(features(crowd)).all()
    assert len(scores(features(crowd))) == len(crowd)


def test_nobody_at_all_is_no_error() -> None:
    assert scores(features([])) == []


def first(crowd: list[Signs], weights: Signs = WEIGHTS) -> int:
    return int(np.argmax(scores(features(crowd), weights)))


def test_who_answered_much_like_it_comes_before_who_only_answers_much() -> None:
    expert = Signs(votes=4, recent=2, here=5, ten_days=2, half_year=10, answered=20, idle=2, hours=0.3)
    busy = Signs(votes=0.2, here=9, ten_days=5, half_year=30, answered=80, idle=1, hours=0.3)
    assert first([busy, expert]) == 1


def test_where_nobody_did_anything_yet_it_is_what_they_say_that_counts() -> None:
    assert first([Signs(says=0.1), Signs(says=0.9), Signs()]) == 1


def test_who_was_brought_many_lately_comes_after_who_was_not() -> None:
    one = Signs(votes=2, here=2, answered=5, idle=3)
    assert first([one._replace(lately=3), one]) == 1


def world(hangs_on: str, count: int, seed: int = 1) -> list[Example]:
    """Questions that whoever has most of this sign answers."""
    dice = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        crowd = [Signs(*dice.exponential(2.0, len(Signs._fields))) for _ in range(12)]
        most = max(range(12), key=lambda at: getattr(crowd[at], hangs_on))
        made.append(Example(features(crowd), np.array([at == most for at in range(12)])))
    return made


def right(weights: Signs, examples: list[Example]) -> float:
    return float(np.mean([one.answered[np.argmax(one.features @ np.array(weights))] for one in examples]))


def test_fitted_weights_find_what_it_hangs_on_here() -> None:
    for sign in ("says", "helped", "here"):
        weights = fitted(world(sign, 300))
        fresh = world(sign, 200, seed=2)
        assert right(weights, fresh) > right(WEIGHTS, fresh) + 0.2, sign


def test_with_fewer_than_fifty_questions_they_stay_as_they_are() -> None:
    assert fitted(world("says", 49)) == WEIGHTS
    assert fitted([]) == WEIGHTS
    unanswered = [one._replace(answered=np.zeros(12, bool)) for one in world("says", 100)]
    assert fitted(unanswered) == WEIGHTS


def test_a_few_questions_move_them_a_little_and_many_move_them_far() -> None:
    few, many = fitted(world("says", 60)), fitted(world("says", 600))
    assert WEIGHTS.says < few.says < many.says


def test_what_was_fitted_before_a_sign_was_added_leaves_that_sign_as_it_is() -> None:
    assert weights_from({"votes": 2.0, "gone": 9.0}) == WEIGHTS._replace(votes=2.0)


def test_who_answers_more_than_expected_is_readier_than_who_answers_less() -> None:
    dice = np.random.default_rng(3)
    crowds = [features([Signs(votes=1, here=1, idle=1)] * 3) for _ in range(200)]
    answered = [np.array([at == int(dice.random() < 0.2) for at in range(3)]) for _ in crowds]
    ready = readiness([Example(*one, [7, 8, 9]) for one in zip(crowds, answered, strict=True)], WEIGHTS)
    assert ready[7] > 0.5 > ready[8] > ready[9]
    assert ready.keys() == {7, 8, 9}


def test_nobody_is_ready_by_fewer_than_fifty_questions() -> None:
    few = [one._replace(people=range(12)) for one in world("says", 49)]
    assert readiness(few, WEIGHTS) == {}


def test_who_was_considered_once_is_hardly_readier_than_who_never_was() -> None:
    many = [one._replace(people=range(12)) for one in world("says", 100)]
    once = many[0]._replace(people=range(20, 32))
    ready = readiness([*many, once], WEIGHTS)
    assert all(abs(ready[person]) < 0.2 for person in range(20, 32))
