"""What is wrong with a sentence that people read on their screen, by the house's rules (GOV.UK style)."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

MOST_WORDS = 25
CONTRACTIONS = re.compile(r"\b\w+[’'](?:t|re|ve|ll|d|m)\b|\b(?:it|that|there|here|what|who|let)[’']s\b", re.IGNORECASE)
FORBIDDEN = {
    "please": re.compile(r"\bplease\b", re.IGNORECASE),
    "an exclamation mark": re.compile("!"),
    "a contraction": CONTRACTIONS,
    "click here": re.compile(r"\bclick(?:ing)? (?:here|on)\b", re.IGNORECASE),
    "Latin": re.compile(r"\b(?:e\.g|i\.e|etc|via)\b", re.IGNORECASE),
}
ABBREVIATIONS = re.compile(r"\b[A-Z]{2,}\b")
KNOWN = {"HMRC": "an example that its own people know", "GOV.UK": "a name"}
PLACE = re.compile(r"{(\w+)}")


class Sentence(NamedTuple):
    """A key of `t` or `tn`, where it stands, and the names of the values that its call gives."""

    place: str
    key: str
    given: frozenset[str]
    checked: bool


def sentences(name: str, source: str) -> Iterator[Sentence]:
    """Every key in this module; a call whose first argument is no literal is checked where it was made."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("t", "tn"):
            given = frozenset(word.arg for word in node.keywords if word.arg)
            spread = any(word.arg is None for word in node.keywords)
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield Sentence(f"{name}:{node.lineno}", argument.value, given, not spread)


def faults(sentence: Sentence) -> list[str]:
    """What is wrong with it, in words; nothing for a good one."""
    return [*_in_words(sentence.key), *_in_places(sentence)]


def _in_words(key: str) -> Iterator[str]:
    yield from (f"says {what}" for what, pattern in FORBIDDEN.items() if pattern.search(key))
    counts = [len(part.split()) for part in re.split(r"(?<=[.?:])\s+", key)]
    yield from (f"has a sentence of {count} words" for count in counts if count > MOST_WORDS)
    yield from (f"does not spell out {short}" for short in ABBREVIATIONS.findall(key) if short not in KNOWN)
    if key != key.strip() or "  " in key:
        yield "has spaces at its ends or twice"
    if re.search(r"[a-z]'[a-z]|\"|(?<!\.)\.\.(?!\.)", key):
        yield "has straight quotation marks, or two dots"


def _in_places(sentence: Sentence) -> Iterator[str]:
    places = set(PLACE.findall(sentence.key))
    if sentence.checked:
        yield from (f"fills in {name}, which it does not have" for name in sorted(sentence.given - places))
        yield from (f"does not fill in {name}" for name in sorted(places - sentence.given))
    if "{}" in sentence.key or re.search(r"{[^}]*[^}\w]", sentence.key):
        yield "has a place without a plain name"
