"""Organisations that people named and no list holds: they wait until an administrator has looked at them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists, func, select, update

from storage import tables
from storage.database import Transaction
from storage.organisations import ORGANISATION, Organisation, Organisations, folded
from storage.people import People
from storage.statements import statement
from storage.tables import columns, table


class Waiting(NamedTuple):
    """One that waits, how many people said that they are of it, and since when."""

    id: int
    name: str
    people: int
    since: datetime


o = columns(tables.Organisation)
n = columns(tables.OrganisationName)
p = columns(tables.Person)

_people = select(func.count()).where(p.organisation_id == o.id, p.active.is_(True)).scalar_subquery()
_WAITING = statement(select(o.id, o.name, _people, o.created_at).where(o.state == "unlisted").order_by(o.id), Waiting)
_CALLED = statement(
    select(*ORGANISATION)
    .join_from(table(tables.Organisation), table(tables.OrganisationName), n.organisation_id == o.id)
    .where(n.folded == bindparam("folded"), o.state == "unlisted")
    .order_by(o.id)
    .limit(1),
    Organisation,
)
_DECIDE = statement(
    update(table(tables.Organisation))
    .where(o.id == bindparam("organisation"), o.state == "unlisted")
    .values(state=bindparam("to_state"))
)
_FORGET_EMPTY = statement(
    update(table(tables.Organisation))
    .where(
        o.id == bindparam("organisation"),
        o.state == "unlisted",
        ~exists(select(p.id).where(p.organisation_id == bindparam("organisation"))),
    )
    .values(state="refused")
)
_OF = statement(select(p.id).where(p.organisation_id == bindparam("organisation")).order_by(p.id), int)


class Unlisted:
    """Queries about organisations that wait to be checked, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def waiting(self) -> list[Waiting]:
        """All of them, the oldest first."""
        return self._tx.all(_WAITING)

    def name(self, said: str, now: datetime) -> int:
        """The number of the one that is called so: a new one, or one that somebody named before."""
        found = self._tx.one(_CALLED, folded=folded(said))
        return found.id if found else Organisations(self._tx).add(said, "", now, state="unlisted")

    def decide(self, organisation: int, state: str) -> bool:
        """Whether it waited, and is in this state now: known or refused. The first to decide has decided."""
        return self._tx.run(_DECIDE, organisation=organisation, to_state=state) == 1

    def forget_empty(self, organisation: int) -> None:
        """Where it waits and nobody says any more that they are of it, it waits no more."""
        self._tx.run(_FORGET_EMPTY, organisation=organisation)

    def move(self, organisation: int, to: int | None) -> list[int]:
        """Everyone who said that they are of it is of the other one, or of none: who they are. None is verified."""
        people = self._tx.all(_OF, organisation=organisation)
        for person in people:
            People(self._tx).claim(person, to, verified=False)
        return people
