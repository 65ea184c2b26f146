"""Small worlds of organisations, agreements, people and communities, and the people whom a viewer may see in them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from hypothesis import strategies as st

from storage.communities import Communities
from storage.consents import Consents
from storage.database import Transaction
from storage.organisations import Organisations
from storage.people import People, Person

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ORGANISATIONS = ("ONE", "TWO", "THREE")
COMMUNITIES = ("first", "second")


@dataclass(frozen=True)
class Somebody:
    """One person of a small world; `organisation` is a place in ORGANISATIONS, -1 for none."""

    organisation: int
    verified: bool
    findable: bool
    asked: bool
    active: bool
    communities: frozenset[int]

    @property
    def vouched(self) -> bool:
        """Whether a platform vouches for their organisation; nobody can for none."""
        return self.verified and self.organisation >= 0


@dataclass(frozen=True)
class World:
    """People by place, and the pairs of organisations that agreed."""

    people: tuple[Somebody, ...]
    agreed: frozenset[tuple[int, int]]

    def crosses(self, viewer: Somebody, other: Somebody) -> bool:
        """Whether the one may see something of the other at all: the rule in words, not in SQL."""
        if not (viewer.vouched and other.vouched):
            return False
        pair = tuple(sorted((viewer.organisation, other.organisation)))
        return viewer.organisation == other.organisation or pair in self.agreed


somebody = st.builds(
    Somebody,
    organisation=st.integers(-1, 2),
    verified=st.booleans(),
    findable=st.booleans(),
    asked=st.booleans(),
    active=st.sampled_from([True, True, True, False]),
    communities=st.frozensets(st.integers(0, 1)),
)
worlds = st.builds(
    World,
    people=st.lists(somebody, min_size=2, max_size=5).map(tuple),
    agreed=st.frozensets(st.sampled_from(list(combinations(range(3), 2)))),
)


@dataclass(frozen=True)
class Built:
    """The numbers that a world's people and communities have in the database."""

    people: list[Person]
    communities: list[int]


def build(tx: Transaction, world: World) -> Built:
    """The world is in the database. Who is not active is there, and is no longer found."""
    organisations = Organisations(tx)
    numbers = [organisations.add(f"Organisation {short}", short, NOW) for short in ORGANISATIONS]
    for one, other in sorted(world.agreed):
        Consents(tx).both(numbers[one], numbers[other], NOW)
    people = [_person(tx, place, found, numbers) for place, found in enumerate(world.people)]
    communities = []
    for place, slug in enumerate(COMMUNITIES):
        number = Communities(tx).add(slug, slug, "A service", "An outcome", by=people[0].id, now=NOW)
        assert number is not None
        communities.append(number)
        for person, found in zip(people, world.people, strict=True):
            if place in found.communities:
                Communities(tx).join(number, person.id, NOW)
    for person, found in zip(people, world.people, strict=True):
        if not found.active:
            People(tx).describe(person, "", "", verified=person.verified, active=False)
    return Built(people, communities)


def _person(tx: Transaction, place: int, found: Somebody, organisations: list[int]) -> Person:
    known = People(tx)
    number = known.add(
        f"Person {place}",
        NOW,
        organisation=organisations[found.organisation] if found.organisation >= 0 else None,
        verified=found.vouched,
        role=f"Role {place}",
        knows=f"Knowledge {place}",
        asked=found.asked,
        findable=found.findable,
    )
    known.add_account(number, ("slack", "T1", f"U{place}"), NOW)
    person = known.find(number)
    assert person is not None
    return person
