"""What is personal says so, and every statement of the storage runs on both databases."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table
from sqlmodel import SQLModel

from storage.answers import Answers
from storage.compiled import DialectName
from storage.database import Database, Transaction
from storage.people import People
from storage.schema import MIGRATIONS
from storage.tables import Erasure
from tests.storage.nouns import START
from tests.storage.recording import RECORDED, statements, with_examples

HOLDS_WORDS_OR_PEOPLE = (
    *("user", "name", "text", "lane", "address", "body", "reply", "role", "knows", "chat", "email", "phone", "title"),
    *("command", "otherwise", "conversation", "message", "subject", "service", "outcome", "slug", "digest", "key"),
    *("words", "note", "comment", "reason", "payload", "answers", "code", "profile"),
)
NAMES_NO_PERSON = {
    "organisation.slug": "an organisation's",
    "skill.name": "a skill's",
    "bank_holiday.title": "a day's",
    "service.name": "a service's",
    "service.slug": "a service's",
    "organisation.name": "an organisation's",
    "bucket.name": "a workspace and a method",
    "conversation.conversation": "a channel or group",
    "mirror.subject": "a kind of record",
    "outbox.reason": "a platform's own error code",
    "timer.key": "a record's kind and number",
}


def silent(metadata: MetaData) -> list[str]:
    """The columns that name a person, or may hold somebody's words, and do not say how that is exported and erased."""
    return [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if _is_personal(column) and not _declares(column)
    ]


def _is_personal(column: Column[Any]) -> bool:
    refers = any(key.target_fullname in ("person.id", "account.id") for key in column.foreign_keys)
    words = column.name in HOLDS_WORDS_OR_PEOPLE and f"{column.table.name}.{column.name}" not in NAMES_NO_PERSON
    return refers or words


def _declares(column: Column[Any]) -> bool:
    return isinstance(column.info.get("export"), bool) and isinstance(column.info.get("erase"), Erasure)


def test_every_column_that_names_a_person_says_how_it_is_exported_and_erased() -> None:
    assert silent(SQLModel.metadata) == []


def test_a_column_that_names_a_person_and_says_nothing_is_found() -> None:
    planted = MetaData()
    Table("person", planted, Column("id", Integer, primary_key=True))
    Table(
        "kudos",
        planted,
        Column("giver_id", ForeignKey("person.id"), info={"export": True, "erase": Erasure.ROW}),
        Column("taker_id", ForeignKey("person.id")),
        Column("text", String, info={"export": True}),
        Column("reply", String, info={"export": "yes", "erase": "yes"}),
        Column("stars", Integer),
    )
    assert silent(planted) == ["kudos.taker_id", "kudos.text", "kudos.reply"]


def test_what_is_said_to_name_no_person_is_a_column() -> None:
    known = {f"{table.name}.{column.name}" for table in SQLModel.metadata.tables.values() for column in table.columns}
    assert set(NAMES_NO_PERSON) - known == set()


def test_only_secrets_and_what_others_sent_are_left_out_of_an_export() -> None:
    kept_back = [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.info.get("export") is False
    ]
    assert sorted(kept_back) == ["inbound.key", "inbound.reply", "link_code.digest"]


def test_what_is_emptied_may_be_empty() -> None:
    fixed = [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.info.get("erase") is Erasure.CLEAR and not column.nullable
    ]
    assert fixed == []


def test_the_rows_that_are_erased_with_a_person_are_found_by_an_index() -> None:
    unindexed = [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.foreign_keys and column.info.get("erase") is Erasure.ROW and not _leads_an_index(table, column)
    ]
    assert unindexed == []


def _leads_an_index(table: Table, column: Column[Any]) -> bool:
    return any(next(iter(index.columns)) is column for index in table.indexes)


async def test_every_statement_runs_on_this_database(database: Database) -> None:
    found = list(statements())
    assert len(found) > 80
    failed = []
    for name, statement in found:
        try:
            await _explained(database, *with_examples(statement, dialect_of(database)))
        except Exception as error:  # noqa: BLE001 - every statement that fails is named
            failed.append(f"{name}: {error}")
    assert failed == []


@pytest.mark.parametrize("file", sorted(RECORDED.glob("*.json")), ids=lambda file: file.stem)
async def test_every_statement_of_the_versions_before_runs_on_these_tables(database: Database, file: Path) -> None:
    failed = []
    for name, by_dialect in recorded(file).items():
        sql, arguments = by_dialect[dialect_of(database)]
        try:
            await _explained(database, sql, tuple(arguments))
        except Exception as error:  # noqa: BLE001 - every statement that fails is named
            failed.append(f"{name}: {error}")
    assert failed == []


def test_the_statements_of_every_version_but_this_one_are_recorded() -> None:
    versions = sorted(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("0*.py"))
    assert {file.stem for file in RECORDED.glob("*.json")} == set(versions[:-1])


def recorded(file: Path) -> dict[str, dict[DialectName, tuple[str, list[Any]]]]:
    found: dict[str, dict[DialectName, tuple[str, list[Any]]]] = json.loads(file.read_text())
    return found


def dialect_of(database: Database) -> DialectName:
    return "postgresql" if type(database).__name__ == "PostgresDatabase" else "sqlite"


async def _explained(database: Database, sql: str, arguments: tuple[Any, ...]) -> None:
    def explain(tx: Transaction) -> None:
        tx._cursor.execute(f"EXPLAIN {sql}", arguments)  # the driver's own cursor: nothing else explains
        assert tx._cursor.fetchall()

    await database.write(explain)


async def test_the_number_of_a_row_that_is_gone_is_not_given_out_again(database: Database) -> None:
    def twice(tx: Transaction) -> list[int]:
        person = People(tx).add("Ann", START)
        first = Answers(tx).add_draft(person, "words", START)
        Answers(tx).forget_drafts(START + timedelta(days=1))
        return [first, Answers(tx).add_draft(person, "other words", START)]

    first, second = await database.write(twice)
    assert second > first
