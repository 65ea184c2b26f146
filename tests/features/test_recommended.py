"""Communities for one person: up to three, each with its reason, none that they are in or could not join."""

from sqlalchemy import insert

from storage.database import Transaction
from storage.tables import PersonService, Service, columns, table
from tests.features.entering import becomes, memberships
from tests.features.newcomers import arrives, nothing_was_refused
from tests.features.telling import person
from tests.town import Town


async def works_on(town: Town, key: str, slug: str, name: str) -> None:
    """They said that they work on this service."""
    known = await person(town, key)

    def add(tx: Transaction) -> None:
        found: list[tuple[int]] = tx.once(
            insert(table(Service)).values(slug=slug, name=name).returning(columns(Service).id)
        )
        tx.once(insert(table(PersonService)).values(person_id=known.id, service_id=found[0][0]))

    await town.database.write(add)


async def test_each_has_its_reason_and_a_way_in(town: Town) -> None:
    for key, said in (("amira", "/signpost communities for me"), ("jakub", "communities for me")):
        await town.says(key, said)
        assert "Communities for you" in town.last(key)
        assert "Employing someone" in town.last(key) and "Starting a business" not in town.last(key)
    assert "1 person from HMRC is in it." in town.last("amira")
    await town.presses("amira", "Join")
    assert "Welcome to" in town.last("amira")
    assert nothing_was_refused(town)


async def test_what_one_works_on_comes_first(town: Town) -> None:
    await works_on(town, "amira", "services-in-welsh", "Services in Welsh")
    await town.says("amira", "communities for me")
    words = town.last("amira")
    assert "You work on Services in Welsh." in words
    assert words.index("Services in Welsh") < words.index("Employing someone")


async def test_who_does_my_job_counts_where_names_may_cross(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    await town.says("wanda", "me role policy adviser")
    await town.says("wanda", "communities for me")
    assert "from DWP are in it." in town.last("wanda")
    assert "who do your job are in it." in town.last("wanda")
    assert "Tom" not in town.last("wanda")


async def test_someone_of_whom_nothing_is_known_still_gets_three(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth", guest=True)
    await town.says("wanda", "communities for me")
    assert town.last("wanda").count("It is one of the largest communities.") == 3
    assert "Say me role and your role" in town.last("wanda")


async def test_none_is_recommended_that_they_could_not_join(town: Town) -> None:
    await becomes(town, access="invitation")
    await becomes(town, "employing-someone", suppliers=False)
    await town.says("amira", "me type supplier")
    await town.says("amira", "communities for me")
    assert "There is no community that you could join and are not in." in town.last("amira")
    assert town.sees("amira")[-1].buttons() == ["Start a community", "See all"]


async def test_it_is_pressed_from_the_list_of_communities(town: Town) -> None:
    await town.says("amira", "communities")
    await town.presses("amira", "See which are for you")
    await town.presses("amira", "See more", on="Services in Welsh")
    assert "Who can join" in town.last("amira")
    assert await memberships(town, "amira") == 0
