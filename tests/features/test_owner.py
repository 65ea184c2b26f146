"""Making another member an owner, so that nobody has to stay for ever."""

from tests.features.newcomers import modal_of, nothing_was_refused
from tests.town import Town


async def test_the_only_owner_makes_another_and_may_leave(town: Town) -> None:
    await town.says("tom", "leave starting-a-business")
    await town.says("priya", "leave starting-a-business")
    assert "First say owner and the name of a member." in town.last("priya")
    await town.says("priya", "owner gareth morlais-rees community: starting-a-business")
    assert "Gareth Morlais-Rees is an owner of Starting a business too." in town.last("priya")
    assert "Priya Raman-Kerr made you an owner of Starting a business." in town.last("gareth")
    await town.presses("priya", "Leave the community")
    assert "You have left Starting a business." in town.last("priya")
    assert nothing_was_refused(town)


async def test_a_form_asks_for_the_name_and_says_what_is_wrong_beside_it(town: Town) -> None:
    await town.says("priya", "/signpost owner")
    await modal_of(town, "priya")
    await town.fills("priya", {"Who?": "Nobody Here", "Which community?": "Starting a business"})
    form = await modal_of(town, "priya")
    assert "No member you can find is called “Nobody Here”." in form.errors["person"]
    await town.fills("priya", {"Who?": "Amira Haddad", "Which community?": "Starting a business"})
    assert "Amira Haddad is an owner" in (await modal_of(town, "priya")).words()
    assert "made you an owner" in town.last("amira")


async def test_only_an_owner_of_that_community_may(town: Town) -> None:
    await town.says("amira", "owner Kofi Adjei-Marsh community: starting-a-business")
    assert "Only a community owner can do this." in town.last("amira")
    await town.says("gareth", "owner Amira Haddad community: starting-a-business")
    assert "Only an owner of Starting a business can make another owner." in town.last("gareth")
    assert town.reads("kofi") == [] and len(town.reads("amira")) == 2


async def test_who_hides_or_is_no_member_cannot_be_named(town: Town) -> None:
    for name in ("Eleni Kostarides", "Harpreet Gahlon", "Priya Raman-Kerr"):
        await town.says("priya", f"owner {name} community: starting-a-business")
        assert f"No member you can find is called “{name}”." in town.last("priya")
    assert town.reads("eleni") == town.reads("harpreet") == []


async def test_making_an_owner_twice_tells_them_once(town: Town) -> None:
    for _ in range(2):
        await town.says("priya", "owner Amira Haddad community: starting-a-business")
    assert "Amira Haddad is an owner of Starting a business already." in town.last("priya")
    assert len(town.reads("amira")) == 1
