"""What people did is counted once, fades, is taken back with the answer, and adds up where two become one."""

import math
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from storage import tables
from storage.answers import Answers
from storage.communities import Communities
from storage.database import Database, Transaction
from storage.evidence import EvidenceLog
from storage.linking import become_one
from storage.merging import Merger
from storage.people import People, Person
from storage.questions import Questions
from storage.tables import columns
from storage.thanks import Thanks
from tests.storage.worlds import NOW

TEN_DAYS = timedelta(days=10)


async def somebody(database: Database, name: str) -> Person:
    def write(tx: Transaction) -> Person:
        found = People(tx).find(People(tx).add(name, NOW))
        assert found is not None
        return found

    return await database.write(write)


async def community(database: Database, by: Person, slug: str) -> int:
    def write(tx: Transaction) -> int:
        number = Communities(tx).add(slug, slug, service=slug, outcome="", by=by.id, now=NOW)
        assert number is not None
        return number

    return await database.write(write)


async def answers(database: Database, place: int, asker: Person, author: Person, times: int = 1) -> tuple[int, int]:
    """The last question and answer."""

    def write(tx: Transaction) -> tuple[int, int]:
        question = Questions(tx).draft(place, asker, "Why?", NOW)
        Questions(tx).send(question, NOW)
        said = [Answers(tx).add(question, author, "Because.", NOW) for _ in range(2)]
        return question, said[-1]

    last = 0, 0
    for _ in range(times):
        last = await database.write(write)
    return last


async def does(database: Database, person: Person, place: int, after: timedelta = timedelta()) -> tuple[int, Any, Any]:
    """How many they answered, and what is left of it within ten days, and here within a quarter."""
    found = await database.read(lambda tx: EvidenceLog(tx).doing([person.id], place, NOW + after))
    one = found.get(person.id)
    return (one.answered, one.ten_days, one.here) if one else (0, 0.0, 0.0)


async def test_two_answers_to_one_question_count_once_and_fade(database: Database) -> None:
    ann, bob = await somebody(database, "Ann"), await somebody(database, "Bob")
    place = await community(database, ann, "tax")
    await answers(database, place, ann, bob)
    assert await does(database, bob, place) == (1, pytest.approx(1.0), pytest.approx(1.0))
    assert await does(database, bob, 0, TEN_DAYS) == (1, pytest.approx(math.exp(-1)), 0.0)
    assert await database.read(lambda tx: EvidenceLog(tx).near_now([bob.id], NOW)) == {bob.id: 1.0}
    assert await database.read(lambda tx: EvidenceLog(tx).helped(ann.id, [bob.id])) == {bob.id: 1}
    assert await database.read(lambda tx: EvidenceLog(tx).most_active(place, 5)) == [bob.id]


async def test_an_answer_to_ones_own_question_is_no_evidence(database: Database) -> None:
    ann = await somebody(database, "Ann")
    place = await community(database, ann, "tax")
    await answers(database, place, ann, ann)
    assert await does(database, ann, place) == (0, 0.0, 0.0)


async def test_it_is_taken_back_with_the_last_answer_and_not_before(database: Database) -> None:
    ann, bob = await somebody(database, "Ann"), await somebody(database, "Bob")
    place = await community(database, ann, "tax")
    await answers(database, place, ann, bob)
    _, last = await answers(database, place, ann, bob)
    await database.write(lambda tx: Answers(tx).withdraw(last))
    assert (await does(database, bob, place))[0] == 2
    await database.write(lambda tx: Answers(tx).withdraw(last - 1))
    assert await does(database, bob, place) == (1, pytest.approx(1.0), pytest.approx(1.0))


