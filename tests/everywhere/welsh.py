"""What is wrong with the Welsh of a sentence, as far as a rule can see: `bot/locales/cy.po` against its English."""

import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.locales import file_of

FORMS = 6
"""Nothing, one, two, three, six, and every other number: what mutates after a figure differs."""
MOST_WORDS = 30
"""Welsh needs more words than English for the same: its particles stand apart."""
PLACE = re.compile(r"{\w+}")
TYPED = re.compile(r"“[^”]*”|: (?:@Signpost )?(?:[a-z]+ )+{\w+}$|: signpost tray\.$")
"""Words to type stay in English: in quotation marks, or after a colon at the end."""
ENGLISH = re.compile(
    r"\b(?:the|your|you|of|and|are|was|were|with|for|this|that|from|who|what|which|not|has|have|will|may|it|its"
    r"|they|them|their|been|by|one|more|say|said|ask|asked|join|leave|members?|owners?|questions?|answers?|role"
    r"|community|communities|organisations?|messages?|yes)\b",
    re.IGNORECASE,
)
"""Words that no Welsh sentence has; “person”, “is”, “can” and “be” are Welsh too."""
LITTLE = re.compile(
    r"\b(?:the|your|you|of|and|are|was|were|with|for|this|that|from|which|not|has|have|will|they|them|their|been)\b",
    re.IGNORECASE,
)
"""The words that hold English together: where none is left, no sentence is. No verb that people type is among them."""
FAMILIAR = re.compile(r"\b(?:ti|dy|wyt|tithau|rwyt)\b", re.IGNORECASE)
WITHOUT_ACCENT = {
    "ty": "tŷ",
    "wyr": "ŵyr",
    "grwp": "grŵp",
    "tim": "tîm",
    "rol": "rôl",
    "ol": "ôl",
    "nol": "nôl",
    "dwr": "dŵr",
    "swn": "sŵn",
    "sgor": "sgôr",
    "caniatad": "caniatâd",
    "gwen": "gwên",
    "cor": "côr",
    "pel": "pêl",
}
"""Words that are misspelt without their accent; those that are another word without it are left to a reader."""
MUTATES = re.compile(
    r"\b(?:(?:yn|ym|yng|fy|a|ac|â|ag|dy) {\w+}|(?:am|ar|at|hyd|i|o|tan) {(?:day|first|last|date)})", re.IGNORECASE
)
"""After these the first letter of what fills the place would change; the sentence is turned instead. Days begin with
“dydd”."""


def catalogue_of(language: str) -> Catalog:
    """What the file of this language holds now."""
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def faults(one: str, many: str, said: tuple[str, ...]) -> list[str]:
    """What is wrong with the translation of a sentence, or with its plural forms; nothing for a good one."""
    if not all(said):
        return ["has no Welsh" if not any(said) else "lacks a plural form"]
    if many and len(said) != FORMS:
        return [f"has {len(said)} plural forms, not {FORMS}"]
    return [fault for form in dict.fromkeys(said) for fault in (*_against(one, many, form), *_alone(form))]


def example_faults(welsh: str) -> list[str]:
    """The same for words to type, which are no sentence: that they are understood is for the grammar to say."""
    return [*_marks(welsh)] if welsh else ["has no Welsh"]


def _against(one: str, many: str, form: str) -> Iterator[str]:
    places = set(PLACE.findall(form))
    for english in (one, many) if many else (one,):
        if set(PLACE.findall(english)) != places:
            yield f"has other places than “{english}”"
            return
    if _ending(one) != _ending(form):
        yield f"ends with “{_ending(form)}”, not with “{_ending(one)}”"


def _ending(text: str) -> str:
    return text[-1] if text[-1] in ".?:…" else ""


def _alone(form: str) -> Iterator[str]:
    yield from _marks(form)
    counts = [len(part.split()) for part in re.split(r"(?<=[.?:])\s+", form)]
    yield from (f"has a sentence of {count} words" for count in counts if count > MOST_WORDS)
    if "!" in form:
        yield "says an exclamation mark"
    spoken = PLACE.sub("", TYPED.sub("", form))
    yield from (f"leaves “{word}” in English" for word in dict.fromkeys(ENGLISH.findall(spoken)))
    yield from (f"says “{word}” to somebody it should call chi" for word in FAMILIAR.findall(spoken))
    bare = [word for word in re.findall(r"\w+", spoken.lower()) if word in WITHOUT_ACCENT]
    yield from (f"writes “{word}” for “{WITHOUT_ACCENT[word]}”" for word in bare)
    yield from (f"would need a mutation in “{where}”" for where in MUTATES.findall(form))


def _marks(form: str) -> Iterator[str]:
    if "'" in form or '"' in form:
        yield "has a straight apostrophe or quotation mark"
    if form != form.strip() or "  " in form:
        yield "has spaces at its ends or twice"
    if form.count("“") != form.count("”"):
        yield "opens a quotation that it does not close"
