"""What an import writes: organisations and the registers, one row at a time. Doing it again changes nothing more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import bindparam, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.organisations import Organisations
from storage.statements import Statement, statement, upsert
from storage.tables import columns, table

Outcome = Literal["added", "changed", "same"]


class Row(NamedTuple):
    """An organisation as an import finds and leaves it."""

    id: int
    name: str
    short: str
    form: str
    state: str
    began: str
    ended: str


o = columns(tables.Organisation)
d = columns(tables.OrganisationDomain)
k = columns(tables.Skill)
h = columns(tables.BankHoliday)
v = columns(tables.Service)

_SAID = Row._fields[1:]
_BY_SLUG = statement(select(*(o[name] for name in Row._fields)).where(o.slug == bindparam("slug")), Row)
_ADD = statement(
    insert_or_ignore(table(tables.Organisation))
    .values(slug=bindparam("slug"), created_at=bindparam("now"), **{name: bindparam(name) for name in _SAID})
    .returning(o.id)
)
_CHANGE = statement(
    update(table(tables.Organisation))
    .where(o.id == bindparam("organisation"))
    .values(slug=bindparam("to_slug"), **{name: bindparam(f"to_{name}") for name in _SAID})
)
_PARENT = statement(
    insert_or_ignore(table(tables.OrganisationParent)).values(
        organisation_id=bindparam("organisation"), parent_id=bindparam("parent")
    )
)
_SUCCESSOR = statement(
    insert_or_ignore(table(tables.OrganisationSuccession)).values(
        predecessor_id=bindparam("predecessor"), successor_id=bindparam("successor")
    )
)
_DOMAIN = statement(select(d.organisation_id).where(d.domain == bindparam("domain")), int)
_MOVE_DOMAIN = statement(
    update(table(tables.OrganisationDomain))
    .where(d.domain == bindparam("domain"))
    .values(organisation_id=bindparam("organisation"))
)


def _register(model: Any, key: Sequence[str], said: Sequence[str]) -> tuple[Statement[Any], Statement[Any]]:
    """What is kept under this key, and the statement that keeps it as it is said."""
    rows, known = table(model), columns(model)
    found = select(*(known[name] for name in said)).where(*(known[name] == bindparam(name) for name in key))
    values: dict[str, Any] = {name: bindparam(name) for name in (*key, *said)}
    return statement(found), statement(upsert(rows, key, said).values(**values))


_REGISTERS = {
    "skill": _register(tables.Skill, ("name",), ("description", "roles")),
    "holiday": _register(tables.BankHoliday, ("division", "day"), ("title", "title_cy")),
    "service": _register(tables.Service, ("slug",), ("name", "organisation_id")),
}


class Imports:
    """What an import does, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.organisations = Organisations(tx)

    def knows(self, slug: str) -> bool:
        """Whether there is an organisation of this slug."""
        return self._tx.one(_BY_SLUG, slug=slug) is not None

    def organisation(self, slug: str, now: datetime, **said: str) -> Outcome:
        """The organisation of this slug is as it is said; what is not said, or is "", stays as it was.

        One that is known by its name alone gets the slug. Its former names go on to resolve to it.
        """
        found = self._tx.one(_BY_SLUG, slug=slug) or self._unnumbered(said["name"])
        given = {name: value for name, value in said.items() if value}
        if found is None:
            new = {**dict.fromkeys(_SAID, ""), "state": "known", **given}
            number: int = self._tx.value(_ADD, slug=slug, now=now, **new)
            self._call(number, new["name"], new["short"])
            return "added"
        row = found._replace(**given)  # type: ignore[arg-type]  # whose names are those of its words, not its number
        self._call(found.id, row.name, row.short)
        values = {f"to_{name}": getattr(row, name) for name in _SAID}
        self._tx.run(_CHANGE, organisation=found.id, to_slug=slug, **values)
        return "same" if row == found else "changed"

    def former(self, slug: str, now: datetime, **said: str) -> Outcome:
        """What an older list says: a name more, dates, and an organisation that is in no other list."""
        found = self._tx.one(_BY_SLUG, slug=slug)
        if found is None:
            return self.organisation(slug, now, **said)
        aliases = [(said["name"], "alias"), (said.get("short", ""), "alias")]
        self.organisations.call(found.id, aliases)
        dates = {name: said.get(name, "") for name in ("began", "ended")}
        return self.organisation(slug, now, name=found.name, **dates)

    def parents(self, slug: str, parents: Sequence[str]) -> list[str]:
        """The organisation is part of these; given back are those that there are not."""
        return self._link(_PARENT, "organisation", "parent", slug, parents)

    def successors(self, slug: str, successors: Sequence[str]) -> list[str]:
        """These took over its work; given back are those that there are not.

        It is closed, unless today's list of organisations holds it: some hand work over and go on.
        """
        found = self._tx.one(_BY_SLUG, slug=slug)
        if found is not None and found.state == "known" and successors:
            self.organisations.becomes(found.id, "closed")
        return self._link(_SUCCESSOR, "predecessor", "successor", slug, successors)

    def domain(self, domain: str, organisation: int) -> Outcome:
        """The domain is this organisation's."""
        owner = self._tx.value(_DOMAIN, domain=domain)
        if owner == organisation:
            return "same"
        if owner is None:
            self.organisations.own_domain(organisation, domain)
            return "added"
        self._tx.run(_MOVE_DOMAIN, domain=domain, organisation=organisation)
        return "changed"

    def register(self, kind: str, key: dict[str, Any], said: dict[str, Any]) -> Outcome:
        """The entry of this register (skill, holiday, service) under this key is as it is said."""
        find, keep = _REGISTERS[kind]
        found = self._tx.one(find, **key)
        if found is not None and tuple(found) == tuple(said.values()):
            return "same"
        self._tx.run(keep, **key, **said)
        return "added" if found is None else "changed"

    def _call(self, organisation: int, name: str, short: str) -> None:
        self.organisations.call(organisation, [(name, "name"), (short, "short")])

    def _unnumbered(self, name: str) -> Row | None:
        """The organisation that is known by this name and has no slug yet."""
        found = self.organisations.named(name)
        return self._tx.one(_NO_SLUG, organisation=found[0].id) if len(found) == 1 else None

    def _link(self, add: Statement[Any], one: str, other: str, slug: str, others: Sequence[str]) -> list[str]:
        found = self._tx.one(_BY_SLUG, slug=slug)
        missing = []
        for named in others:
            linked = self._tx.one(_BY_SLUG, slug=named)
            if found is None or linked is None:
                missing.append(named)
            elif found.id != linked.id:
                self._tx.run(add, **{one: found.id, other: linked.id})
        return missing


_NO_SLUG = statement(
    select(*(o[name] for name in Row._fields)).where(o.id == bindparam("organisation"), o.slug.is_(None)), Row
)
