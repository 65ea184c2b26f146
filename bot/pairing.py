"""Pure: who is introduced to whom in one round."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

import networkx as nx

Pair = frozenset[int]
MOST_SHARED = 3
"""How many communities that two people share count."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who wants to be introduced: their number, their verified organisation, the communities they are in."""

    id: int
    organisation: int
    communities: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Known:
    """What matching must know of its candidates.

    `agreed`: pairs of organisations between which names may cross. `met`: pairs of people who were introduced within a
    year. `hidden`: a person, with an organisation that they hide from. `round` is what the round is called: of matches
    that are equally good, each round chooses others.
    """

    agreed: Set[Pair] = frozenset()
    met: Set[Pair] = frozenset()
    round: str = ""
    hidden: Set[tuple[int, int]] = frozenset()

    def may_meet(self, one: Candidate, other: Candidate) -> bool:
        """Whether each may see the other's name."""
        if (one.id, other.organisation) in self.hidden or (other.id, one.organisation) in self.hidden:
            return False
        return one.organisation == other.organisation or Pair((one.organisation, other.organisation)) in self.agreed

    def worth(self, one: Candidate, other: Candidate, people: int) -> int:
        """How good it is that these two meet.

        Among so many people, one pair less who met before is worth more than all that the others can differ by: another
        organisation first, then communities that they share.
        """
        new = Pair((one.id, other.id)) not in self.met
        elsewhere = one.organisation != other.organisation
        shared = min(len(one.communities & other.communities), MOST_SHARED)
        return new * 100 * people + elsewhere * 50 + shared * 10


def place_in(round: str, person: int) -> int:
    """Where somebody stands in a round: the same whenever it is asked for, and elsewhere in each round. 48 bits."""
    return int.from_bytes(blake2b(f"{round} {person}".encode(), digest_size=6).digest())


def groups(people: Sequence[Candidate], known: Known) -> list[tuple[int, ...]]:
    """Pairs, and a trio where somebody is left over, as numbers of people; each person is in one group at most.

    As many are in a pair as can be; of such matchings it is the one with the fewest who met before, then the best (a
    matching of maximum weight: Edmonds 1965, as networkx has it). Who is left over makes the best pair a trio. In no
    group, which is rare, is who may meet nobody, or only people of whom no pair may meet them both.
    """
    by_id = {person.id: person for person in sorted(people, key=lambda one: place_in(known.round, one.id))}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(by_id)
    graph.add_weighted_edges_from(
        (one.id, other.id, known.worth(one, other, len(people)))
        for one, other in combinations(by_id.values(), 2)
        if known.may_meet(one, other)
    )
    pairs: set[tuple[int, int]] = nx.max_weight_matching(graph, maxcardinality=True)
    found = [tuple(sorted(pair)) for pair in pairs]
    placed = {number for group in found for number in group}
    for number in sorted(by_id.keys() - placed):
        found = _with_third(by_id[number], found, by_id, known)
    return sorted(found)


def _with_third(
    third: Candidate, found: list[tuple[int, ...]], by_id: dict[int, Candidate], known: Known
) -> list[tuple[int, ...]]:
    """The groups, of which the pair that is best for it has a third; as they were where there is none."""

    def gain(group: tuple[int, ...]) -> int:
        return sum(known.worth(third, by_id[number], len(by_id)) for number in group)

    open_to = [
        group for group in found if len(group) == 2 and all(known.may_meet(third, by_id[number]) for number in group)
    ]
    if not open_to:
        return found
    best = max(open_to, key=lambda group: (gain(group), group))
    return [group for group in found if group != best] + [tuple(sorted((*best, third.id)))]
