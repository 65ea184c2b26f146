"""Communities as they are remembered: one name, once; counts for everyone, names and roles by agreement alone."""

from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, given, settings

from storage.browsing import Browsing
from storage.communities import Communities
from storage.database import Database, Transaction
from storage.members import Members
from storage.people import People
from tests.storage.worlds import COMMUNITIES, NOW, ORGANISATIONS, Built, World, build, worlds


class Undone(Exception):
    """Nothing of this world stays in the database."""


async def in_a_world(database: Database, world: World, check: Callable[[Transaction, Built], None]) -> None:
    """The check has run in this world, in a transaction that left nothing behind."""

    def write(tx: Transaction) -> None:
        check(tx, build(tx, world))
        raise Undone

    with pytest.raises(Undone):
        await database.write(write)


def tally(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The counts of each name, added up."""
    found: Counter[str] = Counter()
    for name, count in counts:
        found[name] += count
    return dict(found)


small = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@small
@given(world=worlds)
async def test_no_viewer_sees_a_name_that_is_hidden_or_without_an_agreement(database: Database, world: World) -> None:
    def check(tx: Transaction, built: Built) -> None:
        for at, viewer in enumerate(built.people):
            for place, community in enumerate(built.communities):
                seen = {person.name for person in Members(tx).named(community, viewer=viewer)}
                assert seen == {
                    f"Person {n}"
                    for n, found in enumerate(world.people)
                    if found.active
                    and place in found.communities
                    and (n == at or (found.findable and world.crosses(world.people[at], found)))
                }

    await in_a_world(database, world, check)


@small
@given(world=worlds)
async def test_no_viewer_sees_a_role_without_an_agreement_and_every_member_is_counted(
    database: Database, world: World
) -> None:
    def check(tx: Transaction, built: Built) -> None:
        for viewer, looking in zip(built.people, world.people, strict=True):
            for place, community in enumerate(built.communities):
                inside = [n for n, found in enumerate(world.people) if found.active and place in found.communities]
                roles = tally((row.role, row.members) for row in Members(tx).counted(community, viewer=viewer))
                shown = {n for n in inside if world.people[n].vouched and world.crosses(looking, world.people[n])}
                assert set(roles) - {""} == {f"Role {n}" for n in shown}
                assert sum(roles.values()) == len(inside) == Members(tx).size(community)

    await in_a_world(database, world, check)


@small
@given(world=worlds)
async def test_an_organisation_counts_only_those_it_vouches_for(database: Database, world: World) -> None:
    def check(tx: Transaction, built: Built) -> None:
        for place, community in enumerate(built.communities):
            rows = Members(tx).counted(community, viewer=built.people[0])
            counted = tally((row.organisation, row.members) for row in rows)
            expected: dict[str, int] = {}
            for found in world.people:
                if found.active and place in found.communities:
                    name = ORGANISATIONS[found.organisation] if found.vouched else ""
                    expected[name] = expected.get(name, 0) + 1
            assert counted == expected

    await in_a_world(database, world, check)


@small
@given(world=worlds)
async def test_a_list_counts_people_and_organisations_as_the_community_does(database: Database, world: World) -> None:
    def check(tx: Transaction, built: Built) -> None:
        for viewer, looking in zip(built.people, world.people, strict=True):
            listed = Browsing(tx).listed("", viewer=viewer)
            assert {row.community.slug for row in listed} == set(COMMUNITIES)
            assert [row.members for row in listed] == sorted((row.members for row in listed), reverse=True)
            for row in listed:
                counted = Members(tx).counted(row.community.id, viewer=viewer)
                organisations = {found.organisation for found in counted if found.organisation}
                assert row.members == Members(tx).size(row.community.id)
                assert row.organisations == len(organisations)
                assert row.mine == (COMMUNITIES.index(row.community.slug) in looking.communities)

    await in_a_world(database, world, check)


async def test_a_slug_is_taken_once_and_a_member_joins_once(database: Database) -> None:
    def write(tx: Transaction) -> None:
        person, known = People(tx).add("Person", NOW), Communities(tx)
        number = known.add("renting", "Renting", "A service", "An outcome", by=person, now=NOW)
        assert number is not None
        assert known.add("renting", "Other", "A service", "An outcome", by=person, now=NOW) is None
        assert [known.join(number, person, NOW), known.join(number, person, NOW)] == [True, False]
        assert [known.leave(number, person, NOW), known.leave(number, person, NOW)] == [True, False]
        assert set(known.near("rentin")) == {"renting"}

    await database.write(write)


@pytest.mark.parametrize("typed", ["xtarting-a-business", "strating-a-business", "starting-a-busines", "business"])
async def test_what_a_mistyped_name_may_mean_is_found_among_any_number_of_communities(
    database: Database, typed: str
) -> None:
    def write(tx: Transaction) -> None:
        person, known = People(tx).add("Person", NOW), Communities(tx)
        for number in range(250):
            known.add(f"{'az'[number % 2]}{number}", "Name", "A service", "An outcome", by=person, now=NOW)
        known.add("starting-a-business", "Name", "A service", "An outcome", by=person, now=NOW)
        near = known.near(typed)
        assert "starting-a-business" in near
        assert len(near) <= 210

    await database.write(write)


@pytest.mark.parametrize("sign", ["%", "_", "/", "\\", "'", '"', "%%", "a%c"])
async def test_a_sign_in_a_search_is_that_sign(database: Database, sign: str) -> None:
    def write(tx: Transaction) -> None:
        known, number = Communities(tx), People(tx).add("Person", NOW)
        viewer = People(tx).find(number)
        assert viewer is not None
        known.add("plain", "abc", "A service", "An outcome", by=number, now=NOW)
        known.add("signed", f"x{sign}y", "A service", "An outcome", by=number, now=NOW)
        assert [row.community.slug for row in Browsing(tx).listed(sign, viewer=viewer)] == ["signed"]

    await database.write(write)
