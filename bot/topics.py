"""Pure: what the questions are about that nobody covers."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from storage.terms import roots

COMMON = frozenset(
    roots(
        "also any been best better could decide did different does done else every explain first give good"
        " got help idea last less like look make many more most much must need never new next old only other"
        " others our over people question same say see should show since some something still such take team"
        " tell than then these thing think those through time too under until up use used user very want way"
        " were work would year yes yet"
    )
)
"""Words that are in questions of every kind, beyond those that no search looks for."""

MOST_WORDS = 4


class Topic(NamedTuple):
    """Up to four words that stand in the same questions, as they are mostly written, and those questions by number."""

    words: tuple[str, ...]
    questions: tuple[int, ...]


def uncovered(questions: Mapping[int, str], known: Sequence[str]) -> list[Topic]:
    """The words of these questions that are in nothing that anybody says they know about; the most asked first.

    Two forms of a word count as one ("registering", "registration"). Words that say nothing of a question that is not
    in a topic before them are left out.
    """
    covered = frozenset[str]().union(*map(roots, known)) | COMMON
    asked: dict[str, set[int]] = defaultdict(set)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for number, text in questions.items():
        for word in _words(text):
            for root in sorted(roots(word) - covered):
                asked[root].add(number)
                written[root][word] += 1
    together: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for root, numbers in asked.items():
        together[tuple(sorted(numbers))].append(_mostly(written[root]))
    topics = [Topic(tuple(dict.fromkeys(said))[:MOST_WORDS], numbers) for numbers, said in together.items()]
    return _telling(sorted(topics, key=lambda topic: (-len(topic.questions), topic.questions)))


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
