"""Communities and who belongs to them."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, delete, func, or_, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.people import PERSON, Person, people
from storage.scope import crosses
from storage.statements import statement
from storage.tables import columns, table


class Community(NamedTuple):
    """People united by a service; `slug` is its name as people type it."""

    id: int
    slug: str
    name: str
    service: str
    outcome: str


class Membership(NamedTuple):
    """A person's place in one community."""

    community_id: int
    owner: bool


class Listed(NamedTuple):
    """A community in a list, with how many belong to it and whether the viewer does."""

    community: Community
    members: int
    organisations: int
    mine: bool


c = columns(tables.Community)
m = columns(tables.Membership)
p = columns(tables.Person)

COMMUNITY = (c.id, c.slug, c.name, c.service, c.outcome)

_BY_SLUG = statement(select(*COMMUNITY).where(c.slug == bindparam("slug")), Community)
_BY_NAME = statement(select(*COMMUNITY).where(func.lower(c.name) == bindparam("name")).limit(1), Community)
_BY_ID = statement(select(*COMMUNITY).where(c.id == bindparam("community")), Community)
_MINE = statement(
    select(*COMMUNITY)
    .join_from(table(tables.Community), table(tables.Membership), m.community_id == c.id)
    .where(m.person_id == bindparam("person"))
    .order_by(c.name),
    Community,
)


def _listed(*row: Any) -> Listed:
    return Listed(Community(*row[: len(COMMUNITY)]), *row[len(COMMUNITY) :])


# The 20 are chosen by their rows alone, so that people are read for those and not for everyone there is.
_largest = (
    select(c.id)
    .select_from(table(tables.Community).outerjoin(table(tables.Membership), m.community_id == c.id))
    .where(
        or_(
            func.lower(c.name).like(bindparam("like"), escape="/"),
            func.lower(c.service).like(bindparam("like"), escape="/"),
            c.slug.like(bindparam("slug_like"), escape="/"),
        )
    )
    .group_by(c.id, c.name)
    .order_by(func.count(m.id).desc(), c.name)
    .limit(20)
)
_LIST = statement(
    select(
        *COMMUNITY,
        func.count(p.id),
        func.count(func.distinct(case((p.verified.is_(True), p.organisation_id)))),
        func.coalesce(func.max(m.id).filter(m.person_id == bindparam("viewer")), 0),
    )
    .select_from(
        table(tables.Community)
        .outerjoin(table(tables.Membership), m.community_id == c.id)
        .outerjoin(table(tables.Person), and_(p.id == m.person_id, p.active.is_(True)))
    )
    .where(c.id.in_(_largest))
    .group_by(*COMMUNITY)
    .order_by(func.count(p.id).desc(), c.name),
    _listed,
)
_ADD = statement(
    insert_or_ignore(table(tables.Community))
    .values(
        slug=bindparam("slug"),
        name=bindparam("name"),
        service=bindparam("service"),
        outcome=bindparam("outcome"),
        created_by=bindparam("person"),
        created_at=bindparam("now"),
    )
    .returning(c.id)
)
_JOIN = statement(
    insert_or_ignore(table(tables.Membership)).values(
        community_id=bindparam("community"),
        person_id=bindparam("person"),
        owner=bindparam("owner"),
        joined_at=bindparam("now"),
    )
)
_LEAVE = statement(
    delete(table(tables.Membership)).where(m.community_id == bindparam("community"), m.person_id == bindparam("person"))
)
_MAKE_OWNER = statement(
    update(table(tables.Membership))
    .where(m.community_id == bindparam("community"), m.person_id == bindparam("person"), m.owner.is_(False))
    .values(owner=True)
)
_MEMBERSHIP = statement(
    select(m.community_id, m.owner).where(m.community_id == bindparam("community"), m.person_id == bindparam("person")),
    Membership,
)
NEXT_TO = 100
_FROM = statement(select(c.slug).where(c.slug >= bindparam("slug")).order_by(c.slug).limit(NEXT_TO), str)
_BEFORE = statement(select(c.slug).where(c.slug < bindparam("slug")).order_by(c.slug.desc()).limit(NEXT_TO), str)
_HOLDING = statement(select(c.slug).where(c.slug.like(bindparam("like"), escape="/")).order_by(c.id).limit(10), str)
_OWNS = statement(select(func.count(m.id)).where(m.person_id == bindparam("person"), m.owner.is_(True)))


