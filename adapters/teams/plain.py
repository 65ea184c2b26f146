"""People's words in a card, drawn as they were typed: no formatting, links or mentions come out of them. Pure.

Teams reads the text of a card as CommonMark without HTML ("Format cards in Microsoft Teams",
learn.microsoft.com), and replaces {{DATE(...)}} and {{TIME(...)}} in it (Adaptive Cards, "Text features").
"""

import re

_ANYWHERE = re.compile(r"[\\`*_\[\]<]|&(?=#?\w+;)|~(?=~)")
_AT_THE_START = re.compile(r"^([#>+=-]|\d{1,9}[.)])", re.MULTILINE)
_AROUND_LINES = re.compile(r"^[^\S\n]+|[^\S\n]+$", re.MULTILINE)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNDRAWABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_DATE_FUNCTION = re.compile(r"\{\{(?=(?:DATE|TIME)\()")


def shown_as_typed(text: str) -> str:
    """The same words for a place where Teams reads no markdown."""
    clean = _UNDRAWABLE.sub("", _LINE_ENDS.sub("\n", text))
    return _DATE_FUNCTION.sub("{\u2060{", clean)


def escaped(text: str) -> str:
    """The words as markdown that reads as they were typed; each line becomes a paragraph of its own."""
    lines = _AROUND_LINES.sub("", shown_as_typed(text))
    marked = _ANYWHERE.sub(r"\\\g<0>", lines)
    marked = _AT_THE_START.sub(_mark_start, marked)
    return re.sub(r"\n+", "\n\n", marked).strip()


def _mark_start(found: re.Match[str]) -> str:
    """Before the sign that would start a heading, a list or a rule; a number's sign is its last character."""
    sign = found.group()
    return f"{sign[:-1]}\\{sign[-1]}" if sign[0].isdigit() else f"\\{sign}"