async def test_what_was_accepted_counts_until_another_is(database: Database) -> None:
    ann, bob = await somebody(database, "Ann"), await somebody(database, "Bob")
    place = await community(database, ann, "tax")
    question, last = await answers(database, place, ann, bob)
    await database.write(lambda tx: Questions(tx).become(question, "answered", accepted=last, at=NOW))
    told = await database.read(lambda tx: EvidenceLog(tx).of(question, bob.id))
    assert told is not None and told.accepted
    await database.write(lambda tx: Questions(tx).become(question, "open"))
    told = await database.read(lambda tx: EvidenceLog(tx).of(question, bob.id))
    assert told is not None and not told.accepted


def merge(one: int, two: int, by: Person, tx: Transaction) -> None:
    """All that is the one community's is the other's."""
    merger = Merger(tx)
    found = merger.get(merger.propose(one, two, by.id, NOW))
    assert found is not None
    while merger.move_records(found, two)[0]:
        pass


def thank(answer: int, tx: Transaction) -> bool:
    """Whether the answer was thanked for now."""
    return Thanks(tx).say(answer)


async def thanked(database: Database, person: Person) -> list[int]:
    """In each community, for how many questions they were thanked."""
    a = columns(tables.Activity)
    mine = select(a.thanked).where(a.person_id == person.id)
    rows: list[tuple[int]] = await database.read(lambda tx: tx.once(mine))
    return [count for (count,) in rows]


async def test_thanks_add_up_where_two_people_or_two_communities_are_one(database: Database) -> None:
    ann, bob, rob = [await somebody(database, name) for name in ("Ann", "Bob", "Rob")]
    one, two = await community(database, ann, "tax"), await community(database, ann, "duty")
    for place, author in ((one, bob), (one, rob), (two, bob)):
        _, last = await answers(database, place, ann, author)
        assert await database.write(partial(thank, last))
        assert not await database.write(partial(thank, last))
    await database.write(lambda tx: become_one(tx, stays=bob, profile=rob))
    assert sorted(await thanked(database, bob)) == [1, 2]
    await database.write(partial(merge, two, one, ann))
    assert await thanked(database, bob) == [3]


async def test_of_two_who_are_one_what_both_did_is_theirs(database: Database) -> None:
    ann, bob, rob = [await somebody(database, name) for name in ("Ann", "Bob", "Rob")]
    place = await community(database, ann, "tax")
    await answers(database, place, ann, bob, times=2)
    await answers(database, place, ann, rob, times=3)
    await database.write(lambda tx: become_one(tx, stays=bob, profile=rob))
    assert await does(database, bob, place) == (5, pytest.approx(5.0), pytest.approx(5.0))
    assert await does(database, rob, place) == (0, 0.0, 0.0)


async def test_of_two_communities_that_are_one_what_was_done_in_both_counts(database: Database) -> None:
    ann, bob = await somebody(database, "Ann"), await somebody(database, "Bob")
    one, two = await community(database, ann, "tax"), await community(database, ann, "duty")
    await answers(database, one, ann, bob, times=2)
    await answers(database, two, ann, bob, times=3)
    await database.write(partial(merge, one, two, ann))
    assert await does(database, bob, two) == (5, pytest.approx(5.0), pytest.approx(5.0))
    assert await does(database, bob, one) == (5, pytest.approx(5.0), 0.0)


async def test_a_vote_says_how_long_ago_it_was_and_none_is_of_what_is_to_come(database: Database) -> None:
    ann, bob = await somebody(database, "Ann"), await somebody(database, "Bob")
    place = await community(database, ann, "tax")
    question, _ = await answers(database, place, ann, bob)
    told = await database.read(lambda tx: EvidenceLog(tx).of(question, bob.id))
    assert told is not None
    later = told.answered_at + timedelta(hours=1, milliseconds=250)
    ((number, person, ago),) = await database.read(lambda tx: EvidenceLog(tx).votes([question], later))
    assert (number, person) == (question, bob.id)
    assert ago == pytest.approx(3600.25, abs=0.002)
    assert len(await database.read(lambda tx: EvidenceLog(tx).votes([question], told.answered_at))) == 1
    before = told.answered_at - timedelta(seconds=1)
    assert await database.read(lambda tx: EvidenceLog(tx).votes([question], before)) == []
