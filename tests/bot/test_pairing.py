"""Who is introduced to whom: everybody in one group, new people first, nobody who may not."""

from collections.abc import Iterable
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pairing import Candidate, Known, Pair, groups, place_in

people_of = st.lists(
    st.builds(
        lambda organisation, communities: (organisation, frozenset(communities)),
        st.integers(1, 4),
        st.sets(st.integers(1, 5), max_size=3),
    ),
    max_size=11,
).map(lambda rows: [Candidate(number, *row) for number, row in enumerate(rows, 1)])
everyone = frozenset(Pair(pair) for pair in combinations(range(1, 5), 2))
some = st.frozensets(st.sampled_from(sorted(everyone, key=sorted)))
meetings = st.frozensets(st.frozensets(st.integers(1, 11), min_size=2, max_size=2), max_size=30)


def pairs_in(found: list[tuple[int, ...]]) -> set[Pair]:
    return {Pair(pair) for group in found for pair in combinations(group, 2)}


def repeats(found: list[tuple[int, ...]], met: frozenset[Pair]) -> int:
    return len(pairs_in(found) & met)


def matchings(people: list[int]) -> list[list[tuple[int, ...]]]:
    """Every way to put an even number of people into pairs."""
    if not people:
        return [[]]
    first, rest = people[0], people[1:]
    return [[(first, other), *others] for other in rest for others in matchings([one for one in rest if one != other])]


@given(people_of, meetings)
def test_where_all_may_meet_everyone_is_in_one_group_and_only_the_odd_one_makes_a_trio(
    people: list[Candidate], met: frozenset[Pair]
) -> None:
    found = groups(people, Known(everyone, met, "monthly 2026-12-01"))
    placed = sorted(number for group in found for number in group)
    assert placed == ([one.id for one in people] if len(people) > 1 else [])
    sizes = sorted(len(group) for group in found)
    assert sizes == [2] * (len(sizes) - len(people) % 2) + [3] * (len(people) % 2) if len(people) > 1 else not sizes


@given(people_of, meetings, some)
def test_nobody_is_in_two_groups_and_nobody_meets_whom_they_may_not(
    people: list[Candidate], met: frozenset[Pair], agreed: frozenset[Pair]
) -> None:
    known = Known(agreed, met, "fortnightly 2026-12-08")
    found = groups(people, known)
    placed = [number for group in found for number in group]
    assert len(placed) == len(set(placed))
    assert all(len(group) in (2, 3) for group in found)
    by_id = {one.id: one for one in people}
    assert all(known.may_meet(*(by_id[number] for number in pair)) for pair in pairs_in(found))


@given(people_of, some)
def test_who_is_left_over_could_join_no_pair(people: list[Candidate], agreed: frozenset[Pair]) -> None:
    known = Known(agreed)
    found = groups(people, known)
    placed = {number for group in found for number in group}
    by_id = {one.id: one for one in people}
    for alone in (one for one in people if one.id not in placed):
        pairs = [group for group in found if len(group) == 2]
        assert not any(all(known.may_meet(alone, by_id[number]) for number in pair) for pair in pairs)


@settings(max_examples=60)
@given(people_of.filter(lambda people: len(people) % 2 == 0 and len(people) <= 8), meetings)
def test_nobody_meets_again_where_that_can_be_avoided(people: list[Candidate], met: frozenset[Pair]) -> None:
    found = groups(people, Known(everyone, met, "monthly 2026-12-01"))
    fewest = min(repeats(way, met) for way in matchings([one.id for one in people]))
    assert repeats(found, met) == fewest


@given(people_of.filter(lambda people: len(people) % 2 == 1 and len(people) > 2), meetings)
def test_the_odd_one_joins_people_they_have_not_met_where_there_are_any(
    people: list[Candidate], met: frozenset[Pair]
) -> None:
    found = groups(people, Known(everyone, met))
    trio = next(group for group in found if len(group) == 3)
    pairs = [group for group in found if len(group) == 2]

    def met_of(one: int, others: Iterable[int]) -> int:
        return sum(Pair((one, other)) in met for other in others if other != one)

    assert any(all(met_of(one, trio) <= met_of(one, pair) for pair in pairs) for one in trio)


def test_people_of_other_organisations_meet_first_and_then_those_who_share_a_community() -> None:
    two_and_two = [Candidate(1, 1), Candidate(2, 1), Candidate(3, 2), Candidate(4, 2)]
    found = groups(two_and_two, Known(everyone))
    assert all(len({(number + 1) // 2 for number in group}) == 2 for group in found)

    shared = [Candidate(1, 1, frozenset({7})), Candidate(2, 2), Candidate(3, 3, frozenset({7})), Candidate(4, 4)]
    assert groups(shared, Known(everyone)) == [(1, 3), (2, 4)]


def test_a_year_of_rounds_among_six_brings_each_to_all_others_before_anybody_again() -> None:
    people, met = [Candidate(number, number) for number in range(1, 7)], set[Pair]()
    agreed = frozenset(Pair(pair) for pair in combinations(range(1, 7), 2))
    for number in range(3):
        found = groups(people, Known(agreed, frozenset(met), f"round {number}"))
        assert repeats(found, frozenset(met)) == 0
        met |= pairs_in(found)


def test_the_same_round_gives_the_same_groups_and_another_round_others() -> None:
    people = [Candidate(number, number % 4 + 1) for number in range(1, 13)]
    once = groups(people, Known(everyone, round="a"))
    assert once == groups(list(reversed(people)), Known(everyone, round="a"))
    assert any(once != groups(people, Known(everyone, round=round)) for round in "bcd")
    assert place_in("a", 1) == place_in("a", 1) != place_in("b", 1)


def test_one_alone_is_in_no_group() -> None:
    assert groups([Candidate(1, 1)], Known()) == []
    assert groups([], Known()) == []


def test_who_hides_from_an_organisation_meets_nobody_of_it() -> None:
    people = [Candidate(1, 1), Candidate(2, 2), Candidate(3, 3)]
    agreed = frozenset(frozenset(pair) for pair in ((1, 2), (1, 3), (2, 3)))
    assert groups(people, Known(agreed, hidden=frozenset({(1, 2)}))) in ([(1, 3)], [(2, 3)])
    assert groups(people[:2], Known(agreed, hidden=frozenset({(2, 1)}))) == []
