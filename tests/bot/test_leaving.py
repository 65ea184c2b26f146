"""Whoever leaves is out of routing the same day, and where they were when they come back."""

from adapters.local.faults import erring, refusing
from bot.inbound import AccountRef
from storage.people import People
from tests.features.newcomers import code_in, record_of
from tests.features.telling import ASKED, BUSINESS, asks, changes, people_with, person, shown
from tests.town import Town


async def is_asked_about(town: Town, key: str) -> None:
    """The platform was asked what this account is."""
    local = town.people[key]
    where = AccountRef(local.platform, local.tenant, local.user.removeprefix("29:"))
    await town.signpost.changes.account_changed(where)
    await town.quiet()
    await town.signpost.schedule.tick()
    await town.quiet()


async def leaves(town: Town, key: str, *, back: bool = False) -> None:
    """Their account is closed, or open again, and Signpost heard of it."""
    local = town.people[key]
    if local.platform == "slack":
        town.platforms.slack.deactivate(local.tenant, local.user, deleted=not back)
    elif not back:
        town.platforms.teams.faults.next("member", refusing(404, "MemberNotFoundInConversation"), 1)
    await is_asked_about(town, key)


async def size_of(town: Town, slug: str) -> int:
    """How many belong to this community."""
    found = await changes(town, lambda work: work.communities.find(slug, slug))
    assert found is not None
    return await changes(town, lambda work: work.members.size(found.id))


async def looks_for_owner(town: Town, slug: str) -> bool:
    """Whether this community looks for an owner."""
    found = await changes(town, lambda work: work.communities.find(slug, slug))
    return found is not None and found.ownerless_since is not None


async def test_who_left_is_counted_found_and_asked_no_more_on_both_platforms(town: Town) -> None:
    for key, asker in (("sian", "amira"), ("gareth", "amira")):
        before = await size_of(town, BUSINESS)
        await leaves(town, key)
        assert await size_of(town, BUSINESS) == before - 1
        await town.says(asker, "whoknows call handover form design")
        assert town.people[key].name not in town.last(asker)
        await leaves(town, key, back=True)
        assert await size_of(town, BUSINESS) == before


async def test_what_waits_for_somebody_who_left_goes_to_another_at_once(town: Town) -> None:
    await asks(town, "amira")
    assert "gareth" in people_with(town, ASKED)
    before = people_with(town, ASKED)
    await leaves(town, "gareth")
    assert "Gareth" not in shown(town, "amira", "Q-21: your question").words()
    assert len(people_with(town, ASKED)) == len(before) + 1


async def test_a_community_whose_owners_all_left_looks_for_one_until_one_is_back(town: Town) -> None:
    owners = await owners_of(town)
    for owner in owners:
        assert not await looks_for_owner(town, BUSINESS)
        await leaves(town, owner)
    assert await looks_for_owner(town, BUSINESS)
    await leaves(town, owners[0], back=True)
    assert not await looks_for_owner(town, BUSINESS)
    assert await owners_of(town) == owners[:1]


async def owners_of(town: Town) -> list[str]:
    """The keys of those who own the community."""
    found = await changes(town, lambda work: work.communities.find(BUSINESS, BUSINESS))
    assert found is not None
    owners = await changes(town, lambda work: work.members.owners(found.id))
    return [key for owner in owners for key, local in town.people.items() if local.name == owner.name]


async def test_who_leaves_one_tool_stays_in_the_other_and_is_written_to_there(town: Town) -> None:
    await town.says("gareth", "me link")
    await town.says("amira", f"me link {code_in(town.last('gareth'))}")
    await town.presses("amira", "Yes, this is me")
    await leaves(town, "amira")
    number = (await record_of(town, "gareth")).id
    home = await town.database.read(lambda tx: People(tx).home(number))
    assert home is not None and home.platform == "teams"
    assert await town.database.read(lambda tx: People(tx).find(number)) is not None

    await leaves(town, "gareth")
    assert await town.database.read(lambda tx: People(tx).find(number)) is None
    await leaves(town, "amira", back=True)
    assert await town.database.read(lambda tx: People(tx).find(number)) is not None


async def test_a_message_that_finds_nobody_has_the_platform_asked_whether_they_left(town: Town) -> None:
    sian = town.people["sian"]
    town.platforms.slack.faults.next("chat.postMessage", erring("user_disabled"), 1, channel=sian.user)
    town.platforms.slack.deactivate(sian.tenant, sian.user)
    number = (await person(town, "sian")).id
    await asks(town, "gareth", "How long does a bilingual form design take to test?")
    await town.signpost.schedule.tick()
    await town.quiet()
    assert await town.database.read(lambda tx: People(tx).find(number)) is None
