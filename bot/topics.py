"""Pure: what the questions are about that nobody covers."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.matching import stems

COMMON = frozenset(
    stems(
        "also any been best better could did different does done else every first give good got help idea last less"
        " like look make many more most much must need never new next old only other others our over people question same"
        " say see should show since some something still such take team tell than then these thing think those through"
        " time too under until up use used user very want way were work would year yes yet"
    )
)
"""Words that are in questions of every kind, beyond those that matching leaves out."""


class Topic(NamedTuple):
    """A word as it is mostly written, and the questions with it, by number."""

    word: str
    questions: tuple[int, ...]


def uncovered(questions: Mapping[int, str], known: Sequence[str]) -> list[Topic]:
    """The words of these questions that are in nothing that anybody says they know about; the most asked first.

    Two forms of a word count as one ("registering", "registration"). A word is left out where the questions with it
    all have one before it: then it says nothing more.
    """
    covered = frozenset[str]().union(*map(stems, known)) | COMMON
    asked: dict[str, set[int]] = defaultdict(set)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for number, text in questions.items():
        for word in _words(text):
            for stem in stems(word) - covered:
                asked[stem].add(number)
                written[stem][word] += 1
    topics = [Topic(_mostly(written[stem]), tuple(sorted(numbers))) for stem, numbers in asked.items()]
    return _telling(sorted(topics, key=lambda topic: (-len(topic.questions), -len(topic.word), topic.word)))


def _words(text: str) -> list[str]:
    """The words as they are written, three letters or more, or abbreviations."""
    found = re.findall(r"[^\W\d_][\w’'-]*", text)
    return [word for word in found if len(word) > 2 or word.isupper()]


def _mostly(forms: Counter[str]) -> str:
    """The form that is written most, in small letters unless it is an abbreviation."""
    word = min(forms, key=lambda form: (-forms[form], form))
    return word if word.isupper() else word.lower()


def _telling(topics: list[Topic]) -> list[Topic]:
    """Without those that add no question to what stands before them."""
    seen: set[int] = set()
    found = []
    for topic in topics:
        if not seen.issuperset(topic.questions):
            found.append(topic)
            seen.update(topic.questions)
    return found
