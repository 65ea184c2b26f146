"""The organisations that a part of an import speaks of: found at once, changed in memory, and kept at once.

Row by row an import of 100,000 organisations was a million statements, and nine tenths of its time on PostgreSQL was
waiting for each to go there and back.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import bindparam, exists, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.organisations import ADD_NAME, THERE, folded
from storage.statements import statement
from storage.tables import columns, table

Link = Literal["parent", "successor"]


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


class _Name(NamedTuple):
    """A name that an organisation has in the database, or will have. `kind`: name, short, alias."""

    said: str
    kind: str
    new: bool


o = columns(tables.Organisation)
n = columns(tables.OrganisationName)
s = columns(tables.OrganisationSuccession)
h = columns(tables.Hiding)

WORDS = Row._fields[1:]
"""What an organisation is but for its number."""
KINDS = ("name", "short", "alias")
"""Of the names that an organisation has, the strongest first."""
_ROW = tuple(o[name] for name in Row._fields)
_WITH_SLUG = statement(select(*_ROW).where(o.slug.in_(bindparam("slugs", expanding=True))), Row)
_CALLED = statement(
    select(n.folded, n.said, n.kind, *_ROW)
    .join_from(table(tables.OrganisationName), table(tables.Organisation), n.organisation_id == o.id)
    .where(n.folded.in_(bindparam("names", expanding=True))),
    lambda called, said, kind, *row: (called, _Name(said, kind, new=False), Row(*row)),
)
_ADD = statement(
    insert_or_ignore(table(tables.Organisation))
    .values(created_at=bindparam("now"), **{name: bindparam(name) for name in WORDS})
    .returning(o.id)
)
_CHANGE = statement(
    update(table(tables.Organisation))
    .where(o.id == bindparam("organisation"))
    .values({name: bindparam(f"to_{name}") for name in WORDS})
)
_CHANGE_NAME = statement(
    update(table(tables.OrganisationName))
    .where(n.organisation_id == bindparam("organisation"), n.folded == bindparam("folded"))
    .values(kind=bindparam("kind"))
)
_PARENT = statement(
    insert_or_ignore(table(tables.OrganisationParent)).values(
        organisation_id=bindparam("one"), parent_id=bindparam("other")
    )
)
_SUCCESSOR = statement(
    insert_or_ignore(table(tables.OrganisationSuccession)).values(
        predecessor_id=bindparam("one"), successor_id=bindparam("other")
    )
)
_FOLLOW = statement(
    insert_or_ignore(table(tables.Hiding)).from_select(
        ["person_id", "organisation_id"],
        select(h.person_id, bindparam("other", type_=h.organisation_id.type)).where(
            h.organisation_id == bindparam("one"),
            ~exists(select(s.id).where(s.predecessor_id == bindparam("one"), s.successor_id == bindparam("other"))),
        ),
    )
)
"""Who hides from an organisation hides from what takes over its work, from the day that this is known."""
_LINKS = {"parent": _PARENT, "successor": _SUCCESSOR}


class Gathered:
    """Organisations by their slugs and names, on one transaction. New ones are kept at once, all else by `keep`.

    What was not looked for beforehand is looked for when it is asked for, so nothing is ever taken to be missing.
    """

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._plain: dict[str, str] = {}
        self._rows: dict[int, Row] = {}
        self._slugs: dict[str, int | None] = {}
        self._names: dict[str, dict[int, _Name]] = {"": {}}
        self._changed: set[int] = set()
        self._renamed: set[tuple[int, str]] = set()
        self._links: dict[Link, list[dict[str, int]]] = {"parent": [], "successor": []}

    def look(self, slugs: Iterable[str], names: Iterable[str]) -> None:
        """All that have one of these slugs, or are called so, are found with two statements."""
        asked = {slug for slug in slugs if slug not in self._slugs}
        self._slugs |= dict.fromkeys(asked)
        met = self._tx.all(_WITH_SLUG, slugs=sorted(asked)) if asked else []
        for row in met:
            self._met(row)
        said = [*names, *(name for row in met for name in (row.name, row.short))]  # and what may soon be former names
        called = {plain for plain in map(self._folded, said) if plain not in self._names}
        self._names |= {plain: {} for plain in called}
        for plain, name, row in self._tx.all(_CALLED, names=sorted(called)) if called else ():
            self._names[plain][self._met(row)] = name

    def with_slug(self, slug: str) -> Row | None:
        """The organisation of this slug."""
        if slug not in self._slugs:
            self.look([slug], [])
        number = self._slugs[slug]
        return None if number is None else self._rows[number]

    def named(self, said: str) -> list[Row]:
        """The organisations that are meant by this, as `Organisations.named` says."""
        found = [(self._rows[number], name.kind) for number, name in self._called(said).items()]
        strengths = {
            row: KINDS.index(kind) + len(KINDS) * (row.state == "closed")
            for row, kind in found
            if row.state in (*THERE, "closed")
        }
        meant = [row for row, strength in strengths.items() if strength == min(strengths.values())]
        return sorted(meant, key=lambda row: (row.name, row.id))

    def add(self, now: datetime, **said: Any) -> Row:
        """The new organisation, which resolves by its name and its abbreviation."""
        words = {**dict.fromkeys(WORDS, ""), "slug": None, "state": "known", **said}
        number: int = self._tx.value(_ADD, now=now, **words)
        row = self._rows[self._met(Row(number, **words))]
        self.call(row, [(row.name, "name"), (row.short, "short")])
        return row

    def change(self, row: Row) -> None:
        """The organisation with this number is so."""
        self._rows[row.id] = row
        self._changed.add(row.id)
        if row.slug:
            self._slugs[row.slug] = row.id

    def call(self, row: Row, names: Sequence[tuple[str, str]]) -> None:
        """It resolves by these names too, each with its kind. One that it has already keeps the stronger of the two."""
        for said, kind in names:
            had = self._called(said).get(row.id)
            if had is None or KINDS.index(kind) < KINDS.index(had.kind):
                self._name(row, said, had._replace(kind=kind) if had else _Name(said, kind, new=True))

    def was_called(self, row: Row, said: str) -> None:
        """This name of it is a former one: whoever has it now goes before."""
        had = self._called(said).get(row.id)
        if had and had.kind != "alias":
            self._name(row, said, had._replace(kind="alias"))

    def link(self, kind: Link, one: Row, other: Row) -> None:
        """The one has the other as its parent, or its successor."""
        self._links[kind].append({"one": one.id, "other": other.id})

    def keep(self) -> None:
        """All that was changed is in the database."""
        changed = [self._rows[number] for number in sorted(self._changed)]
        words = [{f"to_{name}": getattr(row, name) for name in WORDS} | {"organisation": row.id} for row in changed]
        self._tx.many(_CHANGE, words)
        names = [(number, plain, self._names[plain][number]) for number, plain in sorted(self._renamed)]
        kinds = [(name, {"organisation": one, "folded": plain, "kind": name.kind}) for one, plain, name in names]
        self._tx.many(ADD_NAME, [kind | {"said": name.said} for name, kind in kinds if name.new])
        self._tx.many(_CHANGE_NAME, [kind for name, kind in kinds if not name.new])
        self._tx.many(_FOLLOW, self._links["successor"])
        for kind, links in self._links.items():
            self._tx.many(_LINKS[kind], links)

    def _met(self, row: Row) -> int:
        """Its number. Who was met before stays as it is here, which may be newer than in the database."""
        self._rows.setdefault(row.id, row)
        if row.slug:
            self._slugs[row.slug] = row.id
        return row.id

    def _folded(self, said: str) -> str:
        plain = self._plain.get(said)
        if plain is None:
            plain = self._plain[said] = folded(said)
        return plain

    def _called(self, said: str) -> dict[int, _Name]:
        if self._folded(said) not in self._names:
            self.look([], [said])
        return self._names[self._folded(said)]

    def _name(self, row: Row, said: str, name: _Name) -> None:
        if plain := self._folded(said):  # nothing is called nothing
            self._names[plain][row.id] = name
            self._renamed.add((row.id, plain))
