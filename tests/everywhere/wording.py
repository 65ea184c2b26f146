"""What is wrong with a sentence that people read on their screen, by the house's rules (GOV.UK style)."""

import re
from collections.abc import Iterator

from bot.locales.sentences import Sentence

MOST_WORDS = 25
CONTRACTIONS = re.compile(r"\b\w+[’'](?:t|re|ve|ll|d|m)\b|\b(?:it|that|there|here|what|who|let)[’']s\b", re.IGNORECASE)
FORBIDDEN = {
    "please": re.compile(r"\bplease\b", re.IGNORECASE),
    "an exclamation mark": re.compile("!"),
    "a contraction": CONTRACTIONS,
    "click here": re.compile(r"\bclick(?:ing)? (?:here|on)\b", re.IGNORECASE),
    "Latin": re.compile(r"\b(?:e\.g|i\.e|etc|via)\b", re.IGNORECASE),
    "and/or": re.compile(r"\b(?:and/or|he/she|his/her)\b|\w\(s\)", re.IGNORECASE),
}
MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
WRITTEN_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:{MONTH})\b|\b(?:{MONTH}) \d|\b\d{{4}}-\d\d-\d\d\b|\b\d\d?/\d\d?/\d"
)
WRITTEN_TIME = re.compile(r"\b\d{1,2}(?::\d\d)?(?:am|pm)\b|\b\d\d:\d\d\b")
TO_TYPE = re.compile(r"\b(?:write|say) (?:it|them) like\b|, like \d", re.IGNORECASE)
"""What shows how to type a date or a time has to write one."""
ABBREVIATIONS = re.compile(r"\b[A-Z]{2,}\b")
KNOWN = {
    "HMRC": "an example that its own people know",
    "GOV": "the name GOV.UK",
    "UK": "the name GOV.UK; and the style guide writes UK",
    "VAT": "a tax that nobody calls by its whole name",
    "OFFICIAL": "a classification, which is written in capitals",
    "SENSITIVE": "the same",
    "CSV": "a kind of file, called so by every program that makes one",
    "UTF": "in “CSV UTF-8”, as Excel calls it",
    "MB": "a size, which the style guide writes so",
}
SHOUTED = re.compile(r"\b[A-Z]{2,}(?:[ ,]+[A-Z]{2,})+\b|\b[A-Z]{6,}\b")
PLACE = re.compile(r"{(\w+)}")


def faults(sentence: Sentence) -> list[str]:
    """What is wrong with it, in words; nothing for a good one. An example is what people type: only its marks count."""
    keys = [sentence.one, *([sentence.many] if sentence.many else [])]
    if sentence.example:
        return [fault for key in keys for fault in _in_marks(key)]
    return [fault for key in keys for fault in (*_in_words(key), *_in_marks(key), *_in_places(key, sentence))]


def _in_words(key: str) -> Iterator[str]:
    yield from (f"says {what}" for what, pattern in FORBIDDEN.items() if pattern.search(key))
    counts = [len(part.split()) for part in re.split(r"(?<=[.?:])\s+", key)]
    yield from (f"has a sentence of {count} words" for count in counts if count > MOST_WORDS)
    spelt = set(re.findall(r"\(([A-Z]{2,})\)", key))
    unknown = [short for short in ABBREVIATIONS.findall(key) if short not in KNOWN and short not in spelt]
    yield from (f"does not spell out {short}" for short in unknown)
    shouted = [words for words in SHOUTED.findall(key) if not set(words.split()) <= KNOWN.keys()]
    yield from (f"shouts {words}" for words in shouted)
    if not TO_TYPE.search(key) and (WRITTEN_DATE.search(key) or WRITTEN_TIME.search(key)):
        yield "has a date or a time written by hand"


def _in_marks(key: str) -> Iterator[str]:
    if key != key.strip() or "  " in key:
        yield "has spaces at its ends or twice"
    if re.search(r"[a-z]'[a-z]|\"|(?<!\.)\.\.(?!\.)", key):
        yield "has straight quotation marks, or two dots"


def _in_places(key: str, sentence: Sentence) -> Iterator[str]:
    places = set(PLACE.findall(key))
    if sentence.checked:
        yield from (f"fills in {name}, which it does not have" for name in sorted(sentence.given - places))
        yield from (f"does not fill in {name}" for name in sorted(places - sentence.given))
    if "{}" in key or re.search(r"{[^}]*[^}\w]", key):
        yield "has a place without a plain name"
