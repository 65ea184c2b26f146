"""Members: how many of which organisation and role, who is named, and to whom questions may be brought."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select

from storage import tables
from storage.availability import is_away
from storage.database import Transaction
from storage.organisations import CALLED
from storage.people import PERSON, Person, people
from storage.scope import KIND_OF_VIEWER, admits, crosses, shows, shows_viewer
from storage.statements import statement
from storage.tables import columns, table


class Counted(NamedTuple):
    """How many members are of one verified organisation and one role; each is "" where it is not known or not shown."""

    organisation: str
    role: str
    members: int


p = columns(tables.Person)
m = columns(tables.Membership)
o = columns(tables.Organisation)
f = columns(tables.Offer)

_here = (m.community_id == bindparam("community"), m.active.is_(True))
_SIZE = statement(select(func.count()).select_from(table(tables.Membership)).where(*_here))
_SOMEBODY = statement(select(m.id).where(*_here).limit(1))
# From the index alone, whatever the number of members: nobody's own row is read.
_of_each = (
    select(m.organisation_id, m.role, func.count().label("members"))
    .where(*_here)
    .group_by(m.organisation_id, m.role)
    .subquery()
)
_COUNTED = statement(
    select(
        CALLED,
        case(
            (
                and_(_of_each.c.organisation_id.is_not(None), crosses(_of_each.c.organisation_id, "names")),
                _of_each.c.role,
            ),
            else_="",
        ),
        _of_each.c.members,
    )
    .select_from(_of_each.outerjoin(table(tables.Organisation), o.id == _of_each.c.organisation_id))
    .order_by(_of_each.c.members.desc(), o.name, _of_each.c.role),
    Counted,
)
_members = people.join(table(tables.Membership), m.person_id == p.id)
# From the index of who may be found alone, and only as far as is needed: no row of anybody else is read.
_first_named = (
    select(m.person_id)
    .where(
        m.community_id == bindparam("community"),
        m.findable.is_(True),
        m.person_id != bindparam("viewer"),
        crosses(m.organisation_id, "names", many=True),
        shows(m.person_id),
        admits(bindparam("community"), KIND_OF_VIEWER),
    )
    .order_by(m.person_id)
    .limit(24)
)
_NAMED = statement(
    select(*PERSON)
    .select_from(people)
    .where(p.id.in_(_first_named), p.findable.is_(True), p.verified.is_(True), p.active.is_(True)),
    Person,
)
_CALLED_THIS = statement(
    select(*PERSON)
    .select_from(_members)
    .where(
        *_here,
        func.lower(p.name) == bindparam("name"),
        p.id != bindparam("viewer"),
        p.findable.is_(True),
        p.verified.is_(True),
        crosses(p.organisation_id, "names"),
        shows(p.id),
    )
    .limit(2),
    Person,
)
_IN_IT = statement(select(m.id).where(*_here, m.person_id == bindparam("person")))
_OWNERS = statement(
    select(*PERSON).select_from(_members).where(*_here, m.owner.is_(True)).order_by(m.joined_at, p.id), Person
)
_may_be_found = and_(
    p.findable.is_(True), p.active.is_(True), p.verified.is_(True), crosses(p.organisation_id, "names"), shows(p.id)
)
_NAMED_OWNERS = statement(
    select(*PERSON)
    .select_from(_members)
    .where(*_here, m.owner.is_(True), or_(p.id == bindparam("viewer"), _may_be_found))
    .order_by(m.joined_at, p.id)
    .limit(10),
    Person,
)
BROUGHT = ("offered", "answered", "declined", "undelivered")
"""The states of an offer that was made; only planned ones were not."""
_brought = (
    select(func.count())
    .where(f.person_id == p.id, f.state.in_(BROUGHT), f.offered_at > bindparam("since"))
    .scalar_subquery()
)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
_may_be_there: ColumnElement[bool] = or_(
    p.away_until.is_(None),
    p.away_from > bindparam("yesterday", type_=p.away_from.type),
    p.away_until < bindparam("tomorrow", type_=p.away_until.type),
)
"""Not away, whatever the zone: so the first 500 are not all away. In whose zone it is which day is `is_away`'s."""
_may_be_asked = (
    select(*PERSON)
    .select_from(_members)
    .where(
        m.community_id == bindparam("community"),
        admits(bindparam("community"), p.kind),
        admits(bindparam("community"), KIND_OF_VIEWER),
        p.asked.is_(True),
        p.active.is_(True),
        p.id != bindparam("viewer"),
        p.verified.is_(True),
        crosses(p.organisation_id, "questions"),
        shows(p.id),
        shows_viewer(p.organisation_id),
        _may_be_there,
        _brought < p.weekly,
    )
)
# In the order of the index, so that it ends with the 500th however many members there are.
_WILLING = statement(_may_be_asked.order_by(m.person_id).limit(500), Person)
_WILLING_AMONG = statement(_may_be_asked.where(m.person_id.in_(bindparam("people", expanding=True))), Person)
_mine = table(tables.Membership).alias("mine")
_mine_are = (_mine.c.person_id == bindparam("viewer"), admits(_mine.c.community_id, KIND_OF_VIEWER))
_beside_me = select(m.person_id).where(m.community_id.in_(select(_mine.c.community_id).where(*_mine_are)))
# For each of some by an index: the members of the viewer's communities may be hundreds of thousands.
_is_beside_me = exists(
    select(m.id).join(_mine, _mine.c.community_id == m.community_id).where(m.person_id == p.id, *_mine_are)
)
_i_may_find = and_(_may_be_found, p.id != bindparam("viewer"))
_FINDABLE_AMONG = statement(
    select(*PERSON)
    .select_from(people)
    .where(p.id.in_(bindparam("people", expanding=True)), _i_may_find, _is_beside_me),
    Person,
)
_FINDABLE_CALLED = statement(
    select(*PERSON)
    .select_from(people)
    .where(func.lower(p.name) == bindparam("name"), _i_may_find, p.id.in_(_beside_me))
    .limit(2),
    Person,
)
_AMONG = statement(
    select(m.person_id).where(
        m.community_id == bindparam("community"),
        m.person_id.in_(bindparam("people", expanding=True)),
        m.active.is_(True),
    ),
    int,
)


