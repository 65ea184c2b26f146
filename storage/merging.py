"""One community becomes part of another: proposed by an owner of the one, agreed by one of the other, then moved.

All that is the one's becomes the other's, a part of it in each short transaction. What is left to move is what still
names the one, so whatever process dies between two parts, the next part goes on where it stopped.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Table, UniqueConstraint, bindparam, delete, exists, insert, or_, select, update
from sqlmodel import SQLModel

from storage import tables
from storage.communities import Communities
from storage.database import Transaction
from storage.spreading import PART, Spreading, mirrors_for
from storage.statements import Statement, statement
from storage.tables import columns, table


class Merging(NamedTuple):
    """A proposal to merge one community into another. `state`: proposed, declined, moving, done."""

    id: int
    community_id: int
    into_id: int
    by_id: int | None
    decided_by: int | None
    state: str


x = columns(tables.Merging)
m = columns(tables.Membership)
p = columns(tables.Person)
q = columns(tables.Question)
j = columns(tables.JoinRequest)
c = columns(tables.Community)
a = columns(tables.Activity)

MERGING = (x.id, x.community_id, x.into_id, x.by_id, x.decided_by, x.state)

_PROPOSE = statement(
    insert(table(tables.Merging))
    .values(
        community_id=bindparam("community"),
        into_id=bindparam("into"),
        by_id=bindparam("by"),
        state="proposed",
        proposed_at=bindparam("now"),
    )
    .returning(x.id)
)
_GET = statement(select(*MERGING).where(x.id == bindparam("merging")), Merging)
_OPEN = statement(
    select(*MERGING)
    .where(
        or_(x.community_id == bindparam("community"), x.into_id == bindparam("community")),
        x.state.in_(["proposed", "moving"]),
    )
    .order_by(x.id),
    Merging,
)
_BECOME = statement(
    update(table(tables.Merging))
    .where(x.id == bindparam("merging"), x.state == bindparam("from_state"))
    .values(state=bindparam("to_state"), decided_by=bindparam("by"), decided_at=bindparam("now"))
)
_DONE = statement(
    update(table(tables.Merging)).where(x.id == bindparam("merging"), x.state == "moving").values(state="done")
)

_IS_HELD = statement(select(c.held).where(c.id == bindparam("community")))
_HOLD = statement(update(table(tables.Community)).where(c.id == bindparam("community")).values(held=True))

_PEOPLE = statement(
    select(m.person_id).where(m.community_id == bindparam("community")).order_by(m.person_id).limit(PART), int
)
_both = table(tables.Membership).alias("both")
_in_both = exists(select(_both.c.id).where(_both.c.community_id == bindparam("into"), _both.c.person_id == m.person_id))
_part = (m.community_id == bindparam("community"), m.person_id <= bindparam("last"))
_TOLD = statement(mirrors_for(m.community_id == bindparam("community"), p.active.is_(True), ~_in_both))
_one = table(tables.Membership).alias("one")
_OWNERS = statement(
    update(table(tables.Membership))
    .where(
        m.community_id == bindparam("into"),
        m.person_id.in_(
            select(_one.c.person_id).where(
                _one.c.community_id == bindparam("community"),
                _one.c.person_id <= bindparam("last"),
                _one.c.owner.is_(True),
            )
        ),
    )
    .values(owner=True)
)
_MEMBERS = statement(update(table(tables.Membership)).where(*_part, ~_in_both).values(community_id=bindparam("into")))
_TWICE = statement(delete(table(tables.Membership)).where(*_part))
_OPEN_AMONG = statement(
    select(q.id).where(q.id.in_(bindparam("questions", expanding=True)), q.state == "open").order_by(q.id), int
)
_NEEDLESS = statement(
    delete(table(tables.JoinRequest)).where(
        j.community_id == bindparam("into"),
        j.state == "waiting",
        exists(select(m.id).where(m.community_id == j.community_id, m.person_id == j.person_id)),
    )
)


def _movers() -> list[tuple[str, Statement[int], Statement[Any]]]:
    """For each other table whose rows are a community's: move a part of them; drop those that the other has too."""
    stay = (tables.Membership, tables.Merging, tables.Closing, tables.Community)
    return [
        (name, _move(rows), _drop(rows))
        for name, rows in sorted(SQLModel.metadata.tables.items())
        if "community_id" in rows.c and name not in {str(model.__tablename__) for model in stay}
    ]


