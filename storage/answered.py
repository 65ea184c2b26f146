"""Answered questions that a search found: which of them somebody may see, and what was answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select

from storage import tables
from storage.database import Transaction
from storage.organisations import CALLED
from storage.people import Person
from storage.questions import VISIBLE
from storage.scope import crosses
from storage.statements import statement
from storage.tables import columns, table


class Said(NamedTuple):
    """An answer to one of these questions that a viewer may read; `author` is "" for a former member.

    `past` where it was asked and answered before Signpost was here.
    """

    question_id: int
    answer_id: int
    question: str
    text: str
    author: str
    organisation: str
    accepted: bool
    past: bool
    written_at: datetime


q = columns(tables.Question)
w = columns(tables.Answer)
p = columns(tables.Person)
o = columns(tables.Organisation)

_numbers: Any = bindparam("numbers", expanding=True)
_answers = (
    table(tables.Answer)
    .join(table(tables.Question), q.id == w.question_id)
    .outerjoin(table(tables.Person), p.id == w.author_id)
    .outerjoin(table(tables.Organisation), o.id == w.organisation_id)
)
_said = and_(w.state == "sent", w.kind == "answer", crosses(w.organisation_id, "questions"))
_BY = statement(
    select(w.author_id, q.id, func.min(w.written_at, type_=w.written_at.type))
    .select_from(table(tables.Answer).join(table(tables.Question), q.id == w.question_id))
    .where(q.id.in_(_numbers), w.author_id.in_(bindparam("people", expanding=True)), _said, VISIBLE)
    .group_by(w.author_id, q.id)
)
_SAID = statement(
    select(
        q.id,
        w.id,
        q.text,
        w.text,
        func.coalesce(p.name, ""),
        CALLED,
        func.coalesce(q.accepted_id == w.id, False),
        and_(q.source != "", w.author_id.is_(None)),
        w.written_at,
    )
    .select_from(_answers)
    .where(q.id.in_(_numbers), _said, VISIBLE)
    .order_by(q.id, w.id),
    Said,
)


class AnsweredQuestions:
    """Queries about answered questions, on one transaction: only what the viewer may see of them is told."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def by(self, people: Sequence[int], numbers: Iterable[int], *, viewer: Person) -> dict[int, dict[int, datetime]]:
        """For each of these people, which of these questions they answered and when, of what the viewer may read."""
        found: dict[int, dict[int, datetime]] = {}
        asked = {"people": sorted(people), "numbers": sorted(numbers)}
        if asked["people"] and asked["numbers"]:
            for person, number, at in self._tx.all(_BY, **asked, viewer=viewer.id, **viewer.scope):
                found.setdefault(person, {})[number] = at
        return found

    def said(self, numbers: Iterable[int], *, viewer: Person) -> list[Said]:
        """What was answered to these questions, as far as the viewer may read it, in the order it was written."""
        asked = sorted(numbers)
        return self._tx.all(_SAID, numbers=asked, viewer=viewer.id, **viewer.scope) if asked else []
