"""Who was shown which version of the notice on what is stored, and when."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table


class Shown(NamedTuple):
    """A version of the notice, and when it was shown to somebody."""

    version: int
    at: datetime


n = columns(tables.Notice)
p = columns(tables.Person)

_SHOW = statement(
    insert_or_ignore(table(tables.Notice)).values(
        person_id=bindparam("person"), version=bindparam("version"), shown_at=bindparam("now")
    )
)
_TOLD = statement(
    update(table(tables.Person))
    .where(p.id == bindparam("person"), p.told < bindparam("version"))
    .values(told=bindparam("version"))
)
_NOT_SHOWN = statement(
    delete(table(tables.Notice)).where(n.person_id == bindparam("person"), n.version == bindparam("version"))
)
_NOT_TOLD = statement(
    update(table(tables.Person))
    .where(p.id == bindparam("person"), p.told == bindparam("version"))
    .values(told=bindparam("version") - 1)
)


_SHOWN = statement(select(n.version, n.shown_at).where(n.person_id == bindparam("person")).order_by(n.version), Shown)


class Notices:
    """Queries about the notice, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def show(self, person: int, version: int, now: datetime) -> bool:
        """Whether this version is theirs to be shown now; False where they were shown it before, by any process."""
        shown = self._tx.run(_SHOW, person=person, version=version, now=now) == 1
        self._tx.run(_TOLD, person=person, version=version)
        return shown

    def shown(self, person: int) -> list[Shown]:
        """The versions that they were shown, the earliest first."""
        return self._tx.all(_SHOWN, person=person)

    def was_not_seen(self, person: int, version: int) -> None:
        """It did not reach them: they are shown it the next time they speak."""
        self._tx.run(_NOT_SHOWN, person=person, version=version)
        self._tx.run(_NOT_TOLD, person=person, version=version)
