"""Searches find what was committed before them, whichever process did it and in whatever order; in reads alone."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import bindparam, update

from storage import tables
from storage.answers import Answers
from storage.communities import Communities
from storage.database import Database, Transaction, connect, statement
from storage.evidence import EvidenceLog
from storage.forgetting import Forgetting
from storage.importing import Imports
from storage.people import People, Person
from storage.questions import Questions
from storage.search import Search
from storage.skills import Skills
from storage.tables import columns, table
from tests.storage.worlds import NOW

_REOPENED = statement(
    update(table(tables.Question)).where(columns(tables.Question).id == bindparam("question")).values(state="open")
)
"""A change that nobody is told of, so that only what is told later can bring it to light."""


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Database, Database]]:
    """Two processes on one database."""
    one, other = connect(database_url), connect(database_url)
    yield one, other
    one.close()
    other.close()


async def somebody(database: Database, knows: str = "") -> Person:
    def write(tx: Transaction) -> Person:
        people = People(tx)
        number = people.add("Ann", NOW)
        if knows:
            people.say_knows(number, knows)
        found = people.find(number)
        assert found is not None
        return found

    return await database.write(write)


async def asked(database: Database, by: Person, text: str) -> int:
    def write(tx: Transaction) -> int:
        known = Communities(tx).known("tax", "Tax")
        community = (
            known.id if known else Communities(tx).add("tax", "Tax", service="Tax", outcome="", by=by.id, now=NOW)
        )
        number = Questions(tx).draft(community or 0, by, text, NOW)
        Questions(tx).send(number, NOW)
        return number

    return await database.write(write)


async def answered(database: Database, question: int, by: Person, text: str) -> int:
    return await database.write(lambda tx: Answers(tx).add(question, by, text, NOW))


async def finds(database: Database, text: str) -> list[int]:
    return [one.key for one in await database.read(lambda tx: Search(tx).questions(text, 10))]


async def people(database: Database, text: str) -> list[int]:
    return [one.key for one in await database.read(lambda tx: Search(tx).people(text, 10))]


async def skill(database: Database, name: str, description: str = "") -> int:
    """The number of a skill that a list brings."""
    told = {"description": description, "roles": "", "framework": ""}
    await database.write(lambda tx: Imports(tx).skill(name, NOW, **told))
    return next(one.id for one in await database.read(lambda tx: Skills(tx).all()) if one.name == name)


async def skills(database: Database, text: str) -> list[int]:
    return [one.key for one in await database.read(lambda tx: Search(tx).skills(text, 10))]


async def test_a_question_is_found_once_it_has_an_answer_by_the_words_of_both(two: tuple[Database, Database]) -> None:
    here, there = two
    ann, bob = await somebody(here), await somebody(here)
    number = await asked(here, ann, "Who registers zeppelins?")
    assert await finds(there, "zeppelin") == []
    answer = await answered(here, number, bob, "The aviation authority does.")
    for database in two:
        assert await finds(database, "zeppelins") == await finds(database, "aviation") == [number]
    await here.write(lambda tx: Answers(tx).withdraw(answer))
    assert await finds(there, "zeppelins") == []


async def test_what_is_changed_is_found_by_its_new_words_alone(two: tuple[Database, Database]) -> None:
    here, there = two
    ann, bob = await somebody(here), await somebody(here)
    number = await asked(here, ann, "Who registers zeppelins?")
    said = await answered(here, number, bob, "The harbour master.")
    assert await finds(there, "harbour") == [number]

    def edit(tx: Transaction) -> None:
        found = Answers(tx).record(said)
        assert found is not None
        Answers(tx).edit(found, "The lighthouse.", NOW)

    await here.write(edit)
    assert await finds(there, "harbour") == [] and await finds(there, "lighthouse") == [number]


async def test_who_is_forgotten_is_found_no_more_and_counts_for_nothing(two: tuple[Database, Database]) -> None:
    here, there = two
    ann, bob = await somebody(here), await somebody(here, "lighthouses")
    number = await asked(here, ann, "Who registers zeppelins?")
    await answered(here, number, bob, "I do.")
    assert await people(there, "lighthouse") == [bob.id]
    await here.write(lambda tx: Forgetting(tx).erase(bob.id))
    assert await people(there, "lighthouse") == []
    assert await there.read(lambda tx: EvidenceLog(tx).votes([number], NOW)) == []
    assert await there.read(lambda tx: EvidenceLog(tx).doing([bob.id], 1, NOW)) == {}


async def test_a_process_that_starts_late_reads_all_there_is_in_parts(
    two: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.search.PART", 3)
    here, there = two
    ann, bob = await somebody(here), await somebody(here)
    numbers = [await asked(here, ann, f"Who registers zeppelin {n}?") for n in range(8)]
    for number in numbers:
        await answered(here, number, bob, "I do.")
    while await there.read(lambda tx: Search(tx).load()):
        pass
    assert sorted(await finds(there, "zeppelin")) == numbers
    assert there.index.complete


async def test_what_is_committed_late_is_found_all_the_same(postgres_url: str) -> None:
    here, there = connect(postgres_url), connect(postgres_url)
    ann, bob = await somebody(here), await somebody(here)
    first, second = await asked(here, ann, "Who registers zeppelins?"), await asked(here, ann, "Who paints zeppelins?")
    assert await finds(there, "zeppelin") == []
    wrote, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        Search(tx).changed("question", first)
        wrote.set()
        go_on.wait(20)

    await answered(here, first, bob, "I do.")
    await there.write(lambda tx: Questions(tx).become(first, "withdrawn"))
    assert await finds(there, "zeppelin") == []
    await here.write(lambda tx: tx.run(_REOPENED, question=first))
    waiting = asyncio.create_task(here.write(slow))
    await asyncio.to_thread(wrote.wait, 20)
    await answered(there, second, bob, "She does.")
    assert await finds(there, "zeppelin") == [second]
    go_on.set()
    await waiting
    assert sorted(await finds(there, "zeppelin")) == [first, second]
    for database in (here, there):
        database.close()


async def test_who_looked_away_while_changes_were_forgotten_reads_everything_anew(
    two: tuple[Database, Database],
) -> None:
    here, there = two
    ann, bob = await somebody(here), await somebody(here)
    assert await finds(there, "zeppelin") == []
    numbers = [await asked(here, ann, f"Who registers zeppelin {n}?") for n in range(5)]
    for number in numbers:
        await answered(here, number, bob, "I do.")
    await here.write(lambda tx: Search(tx).forget_changes(keep=1))
    assert sorted(await finds(there, "zeppelin")) == numbers


async def test_nothing_is_searched_in_a_transaction_that_writes(two: tuple[Database, Database]) -> None:
    with pytest.raises(RuntimeError, match="in a transaction that writes"):
        await two[0].write(lambda tx: Search(tx).questions("tax", 1))


async def test_of_two_skills_the_one_that_has_a_word_as_it_is_spelt_is_first(two: tuple[Database, Database]) -> None:
    here, there = two
    organised, organisation = await skill(here, "Organising"), await skill(here, "Organisation")
    assert await skills(there, "I keep organising") == [organised, organisation]
    assert await skills(there, "an organisation of volunteers") == [organisation, organised]


async def test_words_that_follow_one_another_in_a_skill_count_for_more(two: tuple[Database, Database]) -> None:
    here, there = two
    cycle = await skill(here, "Managing things", "You manage a life cycle, and a product.")
    product = await skill(here, "Managing plans", "You manage the cycle of a product's life.")
    assert await skills(there, "know of the life cycle") == [cycle, product]
    assert await skills(there, "know of a product life") == [product, cycle]


async def test_a_sentence_of_nothing_but_signs_means_no_skill(two: tuple[Database, Database]) -> None:
    await skill(two[0], "Organising")
    for nothing in ("", "the of and", "'; drop", "= =", '"* OR', "x" * 4000):
        assert await skills(two[1], nothing) == []
