"""A channel or team is connected to a community once an owner and an administrator of its organisation agree."""

import asyncio

from tests.features.entering import cards
from tests.features.newcomers import channel_of, modal_of, nothing_was_refused
from tests.features.telling import people_with, person
from tests.features.test_undelivered import administers
from tests.town import Town

BUSINESS = "starting-a-business"
SAID = f"@Signpost connect {BUSINESS}"
ASKED = "to Starting a business?"


async def is_connected(town: Town, of: str) -> bool:
    """Whether the community's page says that a channel of this organisation is connected."""
    await town.says("priya", f"community {BUSINESS}")
    return f"1 of {of} on " in town.last("priya")


async def test_an_owner_proposes_and_the_administrator_of_the_channel_agrees(town: Town) -> None:
    for owner, admin, organisation in (("priya", "callum", "DBT"), ("tom", "gareth", "DWP")):
        await administers(town, admin)
        await town.says(owner, SAID, place=channel_of(town, owner))
        assert f"Connect a channel of {organisation} {ASKED}" in town.last(admin)
        assert not await is_connected(town, organisation)
        await town.presses(admin, "Connect")
        assert "is connected to Starting a business." in town.last(admin)
        assert f"A channel of {organisation} is connected" in " ".join(town.reads(owner))
        assert await is_connected(town, organisation)
    assert nothing_was_refused(town)


async def test_an_administrator_proposes_and_one_of_the_owners_agrees(town: Town) -> None:
    await administers(town, "amira")
    await town.says("amira", SAID, place=channel_of(town, "amira"))
    assert people_with(town, ASKED) == {"priya", "tom"}
    await town.presses("tom", "Connect")
    assert await is_connected(town, "HMRC")
    assert "A channel of HMRC is connected" in " ".join(town.reads("amira"))
    assert cards(town, "priya", ASKED) == []
    assert nothing_was_refused(town)


async def test_who_speaks_for_both_sides_connects_at_once_and_nobody_is_asked(town: Town) -> None:
    await administers(town, "tom")
    await town.says("tom", SAID, place=channel_of(town, "tom"))
    assert await is_connected(town, "DWP")
    assert people_with(town, ASKED) == set()


async def test_it_is_connected_by_a_slash_command_and_a_form_too(town: Town) -> None:
    await administers(town, "priya")
    await town.says("priya", f"/signpost connect {BUSINESS}", place=channel_of(town, "priya"))
    assert await is_connected(town, "DBT")


async def test_a_form_filled_in_from_a_slack_channel_connects_it(town: Town) -> None:
    await administers(town, "priya")
    await town.says("priya", "/signpost connect", place=channel_of(town, "priya"))
    await modal_of(town, "priya")
    await town.fills("priya", {"Which community?": BUSINESS})
    assert await is_connected(town, "DBT")
    assert nothing_was_refused(town)


async def test_a_form_that_teams_shows_in_the_own_chat_gives_the_words_for_the_channel(town: Town) -> None:
    await administers(town, "tom")
    await town.says("tom", "@Signpost connect", place=channel_of(town, "tom"))
    await town.fills("tom", {"Which community?": BUSINESS})
    assert f"Say this in the channel itself: {SAID}" in town.last("tom")
    await town.says("tom", SAID, place=channel_of(town, "tom"))
    assert await is_connected(town, "DWP")
    assert nothing_was_refused(town)


async def test_either_side_ends_it_at_any_time(town: Town) -> None:
    await administers(town, "tom", "amira")
    await town.says("tom", SAID, place=channel_of(town, "tom"))
    await town.says("tom", f"@Signpost disconnect {BUSINESS}", place=channel_of(town, "tom"))
    assert not await is_connected(town, "DWP")
    await town.says("amira", SAID, place=channel_of(town, "amira"))
    await town.presses("priya", "Do not connect")
    assert "A channel of HMRC is not connected" in " ".join(town.reads("amira"))
    await town.presses("tom", "See the community", on="is not connected")
    await town.says("amira", SAID, place=channel_of(town, "amira"))
    await town.presses("priya", "Connect", on=ASKED)
    assert await is_connected(town, "HMRC")


async def test_two_who_agree_at_once_connect_it_once(town: Town) -> None:
    await administers(town, "amira")
    await town.says("amira", SAID, place=channel_of(town, "amira"))
    await asyncio.gather(town.presses("tom", "Connect"), town.presses("priya", "Connect"))
    assert await is_connected(town, "HMRC")
    assert await town.counts("connected_place") == 1


async def test_nobody_else_can_connect_and_not_from_a_direct_chat(town: Town) -> None:
    await administers(town, "gareth")
    await town.says("amira", SAID, place=channel_of(town, "amira"))
    assert "can connect them." in " ".join(town.reads("amira", channel_of(town, "amira")))
    await town.says("tom", f"connect {BUSINESS}")
    assert "Say this in the channel itself" in town.last("tom")
    assert await town.counts("connected_place") == 0
    assert (await person(town, "gareth")).administrator
    await town.says("gareth", f"disconnect {BUSINESS}", place="")
    assert await town.counts("connected_place") == 0


async def test_an_administrator_of_another_organisation_is_not_asked_and_cannot_agree(town: Town) -> None:
    await administers(town, "gareth", "amira")
    await town.says("priya", SAID, place=channel_of(town, "priya"))
    assert people_with(town, ASKED) == set()
    assert not await is_connected(town, "DBT")
