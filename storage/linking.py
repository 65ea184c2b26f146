"""Two people who turn out to be one: everything of the other becomes the kept one's."""

from sqlalchemy import Table, bindparam, delete, select, update
from sqlmodel import SQLModel

from storage.database import Transaction
from storage.people import Person
from storage.statements import Statement, statement
from storage.tables import Membership, columns, table
from storage.tables import Person as PersonTable


def _movers() -> list[tuple[Statement[tuple[object, ...]], Statement[tuple[object, ...]]]]:
    """For each column that names a person: move its rows, but where the kept one has the same; then drop those."""
    return [
        (_move(rows, column.name), _drop(rows, column.name))
        for _, rows in sorted(SQLModel.metadata.tables.items())
        for column in rows.c
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    ]


def _move(rows: Table, column: str) -> Statement[tuple[object, ...]]:
    names = rows.c[column]
    moved = update(rows).where(names == bindparam("other")).values({column: bindparam("kept")})
    for rule in rows.constraints:
        unique = [part for part in getattr(rule, "columns", ()) if part.name != column]
        if type(rule).__name__ != "UniqueConstraint" or names not in list(getattr(rule, "columns", ())):
            continue
        same = rows.alias("same")
        taken = select(same.c.id).where(same.c[column] == bindparam("kept"), *(same.c[p.name] == p for p in unique))
        moved = moved.where(~taken.exists())
    return statement(moved)


def _drop(rows: Table, column: str) -> Statement[tuple[object, ...]]:
    return statement(delete(rows).where(rows.c[column] == bindparam("other")))


_MOVERS = _movers()
_person = columns(PersonTable)
_member = columns(Membership)
_OWN = statement(
    update(table(Membership))
    .where(
        _member.person_id == bindparam("kept"),
        _member.community_id.in_(
            select(_member.community_id).where(_member.person_id == bindparam("other"), _member.owner.is_(True))
        ),
    )
    .values(owner=True)
)
_VOUCH = statement(
    update(table(PersonTable))
    .where(_person.id == bindparam("kept"))
    .values(
        organisation_id=bindparam("organisation"),
        verified=bindparam("verified"),
        role=bindparam("role"),
        knows=bindparam("knows"),
    )
)
_GONE = statement(delete(table(PersonTable)).where(_person.id == bindparam("other")))


def become_one(tx: Transaction, *, kept: Person, other: Person) -> None:
    """Accounts, memberships, questions and all else of `other` are of `kept`; where both had the same, once.

    The kept one's own words stay; what it lacks, and a verified organisation, come from the other. What either
    allowed stays allowed only where the kept one allowed it.
    """
    vouched = other if other.verified and not kept.verified else kept
    tx.run(_OWN, kept=kept.id, other=other.id)
    for move, drop in _MOVERS:
        tx.run(move, kept=kept.id, other=other.id)
        tx.run(drop, other=other.id)
    said = {"role": kept.role or other.role, "knows": kept.knows or other.knows}
    tx.run(_VOUCH, kept=kept.id, organisation=vouched.organisation_id, verified=vouched.verified, **said)
    tx.run(_GONE, other=other.id)
