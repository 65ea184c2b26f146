"""What an import writes: organisations and the registers, one row at a time. Doing it again changes nothing more."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import bindparam, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.organisations import Organisations, folded
from storage.past import PastQuestions
from storage.statements import Statement, statement, upsert
from storage.tables import columns, table

Outcome = Literal["added", "changed", "same"]


class Row(NamedTuple):
    """An organisation as an import finds and leaves it."""

    id: int
    slug: str | None
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
_BY_NUMBER = statement(select(*(o[name] for name in Row._fields)).where(o.id == bindparam("organisation")), Row)
_ADD = statement(
    insert_or_ignore(table(tables.Organisation))
    .values(created_at=bindparam("now"), **{name: bindparam(name) for name in _SAID})
    .returning(o.id)
)
_CHANGE = statement(
    update(table(tables.Organisation))
    .where(o.id == bindparam("organisation"))
    .values({name: bindparam(f"to_{name}") for name in _SAID})
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
        self.past = PastQuestions(tx)

    def knows(self, slug: str) -> bool:
        """Whether there is an organisation of this slug."""
        return self._tx.one(_BY_SLUG, slug=slug) is not None

    def organisation(self, slug: str, now: datetime, **said: str) -> Outcome:
        """The organisation of this slug is as it is said; what is not said, or is "", stays as it was.

        One that is known by its name alone gets the slug. Its former names go on to resolve to it.
        """
        found = self._tx.one(_BY_SLUG, slug=slug) or self._called(said["name"], lambda row: row.slug is None)
        given = {"slug": slug, **{name: value for name, value in said.items() if value}}
        if found is None:
            new = {**dict.fromkeys(_SAID, ""), "state": "known", **given}
            number: int = self._tx.value(_ADD, now=now, **new)
            self.organisations.call(number, [(new["name"], "name"), (new["short"], "short")])
            return "added"
        row = found._replace(**given)  # type: ignore[arg-type]  # whose names are those of its words, not its number
        for before, after in ((found.name, row.name), (found.short, row.short)):
            if folded(before) != folded(after):
                self.organisations.was_called(found.id, before)
        self.organisations.call(found.id, [(row.name, "name"), (row.short, "short")])
        return self._changed(found, row)

    def former(self, slug: str, now: datetime, **said: str) -> Outcome:
        """What an older list says: all of an organisation that is in no other list, of others a name and a date more.

        Its abbreviations are aliases: what is called so in today's list goes before.
        """
        aliases = [(said["name"], "alias"), (said["short"], "alias")]
        found = self._tx.one(_BY_SLUG, slug=slug) or self._called(said["name"], lambda row: row.state == "listed")
        if found is not None and found.state == "listed":
            self.organisations.call(found.id, aliases)
            return self._changed(found, found._replace(began=said["began"] or found.began))
        outcome = self.organisation(slug, now, **said)
        known = self._tx.one(_BY_SLUG, slug=slug)
        if known is not None and folded(said["short"]) != folded(said["name"]):
            self.organisations.was_called(known.id, said["short"])
        return outcome

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

    def _called(self, name: str, meant: Callable[[Row], bool]) -> Row | None:
        """The one organisation that is known by this name, if it is such a one."""
        found = self.organisations.named(name)
        row = self._tx.one(_BY_NUMBER, organisation=found[0].id) if len(found) == 1 else None
        return row if row is not None and meant(row) else None

    def _changed(self, found: Row, row: Row) -> Outcome:
        if row == found:
            return "same"
        self._tx.run(_CHANGE, organisation=found.id, **{f"to_{name}": getattr(row, name) for name in _SAID})
        return "changed"

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
