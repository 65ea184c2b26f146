"""Merging one community into another: agreed by an owner of each, everything follows, nobody is told twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.work import Work
from storage import spreading, tables
from storage.retention import Retention
from storage.tables import columns
from tests.everywhere.forging import presses_forged
from tests.features.newcomers import nothing_was_refused
from tests.features.telling import changes, people_with, person, sees
from tests.town import Town

NOW = timedelta(0)
SAID = "merge employing-someone into starting-a-business"
PART_OF = "Employing someone is now part of Starting a business."
SHALL = "Shall Employing someone become part of Starting a business?"
m, q = columns(tables.Membership), columns(tables.Question)


async def proposes(town: Town, key: str = "eleni", said: str = SAID) -> None:
    await town.says(key, said)
    await town.presses(key, "Propose it")


async def merges(town: Town) -> None:
    """Eleni proposed it, Tom agreed on Teams, and all has moved."""
    await proposes(town)
    await town.presses("tom", "Agree")
    await town.passes(NOW)


async def in_it(town: Town, community: str) -> list[int]:
    """The members of the community with this short name, by number, and each as often as they are in it."""

    def look(work: Work) -> list[int]:
        found = work.communities.known(community, "")
        assert found is not None
        rows: list[tuple[int]] = work.tx.once(
            select(m.person_id).where(m.community_id == found.id).order_by(m.person_id)
        )
        return [number for (number,) in rows]

    return await changes(town, look)


async def test_a_legal_hold_goes_on_in_the_community_that_stays(town: Town) -> None:
    await changes(town, lambda work: Retention(work.tx).hold(2, True))
    await merges(town)
    held = await changes(town, lambda work: Retention(work.tx).held())
    assert set(held) == {"Employing someone", "Starting a business"}


async def test_members_owners_and_questions_follow_and_each_is_a_member_once(town: Town) -> None:
    before = {*await in_it(town, "starting-a-business"), *await in_it(town, "employing-someone")}
    await town.says("nadia", "ask Who signs the first payslip? community: employing-someone")
    await town.presses("nadia", "Send")
    await merges(town)
    after = await in_it(town, "starting-a-business")
    assert set(after) == before and len(after) == len(before)
    assert await in_it(town, "employing-someone") == []
    asked: list[tuple[int, int]] = await town.database.read(
        lambda tx: tx.once(select(q.community_id, func.count(q.id)).group_by(q.community_id))
    )
    assert dict(asked) == {1: 18, 3: 3}
    await town.says("kofi", "archive starting-a-business")
    assert "Archive Starting a business?" in town.last("kofi")
    assert nothing_was_refused(town)


async def test_only_members_who_were_not_in_the_other_are_told_and_once(town: Town) -> None:
    await merges(town)
    told = {
        key
        for key in town.people
        if any("You get this because you were in Employing someone." in words for words in town.reads(key))
    }
    assert told == {"harpreet"}
    await town.passes(timedelta(days=30))
    assert sum(PART_OF in words for words in town.reads("harpreet")) == 1
    for key in ("kofi", "nadia", "seun", "amira", "gareth"):
        assert not sees(town, key, PART_OF), key


async def test_the_old_name_leads_to_the_other(town: Town) -> None:
    await merges(town)
    await town.says("callum", "members employing-someone")
    assert "Starting a business" in town.last("callum")
    await town.says("harpreet", "leave Employing someone")
    assert "You have left Starting a business." in town.last("harpreet")
    await town.says("harpreet", "create Employing someone service: Hiring outcome: Nobody waits for a form")
    assert "There is a community called “Starting a business” already." in town.last("harpreet")
    await town.says("gareth", "communities employing")
    assert "Employing someone" not in town.last("gareth")


async def test_nothing_moves_before_an_owner_of_the_other_agrees(town: Town) -> None:
    before = await in_it(town, "employing-someone")
    await proposes(town)
    assert "The owners of Starting a business are asked." in town.last("eleni")
    assert people_with(town, SHALL) == {"tom", "priya"}
    await town.passes(timedelta(days=1))
    assert await in_it(town, "employing-someone") == before
    assert nothing_was_refused(town)


@pytest.mark.parametrize(("key", "other"), [("priya", "tom"), ("tom", "priya")])
async def test_declined_both_stay_and_who_proposed_it_is_told(town: Town, key: str, other: str) -> None:
    await proposes(town)
    await town.presses(key, "Decline")
    assert "do not want Employing someone merged into it." in town.last("eleni")
    assert town.sees("eleni")[-1].buttons() == ["See who is in it"]
    assert sees(town, other, "Employing someone is not merged into Starting a business.")
    await town.says("amira", "join employing-someone")
    assert "Welcome to Employing someone" in town.last("amira")
    await proposes(town)
    assert people_with(town, SHALL) == {"tom", "priya"}


async def test_two_owners_who_agree_and_decline_at_once_from_two_platforms_decide_once(town: Town) -> None:
    await proposes(town)
    await asyncio.gather(town.presses("priya", "Agree"), town.presses("tom", "Agree"), return_exceptions=True)
    await town.passes(NOW)
    rows: list[tuple[str]] = await town.database.read(lambda tx: tx.once(select(columns(tables.Merging).state)))
    assert rows == [("done",)]
    assert sum(PART_OF in words for words in town.reads("eleni")) == 1
    assert sum(PART_OF in words for words in town.reads("harpreet")) == 1


async def test_who_owns_both_agrees_for_both(town: Town) -> None:
    for name in ("One", "Two"):
        await town.says("amira", f"create Renting {name} service: Renting outcome: Nobody waits for a form")
        if "Is it one of these?" in town.last("amira"):
            await town.presses("amira", "Start mine all the same")
    await town.says("gareth", "join renting-one")
    await proposes(town, "amira", "merge renting-one into renting-two")
    await town.passes(NOW)
    assert sees(town, "gareth", "Renting One is now part of Renting Two.")
    assert len(await in_it(town, "renting-two")) == 2


async def test_it_cannot_be_merged_into_itself_or_an_archived_one_or_in_a_ring(town: Town) -> None:
    await town.says("eleni", "merge employing-someone into Employing Someone")
    assert "Employing someone cannot be merged into itself." in town.last("eleni")
    await proposes(town)
    await proposes(town, "tom", "merge starting-a-business into employing-someone")
    await town.presses("priya", "Agree")
    await town.passes(NOW)
    ring = "Shall Starting a business become part of Employing someone?"
    await town.presses("kofi", "Agree", on=ring)
    assert not sees(town, "kofi", "Starting a business is now part of Employing someone.")
    await town.says("tom", "merge starting-a-business into employing-someone")
    assert "Starting a business cannot be merged into itself." in town.last("tom")

    await town.says("gareth", "archive services-in-welsh")
    await town.presses("gareth", "Archive it")
    await town.says("tom", "merge starting-a-business into services-in-welsh")
    assert "Services in Welsh was archived." in town.last("tom")


async def test_an_archived_community_is_merged_no_more(town: Town) -> None:
    await proposes(town)
    await town.says("kofi", "archive employing-someone")
    await town.presses("kofi", "Archive it")
    await town.presses("tom", "Agree")
    assert "is archived or merged." in town.last("tom")
    assert len(await in_it(town, "employing-someone")) == 6


async def test_only_owners_of_each_may(town: Town) -> None:
    await town.says("tom", SAID)
    assert "Only an owner of Employing someone can do this." in town.last("tom")
    await proposes(town)
    for payload in ('{"do": "accept-merge", "merging": 1}', '{"do": "decline-merge", "merging": 1}'):
        await presses_forged(town, "kofi", payload)
        assert "Only an owner of the community that stays can decide this." in town.last("kofi")
    await presses_forged(town, "tom", '{"do": "propose-merge", "community": 3, "into": 1}')
    assert "Only an owner of Services in Welsh can do this." in town.last("tom")


async def test_the_same_is_not_proposed_twice(town: Town) -> None:
    await proposes(town)
    await town.says("kofi", SAID)
    assert "This was proposed before." in town.last("kofi")
    assert sum(SHALL in words for words in town.reads("tom")) == 1


async def test_requests_and_invitations_follow_but_not_twice(town: Town) -> None:
    amira, mei = await person(town, "amira"), await person(town, "harpreet")

    def write(work: Work) -> None:
        for one in (amira, mei):
            for community in (1, 2):
                work.tx.once(
                    tables.table(tables.JoinRequest)
                    .insert()
                    .values(community_id=community, person_id=one.id, words="", state="waiting", asked_at=work.now)
                )

    await changes(town, write)
    await merges(town)
    rows: list[tuple[int, int]] = await town.database.read(
        lambda tx: tx.once(select(columns(tables.JoinRequest).community_id, columns(tables.JoinRequest).person_id))
    )
    assert rows == []  # both are members of what it became part of


async def test_many_members_move_in_parts_and_a_process_that_dies_between_loses_nobody(town: Town) -> None:
    eleni = await person(town, "eleni")
    size = 2 * spreading.PART + 7

    def write(work: Work) -> None:
        for number in range(size):
            one = work.people.add("Member", work.now, organisation=eleni.organisation_id)
            work.people.add_account(one, ("slack", "T0HMRC001", f"UCROWD{number}"), work.now)
            work.communities.join(2, one, work.now)

    await changes(town, write)
    before = len({*await in_it(town, "starting-a-business"), *await in_it(town, "employing-someone")})
    await proposes(town)
    await town.presses("tom", "Agree")
    assert await town.signpost.schedule.fire()  # the first part; whoever was to go on is gone, and another comes later
    assert 0 < len(await in_it(town, "employing-someone")) < size
    await town.signpost.schedule.tick()
    assert await in_it(town, "employing-someone") == []
    assert len(await in_it(town, "starting-a-business")) == before
    told: list[tuple[int]] = await town.database.read(
        lambda tx: tx.once(
            select(func.count())
            .select_from(tables.table(tables.Mirror))
            .where(columns(tables.Mirror).subject == "merging")
        )
    )
    assert told == [(size + 1,)]
