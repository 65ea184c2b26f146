"""Pure: who of those who could answer a question gets it, and what is alike."""

from collections.abc import Sequence

from storage.people import Person
from storage.terms import terms

MOST = 3


def shared(text: str, other: str) -> int:
    """How many terms the two share, as searches read them."""
    return len({*terms(text)} & {*terms(other)})


def choose(ranked: Sequence[Person], asker: Person, most: int = MOST) -> list[Person]:
    """Up to three of them, in their order; at most two are from one organisation, and none is the asker.

    One is from another organisation than the asker's where there is one: else the last makes room.
    """
    chosen: list[Person] = []
    others = [person for person in ranked if person.id != asker.id]
    for person in others:
        same = sum(known.organisation_id == person.organisation_id for known in chosen)
        if len(chosen) < most and same < 2:
            chosen.append(person)
    elsewhere = (person for person in others if person.organisation_id != asker.organisation_id)
    outside = next(elsewhere, None)
    if outside is not None and all(person.organisation_id == asker.organisation_id for person in chosen):
        chosen = [*chosen[: most - 1], outside]
    return chosen
