"""Communities: what they are for, how one joins, and who belongs to and owns them."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, delete, func, insert, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table


class Community(NamedTuple):
    """People united by a service; `slug` is its name as people type it. What the words mean: `storage.tables`."""

    id: int
    slug: str
    name: str
    service: str
    outcome: str
    kind: str
    purpose: str
    audience: str
    stage: str
    access: str
    suppliers: bool
    supported_by: str
    ends_on: str
    state: str
    merged_into_id: int | None
    ownerless_since: datetime | None


class Membership(NamedTuple):
    """A person's place in one community."""

    community_id: int
    owner: bool
    muted: bool


c = columns(tables.Community)
m = columns(tables.Membership)
p = columns(tables.Person)
d = columns(tables.Departure)

SAID = ("name", "service", "outcome", "kind", "purpose", "audience", "stage", "access", "suppliers", "supported_by")
"""What its owners say of a community and can change; its last day too, which only a community of action has."""
DEFAULTS = {
    "kind": "service",
    "purpose": "",
    "audience": "",
    "stage": "forming",
    "access": "open",
    "suppliers": True,
    "supported_by": "",
    "ends_on": "",
}
COMMUNITY = (c.id, c.slug, *(c[name] for name in SAID), c.ends_on, c.state, c.merged_into_id, c.ownerless_since)

_active = c.state == "active"
_BY_SLUG = statement(select(*COMMUNITY).where(c.slug == bindparam("slug")), Community)
_BY_NAME = statement(
    select(*COMMUNITY).where(func.lower(c.name) == bindparam("name")).order_by(c.state, c.id).limit(1), Community
)
_DESCRIBED = statement(select(c.id, c.name, c.service, c.outcome).where(_active).order_by(c.id), lambda *row: row)
_BY_ID = statement(select(*COMMUNITY).where(c.id == bindparam("community")), Community)
_MINE = statement(
    select(*COMMUNITY)
    .join_from(table(tables.Community), table(tables.Membership), m.community_id == c.id)
    .where(m.person_id == bindparam("person"), _active)
    .order_by(c.name),
    Community,
)
_OWNED = statement(
    select(*COMMUNITY)
    .join_from(table(tables.Community), table(tables.Membership), m.community_id == c.id)
    .where(m.person_id == bindparam("person"), m.owner.is_(True), c.state != "merged")
    .order_by(c.name),
    Community,
)
_SIZE = statement(
    select(func.count())
    .select_from(table(tables.Membership))
    .where(m.community_id == bindparam("community"), m.active.is_(True))
)
_ADD = statement(
    insert_or_ignore(table(tables.Community))
    .values(
        slug=bindparam("slug"),
        name=bindparam("name"),
        **{name: bindparam(name) for name in SAID if name != "name"},
        ends_on=bindparam("ends_on"),
        created_by=bindparam("person"),
        created_at=bindparam("now"),
    )
    .returning(c.id)
)
_vouched = select(case((p.verified.is_(True), p.organisation_id))).where(p.id == bindparam("person")).scalar_subquery()
_JOIN = statement(
    insert_or_ignore(table(tables.Membership)).values(
        community_id=bindparam("community"),
        person_id=bindparam("person"),
        owner=bindparam("owner"),
        role=select(p.role).where(p.id == bindparam("person")).scalar_subquery(),
        organisation_id=_vouched,
        active=True,
        muted=False,
        findable=select(and_(p.findable, p.verified, p.active)).where(p.id == bindparam("person")).scalar_subquery(),
        joined_at=bindparam("now"),
    )
)
_LEAVE = statement(
    delete(table(tables.Membership)).where(m.community_id == bindparam("community"), m.person_id == bindparam("person"))
)
_LEFT = statement(
    insert(table(tables.Departure)).values(
        community_id=bindparam("community"), organisation_id=_vouched, at=bindparam("now")
    )
)
_SET_OWNER = statement(
    update(table(tables.Membership))
    .where(
        m.community_id == bindparam("community"), m.person_id == bindparam("person"), m.owner != bindparam("to_owner")
    )
    .values(owner=bindparam("to_owner"))
)
_MUTE = statement(
    update(table(tables.Membership))
    .where(m.community_id == bindparam("community"), m.person_id == bindparam("person"))
    .values(muted=bindparam("to_muted"))
)
_EDIT = statement(
    update(table(tables.Community))
    .where(c.id == bindparam("community"))
    .values(**{name: bindparam(f"to_{name}") for name in (*SAID, "ends_on")})
)
_COUNTED = statement(
    update(table(tables.Community))
    .where(c.id == bindparam("community"), func.abs(c.size - bindparam("size")) * 20 >= bindparam("size"))
    .values(size=bindparam("size"))
)
_MEMBERSHIP = statement(
    select(m.community_id, m.owner, m.muted).where(
        m.community_id == bindparam("community"), m.person_id == bindparam("person")
    ),
    Membership,
)
MOST_MERGES = 20  # how often one community after another is followed to the one that it is part of now
NEXT_TO = 100
_FROM = statement(select(c.slug).where(_active, c.slug >= bindparam("slug")).order_by(c.slug).limit(NEXT_TO), str)
_BEFORE = statement(
    select(c.slug).where(_active, c.slug < bindparam("slug")).order_by(c.slug.desc()).limit(NEXT_TO), str
)
_HOLDING = statement(
    select(c.slug).where(_active, c.slug.like(bindparam("like"), escape="/")).order_by(c.id).limit(10), str
)
_OWNS = statement(select(func.count(m.id)).where(m.person_id == bindparam("person"), m.owner.is_(True)))


