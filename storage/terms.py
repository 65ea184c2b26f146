"""What the words of a text are found by: one reading for questions, answers, people and searches, on both databases.

Words are cut to their stems (M. F. Porter's Snowball for English). What is a name of a thing stays whole and is also
read by its parts: "GOV.UK Notify" is gov.uk, gov, uk and notifi; "C#", ".NET", "P60", "R&D" and "IR35" are what they
are. Accents do not count. Words that say nothing are left out, but not where they are written as an abbreviation: "IT".
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from Stemmer import Stemmer

LONGEST = 60
"""Characters of the longest term; what is longer is no word."""
MOST = 20_000
"""Terms that are read of one text."""
ROOT = 5
"""Letters of a root."""
STOP = frozenset(
    "a about am an and any anyone are as at be been but by can could did do does don for from get had has have hi how i"
    " if in into is it its just know like ll m me more much my no not now of on one only or other our please re s so"
    " some someone t than that the their them then there these they this those to too us ve very was we were what when"
    " where which who why will with would yes you your".split()
)
"""English words that say nothing of what a text is about, and what is left of "don't" and "they've"."""
_WORD = re.compile(r"(?:(?<![\w.])\.(?=[^\W\d_]))?[^\W_]+(?:['’.&+_-][^\W_]+|/[^\W_]{1,3}\b)*(?:[#]|\+\+)?")
_JOINED = re.compile(r"['’.&+_/-]")
_SHORTENED = re.compile(r"['’]")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_HUMP = re.compile(r"[a-z][A-Z]")
_stem: Callable[[str], str] = Stemmer("english", 0).stemWord


def terms(text: str) -> list[str]:
    """The terms of a text in their order, each as often as it is there."""
    return _read(text, _stem)


def spelt(text: str) -> list[str]:
    """The same with no word cut to its stem: "analysis" is not "analyst". For telling apart what has the same terms."""
    return _read(text, str)


def _read(text: str, cut: Callable[[str], str]) -> list[str]:
    found: list[str] = []
    words = _WORD.findall(unicodedata.normalize("NFKC", text))
    shouted = text.isupper() and len(words) > 1
    for word in words:
        found += _terms(word, shouted, cut)
        if len(found) >= MOST:
            return found[:MOST]
    return found


@lru_cache(maxsize=20_000)
def roots(text: str) -> frozenset[str]:
    """How the words of a text begin, each once: "registering" and "registration" meet, as their terms do not.

    For judging whether two short texts are about the same at all; what is searched and ranked is found by its terms.
    """
    return frozenset(one[:ROOT] for one in terms(text))


@lru_cache(maxsize=200_000)
def _terms(word: str, shouted: bool, cut: Callable[[str], str]) -> tuple[str, ...]:
    """The terms of one word as it is written; `shouted` where the whole text is in capitals. `cut` gives the stems."""
    plain = _without_accents(word.casefold()).removesuffix("'s").removesuffix("’s")
    if len(plain) > LONGEST:
        return ()
    abbreviation = len(word) > 1 and word.isupper() and not shouted
    parts = [part for part in _JOINED.split(plain) if part]
    if len(parts) == 1 and _HUMP.search(word):
        parts = [part.casefold() for part in _CAMEL.findall(word)]
    if len(parts) > 1:
        telling = [cut(part) for part in parts if part not in STOP]
        return () if not telling and _SHORTENED.search(plain) else (plain, *telling)
    return () if plain in STOP and not abbreviation else (cut(plain),)


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFKD", word)
    return unicodedata.normalize("NFKC", "".join(one for one in apart if not unicodedata.combining(one)))
