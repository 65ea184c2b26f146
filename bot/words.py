"""Typed words -> a command: one grammar on every platform.

`verb`, then its fields in order. A field with a word before it (`join starting-a-business as policy`) stands
anywhere after that word; every other field but the last is one word, or several in quotes; the last takes the rest.
"""

import re
from difflib import SequenceMatcher
from functools import cache

from bot.command import Query, Question, Verb, first_word, kinds_of, questions, read, registry

QUOTES = {'"': '"', "“": "”"}
CLOSE = 0.75
"""How alike a mistyped verb must be, of 1: "jion" and "join" are 0.75."""
LESS = 0.8
"""A verb that takes nothing is less likely meant where more was typed."""


def from_words(said: str) -> Verb | None:
    """The command these words give, or None where they start with no verb of ours."""
    text = _bare(said)
    for phrase in registry.beginning.get(first_word(text), ()):
        verb, rest = registry.phrases[phrase], _after(phrase, text)
        if rest is not None and not any(character.isalnum() for character in rest):
            return verb()
        if rest is not None and questions(verb):
            return _filled(verb, rest)
    return None


def greeting(said: str) -> Query | None:
    """What only shows something and takes nothing, with a word or two of politeness: "hi there", "help me"."""
    text = _bare(said)
    best = _closest(text)
    verb = registry.phrases[best]
    if not issubclass(verb, Query) or questions(verb) or _after(best, text) is None:
        return None
    return verb()


def _after(phrase: str, text: str) -> str | None:
    """What stands after the phrase, None where the text does not begin with it; "ask:" is "ask"."""
    found = re.match(rf"{re.escape(phrase)}(?:[\s:,]+|(?=\W)|$)", text, re.IGNORECASE)
    return text[found.end() :].strip() if found else None


def starts_with_slash(said: str) -> bool:
    """Whether the person clearly meant a command."""
    return said.lstrip().startswith("/")


def close_to(said: str) -> str | None:
    """The verb that these words were probably meant to begin with, and the rest as typed; None where none is close."""
    text = _bare(said)[:200]
    best = _closest(text)
    if _likeness(best, text) < CLOSE:
        return None
    rest = _split(best, text)[1] if questions(registry.phrases[best]) else ""
    return f"{best} {rest}".strip()


def _closest(text: str) -> str:
    return max(registry.phrases, key=lambda phrase: (_likeness(phrase, text), len(phrase)))


def _likeness(phrase: str, text: str) -> float:
    """From 0 to 1: how alike the phrase and as many words as it has are."""
    start, rest = _split(phrase, text)
    alike = SequenceMatcher(None, start.lower(), phrase, autojunk=False).ratio()
    return alike * LESS if rest and not questions(registry.phrases[phrase]) else alike


def _split(phrase: str, text: str) -> tuple[str, str]:
    """As many words as the phrase has, and what follows them."""
    found = re.match(rf"\s*((?:\S+\s*){{0,{len(phrase.split())}}})", text)
    return (found.group(1).strip(), text[found.end() :].strip()) if found else ("", text)


def _bare(said: str) -> str:
    text = re.sub(r"^\s*/?\s*", "", said)
    return re.sub(r"^@?signpost(?:[\s:,]+|$)", "", text, flags=re.IGNORECASE).strip()


def _filled(verb: type[Verb], rest: str) -> Verb:
    asked = questions(verb)
    kinds = kinds_of(verb)
    given: dict[str, str | int | bool] = {}
    rest, marked = _marked(rest, asked)
    for name, text in marked.items():
        given[name] = read(_unquoted(text), name, asked[name], kinds[name])
    plain = [name for name in asked if not asked[name].after]
    for name in plain:
        word, after = (rest, "") if name == plain[-1] else _first(rest)
        if kinds[name] is int and name != plain[-1] and not _numeric(word):
            continue  # left out, as in "answer Yes, it is": the form, or the only open question, fills it
        given[name] = read(_unquoted(word), name, asked[name], kinds[name])
        rest = after
    return verb(**given)


def _marked(rest: str, asked: dict[str, Question]) -> tuple[str, dict[str, str]]:
    """The words before the first marker, and what stands after each marker; quoted text is never split."""
    marks = {question.after: name for name, question in asked.items() if question.after}
    if not marks:
        return rest, {}
    shown = re.sub(r'"[^"]*"|“[^”]*”', lambda quoted: "\0" * len(quoted.group()), rest)
    last = {marks[match.group(1).lower()]: match for match in _marker(tuple(marks)).finditer(shown)}
    found = sorted(last.items(), key=lambda item: item[1].start())
    if not found:
        return rest, {}
    ends = [match.start() for _, match in found[1:]] + [len(rest)]
    marked = {name: rest[match.end() : end].strip() for (name, match), end in zip(found, ends, strict=True)}
    return rest[: found[0][1].start()].strip(), marked


@cache
def _marker(marks: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    return re.compile(rf"(?:(?<=\s)|^)({either})(?:(?<=:)|(?=\s))", re.IGNORECASE)


def _first(rest: str) -> tuple[str, str]:
    """The first word, or the first quoted words, and what follows."""
    closing = QUOTES.get(rest[:1])
    if closing and closing in rest[1:]:
        end = rest.index(closing, 1) + 1
        return rest[:end], rest[end:].strip()
    word, after, *_ = (*rest.split(maxsplit=1), "", "")
    return word, after.strip()


def _unquoted(text: str) -> str:
    closing = QUOTES.get(text[:1])
    return text[1:-1].strip() if closing and len(text) > 1 and text.endswith(closing) else text


def _numeric(word: str) -> bool:
    return re.fullmatch(r"(?:[Qq]-|#)?\d{1,15}", word) is not None
