"""Muting a community: no news of it, everything else as before."""

from datetime import timedelta

from tests.features.newcomers import modal_of, nothing_was_refused
from tests.features.telling import asks, people_with
from tests.town import Town

TITLE = "tells all members of Starting a business"


async def announces(town: Town, text: str) -> None:
    await town.says("tom", f"announce {text}")
    await town.presses("tom", "Send to all")
    await town.passes(timedelta(0))


async def test_who_mutes_gets_no_announcement_until_they_unmute(town: Town) -> None:
    await town.says("amira", "/signpost mute starting-a-business")
    assert "You get no news of Starting a business any more." in town.last("amira")
    await town.says("gareth", "mute Starting a business")
    await announces(town, "The form changes on Monday")
    assert {"amira", "gareth"} & people_with(town, TITLE) == set()
    assert "kofi" in people_with(town, TITLE)

    await town.presses("amira", "Get its news again")
    assert "You get news of Starting a business from now on." in town.last("amira")
    await town.says("gareth", "unmute starting-a-business")
    await announces(town, "The letter changes too")
    assert {"amira", "gareth"} <= people_with(town, "The letter changes too")
    assert nothing_was_refused(town)


async def test_an_announcement_is_counted_without_those_who_muted(town: Town) -> None:
    await town.says("tom", "announce The form changes on Monday")
    before = int(town.last("tom").partition("It goes to ")[2].split()[0])
    await town.says("amira", "mute")
    await town.says("tom", "announce The form changes on Monday")
    assert int(town.last("tom").partition("It goes to ")[2].split()[0]) == before - 1


async def test_questions_still_come_to_who_mutes(town: Town) -> None:
    await town.says("gareth", "mute starting-a-business")
    await asks(town, "amira")
    assert "gareth" in people_with(town, "Q-21 from Amira Haddad")


async def test_a_reminder_that_was_asked_for_still_comes(town: Town) -> None:
    await town.says("tom", "showcase new Letters on 24 November at 2pm community: starting-a-business")
    await town.presses("tom", "Schedule it")
    await town.says("amira", "mute starting-a-business")
    await town.says("amira", "showcase")
    await town.presses("amira", "I am coming")
    await town.passes(timedelta(days=1, hours=3, minutes=5))
    assert any("Letters begins at" in words for words in town.reads("amira"))


async def test_muting_by_form_and_from_the_page_of_the_community(town: Town) -> None:
    await town.says("kofi", "/signpost mute")
    await modal_of(town, "kofi")
    await town.fills("kofi", {"Which community?": "Employing someone"})
    done = await modal_of(town, "kofi")
    assert "You get no news of Employing someone any more." in done.words()
    await town.says("nadia", "community starting-a-business")
    await town.presses("nadia", "Mute it")
    assert "You get no news of Starting a business any more." in town.last("nadia")
    await town.says("nadia", "community starting-a-business")
    assert "Get its news again" in town.sees("nadia")[-1].buttons()


async def test_only_a_member_can_mute_it(town: Town) -> None:
    for said in ("mute employing-someone", "unmute employing-someone"):
        await town.says("amira", said)
        assert "You are not in Employing someone." in town.last("amira")
