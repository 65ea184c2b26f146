"""People as they are remembered: who may be asked and found by whom, and one account for one person."""

from datetime import timedelta

from hypothesis import given

from storage.database import Database, Transaction
from storage.people import People
from tests.storage.test_communities import in_a_world, small
from tests.storage.worlds import NOW, Built, World, worlds


@small
@given(world=worlds)
async def test_who_can_be_found_said_so_and_shares_a_community_and_an_agreement(
    database: Database, world: World
) -> None:
    def check(tx: Transaction, built: Built) -> None:
        for at, viewer in enumerate(built.people):
            looking = world.people[at]
            found = {person.name for person in People(tx).findable(viewer=viewer)}
            assert found == {
                f"Person {n}"
                for n, other in enumerate(world.people)
                if n != at
                and other.findable
                and other.active
                and world.crosses(looking, other)
                and looking.communities & other.communities
            }

    await in_a_world(database, world, check)


@small
@given(world=worlds)
async def test_who_may_be_asked_said_so_and_is_in_the_community_by_agreement(database: Database, world: World) -> None:
    def check(tx: Transaction, built: Built) -> None:
        for at, viewer in enumerate(built.people):
            for place, community in enumerate(built.communities):
                willing = People(tx).willing(community, NOW - timedelta(days=7), viewer=viewer)
                assert {person.name for person in willing} == {
                    f"Person {n}"
                    for n, other in enumerate(world.people)
                    if n != at
                    and other.asked
                    and other.active
                    and place in other.communities
                    and world.crosses(world.people[at], other)
                }

    await in_a_world(database, world, check)


async def test_an_account_is_one_persons_and_its_name_in_another_tenant_is_somebody_else(database: Database) -> None:
    def write(tx: Transaction) -> None:
        known = People(tx)
        one, other = known.add("One", NOW), known.add("Other", NOW)
        assert known.add_account(one, ("slack", "T1", "U1"), NOW) is not None
        assert known.add_account(other, ("slack", "T1", "U1"), NOW) is None
        assert known.add_account(other, ("slack", "T2", "U1"), NOW) is not None
        assert known.add_account(other, ("teams", "T1", "U1"), NOW) is not None
        found = known.by_account("slack", "T1", "U1")
        assert found is not None and found[0].id == one

    await database.write(write)


async def test_a_new_person_may_not_be_asked_or_found_until_they_say_so(database: Database) -> None:
    def write(tx: Transaction) -> None:
        person = People(tx).find(People(tx).add("New", NOW))
        assert person is not None
        assert (person.asked, person.findable, person.verified, person.administrator) == (False, False, False, False)

    await database.write(write)


async def test_messages_go_to_the_account_that_spoke_last(database: Database) -> None:
    def write(tx: Transaction) -> None:
        known = People(tx)
        person = known.add("One", NOW)
        first = known.add_account(person, ("slack", "T1", "U1"), NOW)
        second = known.add_account(person, ("teams", "T2", "U2"), NOW)
        assert first is not None and second is not None
        known.seen(first, NOW + timedelta(hours=1), chat="D1", service_url="")
        home = known.home(person)
        assert home is not None and (home.id, home.chat) == (first, "D1")

    await database.write(write)


async def test_a_code_is_good_once_and_until_it_expires(database: Database) -> None:
    def write(tx: Transaction) -> None:
        known = People(tx)
        person = known.add("One", NOW)
        known.add_code("digest", person, NOW + timedelta(minutes=10))
        assert known.use_code("other", NOW) is None
        assert known.use_code("digest", NOW + timedelta(minutes=10)) is None
        assert known.use_code("digest", NOW) == person
        assert known.use_code("digest", NOW) is None

    await database.write(write)
