"""Organisations that people named: one for a name, decided once, whoever is at it at the same time."""

import asyncio

from storage.database import connect
from storage.organisations import Organisations
from storage.people import People
from storage.unlisted import Unlisted
from tests.storage.nouns import START


async def test_one_name_is_one_organisation_and_is_decided_once_in_two_processes_at_once(database_url: str) -> None:
    first, second = connect(database_url), connect(database_url)
    both = (first, second)
    try:
        for course in range(5):
            name = f"Trefwen Council {course}"
            numbers = await asyncio.gather(
                *(one.write(lambda tx, said=name: Unlisted(tx).name(said, START)) for one in both)  # type: ignore[misc]  # bound now
            )
            assert numbers[0] == numbers[1]
            decided = await asyncio.gather(
                first.write(lambda tx, number=numbers[0]: Unlisted(tx).decide(number, "known")),  # type: ignore[misc]  # bound now
                second.write(lambda tx, number=numbers[0]: Unlisted(tx).decide(number, "refused")),  # type: ignore[misc]  # bound now
            )
            assert sorted(decided) == [False, True]
    finally:
        first.close()
        second.close()


async def test_one_that_nobody_is_in_any_more_waits_no_more(database_url: str) -> None:
    database = connect(database_url)
    try:
        number = await database.write(lambda tx: Unlisted(tx).name("Trefwen Council", START))
        person = await database.write(lambda tx: People(tx).add("Ann", START, organisation=number))
        await database.write(lambda tx: Unlisted(tx).forget_empty(number))
        (waiting,) = await database.read(lambda tx: Unlisted(tx).waiting())
        assert (waiting.name, waiting.people) == ("Trefwen Council", 1)
        other = await database.write(lambda tx: Organisations(tx).add("Office", "OFF", START))
        assert await database.write(lambda tx: Unlisted(tx).move(number, other)) == [person]
        await database.write(lambda tx: Unlisted(tx).forget_empty(number))
        assert await database.read(lambda tx: Unlisted(tx).waiting()) == []
    finally:
        database.close()
