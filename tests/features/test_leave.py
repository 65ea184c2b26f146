"""Leaving a community, and who looks after it then."""

import asyncio

from tests.features.newcomers import channel_of, modal_of, nothing_was_refused
from tests.town import Town


async def test_leaving_is_typed_said_mentioned_or_pressed_and_can_be_undone(town: Town) -> None:
    await town.says("amira", "/signpost leave starting-a-business")
    assert "You have left Starting a business." in town.last("amira")
    await town.says("nadia", "leave Starting a business")
    assert "Your answers stay, and your name stays on them." in town.last("nadia")
    await town.says("kofi", "@Signpost leave employing-someone", place=channel_of(town, "kofi"))
    await town.presses("nadia", "Join again")
    assert "Welcome to Starting a business" in town.last("nadia")
    assert nothing_was_refused(town)


async def test_who_is_in_one_community_need_not_name_it(town: Town) -> None:
    await town.says("amira", "leave")
    assert "You have left Starting a business." in town.last("amira")


async def test_who_is_in_several_chooses_on_a_form(town: Town) -> None:
    await town.says("kofi", "/signpost leave")
    await modal_of(town, "kofi")
    await town.fills("kofi", {"Which community?": "Starting a business"})
    done = await modal_of(town, "kofi")
    assert "You have left Starting a business." in done.words()
    await town.says("nadia", "leave")
    await town.fills("nadia", {"Which community?": "Employing someone"})
    assert any("You have left Employing someone." in words for words in town.reads("nadia"))
    assert nothing_was_refused(town)


async def test_who_is_not_in_it_or_names_none_is_told_so(town: Town) -> None:
    await town.says("amira", "leave employing-someone")
    assert "You are not in Employing someone." in town.last("amira")
    await town.says("amira", "leave nowhere-at-all")
    assert "There is no community called “nowhere-at-all”." in town.last("amira")


async def test_leaving_twice_is_refused_the_second_time(town: Town) -> None:
    for _ in range(2):
        await town.says("amira", "leave starting-a-business")
    assert "You are not in Starting a business." in town.last("amira")


async def test_the_only_owner_may_not_leave_others_alone(town: Town) -> None:
    await town.says("tom", "leave starting-a-business")
    assert "You were one of its owners. If you come back, you are an ordinary member." in town.last("tom")
    members = await town.counts("membership")
    await town.says("priya", "leave starting-a-business")
    assert "You are the only owner of Starting a business." in town.last("priya")
    assert await town.counts("membership") == members


async def test_two_owners_who_leave_at_once_do_not_both_go(town: Town) -> None:
    await asyncio.gather(town.says("tom", "leave starting-a-business"), town.says("priya", "leave starting-a-business"))
    said = town.last("tom") + town.last("priya")
    assert "You have left Starting a business." in said
    assert "You are the only owner of Starting a business." in said


async def test_an_owner_alone_may_leave_and_who_joins_next_is_the_owner(town: Town) -> None:
    await town.says("amira", "create Alone service: Nothing yet outcome: Somebody comes")
    await town.says("amira", "leave alone")
    assert "You have left Alone." in town.last("amira")
    await town.says("gareth", "join alone")
    assert "Nobody else is in it, so you are its owner." in town.last("gareth")
    await town.says("amira", "join alone")
    assert "owner" not in town.last("amira")
