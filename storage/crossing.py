"""Questions of one organisation that are with people of another: what is taken back when their agreement ends."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from storage import tables
from storage.database import Transaction
from storage.statements import statement
from storage.tables import columns, table


class WithThem(NamedTuple):
    """An open question, and a person of the other organisation who was brought it or answered it."""

    question_id: int
    person_id: int


q = columns(tables.Question)
f = columns(tables.Offer)
p = columns(tables.Person)

# By the people, whose offers an index has: questions have none by organisation.
_offers = (
    table(tables.Person)
    .join(table(tables.Offer), f.person_id == p.id)
    .join(table(tables.Question), q.id == f.question_id)
)
_with_them = (
    p.organisation_id == bindparam("theirs"),
    q.organisation_id == bindparam("ours"),
    q.state == "open",
    f.state.in_(["offered", "answered"]),
)
_WITH_THEM = statement(
    select(f.question_id, f.person_id)
    .select_from(_offers)
    .where(*_with_them)
    .order_by(f.question_id, f.person_id)
    .limit(bindparam("most")),
    WithThem,
)
_COUNT = statement(select(func.count(q.id.distinct())).select_from(_offers).where(*_with_them), int)


class Crossing:
    """Queries about open questions between two organisations, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def with_them(self, ours: int, theirs: int, most: int) -> list[WithThem]:
        """Where open questions of ours are with people of theirs, as many as that at most."""
        return self._tx.all(_WITH_THEM, ours=ours, theirs=theirs, most=most)

    def count(self, ours: int, theirs: int) -> int:
        """How many open questions of ours are with people of theirs."""
        return self._tx.one(_COUNT, ours=ours, theirs=theirs) or 0
