"""The demo's world in an empty database, as the demo writes it, and quickly every time but the first.

The demo asks the database a thousand things while it writes. What it wrote is kept here, row by row, and written again
with one statement for each table: a town is there in a tenth of the time.
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlmodel import SQLModel

from adapters.local.demo import fill
from storage.database import Transaction
from storage.secrets import Vault, new_key
from storage.statements import Statement, statement
from storage.tables import Person, table

VAULT = Vault(new_key())
"""What is encrypted in the rows that are kept, this opens."""
_READS_ENGLISH = statement(update(table(Person)).values(language="en"))

Row = dict[str, Any]
_kept: dict[datetime, tuple[str, list[tuple[Table, list[Row]]]]] = {}


def people(tx: Transaction, now: datetime, address: str) -> None:
    """The demo's world is in the database as of this instant; its Teams is at this address, and all read English."""
    if now not in _kept:
        fill(tx, VAULT, now, address)
        tx.run(_READS_ENGLISH)  # so that a test says in one language what anybody sees
        _kept[now] = address, _rows(tx)
        return
    there, tables = _kept[now]
    for one, rows in tables:
        tx.many(_insert(one), [_moved(row, there, address) for row in rows])
    if tx.dialect == "postgresql":
        tx.value(_numbered(tuple(one for one, _ in tables)))


def _rows(tx: Transaction) -> list[tuple[Table, list[Row]]]:
    found: list[tuple[Table, list[Row]]] = []
    for one in SQLModel.metadata.sorted_tables:
        rows: list[tuple[Any, ...]] = tx.once(select(one))
        if rows:
            found.append((one, [dict(zip(one.columns.keys(), row, strict=True)) for row in rows]))
    return found


def _moved(row: Row, there: str, address: str) -> Row:
    return row | {"service_url": row["service_url"].replace(there, address)} if "service_url" in row else row


@cache
def _insert(one: Table) -> Statement[Any]:
    return statement(insert(one).values({column.name: bindparam(column.name) for column in one.columns}))


@cache
def _numbered(tables: tuple[Table, ...]) -> Statement[Any]:
    """The next row of each table has the next number, which PostgreSQL does not see from rows that bring their own."""
    numbered = [one for one in tables if "id" in one.columns]
    highest = ((one.name, select(func.max(one.columns["id"])).scalar_subquery()) for one in numbered)
    return statement(select(*(func.setval(func.pg_get_serial_sequence(name, "id"), high) for name, high in highest)))
