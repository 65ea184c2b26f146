"""What an import writes: organisations and the registers. Doing it again changes nothing more."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, Literal

from sqlalchemy import bindparam, or_, select, update

from storage import tables
from storage.database import Transaction
from storage.gathered import Gathered, Link, Row
from storage.organisations import Organisations, folded
from storage.past import PastQuestions
from storage.search import Search
from storage.statements import Statement, statement, upsert
from storage.tables import columns, table

Outcome = Literal["added", "changed", "same"]
About = tuple[Sequence[str], Sequence[str]]
"""The slugs and the names of organisations that a row speaks of."""

d = columns(tables.OrganisationDomain)
k = columns(tables.Skill)
_listed = table(tables.Skill).alias("listed")
h = columns(tables.BankHoliday)
v = columns(tables.Service)

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
    "holiday": _register(tables.BankHoliday, ("division", "day"), ("title", "title_cy")),
    "service": _register(tables.Service, ("slug",), ("name", "organisation_id")),
}


_SKILL = statement(
    select(k.description, k.roles, k.framework, k.archived).where(k.name == bindparam("name")),
)
_FRAMEWORK = statement(select(k.framework).where(k.name == bindparam("name"), k.archived.is_(False)), str)
_KEEP_SKILL = statement(
    upsert(table(tables.Skill), ["name"], ["description", "roles", "framework", "archived", "listed_at"])
    .values(
        name=bindparam("name"),
        description=bindparam("description"),
        roles=bindparam("roles"),
        framework=bindparam("framework"),
        archived=False,
        listed_at=bindparam("now"),
    )
    .returning(k.id)
)
_same_framework = k.framework.in_(select(_listed.c.framework).where(_listed.c.listed_at == bindparam("now")))
_UNLISTED = statement(
    select(k.id).where(
        k.archived.is_(False),
        _same_framework,
        or_(k.listed_at.is_(None), k.listed_at < bindparam("now", type_=k.listed_at.type)),
    ),
    int,
)
_ARCHIVE = statement(
    update(table(tables.Skill)).where(k.id.in_(bindparam("numbers", expanding=True))).values(archived=True)
)


class Imports:
    """What an import does with a part of its rows, on one transaction.

    `look` finds beforehand what they speak of, which saves a statement or more for each; `keep`, at the end, has what
    became of organisations in the database.
    """

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.organisations = Gathered(tx)
        self.past = PastQuestions(tx)

    def look(self, about: Iterable[About]) -> None:
        """The organisations that the rows speak of are known."""
        slugs, names = zip(*about, strict=True)
        self.organisations.look(chain(*slugs), chain(*names))

    def keep(self) -> None:
        """What was done is in the database."""
        self.organisations.keep()

    def knows(self, slug: str) -> bool:
        """Whether there is an organisation of this slug."""
        return self.organisations.with_slug(slug) is not None

    def organisation(self, slug: str, now: datetime, **said: str) -> Outcome:
        """The organisation of this slug is as it is said; what is not said, or is "", stays as it was.

        One that is known by its name alone gets the slug. Its former names go on to resolve to it.
        """
        found = self.organisations.with_slug(slug) or self._called(said["name"], lambda row: row.slug is None)
        given = {"slug": slug, **{name: value for name, value in said.items() if value}}
        if found is None:
            self.organisations.add(now, **given)
            return "added"
        row = found._replace(**given)  # type: ignore[arg-type]  # whose names are those of its words, not its number
        for before, after in ((found.name, row.name), (found.short, row.short)):
            if folded(before) != folded(after):
                self.organisations.was_called(row, before)
        self.organisations.call(row, [(row.name, "name"), (row.short, "short")])
        return self._changed(found, row)

    def former(self, slug: str, now: datetime, **said: str) -> Outcome:
        """What an older list says: all of an organisation that is in no other list, of others a name and a date more.

        Its abbreviations are aliases: what is called so in today's list goes before.
        """
        aliases = [(said["name"], "alias"), (said["short"], "alias")]
        found = self.organisations.with_slug(slug) or self._called(said["name"], lambda row: row.state == "listed")
        if found is not None and found.state == "listed":
            self.organisations.call(found, aliases)
            return self._changed(found, found._replace(began=said["began"] or found.began))
        outcome = self.organisation(slug, now, **said)
        known = self.organisations.with_slug(slug)
        if known is not None and folded(said["short"]) != folded(said["name"]):
            self.organisations.was_called(known, said["short"])
        return outcome

    def parents(self, slug: str, parents: Sequence[str]) -> list[str]:
        """The organisation is part of these; given back are those that there are not."""
        return self._link("parent", slug, parents)

    def successors(self, slug: str, successors: Sequence[str]) -> list[str]:
        """These took over its work; given back are those that there are not.

        It is closed, unless today's list of organisations holds it: some hand work over and go on.
        """
        found = self.organisations.with_slug(slug)
        if found is not None and found.state == "known" and successors:
            self.organisations.change(found._replace(state="closed"))
        return self._link("successor", slug, successors)

    def domain(self, domain: str, organisation: int) -> Outcome:
        """The domain is this organisation's."""
        owner = self._tx.value(_DOMAIN, domain=domain)
        if owner == organisation:
            return "same"
        if owner is None:
            Organisations(self._tx).own_domain(organisation, domain)
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

    def skill(self, name: str, now: datetime, *, description: str, roles: str, framework: str) -> Outcome:
        """The skill of this name is as it is said, and people can say that they have it."""
        found = self._tx.one(_SKILL, name=name)
        said = {"description": description, "roles": roles, "framework": framework}
        number = self._tx.value(_KEEP_SKILL, name=name, now=now, **said)
        if found is not None and tuple(found) == (*said.values(), False):
            return "same"
        Search(self._tx).changed("skill", number)
        return "added" if found is None else "changed"

    def framework_of(self, skill: str) -> str | None:
        """The framework that a skill of this name is in now, "" where no list said; None where there is none."""
        return self._tx.one(_FRAMEWORK, name=skill)

    def archive_skills(self, now: datetime) -> int:
        """How many skills are archived: those that this import, of `now`, had not, of the frameworks that it had."""
        gone = self._tx.all(_UNLISTED, now=now)
        if gone:
            self._tx.run(_ARCHIVE, numbers=gone)
            Search(self._tx).changed("skill", *gone)
        return len(gone)

    def _called(self, name: str, meant: Callable[[Row], bool]) -> Row | None:
        """The one organisation that is known by this name, if it is such a one."""
        found = self.organisations.named(name)
        return found[0] if len(found) == 1 and meant(found[0]) else None

    def _changed(self, found: Row, row: Row) -> Outcome:
        if row == found:
            return "same"
        self.organisations.change(row)
        return "changed"

    def _link(self, kind: Link, slug: str, others: Sequence[str]) -> list[str]:
        found = self.organisations.with_slug(slug)
        missing = []
        for named in others:
            linked = self.organisations.with_slug(named)
            if found is None or linked is None:
                missing.append(named)
            elif found.id != linked.id:
                self.organisations.link(kind, found, linked)
        return missing
