"""Texts in memory, found by their terms: added, replaced and removed one at a time, and ranked by BM25.

S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); the inverse document
frequency is that of Lucene, which is never negative. A term's postings are one array of 32-bit numbers, a text's slot
times 256 plus how often it has the term, so they are scored by numpy without a copy.
"""

import math
from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)

OFTEN = 255
"""How often a term is counted in one text, at most."""
SATURATION = 2.0
"""BM25's k1: how much a term counts more that is there again and again."""
LENGTH = 0.4
"""BM25's b: how much a long text needs to have more of a term than a short one."""
MOST_TERMS = 60
"""Of a search, those that tell most: a page of text costs no more than a paragraph."""


NONE: Mapping[str, float] = {}
"""No terms."""


class Found(NamedTuple, Generic[Key]):
    """A text and how well it matches, above 0: 1 where it has every term that was wanted once; it may be more.

    Terms that no text has count too, so a search for what nobody ever wrote of finds little.
    """

    key: Key
    score: float


class Postings(Generic[Key]):
    """Texts by their keys. Any thread may use it: one at a time is let in. BM25's k1 and b may be others than usual."""

    def __init__(self, saturation: float = SATURATION, length: float = LENGTH) -> None:
        self._lock = Lock()
        self._saturation, self._length = saturation, length
        self._terms: dict[str, int] = {}
        self._lists: list[array[int]] = []
        self._names: list[str] = []
        self._unused: list[int] = []
        """Numbers of terms that no text has any more; their names are forgotten."""
        self._slots: dict[Key, int] = {}
        self._keys: list[Key | None] = []
        self._held: list[array[int] | None] = []
        """Per slot, the terms of its text with their counts, as in the lists."""
        self._free: list[int] = []
        self._lengths = np.zeros(1024, np.float32)
        self._whole = 0.0

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, key: Key) -> bool:
        return key in self._slots

    def put(self, key: Key, counts: Mapping[str, int]) -> None:
        """The text with this key has these terms, so often each; what it had before is gone."""
        with self._lock:
            self._remove(key)
            if counts:
                self._add(key, counts)

    def remove(self, key: Key) -> None:
        """There is no text with this key; nothing of it is left."""
        with self._lock:
            self._remove(key)

    def search(self, wanted: Mapping[str, float], most: int, also: Mapping[str, float] = NONE) -> list[Found[Key]]:
        """The texts with any of these terms, the best first; each term counts as much as it is wanted.

        Terms that are wanted `also` count where a text has them, and are not missed where it does not.
        """
        with self._lock:
            telling, whole = self._weighed(wanted)
            telling += self._weighed(also)[0]
            if not telling or not whole:
                return []
            scores = self._scored(telling) / np.float32(whole)
            most = min(most, len(scores))
            best = np.argpartition(-scores, most - 1)[:most]
            best = best[scores[best] > 0]
            best = best[np.lexsort((best, -scores[best]))]
            keys = self._keys
            return [Found(key, float(scores[slot])) for slot in best.tolist() if (key := keys[slot]) is not None]

    def _weighed(self, wanted: Mapping[str, float]) -> tuple[list[tuple[int, float]], float]:
        """The terms that tell most, by number, and how much each tells; and how much all that is wanted tells."""
        known: list[tuple[int, float]] = []
        count, strange = len(self._slots), 0.0
        for term, how in wanted.items():
            number = self._terms.get(term)
            if number is None:
                strange += how * _rarity(count, 0)
            else:
                known.append((number, how * _rarity(count, len(self._lists[number]))))
        telling = sorted(known, key=lambda one: -one[1])[:MOST_TERMS]
        return telling, strange + sum(weight for _, weight in telling)

    def _scored(self, telling: Iterable[tuple[int, float]]) -> NDArray[np.float32]:
        """What each slot has of these terms."""
        used = len(self._keys)
        scores = np.zeros(used, np.float32)
        average = np.float32(self._whole / len(self._slots))
        damping = self._saturation * (1 - self._length + self._length * self._lengths[:used] / average)
        for number, weight in telling:
            entries = np.frombuffer(self._lists[number], np.uint32)
            slots = entries >> 8
            often = (entries & 255).astype(np.float32)
            scores[slots] += np.float32(weight * (self._saturation + 1)) * often / (often + damping[slots])
        return scores

    def _add(self, key: Key, counts: Mapping[str, int]) -> None:
        slot = self._free.pop() if self._free else self._new_slot()
        held = array("I")
        for term, often in counts.items():
            number = self._terms.get(term)
            if number is None:
                number = self._new_term(term)
            _insert(self._lists[number], (slot << 8) | min(often, OFTEN))
            held.append(number)
        self._slots[key], self._keys[slot], self._held[slot] = slot, key, held
        self._lengths[slot] = sum(counts.values())
        self._whole += float(self._lengths[slot])

    def _new_term(self, term: str) -> int:
        if self._unused:
            number = self._unused.pop()
            self._names[number] = term
        else:
            number = len(self._lists)
            self._lists.append(array("I"))
            self._names.append(term)
        self._terms[term] = number
        return number

    def _new_slot(self) -> int:
        slot = len(self._keys)
        self._keys.append(None)
        self._held.append(None)
        if slot >= len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
        return slot

    def _remove(self, key: Key) -> None:
        slot = self._slots.pop(key, None)
        if slot is None:
            return
        for number in self._held[slot] or ():
            found = self._lists[number]
            del found[_place(found, slot << 8)]
            if not found:
                del self._terms[self._names[number]]
                self._names[number] = ""
                self._unused.append(number)
        self._keys[slot] = self._held[slot] = None
        self._whole -= float(self._lengths[slot])
        self._lengths[slot] = 0
        self._free.append(slot)


def _rarity(count: int, having: int) -> float:
    return math.log1p((count - having + 0.5) / (having + 0.5))


def _insert(found: "array[int]", entry: int) -> None:
    """Into its place by slot; at the end where it is the newest, as almost always."""
    if not found or found[-1] < entry:
        found.append(entry)
    else:
        found.insert(_place(found, entry), entry)


def _place(found: "array[int]", entry: int) -> int:
    """Where the first entry is that is no smaller."""
    return int(np.searchsorted(np.frombuffer(found, np.uint32), entry))


def counted(*texts: tuple[list[str], int]) -> Counter[str]:
    """How often each term is in these texts, each text as many times as is said beside it."""
    whole: Counter[str] = Counter()
    for terms, times in texts:
        for term in terms:
            whole[term] += times
    return whole
