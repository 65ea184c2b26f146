"""What communities came to when they were archived."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select

from storage import tables
from storage.database import Transaction
from storage.statements import statement
from storage.tables import columns, table


class Closing(NamedTuple):
    """That a community was archived, by whom (None: its last day had passed), and its counts then."""

    id: int
    community_id: int
    by_id: int | None
    members: int
    organisations: int
    asked: int
    answered: int
    showcases: int
    at: datetime


x = columns(tables.Closing)
m = columns(tables.Membership)
q = columns(tables.Question)
s = columns(tables.Showcase)

CLOSING = (x.id, x.community_id, x.by_id, x.members, x.organisations, x.asked, x.answered, x.showcases, x.at)


def _counted(count: Any, *conditions: Any) -> Any:
    return select(count).where(*conditions).scalar_subquery()


_here = (m.community_id == bindparam("community"), m.active.is_(True))
_in_it = (q.community_id == bindparam("community"), q.source == "")
_ADD = statement(
    insert(table(tables.Closing))
    .values(
        community_id=bindparam("community"),
        by_id=bindparam("by"),
        members=_counted(func.count(m.id), *_here),
        organisations=_counted(func.count(func.distinct(m.organisation_id)), *_here),
        asked=_counted(func.count(q.id), *_in_it, q.state.in_(["open", "answered"])),
        answered=_counted(func.count(q.id), *_in_it, q.state == "answered"),
        showcases=_counted(func.count(s.id), s.community_id == bindparam("community"), s.starts_at <= bindparam("now")),
        at=bindparam("now"),
    )
    .returning(x.id)
)
_GET = statement(select(*CLOSING).where(x.id == bindparam("closing")), Closing)


class Closings:
    """Queries about how communities ended, on one transaction. Counts are open to everyone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, community: int, by: int | None, now: datetime) -> int:
        """The number of what is kept of it: its members, organisations, questions and showcases as they are now."""
        number: int = self._tx.value(_ADD, community=community, by=by, now=now)
        return number

    def get(self, closing: int) -> Closing | None:
        """What was kept under this number."""
        return self._tx.one(_GET, closing=closing)
