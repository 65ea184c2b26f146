"""Everything that is held about one person, from every table, as the declarations of its columns say.

A column that names a person says which rows are about them; a row without one is about whoever the row it belongs to
names. In a row that is somebody else's, and only mentions them, what is personal to that person is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Column, Table, bindparam, select
from sqlmodel import SQLModel

from storage import tables
from storage.database import Transaction
from storage.people import People
from storage.statements import Statement, statement
from storage.tables import Erasure, columns, table

Row = dict[str, Any]

ALL = sorted(SQLModel.metadata.tables.values(), key=lambda found: found.name)
BY_LANE = table(tables.Lane)
"""The one table whose rows are about somebody by name: platform, tenant and user."""
BY_NUMBER = (tables.Organisation, tables.Community, tables.Service)
"""What is referred to by number, and whose name makes a row easier to read."""


def person_columns(rows: Table) -> list[Column[Any]]:
    """The columns of a table that name a person; of the people themselves, their number."""
    if rows is table(tables.Person):
        return [columns(tables.Person).id]
    return [column for column in rows.c if _refers_to(column, "person")]


def is_personal(rows: Table) -> bool:
    """Whether something in the table belongs into somebody's file."""
    return any(column.info.get("export") for column in rows.c)


def owner_of(rows: Table) -> Column[Any] | None:
    """The column that says whose row it is, where the row goes with its person."""
    if rows is table(tables.Person):
        return columns(tables.Person).id
    found = (column for column in person_columns(rows) if column.info.get("erase") is Erasure.ROW)
    return next(found, None)


def _refers_to(column: Column[Any], name: str) -> bool:
    return any(key.column.table.name == name for key in column.foreign_keys)


def _shown(rows: Table) -> list[Column[Any]]:
    return [column for column in rows.c if column.info.get("export") is not False]


class Way(NamedTuple):
    """How a table is searched for a person: the statement gives the rows that this column names them in."""

    rows: Table
    mentions: bool
    find: Statement[Any]


def ways(known: Iterable[Table]) -> Iterator[Way]:
    """A search for each column that names a person; where there is none, through the rows that its own belong to."""
    for rows in filter(is_personal, known):
        owner = owner_of(rows)
        named = person_columns(rows)
        for column in named:
            found = select(*_shown(rows)).where(column == bindparam("person"))
            yield Way(rows, owner is not None and column is not owner, statement(found))
        for link, column in [] if named else _through(rows):
            found = select(*_shown(rows)).join(column.table, link == column.table.c.id)
            yield Way(rows, False, statement(found.where(column == bindparam("person"))))


def _through(rows: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    for link in rows.c:
        for key in link.foreign_keys:
            for column in person_columns(key.column.table):
                yield link, column


WAYS = list(ways(ALL))
_LANES = statement(select(*_shown(BY_LANE)).where(BY_LANE.c.name.in_(bindparam("names", expanding=True))))
NAMES = {
    str(model.__tablename__): statement(
        select(columns(model).id, columns(model).name).where(
            columns(model).id.in_(bindparam("numbers", expanding=True))
        )
    )
    for model in BY_NUMBER
}


def unreached(known: Sequence[Table]) -> set[str]:
    """The tables that hold what belongs into a file, and that no search finds: none, or the file is not complete."""
    reached = {way.rows.name for way in ways(known)} | {BY_LANE.name}
    return {rows.name for rows in known if is_personal(rows)} - reached


def held_about(tx: Transaction, person: int) -> dict[str, list[Row]]:
    """Every row about this person, by table. Instants are ISO 8601; whom a row names is "you" or "someone else"."""
    found: dict[str, dict[Any, Row]] = {}
    for way in WAYS:
        for values in tx.all(way.find, person=person):
            row = _readable(way, values, person)
            found.setdefault(way.rows.name, {}).setdefault(tuple(values), row)
    lanes = [f"{one.platform}:{one.tenant}:{one.user}" for one in People(tx).accounts(person)]
    for values in tx.all(_LANES, names=lanes) if lanes else []:
        row = {column.name: _plain(value) for column, value in zip(_shown(BY_LANE), values, strict=True)}
        found.setdefault(BY_LANE.name, {})[tuple(values)] = row
    return {name: list(rows.values()) for name, rows in sorted(found.items())}


def named_in(tx: Transaction, held: dict[str, list[Row]]) -> dict[str, dict[str, str]]:
    """The names of the organisations, communities and services that these rows refer to, by number."""
    found = {}
    for name, find in NAMES.items():
        numbers = sorted(set(_numbers(held, name)))
        rows = tx.all(find, numbers=numbers) if numbers else []
        found[name] = {str(number): said for number, said in rows}
    return found


def _numbers(held: dict[str, list[Row]], name: str) -> Iterator[int]:
    for rows in filter(is_personal, ALL):
        for column in rows.c:
            if _refers_to(column, name) or (rows.name == name and column.name == "id"):
                yield from (row[column.name] for row in held.get(rows.name, []) if row.get(column.name) is not None)


def _readable(way: Way, values: Any, person: int) -> Row:
    row: Row = {}
    for column, value in zip(_shown(way.rows), values, strict=True):
        if _refers_to(column, "person"):
            row[column.name] = None if value is None else "you" if value == person else "someone else"
        elif not (way.mentions and column.info.get("erase") is Erasure.ROW):
            row[column.name] = _plain(value)
    return row


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
