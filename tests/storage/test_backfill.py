"""A database of before there was evidence: what was answered then is counted as if it had been counted all along."""

import math
from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import text

from storage.database import Database, connect
from storage.evidence import BEGINNING, EvidenceLog
from storage.schema import config, transaction, upgrade
from tests.storage.test_schema import empty_url  # noqa: F401 - pytest finds fixtures by name

THEN = "2026-06-01 09:30:00+00:00"
ROWS = (
    "INSERT INTO organisation (id, name, short, created_at) VALUES (1, 'One', 'O', :then)",
    *(
        "INSERT INTO person (id, name, role, organisation_id, verified, language, zone, knows, asked, findable, weekly,"
        f" administrator, active, created_at) VALUES ({n}, 'P{n}', '', 1, true, 'en', 'UTC', '', true, true, 3,"
        " false, true, :then)"
        for n in (1, 2, 3)
    ),
    "INSERT INTO community (id, slug, name, service, outcome, created_at) VALUES (1, 'tax', 'Tax', 'Tax', '', :then)",
    *(
        "INSERT INTO question (id, community_id, asker_id, organisation_id, text, state, accepted_id, asked_at)"
        f" VALUES ({n}, 1, 1, 1, 'Why?', 'open', {accepted}, :then)"
        for n, accepted in ((1, 2), (2, "NULL"))
    ),
    *(
        "INSERT INTO answer (id, question_id, author_id, organisation_id, kind, text, state, edited, written_at)"
        f" VALUES ({n}, {question}, {author}, 1, '{kind}', 'So.', '{state}', false, :then)"
        for n, question, author, kind, state in (
            (1, 1, 2, "answer", "sent"),
            (2, 1, 2, "answer", "sent"),
            (3, 1, 3, "answer", "withdrawn"),
            (4, 1, 3, "ask_back", "sent"),
            (5, 2, 2, "answer", "sent"),
            (6, 2, 1, "answer", "sent"),
        )
    ),
)


def as_it_was(url: str) -> None:
    """The tables of the version before, with two questions of one person that another answered."""
    with transaction(url, lock=True) as connection:
        command.upgrade(config(connection), "0003")
        for sql in ROWS:
            connection.execute(text(sql), {"then": THEN} if ":then" in sql else {})


async def test_what_was_answered_before_counts_from_then_on(empty_url: str) -> None:  # noqa: F811
    as_it_was(empty_url)
    upgrade(empty_url)
    database: Database = connect(empty_url)
    at = datetime.fromisoformat(THEN)
    first = await database.read(lambda tx: EvidenceLog(tx).of(1, 2))
    second = await database.read(lambda tx: EvidenceLog(tx).of(2, 2))
    assert first is not None and first.accepted
    assert second is not None and not second.accepted
    assert await database.read(lambda tx: EvidenceLog(tx).of(1, 1)) is None
    doing = await database.read(lambda tx: EvidenceLog(tx).doing([1, 2, 3], 1, at))
    assert doing.keys() == {2}
    assert doing[2].answered == 2 and doing[2].ten_days == pytest.approx(2.0) and doing[2].last_at == at.astimezone(UTC)
    assert await database.read(lambda tx: EvidenceLog(tx).near_now([2], at)) == {2: 1.0}
    assert math.isfinite((at - BEGINNING).total_seconds())
    database.close()
