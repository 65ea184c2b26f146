"""Pure: how much a community that somebody wants to start is like one that there is, by what their words mean.

Words are read as searches read them, words that mean the same are one, and a word counts the more the fewer communities
have it (inverse document frequency, K. Sparck Jones, "A statistical interpretation of term specificity", 1972). What
two communities share is weighed against all that the smaller one says in its name and service: two names with the same
meaning are alike however long their outcomes are.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from storage.terms import terms

ALIKE = 0.55
"""From how much on two communities are worth a look; chosen on the pairs of `tests/bot/test_likeness.py`."""
OFFERED = 3
"""How many are offered at most."""
OUTCOME = 0.35
"""How much a word of an outcome counts beside one of a name or service."""

SAME = (
    "business company firm enterprise trader startup trading",
    "start begin setup register registration open launch create found",
    "employ hire recruit recruitment staff worker employment employee employer",
    "home house housing property dwelling",
    "rent let lease tenant tenancy landlord",
    "buy purchase procure procurement",
    "child children kid",
    "school education pupil teaching",
    "teach learn training",
    "doctor gp physician",
    "health medical nhs healthcare",
    "benefit welfare allowance",
    "pension retirement retire",
    "tax taxation duty vat",
    "pay payment payroll wage salary",
    "drive driver driving motorist",
    "vehicle car",
    "licence license permit permission",
    "immigration visa migrant",
    "passport identity",
    "bereavement death die bereaved funeral probate",
    "birth baby maternity newborn pregnancy",
    "marriage marry wedding",
    "divorce separation",
    "disabled disability accessibility accessible",
    "carer care caring",
    "farm farmer agriculture farming",
    "export import trade customs",
    "grant fund funding",
    "court justice tribunal",
    "prison prisoner offender",
    "data statistic statistics",
    "design designer ux",
    "research researcher",
    "developer software engineer engineering programming",
    "welsh cymraeg wales",
    "letter post mail correspondence",
    "helpline call telephone phone",
    "form application apply",
    "environment climate green",
    "flood flooding",
    "job work jobseeker unemployment",
    "move relocate",
    "complain complaint",
)
"""Words that mean the same to who looks for a community, a line each; written by hand, in the words of services."""
EMPTY = frozenset(
    (
        "a an and are as at be by can community communities do does for from get government have how in into is it its"
        " know knows group network nobody of on or our people practice service services so that the their them they"
        " this to up use users using we what when where which who with without you your any anyone every one more"
        " easily easy need needs not no all first time new someone somebody"
    ).split()
)
"""Words that say nothing of what a community is about."""


class Described(NamedTuple):
    """A community by its number, and what it says of itself. The number is 0 for one that is not there yet."""

    id: int
    name: str
    service: str
    outcome: str


def _meanings() -> dict[str, str]:
    """Each term that has others of its meaning, and the one that stands for them."""
    found: dict[str, str] = {}
    for line in SAME:
        same = terms(line)
        found.update((one, same[0]) for one in same)
    return found


MEANS = _meanings()
_EMPTY = EMPTY.union(*map(terms, EMPTY))
_SET_UP = re.compile(r"\bset(?:ting|s)?[ -]up\b", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def meanings(text: str) -> frozenset[str]:
    """What the words of a text mean, each once, without those that say nothing."""
    found = terms(_SET_UP.sub("setup", text))
    return frozenset(MEANS.get(one, one) for one in found if one not in _EMPTY and len(one) > 1 and not one.isdigit())


def most_alike(new: Described, there: Sequence[Described], *, most: int = OFFERED) -> list[int]:
    """The numbers of those that the new one is like, the most alike first; none where none is."""
    weight = rarity(there)
    scored = ((likeness(new, one, weight), one.id) for one in there)
    found = sorted(((score, number) for score, number in scored if score >= ALIKE), key=lambda one: (-one[0], one[1]))
    return [number for _, number in found[:most]]


def rarity(there: Iterable[Described]) -> dict[str, float]:
    """How much each meaning counts: more, the fewer of these communities have it. 1 for one that all have.

    "" stands for what none of them has.
    """
    seen: Counter[str] = Counter()
    count = 0
    for one in there:
        count += 1
        seen.update(meanings(one.name) | meanings(one.service) | meanings(one.outcome))
    rare = {meaning: 1 + math.log((1 + count) / (1 + many)) for meaning, many in seen.items()}
    return rare | {"": 1 + math.log(1 + count)}


def likeness(new: Described, other: Described, weight: Mapping[str, float]) -> float:
    """From 0 to 1: how much of what the one that says less is about, the other is about too."""
    one, two = _about(new), _about(other)
    shared = sum(min(part, two[meaning]) * _weight(meaning, weight) for meaning, part in one.items() if meaning in two)
    whole = min(_core(new, weight), _core(other, weight))
    return min(1.0, shared / whole) if whole else 0.0


def _about(described: Described) -> dict[str, float]:
    """Each meaning and how much it counts: in full where it is in the name or service, less in the outcome alone."""
    found = dict.fromkeys(meanings(described.outcome), OUTCOME)
    found.update(dict.fromkeys(meanings(described.name) | meanings(described.service), 1.0))
    return found


def _core(described: Described, weight: Mapping[str, float]) -> float:
    names = meanings(described.name) | meanings(described.service)
    return sum(_weight(meaning, weight) for meaning in names)


def _weight(meaning: str, weight: Mapping[str, float]) -> float:
    """What nobody has said yet counts as what is rarest."""
    return weight.get(meaning, weight.get("", 1.0))
