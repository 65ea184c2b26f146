"""Archiving a community tells its members once and closes it to all but its owners; reopening it brings it back."""

from datetime import timedelta

from bot.work import Work
from storage import spreading
from tests.everywhere.forging import presses_forged
from tests.features.newcomers import nothing_was_refused
from tests.features.telling import changes, people_with, person, sees
from tests.town import Town

NOW = timedelta(0)
ARCHIVED = "Employing someone is archived"
MEMBERS = {"kofi", "harpreet", "tom", "nadia", "seun"}


async def archives(town: Town, key: str = "eleni", community: str = "employing-someone") -> None:
    """The owner archived it, and all members were told."""
    await town.says(key, f"archive {community}")
    await town.presses(key, "Archive it")
    await town.passes(NOW)


async def test_members_are_told_once_with_what_it_came_to_on_both_platforms(town: Town) -> None:
    await archives(town)
    assert people_with(town, ARCHIVED) == {*MEMBERS, "eleni"}
    words = next(words for words in town.reads("kofi") if ARCHIVED in words)
    for has in ("6 people", "3", "An owner archived it."):
        assert has in words
    await town.passes(timedelta(days=30))
    assert all(sum(ARCHIVED in words for words in town.reads(key)) == 1 for key in MEMBERS)
    assert nothing_was_refused(town)


async def test_nothing_is_archived_before_it_is_said_once_more(town: Town) -> None:
    await town.says("eleni", "archive employing-someone")
    assert "Archive Employing someone?" in town.last("eleni")
    assert "5 other members are told, once." in town.last("eleni")
    await town.passes(timedelta(days=1))
    assert people_with(town, ARCHIVED) == set()
    await town.says("amira", "join employing-someone")
    assert "Welcome to Employing someone" in town.last("amira")


async def test_nothing_can_be_asked_joined_or_announced_there_and_it_is_shown_nowhere(town: Town) -> None:
    await town.says("kofi", "announce The form changes community: employing-someone")
    await town.says("harpreet", "ask Who signs the form? community: employing-someone")
    await archives(town)
    await town.presses("kofi", "Send to all")
    assert "is archived, so nothing can be announced there." in town.last("kofi")
    await town.presses("harpreet", "Send")
    assert "is archived, so nothing can be asked there." in town.last("harpreet")
    for said in ("join", "ask Who signs? community:"):
        await town.says("tom", f"{said} employing-someone")
        assert "Employing someone was archived." in town.last("tom"), said
    await town.says("amira", "communities")
    assert "Employing someone" not in town.last("amira")
    await town.says("tom", "me")
    assert "Employing someone" not in town.last("tom")
    assert people_with(town, "The form changes") == {"kofi"}


async def test_its_name_is_not_free_for_another(town: Town) -> None:
    await archives(town)
    await town.says("amira", "create Employing someone service: Hiring outcome: Nobody waits for a form")
    assert "“Employing someone” is the name of an archived community." in town.last("amira")


async def test_archived_twice_it_says_so_and_tells_nobody_twice(town: Town) -> None:
    await town.says("eleni", "archive employing-someone")
    await town.says("kofi", "archive employing-someone")
    await town.presses("eleni", "Archive it")
    await town.presses("kofi", "Archive it")
    await town.passes(NOW)
    assert "Employing someone is archived already." in town.last("kofi") or sees(town, "kofi", "archived already")
    assert await town.counts("closing") == 1
    await town.says("eleni", "archive employing-someone")
    assert "Employing someone is archived. Say reopen employing-someone first." in town.last("eleni")


async def test_only_an_owner_may_archive_or_reopen(town: Town) -> None:
    await town.says("tom", "archive employing-someone")
    assert "Only an owner of Employing someone can do this." in town.last("tom")
    await presses_forged(town, "tom", '{"do": "archive-now", "community": 2}')
    assert "Only an owner of a community can archive it." in town.last("tom")
    await archives(town)
    await town.says("tom", "reopen employing-someone")
    assert "You own no archived community called" in town.last("tom")


async def test_reopened_it_is_as_it_was_and_nobody_is_told(town: Town) -> None:
    before = await town.counts("membership")
    await archives(town)
    seen = {key: len(town.reads(key)) for key in MEMBERS - {"kofi"}}
    await town.says("kofi", "reopen employing-someone")
    assert "Employing someone is open again." in town.last("kofi")
    await town.passes(timedelta(days=1))
    assert {key: len(town.reads(key)) for key in seen} == seen
    assert await town.counts("membership") == before
    await town.says("amira", "join employing-someone")
    assert "Welcome to Employing someone" in town.last("amira")
    await town.says("kofi", "reopen employing-someone")
    assert "Employing someone is open already." in town.last("kofi")


async def test_the_only_owner_of_an_archived_community_may_leave_it(town: Town) -> None:
    await town.says("kofi", "owner remove Kofi Adjei-Marsh community: employing-someone")
    await archives(town)
    await town.says("eleni", "leave employing-someone")
    assert "You have left Employing someone." in town.last("eleni")


async def test_archived_again_after_it_was_reopened_members_are_told_again(town: Town) -> None:
    await archives(town)
    await town.presses("kofi", "Reopen it")
    await archives(town, "kofi")
    assert sum(ARCHIVED in words for words in town.reads("tom")) == 2
    assert nothing_was_refused(town)


async def test_many_members_are_told_in_parts_each_of_them_once(town: Town) -> None:
    eleni = await person(town, "eleni")

    def write(work: Work) -> None:
        community = work.communities.find("employing-someone", "")
        assert community is not None
        for number in range(2 * spreading.PART + 7):
            one = work.people.add("Member", work.now, organisation=eleni.organisation_id)
            work.people.add_account(one, ("slack", "T0HMRC001", f"UCROWD{number}"), work.now)
            work.communities.join(community.id, one, work.now)

    await changes(town, write)
    before = await town.counts("mirror")
    await town.says("eleni", "archive employing-someone")
    await town.presses("eleni", "Archive it")
    await town.signpost.schedule.tick()
    assert await town.counts("mirror") - before == 2 * spreading.PART + 7 + len(MEMBERS)