def within(text: str) -> str:
    """The LIKE pattern for any text that has this in it, whatever signs are in it."""
    for sign in "/%_":
        text = text.replace(sign, "/" + sign)
    return f"%{text}%"


class Communities:
    """Queries about communities, on one transaction. Their names and counts are open to everyone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def find(self, slug: str, name: str) -> Community | None:
        """The community with this slug or, in any case, this name; one that was archived too.

        The name of one that was merged leads to the one that it is part of now.
        """
        return self.today(self.known(slug, name))

    def known(self, slug: str, name: str) -> Community | None:
        """The same, and one that was merged as it was left: its name is taken."""
        return self._tx.one(_BY_SLUG, slug=slug) or self._tx.one(_BY_NAME, name=name.lower())

    def today(self, community: Community | None) -> Community | None:
        """The community, or where it was merged the one that it is part of now."""
        for _ in range(MOST_MERGES):
            if community is not None and community.merged_into_id is not None:
                community = self.get(community.merged_into_id)
        return community

    def get(self, community: int) -> Community | None:
        """The community with this number."""
        return self._tx.one(_BY_ID, community=community)

    def described(self) -> list[tuple[int, str, str, str]]:
        """Every active community's number, name, service and outcome: to find one that is like a new one."""
        return self._tx.all(_DESCRIBED)

    def mine(self, person: int) -> list[Community]:
        """The communities this person belongs to, by name; none that is archived."""
        return self._tx.all(_MINE, person=person)

    def owned(self, person: int) -> list[Community]:
        """The communities this person owns, by name; archived ones too."""
        return self._tx.all(_OWNED, person=person)

    def near(self, slug: str) -> list[str]:
        """Names of communities as people type them, among which is the one that was mistyped like this.

        Up to 10 that hold it, whatever its first two letters; then 100 from it on in the alphabet and 100 before it.
        """
        like = within(slug[2:] if len(slug) > 5 else slug)
        holding = self._tx.all(_HOLDING, like=like)
        return [*holding, *self._tx.all(_FROM, slug=slug), *self._tx.all(_BEFORE, slug=slug)]

    def add(
        self, slug: str, name: str, service: str, outcome: str, *, by: int, now: datetime, **more: Any
    ) -> int | None:
        """The new community, with more of DEFAULTS where it is said, or None where that slug is taken."""
        said = {"name": name, "service": service, "outcome": outcome, **DEFAULTS, **more}
        number: int | None = self._tx.value(_ADD, slug=slug, **said, person=by, now=now)
        return number

    def edit(self, community: Community, **said: Any) -> Community:
        """The community is as it is said now; what is not said stays."""
        changed = community._replace(**said)
        values = {f"to_{name}": getattr(changed, name) for name in (*SAID, "ends_on")}
        self._tx.run(_EDIT, community=community.id, **values)
        return changed

    def join(self, community: int, person: int, now: datetime, *, owner: bool = False) -> bool:
        """Whether they became a member now; False where they already were."""
        joined = self._tx.run(_JOIN, community=community, person=person, now=now, owner=owner) == 1
        if joined:
            self.count(community)
        return joined

    def leave(self, community: int, person: int, now: datetime) -> bool:
        """Whether they were a member; they are none now."""
        left = self._tx.run(_LEAVE, community=community, person=person) == 1
        if left:
            self._tx.run(_LEFT, community=community, person=person, now=now)
            self.count(community)
        return left

    def count(self, community: int) -> None:
        """The size that lists are ordered by is within a twentieth of what it is: not one row that all joins write."""
        self._tx.run(_COUNTED, community=community, size=self._tx.value(_SIZE, community=community))

    def set_owner(self, community: int, person: int, owner: bool) -> bool:
        """Whether this member became an owner, or ceased to be one, now; False where nothing changed."""
        return self._tx.run(_SET_OWNER, community=community, person=person, to_owner=owner) == 1

    def mute(self, community: int, person: int, muted: bool) -> None:
        """They get, or do not get, news of the community."""
        self._tx.run(_MUTE, community=community, person=person, to_muted=muted)

    def membership(self, community: int, person: int) -> Membership | None:
        """Their place in the community, or None."""
        return self._tx.one(_MEMBERSHIP, community=community, person=person)

    def owns_any(self, person: int) -> bool:
        """Whether this person owns a community."""
        return bool(self._tx.value(_OWNS, person=person))
