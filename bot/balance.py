"""Pure: whether a community has a spread of organisations and professions, and what it lacks."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bot.professions import Profession, profession_of
from storage.members import Counted

MOST = 60
"""Of 100 members, how many may be of one organisation or one profession before it is said."""
WANTED = (
    Profession.POLICY,
    Profession.OPERATIONS,
    Profession.DESIGN,
    Profession.USER_RESEARCH,
    Profession.PRODUCT_AND_DELIVERY,
    Profession.ENGINEERING,
    Profession.DATA,
)
"""What a community of a service needs, the first most: policy with those who deliver."""


class Row(NamedTuple):
    """How many members one organisation has, and of which professions as far as they are shown; "" for not verified."""

    organisation: str
    members: int
    professions: tuple[tuple[Profession, int], ...]


def grid_of(counted: Sequence[Counted]) -> list[Row]:
    """Organisation by profession, the largest organisation first."""
    of_each: dict[str, Counter[Profession]] = {}
    hidden: Counter[str] = Counter()
    for one in counted:
        professions = of_each.setdefault(one.organisation, Counter())
        if one.role:
            professions[profession_of(one.role)] += one.members
        else:
            hidden[one.organisation] += one.members
    rows = [
        Row(organisation, professions.total() + hidden[organisation], tuple(professions.most_common()))
        for organisation, professions in of_each.items()
    ]
    return sorted(rows, key=lambda row: (-row.members, row.organisation))


def professions_in(rows: Sequence[Row]) -> Counter[Profession]:
    """How many members of each profession, over all organisations, as far as their roles are shown."""
    found: Counter[Profession] = Counter()
    for row in rows:
        found.update(dict(row.professions))
    return found


def most_of(rows: Sequence[Row]) -> tuple[str, int] | None:
    """The organisation that more than 60 of 100 members are of, and how many of 100; None where there is none."""
    total = sum(row.members for row in rows)
    over = (row for row in rows if row.organisation and row.members * 100 > MOST * total)
    return next(((row.organisation, row.members * 100 // total) for row in over), None)


def most_in(rows: Sequence[Row]) -> tuple[Profession, int] | None:
    """The same for a profession, among those whose role is shown; other roles are none."""
    found = professions_in(rows)
    total = found.total()
    over = ((one, n) for one, n in found.items() if one is not Profession.OTHER and n * 100 > MOST * total)
    return next(((one, n * 100 // total) for one, n in over), None)


def missing_from(rows: Sequence[Row]) -> Profession | None:
    """The profession that is needed most of those that nobody has; None where every one is there."""
    found, scarcest = professions_in(rows), scarcest_in(rows)
    return None if found[scarcest] else scarcest


def scarcest_in(rows: Sequence[Row]) -> Profession:
    """The profession that most people should be invited of: one that is missing, else the one with fewest members."""
    found = professions_in(rows)
    return min(WANTED, key=lambda one: (found[one], WANTED.index(one)))