def _move(rows: Table) -> Statement[int]:
    first = table_again(rows, "first")
    part = select(first.c.id).where(first.c.community_id == bindparam("community"))
    for same in _same(rows, first):
        part = part.where(~same)
    part = part.order_by(first.c.id).limit(PART)
    return statement(
        update(rows).where(rows.c.id.in_(part)).values(community_id=bindparam("into")).returning(rows.c.id), int
    )


def _drop(rows: Table) -> Statement[Any]:
    return statement(delete(rows).where(rows.c.community_id == bindparam("community")))


def _same(rows: Table, first: Any) -> list[Any]:
    """That the other community has a row which only differs in the community, where a rule forbids two."""
    found = []
    for rule in rows.constraints:
        names = [column.name for column in rule.columns] if isinstance(rule, UniqueConstraint) else []
        if "community_id" in names:
            other = table_again(rows, "other")
            alike = (other.c[name] == first.c[name] for name in names if name != "community_id")
            found.append(exists(select(other.c.id).where(other.c.community_id == bindparam("into"), *alike)))
    return found


def table_again(rows: Table, name: str) -> Any:
    """The same table under another name."""
    return rows.alias(name)


_MOVERS = _movers()
_other = table(tables.Activity).alias("other")
_theirs = (_other.c.community_id == bindparam("community"), _other.c.person_id == a.person_id)
_SUMS = ("answered", "accepted", "thanked", "ten_days", "quarter", "half_year")
_ADDED_UP = statement(
    update(table(tables.Activity))
    .where(a.community_id == bindparam("into"), exists(select(_other.c.id).where(*_theirs)))
    .values({name: a[name] + select(_other.c[name]).where(*_theirs).scalar_subquery() for name in _SUMS})
)
"""Who answered in both has answered in the one that stays as much as in both."""


class Merger:
    """Queries that merge communities, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def propose(self, community: int, into: int, by: int, now: datetime) -> int:
        """The number of a new proposal."""
        number: int = self._tx.value(_PROPOSE, community=community, into=into, by=by, now=now)
        return number

    def get(self, merging: int) -> Merging | None:
        """The proposal with this number."""
        return self._tx.one(_GET, merging=merging)

    def open(self, community: int) -> list[Merging]:
        """What is proposed or under way for this community, into another or from another."""
        return self._tx.all(_OPEN, community=community)

    def become(self, merging: int, before: str, after: str, by: int, now: datetime) -> bool:
        """Whether it was in the state `before`; this person decided that it is in the state `after`."""
        change = {"from_state": before, "to_state": after, "by": by, "now": now}
        return self._tx.run(_BECOME, merging=merging, **change) == 1

    def hold_both(self, community: int, into: int) -> None:
        """Where the one is under a legal hold, so is the other from now on: what is held moves into it."""
        if self._tx.value(_IS_HELD, community=community):
            self._tx.run(_HOLD, community=into)

    def move_members(self, merging: Merging, into: int, now: datetime) -> bool:
        """Whether there were members left: the next 500 are members of the other, each once, owners still owners.

        Who was in both hears nothing; everyone else is owed one message of this merging.
        """
        people = self._tx.all(_PEOPLE, community=merging.community_id)
        if not people:
            return False
        both = {"community": merging.community_id, "into": into, "last": people[-1]}
        self._tx.run(_TOLD, **both, subject="merging", number=merging.id, now=now)
        Spreading(self._tx).owe(("merging", merging.id), people[0] - 1, people[-1], now)
        self._tx.run(_OWNERS, **both)
        self._tx.run(_MEMBERS, **both)
        self._tx.run(_TWICE, community=merging.community_id, last=people[-1])
        Communities(self._tx).count(into)
        return True

    def move_records(self, merging: Merging, into: int) -> tuple[bool, list[int]]:
        """Whether a part of the questions, showcases and all else was moved, and which open questions are among it."""
        for name, move, drop in _MOVERS:
            moved = self._tx.all(move, community=merging.community_id, into=into)
            if not moved:
                if name == "activity":
                    self._tx.run(_ADDED_UP, community=merging.community_id, into=into)
                self._tx.run(drop, community=merging.community_id)
                continue
            return True, self._tx.all(_OPEN_AMONG, questions=moved) if name == "question" else []
        return False, []

    def finish(self, merging: Merging, into: int) -> None:
        """All is moved; nobody waits to join what they are in."""
        self._tx.run(_NEEDLESS, into=into)
        self._tx.run(_DONE, merging=merging.id)
