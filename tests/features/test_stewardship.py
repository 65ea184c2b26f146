"""Every community is looked after: where its last owner is gone, members are asked until one says yes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.vouching import Profile, believe
from bot.work import Work
from storage import tables
from storage.administrators import Administrators
from storage.communities import Communities
from storage.people import Person
from storage.tables import columns
from tests.features.newcomers import nothing_was_refused
from tests.features.telling import changes, people_with, person, sees
from tests.town import Town

HOUSE = "services-in-welsh"
ASKED = "Services in Welsh has no owner. Will you own it?"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
i = columns(tables.Invitation)


async def goes(town: Town, *keys: str) -> None:
    """Their accounts are gone: they left the organisation."""
    for key in keys:
        await is_active(town, await person(town, key), False)


async def is_active(town: Town, known: Person, active: bool) -> None:
    """Whether their account is there."""
    await changes(town, lambda work: work.people.describe(known, "", "", verified=True, active=active))


async def says_the_platform(town: Town, key: str) -> None:
    """Their platform says that their account is gone."""
    local = town.people[key]
    await changes(town, lambda work: _is_gone(work, (local.platform, local.tenant, local.user)))


async def administers(town: Town, key: str) -> None:
    """They are an administrator of their organisation."""
    known = await person(town, key)
    await changes(town, lambda work: Administrators(work.tx).appoint(known.id, True))


def _is_gone(work: Work, where: tuple[str, str, str]) -> None:
    """Their platform says so."""
    found = work.people.by_account(*where)
    assert found is not None
    believe(found[1], work, Profile("", gone=True))


async def crowd(town: Town, size: int) -> list[int]:
    """So many more members of Services in Welsh, all of Gareth's organisation, on Teams."""
    gareth = await person(town, "gareth")
    tenant = town.people["gareth"].tenant
    users = [f"00000000-0000-4000-8000-{number:012d}" for number in range(size)]
    for user in users:
        town.platforms.teams.add_user(tenant, user, "Member")

    def write(work: Work) -> list[int]:
        community = work.communities.find(HOUSE, "")
        assert community is not None
        numbers = []
        home = work.people.home(gareth.id)
        assert home is not None
        for user in users:
            one = work.people.add("Member", work.now, organisation=gareth.organisation_id, verified=True)
            work.people.add_account(one, ("teams", tenant, user), work.now, service_url=home.service_url)
            work.communities.join(community.id, one, work.now)
            numbers.append(one)
        return numbers

    return await changes(town, write)


async def asked(town: Town) -> list[tuple[int, str]]:
    """Who was asked so far, in order, and what came of it."""
    rows: list[tuple[int, str]] = await town.database.read(
        lambda tx: tx.once(select(i.person_id, i.state).where(i.kind == "wanted").order_by(i.id))
    )
    return rows


async def looked_for(town: Town) -> bool:
    community = await town.database.read(lambda tx: Communities(tx).find(HOUSE, ""))
    assert community is not None
    return community.ownerless_since is not None


async def test_when_the_last_owner_is_gone_members_are_asked_and_the_first_yes_decides(town: Town) -> None:
    await town.passes(timedelta(0))
    await goes(town, "gareth", "sian")
    await town.passes(DAY)
    assert people_with(town, ASKED) == {"priya", "harpreet", "mei"}
    assert await looked_for(town)

    await town.presses("harpreet", "Yes, I will own it")
    assert sees(town, "harpreet", "You are an owner of Services in Welsh.")
    assert people_with(town, ASKED) == set()
    assert sees(town, "mei", "Services in Welsh is looked after. You do not need to do anything.")
    assert not await looked_for(town)
    await town.passes(3 * WEEK)
    assert people_with(town, ASKED) == set()
    assert nothing_was_refused(town)


async def test_a_community_with_an_owner_who_is_there_asks_nobody(town: Town) -> None:
    await goes(town, "gareth")
    for _ in range(16):
        await town.passes(DAY)
    assert people_with(town, "has no owner") == set()
    assert await asked(town) == []


