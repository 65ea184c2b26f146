"""Owning a community with others: asked first, handed over, removed; and nobody loses the last owner by accident."""

import asyncio

import pytest

from tests.everywhere.forging import presses_forged
from tests.features.newcomers import modal_of, nothing_was_refused
from tests.features.telling import sees
from tests.town import Town

IN = "community: starting-a-business"


async def owns(town: Town, key: str, community: str = "starting-a-business") -> bool:
    """Whether they may archive it, which only an owner may."""
    await town.says(key, f"archive {community}")
    return "Archive " in town.last(key)


async def test_who_is_asked_owns_it_once_they_say_yes_and_not_before(town: Town) -> None:
    await town.says("priya", f"owner gareth morlais-rees {IN}")
    assert "Gareth Morlais-Rees is asked to own Starting a business with you." in town.last("priya")
    assert "asks you to own Starting a business with them." in town.last("gareth")
    assert not await owns(town, "gareth", "starting-a-business")

    await town.presses("gareth", "Yes, I will own it")
    assert sees(town, "gareth", "You are an owner of Starting a business.")
    assert "Gareth Morlais-Rees is an owner of Starting a business too." in town.last("priya")
    assert await owns(town, "gareth")
    assert nothing_was_refused(town)


async def test_who_says_no_owns_nothing_and_who_asked_can_ask_somebody_else(town: Town) -> None:
    await town.says("tom", f"owner Amira Haddad {IN}")
    await town.presses("amira", "No")
    assert sees(town, "amira", "You said that you do not want to own Starting a business.")
    assert "Amira Haddad does not want to own Starting a business." in town.last("tom")
    assert not await owns(town, "amira")
    await town.presses("tom", "Ask somebody else")
    await town.fills("tom", {"Who?": "Kofi Adjei-Marsh"})
    assert sees(town, "kofi", "asks you to own Starting a business with them.")
    assert nothing_was_refused(town)


async def test_who_said_no_before_can_be_asked_again(town: Town) -> None:
    for number in (1, 2):
        await town.says("tom", f"owner Amira Haddad {IN}")
        asked = [words for words in town.reads("amira") if "asks you to own" in words]
        assert len(asked) == 1, number
        await town.presses("amira", "No")
    await town.says("tom", f"owner Amira Haddad {IN}")
    await town.presses("amira", "Yes, I will own it")
    assert await owns(town, "amira")


async def test_a_form_asks_for_the_name_and_says_what_is_wrong_beside_it(town: Town) -> None:
    await town.says("priya", "/signpost owner")
    await modal_of(town, "priya")
    await town.fills("priya", {"Who?": "Nobody Here"})
    form = await modal_of(town, "priya")
    assert "No member you can find is called “Nobody Here”." in form.errors["person"]
    await town.fills("priya", {"Who?": "Amira Haddad"})
    assert "Amira Haddad is asked" in (await modal_of(town, "priya")).words()
    assert sees(town, "amira", "asks you to own")


async def test_only_an_owner_of_that_community_may(town: Town) -> None:
    await town.says("amira", f"owner Kofi Adjei-Marsh {IN}")
    assert "Only a community owner can do this." in town.last("amira")
    for said in ("owner", "owner hand over", "owner remove"):
        await town.says("gareth", f"{said} Amira Haddad {IN}")
        assert "Only an owner of Starting a business can do this." in town.last("gareth")
    await town.says("gareth", "owner wanted starting-a-business")
    assert "Only an owner of Starting a business can do this." in town.last("gareth")
    assert town.reads("kofi") == []


async def test_who_hides_cannot_be_named_and_who_is_findable_need_not_be_a_member(town: Town) -> None:
    for name in ("Eleni Kostarides", "Priya Raman-Kerr"):
        await town.says("priya", f"owner {name} {IN}")
        assert f"No member you can find is called “{name}”." in town.last("priya")
    await town.says("priya", f"owner Harpreet Gahlon {IN}")
    await town.presses("harpreet", "Yes, I will own it")
    assert await owns(town, "harpreet")


async def test_asking_twice_tells_them_once(town: Town) -> None:
    for _ in range(2):
        await town.says("priya", f"owner Amira Haddad {IN}")
    assert "Amira Haddad was asked before and has not answered yet." in town.last("priya")
    await town.says("tom", f"owner Amira Haddad {IN}")
    assert "was asked before" in town.last("tom")
    assert len(town.reads("amira")) == 1


