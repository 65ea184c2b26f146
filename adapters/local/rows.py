"""The stored rows behind a message on the demo page: the record that it mirrors, and how it was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select

from storage import tables
from storage.database import Database, Transaction
from storage.tables import columns, table

Rows = Mapping[str, Sequence[Mapping[str, object]]]


def xray(database: Database) -> Any:
    """A function that gives the rows behind a message, by table: of platform, tenant, conversation, message id."""

    async def behind(platform: str, tenant: str, conversation: str, message: str) -> Rows:
        return await database.read(lambda tx: _behind(tx, conversation, message))

    return behind


def _behind(tx: Transaction, conversation: str, message: str) -> Rows:
    r = columns(tables.Mirror)
    mirrors = _rows(tx, table(tables.Mirror), r.message == message, r.conversation == conversation)
    if not mirrors:
        return {}
    mirror = mirrors[0]
    x, q, w = columns(tables.Outbox), columns(tables.Question), columns(tables.Answer)
    found: dict[str, Sequence[Mapping[str, object]]] = {"mirror": mirrors}
    if mirror["subject"] == "question":
        found["question"] = _rows(tx, table(tables.Question), q.id == mirror["subject_id"])
        found["offer"] = _rows(tx, table(tables.Offer), columns(tables.Offer).question_id == mirror["subject_id"])
    else:
        found["answer"] = _rows(tx, table(tables.Answer), w.id == mirror["subject_id"])
    found["outbox"] = _rows(tx, table(tables.Outbox), x.mirror_id == mirror["id"])
    return found


def _rows(tx: Transaction, rows: Table, *conditions: Any) -> list[dict[str, object]]:
    shown = [column for column in rows.c if column.name not in ("body", "address")]
    names = [column.name for column in shown]
    found: list[tuple[object, ...]] = tx.once(select(*shown).where(*conditions).limit(20))
    return [dict(zip(names, row, strict=True)) for row in found]