async def test_an_account_that_is_gone_is_noticed_at_once(town: Town) -> None:
    await town.passes(timedelta(0))
    for key in ("gareth", "sian"):
        await says_the_platform(town, key)
    await town.passes(timedelta(minutes=1))
    assert people_with(town, ASKED) == {"priya", "harpreet", "mei"}


async def test_five_are_asked_of_different_organisations_first_then_five_others_a_week_later(town: Town) -> None:
    numbers = await crowd(town, 8)
    await town.passes(timedelta(0))
    await goes(town, "gareth", "sian")
    await town.passes(DAY)
    first = [number for number, _ in await asked(town)]
    known = [(await person(town, key)).id for key in ("priya", "harpreet", "mei")]
    assert set(known) <= set(first) and len(first) == 5
    assert [number for number in first if number in numbers] == numbers[:2]

    await town.passes(WEEK - timedelta(hours=1))
    assert len(await asked(town)) == 5
    await town.passes(timedelta(hours=2))
    assert [number for number, _ in await asked(town)][5:] == numbers[2:7]
    await town.passes(WEEK)
    assert [number for number, _ in await asked(town)][10:] == numbers[7:]
    await town.passes(5 * WEEK)
    assert len({number for number, _ in await asked(town)}) == len(await asked(town)) == 11


async def test_after_fourteen_days_the_administrators_of_its_organisations_are_told_once(town: Town) -> None:
    for key in ("tom", "amira", "harpreet"):
        await administers(town, key)
    await crowd(town, 1)
    await town.passes(timedelta(0))
    await goes(town, "gareth", "sian")
    told = "Services in Welsh has had no owner for 14 days"
    await town.passes(DAY)
    await town.passes(2 * WEEK - timedelta(hours=1))
    assert people_with(town, told) == set()
    await town.passes(timedelta(hours=2))
    assert people_with(town, told) == {"tom", "harpreet"}  # nobody of Amira's organisation is in it
    await town.passes(4 * WEEK)
    assert sum(told in words for words in town.reads("tom")) == 1

    await town.says("mei", "own services-in-welsh")
    assert "You are the owner of Services in Welsh." in town.last("mei")
    assert people_with(town, ASKED) == set()
    assert not await looked_for(town)
    assert nothing_was_refused(town)


async def test_everybody_said_no_then_who_joins_later_is_asked(town: Town) -> None:
    await town.passes(timedelta(0))
    await goes(town, "gareth", "sian")
    await town.passes(DAY)
    for key in ("priya", "harpreet", "mei"):
        await town.presses(key, "No")
    await town.says("amira", "join services-in-welsh")
    await town.passes(WEEK)
    assert people_with(town, ASKED) == {"amira"}
    await town.presses("amira", "Yes, I will own it")
    assert not await looked_for(town)


@pytest.mark.parametrize("ticks", [1, 3])
async def test_however_often_it_is_looked_each_is_asked_once(town: Town, ticks: int) -> None:
    await town.passes(timedelta(0))
    await goes(town, "gareth", "sian")
    for _ in range(ticks):
        await town.passes(DAY)
    assert all(sum(ASKED in words for words in town.reads(key)) <= 1 for key in town.people)
    assert len(await asked(town)) == 3


async def test_an_owner_who_comes_back_ends_the_search(town: Town) -> None:
    await town.passes(timedelta(0))
    await goes(town, "gareth", "sian")
    await town.passes(DAY)
    gareth = town.people["gareth"]
    found = await town.database.read(
        lambda tx: Work(tx, town.clock()).people.by_account(gareth.platform, gareth.tenant, gareth.user)
    )
    assert found is not None
    await is_active(town, found[0], True)
    await town.passes(WEEK)
    assert not await looked_for(town)
    assert people_with(town, ASKED) == set()
