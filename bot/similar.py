"""What was answered already that may answer a question too, with what was said in short.

It searches, so it is for queries, and for commands before their transaction.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.routing import already_answered, meant_by
from bot.view import View
from storage.answered import AnsweredQuestions, Said
from storage.people import Person
from storage.terms import terms

LOOKED_AT = 60
"""The best so many are looked at, of which somebody may see some."""
LITTLE = 0.2
"""What is less like it than this, of 1, is not like it."""
BESIDE = 1 / 3
"""What is this much less like it than the best is not shown beside it."""
CLOSE = 0.6
"""How alike an answered question must be to be shown to who asks another, of 1 for one with all its words."""
SHORT = 240
"""Characters of a summary."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


class Similar(NamedTuple):
    """An answered question with the answer that was accepted, or else the one that fits best, and that in short."""

    score: float
    said: Said
    summary: str


def similar(text: str, me: Person, view: View, most: int, *, least: float = LITTLE) -> list[Similar]:
    """Up to so many answered questions whose answers this person may read, the best first.

    None is less alike than `least`, or much less than the best of them.
    """
    meaning = meant_by(text, me, 0, view)
    found = [one for one in already_answered(text, view, meaning)[:LOOKED_AT] if one.score >= least]
    said: dict[int, list[Said]] = {}
    for one in AnsweredQuestions(view.tx).said([one.key for one in found], viewer=me):
        said.setdefault(one.question_id, []).append(one)
    seen = [one for one in found if one.key in said]
    near = [one for one in seen if one.score >= BESIDE * seen[0].score][:most]
    best = [(one.score, best_of(text, said[one.key])) for one in near]
    return [Similar(score, one, summary(text, one.text)) for score, one in best]


def answered_like(text: str, person: Person, view: View) -> int:
    """How many questions like this one the person answered, of those whose answers they may still read."""
    found = [one.key for one in already_answered(text, view)[:LOOKED_AT] if one.score >= LITTLE]
    return len(AnsweredQuestions(view.tx).by([person.id], found, viewer=person).get(person.id, {}))


def best_of(text: str, said: Sequence[Said]) -> Said:
    """The answer that was accepted, else the one with most of the question's words, the first of those."""
    wanted = {*terms(text)}
    return max(said, key=lambda one: (one.accepted, len(wanted & {*terms(one.text)}), -one.answer_id))


def summary(question: str, answer: str, most: int = SHORT) -> str:
    """The sentences of the answer, one after another, that say most of what the question is about, the first such.

    In the answer's own words; what is left out before or after them is marked.
    """
    sentences = [" ".join(sentence.split()) for sentence in _SENTENCE.split(answer.strip()) if sentence.strip()]
    whole = " ".join(sentences)
    if len(whole) <= most:
        return whole
    wanted = {*terms(question)}
    tried = (_from(sentences, at, most - 4) for at in range(len(sentences)))
    best = max(enumerate(tried), key=lambda one: (len(wanted & {*terms(one[1])}), -one[0]))
    at, text = best
    cut = text if whole.endswith(text) or text.endswith("…") else f"{text} …"
    return f"… {cut}" if at else cut


def _from(sentences: Sequence[str], at: int, most: int) -> str:
    """As many sentences from here on as there is room for; a long one is cut between words."""
    text = sentences[at]
    if len(text) > most:
        return text[: most - 1].rsplit(" ", 1)[0].rstrip() + "…"
    for sentence in sentences[at + 1 :]:
        if len(text) + 1 + len(sentence) > most:
            break
        text = f"{text} {sentence}"
    return text
