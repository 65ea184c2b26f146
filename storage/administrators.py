"""Administrators: who is told what goes wrong in the workspaces and tenants of their organisation."""

from sqlalchemy import bindparam, select, update

from storage import tables
from storage.database import Transaction
from storage.statements import statement
from storage.tables import columns, table

p = columns(tables.Person)

_APPOINT = statement(
    update(table(tables.Person))
    .where(p.id == bindparam("person"), p.administrator != bindparam("to_be"))
    .values(administrator=bindparam("to_be"))
)
_OF = statement(
    select(p.id)
    .where(p.organisation_id == bindparam("organisation"), p.administrator.is_(True), p.active.is_(True))
    .order_by(p.id),
    int,
)


class Administrators:
    """Queries about administrators, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def appoint(self, person: int, administrator: bool) -> bool:
        """Whether that changed: the person is an administrator of their organisation now, or is none any more."""
        return self._tx.run(_APPOINT, person=person, to_be=administrator) == 1

    def of(self, organisation: int) -> list[int]:
        """The numbers of an organisation's administrators, without those who left."""
        return self._tx.all(_OF, organisation=organisation)
