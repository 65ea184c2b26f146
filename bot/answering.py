"""Pure: what somebody answers questions on again and again, and does not say they know."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.topics import COMMON, uncovered
from storage.skills import Skill
from storage.terms import roots, terms

ENOUGH = 4
"""Answered questions on one thing."""


class Often(NamedTuple):
    """Something that somebody answers on: a skill by its number, or a topic (0), and how many questions were on it."""

    words: str
    skill: int
    questions: int


def answers_often(questions: Mapping[int, str], known: Sequence[str], skills: Sequence[Skill]) -> Often | None:
    """What at least four of these questions are on that is in nothing that is known; a skill before a topic.

    A question is on a skill where it has all the words of its name. A topic is two words that stand side by side in
    four questions, or one word or more that no other question has.
    """
    return _skill(questions, known, skills) or _pair(questions, known) or _topic(questions, known)


def _skill(questions: Mapping[int, str], known: Sequence[str], skills: Sequence[Skill]) -> Often | None:
    """The skill of which most questions have the name; those that are called by one common word are none."""
    said = [frozenset(terms(words)) for words in known]
    asked = [frozenset(terms(text)) for text in questions.values()]
    found = []
    for skill in skills:
        name = frozenset(terms(skill.name))
        if len(name) < 2 or any(name <= words for words in said):
            continue
        on = sum(name <= words for words in asked)
        if on >= ENOUGH:
            found.append(Often(skill.name, skill.id, on))
    return max(found, key=lambda one: (one.questions, one.words), default=None)


def _pair(questions: Mapping[int, str], known: Sequence[str]) -> Often | None:
    """The two words that stand side by side in most questions, as they are mostly written."""
    covered = frozenset[str]().union(*map(roots, known))
    asked: dict[tuple[str, str], set[int]] = defaultdict(set)
    written: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for number, text in questions.items():
        for first, second in _side_by_side(text):
            pair = (_stem(first), _stem(second))
            if all(pair) and not covered.issuperset(pair) and COMMON.isdisjoint(pair):
                asked[pair].add(number)
                written[pair][f"{_as_written(first)} {_as_written(second)}"] += 1
    best = max(asked, key=lambda pair: (len(asked[pair]), pair), default=None)
    if best is None or len(asked[best]) < ENOUGH:
        return None
    words = min(written[best], key=lambda form: (-written[best][form], form))
    return Often(words, 0, len(asked[best]))


def _topic(questions: Mapping[int, str], known: Sequence[str]) -> Often | None:
    for topic in uncovered(questions, known):
        if len(topic.questions) >= ENOUGH:
            return Often(" ".join(topic.words), 0, len(topic.questions))
    return None


def _side_by_side(text: str) -> list[tuple[str, str]]:
    """Each word and the next, where nothing but a space is between them."""
    return [
        (first, second.rstrip(".,;:!?)”\"'"))
        for first, second in zip(text.split(), text.split()[1:], strict=False)
        if first[-1].isalnum()
    ]


def _stem(word: str) -> str:
    """The one stem of a word; "" where it says nothing, is two words, or is a number."""
    found = roots(word.strip("(“\"'"))
    return next(iter(found)) if len(found) == 1 and not word.isdigit() else ""


def _as_written(word: str) -> str:
    """In small letters, unless it has capitals after its first: VAT, GOV.UK."""
    plain = word.strip("(“\"'")
    return plain if plain[1:] != plain[1:].lower() else plain.lower()