def _week(since: datetime) -> dict[str, Any]:
    """The parameters of who may be asked in a week that began then."""
    today = (since + WEEK).astimezone(UTC).date()
    return {"since": since, "yesterday": today - DAY, "tomorrow": today + DAY}


class Members:
    """Queries about the members of communities, on one transaction. Counts are open to everyone, names are not."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def size(self, community: int) -> int:
        """How many belong to it, without those who left their organisation's workspace or tenant."""
        count: int = self._tx.value(_SIZE, community=community)
        return count

    def is_empty(self, community: int) -> bool:
        """Whether nobody belongs to it."""
        return self._tx.value(_SOMEBODY, community=community) is None

    def counted(self, community: int, *, viewer: Person) -> list[Counted]:
        """How many there are of each verified organisation and role, the most first.

        A role is shown only where names may cross to this viewer; who is not verified is of no organisation.
        """
        return self._tx.all(_COUNTED, community=community, **viewer.scope)

    def named(self, community: int, *, viewer: Person) -> list[Person]:
        """Up to 25 members this viewer may see by name, in that order: who let others find them, and the viewer."""
        found = self._tx.all(_NAMED, community=community, viewer=viewer.id, **viewer.scope)
        if self._tx.value(_IN_IT, community=community, person=viewer.id) is not None:
            found.append(viewer)
        return sorted(found, key=lambda person: (person.name, person.id))

    def called(self, community: int, name: str, *, viewer: Person) -> list[Person]:
        """The other members with this name whom the viewer may find, two at most: one is meant, two are unclear."""
        return self._tx.all(_CALLED_THIS, community=community, name=name.lower(), viewer=viewer.id, **viewer.scope)

    def owners(self, community: int) -> list[Person]:
        """Those who own it, the longest there first; not those who left."""
        return self._tx.all(_OWNERS, community=community)

    def named_owners(self, community: int, *, viewer: Person) -> list[Person]:
        """Up to 10 of its owners whom this viewer may see by name, the longest there first."""
        return self._tx.all(_NAMED_OWNERS, community=community, viewer=viewer.id, **viewer.scope)

    def willing(self, community: int, since: datetime, *, viewer: Person) -> list[Person]:
        """Up to 500 members to whom a question of this viewer may be brought. `since` is a week before now.

        They said yes, were brought fewer than their limit since then, are not away, neither hides from the other's
        organisation, and their organisation and the viewer's agreed.
        """
        found = self._tx.all(_WILLING, community=community, viewer=viewer.id, **_week(since), **viewer.scope)
        return [person for person in found if not is_away(person, since + WEEK)]

    def willing_among(
        self, people: Sequence[int], community: int, since: datetime, *, viewer: Person
    ) -> dict[int, Person]:
        """Those of these people that `willing` would name if it had no end, by their numbers."""
        asked = {"people": people, "community": community, **_week(since)}
        found = self._tx.all(_WILLING_AMONG, **asked, viewer=viewer.id, **viewer.scope) if people else []
        return {person.id: person for person in found if not is_away(person, since + WEEK)}

    def among(self, people: Collection[int], community: int) -> set[int]:
        """Those of these people who belong to it, without those who left."""
        return set(self._tx.all(_AMONG, people=sorted(people), community=community)) if people else set()

    def findable_among(self, people: Sequence[int], *, viewer: Person) -> dict[int, Person]:
        """Those of these people who let others find them, in a community of the viewer's, where names may cross."""
        found = self._tx.all(_FINDABLE_AMONG, people=people, viewer=viewer.id, **viewer.scope) if people else []
        return {person.id: person for person in found}

    def findable_called(self, name: str, *, viewer: Person) -> list[Person]:
        """Those of them with this name, two at most: one is meant, two are unclear."""
        return self._tx.all(_FINDABLE_CALLED, name=name.lower(), viewer=viewer.id, **viewer.scope)
