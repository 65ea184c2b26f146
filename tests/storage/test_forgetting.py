"""Every table of the schema: what is personal in it is in its person's file, and goes with them as it is declared."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, insert, select
from sqlmodel import SQLModel

from storage import tables
from storage.database import Database, Transaction
from storage.exporting import ALL, held_about, is_personal, named_in, owner_of, unreached
from storage.forgetting import Forgetting
from storage.tables import Erasure, table
from tests.storage.nouns import rows as found_by
from tests.storage.recording import example

ME, OTHER = 1, 2
LANE = "words of account.platform 1:words of account.tenant 1:words of account.user 1"


def words_of(column: Column[Any], number: int) -> str:
    """Words that are in this column alone, of one of two people."""
    if column.name in ("lane",) or str(column) == "lane.name":
        return LANE if number == ME else f"lane of {number}"
    return f"words of {column} {number}"


def fill(tx: Transaction) -> None:
    """One row of each table for each of two people, every column filled with words of its own."""
    for number in (ME, OTHER):
        for rows in SQLModel.metadata.sorted_tables:
            values = {column.name: value(column, number) for column in rows.c if column.name != "id"}
            tx.once(insert(rows).values(values))


def value(column: Column[Any], number: int) -> object:
    """What this column holds in that person's row; the rows are numbered alike."""
    for key in column.foreign_keys:
        return None if key.column.table is column.table else number
    if column.name in ("subject_id", "version"):
        return number
    if isinstance(example(column.type), str):
        return words_of(column, number)
    return example(column.type)


def all_of(tx: Transaction) -> Iterator[tuple[Table, Column[Any], object]]:
    """Every value of every row, with its table and column."""
    for rows in ALL:
        found: list[tuple[object, ...]] = tx.once(select(rows))
        for row in found:
            yield from ((rows, column, value) for column, value in zip(rows.c, row, strict=True))


def is_kept(rows: Table, column: Column[Any]) -> bool:
    """Whether the words in this column outlive their person: they say so, and their row does not go."""
    goes = owner_of(rows) is not None or any(one.info.get("erase") is Erasure.ROW for one in rows.c)
    return column.info.get("erase") is Erasure.KEEP and not goes


def test_every_table_with_something_personal_is_searched_for_the_file() -> None:
    assert unreached(ALL) == set()


def test_a_table_with_something_personal_that_nobody_is_named_in_is_found() -> None:
    planted, exported = MetaData(), {"export": True, "erase": Erasure.ROW}
    person = Table("person", planted, Column("id", Integer, primary_key=True))
    diary = Table(
        "diary",
        planted,
        Column("id", Integer, primary_key=True),
        Column("person_id", ForeignKey(person.c.id), info=exported),
    )
    page = Table("page", planted, Column("diary_id", ForeignKey(diary.c.id)), Column("text", String, info=exported))
    loose = Table("loose", planted, Column("text", String, info=exported))
    assert unreached([diary, page, loose]) == {"loose"}


async def test_the_file_holds_every_personal_column_of_every_table_and_nothing_of_others(database: Database) -> None:
    await database.write(fill)
    held = await database.read(lambda tx: held_about(tx, ME))
    missing = [
        str(column)
        for rows in ALL
        if is_personal(rows)
        for column in rows.c
        if column.info.get("export") and not column.foreign_keys
        if words_of(column, ME) not in [row.get(column.name) for row in held.get(rows.name, [])]
    ]
    assert missing == []
    assert "words of person.name 2" not in str(held) and "account.user 2" not in str(held)
    assert not any(word in str(held) for word in ("link_code.digest", "inbound.key"))
    names = await database.read(lambda tx: named_in(tx, held))
    assert names["community"] == {"1": "words of community.name 1"}


async def test_after_forgetting_no_table_has_their_name_words_or_accounts_but_where_it_is_declared(
    database: Database,
) -> None:
    await database.write(fill)
    await database.write(lambda tx: Forgetting(tx).erase(ME))
    found = await database.read(lambda tx: list(all_of(tx)))
    named = [str(column) for _, column, value in found if _names_a_person(column) and value == ME]
    assert named == []
    left = [
        str(column)
        for rows, column, value in found
        if column.info.get("erase") is not None
        if value in (words_of(column, ME), LANE) and not is_kept(rows, column)
        if rows.name != "inbound"
    ]
    assert left == []


async def test_forgetting_somebody_takes_nothing_from_anybody_else(database: Database) -> None:
    await database.write(fill)
    before = await database.read(lambda tx: [one for one in all_of(tx) if "2" in str(one[2])])
    await database.write(lambda tx: Forgetting(tx).erase(ME))
    after = await database.read(lambda tx: list(all_of(tx)))
    lost = [str(column) for rows, column, value in before if (rows, column, value) not in after]
    assert lost == []


async def test_what_the_community_keeps_stays_by_a_former_member(database: Database) -> None:
    await database.write(fill)
    await database.write(lambda tx: Forgetting(tx).erase(ME))
    for model, who in ((tables.Question, "asker_id"), (tables.Answer, "author_id"), (tables.Announcement, "author_id")):
        held = table(model)
        kept = await found_by(database, select(held.c.text, held.c[who]).where(held.c.id == ME))
        assert kept == [(f"words of {held.name}.text 1", None)]


async def test_forgetting_nobody_or_twice_changes_nothing(database: Database) -> None:
    await database.write(fill)
    await database.write(lambda tx: Forgetting(tx).erase(ME))
    before = await database.read(lambda tx: list(all_of(tx)))
    await database.write(lambda tx: Forgetting(tx).erase(ME))
    await database.write(lambda tx: Forgetting(tx).erase(99))
    assert await database.read(lambda tx: list(all_of(tx))) == before


def _names_a_person(column: Column[Any]) -> bool:
    of_a_person = {table(tables.Person), table(tables.Account)}
    return any(key.column.table in of_a_person for key in column.foreign_keys)
