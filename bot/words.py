"""Typed words -> a command: one grammar on every platform.

`verb`, then its fields in order. A field with a word before it (`join starting-a-business as policy`) stands
anywhere after that word; every other field but the last is one word, or several in quotes; the last takes the rest.
"""

import re
from difflib import get_close_matches

from bot.command import Question, Verb, kinds_of, questions, read, registry

QUOTES = {'"': '"', "“": "”"}


def from_words(said: str) -> Verb | None:
    """The command these words give, or None where they start with no verb of ours."""
    text = _bare(said)
    lowered = text.lower()
    for phrase in sorted(registry.phrases, key=len, reverse=True):
        verb = registry.phrases[phrase]
        if lowered.rstrip("!?. ") == phrase:
            return verb()
        if lowered.startswith(phrase + " ") and questions(verb):
            return _filled(verb, text[len(phrase) :].strip())
    return None


def starts_with_slash(said: str) -> bool:
    """Whether the person clearly meant a command."""
    return said.lstrip().startswith("/")


def close_to(said: str) -> str | None:
    """The verb that the first word was probably meant to be, with the rest as typed; None where nothing is close."""
    text = _bare(said)
    first, _, rest = text.partition(" ")
    first_words = {phrase.split(" ")[0] for phrase in registry.phrases}
    for word in get_close_matches(first.lower(), first_words, n=1, cutoff=0.7):
        return f"{word} {rest}".strip()
    return None


def _bare(said: str) -> str:
    text = said.strip().removeprefix("/").strip()
    lowered = text.lower()
    return text[len("signpost") :].strip() if re.match(r"signpost(\s|$)", lowered) else text


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
    either = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    last = {
        marks[match.group(1).lower()]: match
        for match in re.finditer(rf"(?:(?<=\s)|^)({either})(?:(?<=:)|(?=\s))", shown, re.IGNORECASE)
    }
    found = sorted(last.items(), key=lambda item: item[1].start())
    if not found:
        return rest, {}
    ends = [match.start() for _, match in found[1:]] + [len(rest)]
    marked = {name: rest[match.end() : end].strip() for (name, match), end in zip(found, ends, strict=True)}
    return rest[: found[0][1].start()].strip(), marked


def _first(rest: str) -> tuple[str, str]:
    """The first word, or the first quoted words, and what follows."""
    closing = QUOTES.get(rest[:1])
    if closing and closing in rest[1:]:
        end = rest.index(closing, 1) + 1
        return rest[:end], rest[end:].strip()
    word, _, after = rest.partition(" ")
    return word, after.strip()


def _unquoted(text: str) -> str:
    closing = QUOTES.get(text[:1])
    return text[1:-1].strip() if closing and len(text) > 1 and text.endswith(closing) else text


def _numeric(word: str) -> bool:
    return re.fullmatch(r"(?:[Qq]-|#)?\d{1,15}", word) is not None