async def test_saying_yes_twice_at_once_from_the_same_card_makes_one_owner(town: Town) -> None:
    await town.says("priya", f"owner Gareth Morlais-Rees {IN}")
    yes = await town.presses("gareth", "Yes, I will own it")
    assert yes.exchange is not None
    await asyncio.gather(*(town.platforms.teams.deliver(yes.exchange.body.encode()) for _ in range(3)))
    await town.quiet()
    told = [words for words in town.reads("priya") if "is an owner of Starting a business too" in words]
    assert len(told) == 1


async def test_handed_over_the_other_owns_it_and_who_gave_it_is_a_member(town: Town) -> None:
    await town.says("tom", "owner remove Tom Heskeway " + IN)
    await town.says("priya", f"owner hand over Gareth Morlais-Rees {IN}")
    assert "You own it until they say yes." in town.last("priya")
    assert await owns(town, "priya")
    assert "asks you to take over Starting a business." in town.last("gareth")
    await town.presses("gareth", "Yes, I will own it")
    assert any("Gareth Morlais-Rees has taken over Starting a business." in words for words in town.reads("priya"))
    assert await owns(town, "gareth")
    assert not await owns(town, "priya")
    await town.says("priya", "leave starting-a-business")
    assert "You have left Starting a business." in town.last("priya")
    assert nothing_was_refused(town)


@pytest.mark.parametrize("key", ["priya", "tom"])
async def test_the_last_owner_cannot_be_removed_by_anybody(town: Town, key: str) -> None:
    name = {"priya": "Tom Heskeway", "tom": "Priya Raman-Kerr"}[key]
    own = {"priya": "Priya Raman-Kerr", "tom": "Tom Heskeway"}[key]
    await town.says(key, f"owner remove {name} {IN}")
    assert f"{name} no longer owns Starting a business." in town.last(key)
    other = "tom" if key == "priya" else "priya"
    assert "made you an ordinary member of Starting a business." in town.last(other)
    await town.says(key, f"owner remove {own} {IN}")
    assert "Starting a business would have no owner." in town.last(key)
    await town.says(key, "leave starting-a-business")
    assert "Say owner hand over and a name, or owner wanted starting-a-business." in town.last(key)
    assert await owns(town, key)


async def test_who_was_asked_by_one_who_owns_it_no_more_cannot_say_yes(town: Town) -> None:
    await town.says("priya", f"owner Gareth Morlais-Rees {IN}")
    await town.says("tom", f"owner remove Priya Raman-Kerr {IN}")
    await town.presses("gareth", "Yes, I will own it")
    assert "You do not need to do anything." in town.last("gareth")
    assert not await owns(town, "gareth")


async def test_a_press_for_somebody_else_is_refused(town: Town) -> None:
    await town.says("priya", f"owner Gareth Morlais-Rees {IN}")
    for payload in ('{"do": "accept-owning", "invitation": 1}', '{"do": "decline-owning", "invitation": 1}'):
        await presses_forged(town, "amira", payload)
        assert "Only the person who was asked can answer this." in town.last("amira")


async def test_an_owner_looks_for_another_and_the_first_who_says_yes_is_one(town: Town) -> None:
    await town.says("tom", "owner wanted starting-a-business")
    assert "5 members of Starting a business are asked whether they will own it too." in town.last("tom")
    words = "Starting a business looks for another owner. Will you be one?"
    asked = {key for key in town.people if sees(town, key, words)}
    assert len(asked) == 5 and not asked & {"tom", "priya"}
    first, second = sorted(asked)[:2]
    await town.presses(first, "Yes, I will own it")
    assert sees(town, first, "You are an owner of Starting a business.")
    assert "is an owner of Starting a business too." in town.last("tom")
    assert sees(town, second, "Starting a business is looked after. You do not need to do anything.")
    assert not any(sees(town, key, words) for key in town.people)
    assert nothing_was_refused(town)


async def test_a_community_that_has_an_owner_cannot_be_taken(town: Town) -> None:
    await town.says("amira", "own starting-a-business")
    assert "Starting a business has an owner." in town.last("amira")
    await town.says("tom", "own starting-a-business")
    assert "You own Starting a business already." in town.last("tom")
    await town.says("harpreet", "own starting-a-business")
    assert "You are not in Starting a business." in town.last("harpreet")