_members_from = people.join(table(tables.Membership), m.person_id == p.id)
_members_where = (m.community_id == bindparam("community"), p.active.is_(True))
_places = table(tables.Membership).join(table(tables.Person), m.person_id == p.id)
_SIZE = statement(select(func.count()).select_from(_places).where(*_members_where))
_SOMEBODY = statement(select(m.id).select_from(_places).where(*_members_where).limit(1))
_OWNERS = statement(select(func.count()).select_from(_places).where(*_members_where, m.owner.is_(True)))
_vouched = case((p.verified.is_(True), PERSON[4]), else_="").label("organisation")
_of_each = select(_vouched).select_from(_members_from).where(*_members_where).subquery()
_BY_ORGANISATION = statement(
    select(_of_each.c.organisation, func.count())
    .group_by(_of_each.c.organisation)
    .order_by(func.count().desc(), _of_each.c.organisation)
)
_known = or_(p.id == bindparam("viewer"), and_(p.verified.is_(True), crosses(p.organisation_id)))
_role = case((_known, p.role), else_="").label("role")
_role_of_each = select(_role).select_from(_members_from).where(*_members_where).subquery()
_BY_ROLE = statement(
    select(_role_of_each.c.role, func.count())
    .group_by(_role_of_each.c.role)
    .order_by(func.count().desc(), _role_of_each.c.role)
    .limit(20)
)
_NAMED = statement(
    select(*PERSON)
    .select_from(_members_from)
    .where(
        *_members_where,
        or_(p.id == bindparam("viewer"), and_(p.findable.is_(True), _known)),
    )
    .order_by(p.name)
    .limit(25),
    Person,
)


def _within(text: str) -> str:
    """The LIKE pattern for any text that has this in it, whatever signs are in it."""
    for sign in "/%_":
        text = text.replace(sign, "/" + sign)
    return f"%{text}%"


class Communities:
    """Queries about communities, on one transaction. Their names and counts are open to everyone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def find(self, slug: str, name: str) -> Community | None:
        """The community with this slug or, in any case, this name."""
        return self._tx.one(_BY_SLUG, slug=slug) or self._tx.one(_BY_NAME, name=name.lower())

    def get(self, community: int) -> Community | None:
        """The community with this number."""
        return self._tx.one(_BY_ID, community=community)

    def mine(self, person: int) -> list[Community]:
        """The communities this person belongs to, by name."""
        return self._tx.all(_MINE, person=person)

    def near(self, slug: str) -> list[str]:
        """Names of communities as people type them, among which is the one that was mistyped like this.

        Up to 10 that hold it, whatever its first two letters; then 100 from it on in the alphabet and 100 before it.
        """
        like = _within(slug[2:] if len(slug) > 5 else slug)
        holding = self._tx.all(_HOLDING, like=like)
        return [*holding, *self._tx.all(_FROM, slug=slug), *self._tx.all(_BEFORE, slug=slug)]

    def listed(self, search: str, *, viewer: Person, slug: str = "") -> list[Listed]:
        """Up to 20 communities with these words in name or service, or this in their slug, the largest first.

        The slug finds letters in any case: the databases know the cases of a to z alone.
        """
        like = _within(search.strip().lower())
        rows = self._tx.all(_LIST, like=like, slug_like=_within(slug) if slug else like, viewer=viewer.id)
        return [row._replace(mine=bool(row.mine)) for row in rows]

    def add(self, slug: str, name: str, service: str, outcome: str, *, by: int, now: datetime) -> int | None:
        """The new community, or None where that slug is taken."""
        said = {"slug": slug, "name": name, "service": service, "outcome": outcome}
        number: int | None = self._tx.value(_ADD, **said, person=by, now=now)
        return number

    def join(self, community: int, person: int, now: datetime, *, owner: bool = False) -> bool:
        """Whether they became a member now; False where they already were."""
        return self._tx.run(_JOIN, community=community, person=person, now=now, owner=owner) == 1

    def leave(self, community: int, person: int) -> bool:
        """Whether they were a member; they are none now."""
        return self._tx.run(_LEAVE, community=community, person=person) == 1

    def make_owner(self, community: int, person: int) -> bool:
        """Whether this member became an owner now; False where they own it already or are no member."""
        return self._tx.run(_MAKE_OWNER, community=community, person=person) == 1

    def membership(self, community: int, person: int) -> Membership | None:
        """Their place in the community, or None."""
        return self._tx.one(_MEMBERSHIP, community=community, person=person)

    def is_empty(self, community: int) -> bool:
        """Whether nobody belongs to it."""
        return self._tx.value(_SOMEBODY, community=community) is None

    def size(self, community: int) -> int:
        """How many belong to it, without those who left their organisation's workspace or tenant."""
        count: int = self._tx.value(_SIZE, community=community)
        return count

    def owners(self, community: int) -> int:
        """How many of them own it."""
        count: int = self._tx.value(_OWNERS, community=community)
        return count

    def owns_any(self, person: int) -> bool:
        """Whether this person owns a community."""
        return bool(self._tx.value(_OWNS, person=person))

    def by_organisation(self, community: int) -> list[tuple[str, int]]:
        """Members counted by their organisation's short name, the most first; "" for those not verified."""
        return self._tx.all(_BY_ORGANISATION, community=community)

    def by_role(self, community: int, *, viewer: Person) -> list[tuple[str, int]]:
        """Members counted by what they say their role is, the 20 most common.

        "" is for those who gave none, and for those whose words this viewer may not see.
        """
        return self._tx.all(_BY_ROLE, community=community, viewer=viewer.id, **viewer.scope)

    def named(self, community: int, *, viewer: Person) -> list[Person]:
        """Up to 25 members this viewer may see by name: who let others find them, and the viewer."""
        return self._tx.all(_NAMED, community=community, viewer=viewer.id, **viewer.scope)
