"""The weekly bulletin for members: once, unless they muted it, with what they may see; nothing where nothing was."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bot.schedule import Schedule
from bot.work import Work
from storage import spreading, tables
from storage.database import connect
from storage.tables import columns
from tests.features.days import FRIDAY, MONDAY, NEXT_FRIDAY, NEXT_MONDAY, it_becomes, things_happen_by_themselves
from tests.features.telling import (
    agreements_end,
    asks,
    changes,
    fills_in,
    nothing_was_refused,
    people_with,
    person,
    sees,
    shown,
)
from tests.features.test_announce import gathered
from tests.town import Town

SENT = "This week in Starting a business"
PREVIEW = "The next bulletin of Starting a business"
x = columns(tables.Outbox)


async def mutes(town: Town, key: str) -> None:
    known = await person(town, key)

    def mute(work: Work) -> None:
        community = work.communities.find("starting-a-business", "")
        assert community is not None
        work.communities.mute(community.id, known.id, True)

    await changes(town, mute)


async def a_week_passes(town: Town) -> None:
    await things_happen_by_themselves(town)
    await it_becomes(town, FRIDAY)
    await it_becomes(town, MONDAY)


async def test_every_member_has_it_once_but_who_muted_the_community(town: Town) -> None:
    await mutes(town, "kofi")
    await a_week_passes(town)
    told = people_with(town, SENT)
    assert {"amira", "gareth", "priya", "sian"} <= told
    assert "kofi" not in told
    assert "harpreet" not in told
    assert all(sum(SENT in words for words in town.reads(key)) == 1 for key in told)
    assert {town.people[key].platform for key in told} == {"slack", "teams"}
    assert nothing_was_refused(town)


async def test_it_says_who_came_and_left_and_what_was_asked_and_answered_with_a_way_to_read_it(town: Town) -> None:
    await things_happen_by_themselves(town)
    await asks(town, "amira", "Which letters do new employers get first?")
    await asks(town, "amira", "Who keeps the list of forms?")
    number = shown(town, "amira", "Which letters do new").words().partition("Q-")[2].partition(":")[0]
    await town.says("priya", f"answer {number} Ours is the welcome letter.")
    await town.says("marcus", "leave starting-a-business")
    await it_becomes(town, FRIDAY)
    await it_becomes(town, MONDAY)
    words = shown(town, "gareth", SENT).words()
    for has in ("Joined", "14 people", "Left", "1 person: BBB (1)", "Questions asked", "Questions answered"):
        assert has in words, words
    assert "Answered this week" in words and "Which letters do new employers get first?" in words
    assert "Waiting for an answer" in words and "Who keeps the list of forms?" in words
    await town.presses("gareth", "See the answer", on=SENT)
    assert "Ours is the welcome letter." in town.last("gareth")
    assert nothing_was_refused(town)


async def test_a_week_in_which_nothing_happened_sends_nothing_and_disturbs_no_owner(town: Town) -> None:
    await a_week_passes(town)
    before = {key: len(town.reads(key)) for key in town.people}
    await it_becomes(town, NEXT_FRIDAY)
    await it_becomes(town, NEXT_MONDAY)
    assert {key: len(town.reads(key)) for key in town.people} == before
    assert "was sent." in shown(town, "tom", "The bulletin of Starting a business").words()


async def test_a_showcase_that_is_near_is_news_by_itself_and_one_can_say_that_one_comes(town: Town) -> None:
    await a_week_passes(town)
    await town.says("tom", "showcase new Journey map on 10 December at 2pm")
    await town.presses("tom", "Schedule it")
    await it_becomes(town, NEXT_FRIDAY)
    assert "Journey map, 2pm GMT, Thursday 10 December" in shown(town, "priya", PREVIEW).words()
    await it_becomes(town, NEXT_MONDAY)
    await town.presses("amira", "I am coming to the showcase", on="Journey map")
    assert "You said that you are coming to the showcase." in shown(town, "amira", "Journey map").words()
    await town.presses("gareth", "I am coming to the showcase", on="Journey map")
    await town.presses("gareth", "I cannot come", on="Journey map")
    assert "You said that you are coming" not in shown(town, "gareth", "Journey map").words()


async def test_what_happens_after_an_empty_preview_is_not_lost(town: Town) -> None:
    await a_week_passes(town)
    await it_becomes(town, NEXT_FRIDAY)
    await asks(town, "amira", "Who signs on a Saturday?")
    await it_becomes(town, NEXT_MONDAY)
    assert "Who signs on a Saturday?" in shown(town, "nadia", SENT).words()


async def test_an_owners_words_are_shown_only_where_they_may_cross(town: Town) -> None:
    await things_happen_by_themselves(town)
    await it_becomes(town, FRIDAY)
    answers = {"What do you want to tell the members?": "Bring your maps."}
    await fills_in(town, "tom", "Add your words", answers, on=PREVIEW)
    await agreements_end(town, "amira")
    await it_becomes(town, MONDAY)
    assert "Bring your maps." not in shown(town, "amira", SENT).words()
    assert "Bring your maps." in shown(town, "nadia", SENT).words()


async def test_a_question_is_shown_only_to_who_may_see_it(town: Town) -> None:
    await things_happen_by_themselves(town)
    await asks(town, "amira", "Who keeps the list of forms?")
    await agreements_end(town, "amira")
    await it_becomes(town, FRIDAY)
    await it_becomes(town, MONDAY)
    assert "Who keeps the list of forms?" in shown(town, "kofi", SENT).words()
    assert "Who keeps the list of forms?" not in shown(town, "nadia", SENT).words()
    assert "Questions asked" in shown(town, "nadia", SENT).words()


async def test_many_members_have_it_in_parts_each_of_them_once_whatever_number_of_processes_ticks(
    town: Town, database_url: str
) -> None:
    numbers = await gathered(town, spreading.PART + 7)
    await things_happen_by_themselves(town)
    await it_becomes(town, FRIDAY)
    town.clock.move_by(MONDAY - town.clock())
    others = [connect(database_url) for _ in range(2)]
    ticking = [Schedule(one, town.clock, lambda: None) for one in others]
    for _ in range(4):
        await asyncio.gather(town.signpost.schedule.tick(), *(one.tick() for one in ticking))
    for one in others:
        one.close()
    rows: list[tuple[int, int, int]] = await town.database.read(
        lambda tx: tx.once(
            select(x.person_id, x.mirror_id, func.count(x.id))
            .where(x.kind == "bulletin")
            .group_by(x.person_id, x.mirror_id)
        )
    )
    assert set(numbers) <= {person for person, _, _ in rows}
    assert {count for _, _, count in rows} == {1}


async def test_who_muted_it_or_left_before_it_came_does_not_get_it(town: Town) -> None:
    await things_happen_by_themselves(town)
    await it_becomes(town, FRIDAY)
    town.clock.move_by(MONDAY - town.clock())
    await town.signpost.schedule.tick()
    await mutes(town, "amira")
    await town.passes(timedelta(0))
    assert not sees(town, "amira", SENT)


async def test_it_comes_at_nine_whatever_the_clocks_do(town: Town) -> None:
    town.clock.move_by(datetime(2027, 3, 23, 10, 0, tzinfo=UTC) - town.clock())
    await town.passes(timedelta(0))
    await it_becomes(town, datetime(2027, 3, 24, 3, 0, tzinfo=UTC))
    await asks(town, "amira", "Do the forms change in spring?")
    await it_becomes(town, datetime(2027, 3, 26, 9, 0, tzinfo=UTC))
    assert "9am BST, Monday 29 March" in shown(town, "tom", PREVIEW).words()
    await it_becomes(town, datetime(2027, 3, 29, 7, 59, tzinfo=UTC))
    assert people_with(town, SENT) == set()
    await it_becomes(town, datetime(2027, 3, 29, 8, 0, tzinfo=UTC))
    assert "amira" in people_with(town, SENT)


async def test_a_supplier_gets_none_of_a_community_that_has_no_suppliers(town: Town) -> None:
    kofi = await person(town, "kofi")

    def shut(work: Work) -> None:
        community = work.communities.find("starting-a-business", "")
        assert community is not None
        work.communities.edit(community, suppliers=False)
        work.people.say_kind(kofi.id, "supplier")

    await changes(town, shut)
    await a_week_passes(town)
    assert "kofi" not in people_with(town, SENT)
    assert "amira" in people_with(town, SENT)


async def test_who_mutes_it_from_a_bulletin_gets_no_more(town: Town) -> None:
    await a_week_passes(town)
    await town.presses("gareth", "Mute it", on=SENT)
    assert "You get no news of Starting a business any more." in town.last("gareth")
    await asks(town, "amira")
    await it_becomes(town, NEXT_FRIDAY)
    await it_becomes(town, NEXT_MONDAY)
    assert sum(SENT in words for words in town.reads("gareth")) == 1
    assert sum(SENT in words for words in town.reads("nadia")) == 2
