"""Pure: who should get a question, and what is alike."""

import re
from collections.abc import Sequence

from storage.people import Person

MOST = 3
STOP = frozenset(
    "a about an and any anyone are as at be but by can do does for from get has have how i if in into is it know"
    " knows me my no not of on one or our please so someone that the their them there they this to us was we what"
    " when where which who why will with would you your".split()
)


def stems(text: str) -> frozenset[str]:
    """The words that matter, cut so that "registering" and "registration" meet."""
    found = re.findall(r"[^\W_]+(?:[#+.][^\W_]*)*", text.lower())
    return frozenset(word if len(word) < 6 else word[:5] for word in (w.strip(".") for w in found) if word not in STOP)


def alike(text: str, other: str) -> int:
    """How many words that matter the two share."""
    return len(stems(text) & stems(other))


def best_members(text: str, asker: Person, willing: Sequence[Person]) -> list[Person]:
    """Up to three of them, in a fixed order: who says they know most about it first, then the longest known.

    At most two are from one organisation, one is from another than the asker's where there is one, and none is
    the asker.
    """
    wanted = stems(text)
    others = [person for person in willing if person.id != asker.id]
    ranked = sorted(others, key=lambda person: (-len(wanted & stems(f"{person.knows} {person.role}")), person.id))
    elsewhere = [person for person in ranked if person.organisation_id != asker.organisation_id]
    chosen = elsewhere[:1]
    for person in ranked:
        same = sum(known.organisation_id == person.organisation_id for known in chosen)
        if len(chosen) < MOST and person not in chosen and same < 2:
            chosen.append(person)
    return chosen
