"""Public services, and who says that they work on which."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, exists, func, select

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table

SAID = "~"
"""How the slug of a service begins that no register has: somebody named it. No slug of a register begins so."""

s = columns(tables.Service)
w = columns(tables.PersonService)

_BY_SLUG = statement(select(s.id).where(s.slug.in_(bindparam("slugs", expanding=True))).order_by(s.slug).limit(1), int)
_BY_NAME = statement(select(s.id).where(func.lower(s.name) == bindparam("name")).order_by(s.slug).limit(1), int)
_ADD = statement(insert_or_ignore(table(tables.Service)).values(slug=bindparam("slug"), name=bindparam("name")))
_OF = statement(
    select(s.name)
    .join_from(table(tables.PersonService), table(tables.Service), s.id == w.service_id)
    .where(w.person_id == bindparam("person"))
    .order_by(s.name),
    str,
)
_WORKS_ON = statement(
    insert_or_ignore(table(tables.PersonService)).values(person_id=bindparam("person"), service_id=bindparam("service"))
)
_NONE = statement(delete(table(tables.PersonService)).where(w.person_id == bindparam("person")))
_LEFT_BEHIND = statement(
    delete(table(tables.Service)).where(
        s.slug >= SAID, s.slug < chr(ord(SAID) + 1), ~exists(select(w.id).where(w.service_id == s.id))
    )
)


class Services:
    """Queries about services, on one transaction. Their names are open to everyone; who works on which is not."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def named(self, slug: str, name: str) -> int:
        """The service with this slug or, in any case, this name; a new one that no register has where there is none."""
        found = self._find(slug, name)
        if found is None:
            self._tx.run(_ADD, slug=SAID + slug, name=name)
            found = self._find(slug, name)
        if found is None:
            raise LookupError("A service that was just named is not there.")
        return found

    def _find(self, slug: str, name: str) -> int | None:
        known = self._tx.one(_BY_SLUG, slugs=[slug, SAID + slug])
        return known if known is not None else self._tx.one(_BY_NAME, name=name.lower())

    def of(self, person: int) -> list[str]:
        """The names of the services this person says they work on."""
        return self._tx.all(_OF, person=person)

    def works_on(self, person: int, services: Sequence[int]) -> None:
        """The person works on these services and no others; what somebody named and nobody works on is gone."""
        self._tx.run(_NONE, person=person)
        for service in services:
            self._tx.run(_WORKS_ON, person=person, service=service)
        self.forget_unused()

    def forget_unused(self) -> None:
        """What somebody named and nobody works on any more is gone."""
        self._tx.run(_LEFT_BEHIND)
