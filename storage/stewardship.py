"""Looking after communities: which have no owner, whom to ask, what has ended, and what becomes of them."""

from datetime import datetime

from sqlalchemy import and_, bindparam, case, exists, func, select, update

from storage import tables
from storage.communities import COMMUNITY, Community
from storage.database import Transaction
from storage.statements import statement
from storage.tables import columns, table

ASKED_AT_ONCE = 5
"""How many members are asked at a time whether they will own a community."""

c = columns(tables.Community)
m = columns(tables.Membership)
p = columns(tables.Person)
i = columns(tables.Invitation)

_active = c.state == "active"
_BECOMES = statement(
    update(table(tables.Community))
    .where(c.id == bindparam("community"), c.state == bindparam("from_state"))
    .values(state=bindparam("to_state"), merged_into_id=bindparam("to_merged"), ownerless_since=None)
)
_LOOKING = statement(
    update(table(tables.Community))
    .where(c.id == bindparam("community"), _active, c.ownerless_since.is_(None))
    .values(ownerless_since=bindparam("to_since"))
)
_FOUND = statement(
    update(table(tables.Community))
    .where(c.id == bindparam("community"), c.ownerless_since.is_not(None))
    .values(ownerless_since=None)
)
_OWNERLESS = statement(
    select(c.id)
    .where(
        _active,
        c.ownerless_since.is_(None),
        ~exists(select(m.id).where(m.community_id == c.id, m.owner.is_(True), m.active.is_(True))),
    )
    .order_by(c.id)
    .limit(bindparam("most")),
    int,
)
_OWNED_BY = statement(
    select(m.community_id).where(m.person_id == bindparam("person"), m.owner.is_(True)).order_by(m.community_id), int
)
_ENDED = statement(
    select(*COMMUNITY)
    .where(_active, c.kind == "action", c.ends_on != "", c.ends_on < bindparam("today"))
    .order_by(c.id),
    Community,
)
_asked = exists(
    select(i.id).where(
        i.community_id == m.community_id,
        i.person_id == m.person_id,
        i.kind == "wanted",
        i.invited_at >= bindparam("since"),
    )
)
_nth = func.row_number().over(partition_by=m.organisation_id, order_by=(m.joined_at, m.id))
_may_own = (
    select(
        m.person_id,
        m.joined_at,
        _nth.label("nth"),
        case((m.organisation_id.is_(None), 1), else_=0).label("unknown"),
    )
    .join_from(table(tables.Membership), table(tables.Person), p.id == m.person_id)
    .where(
        m.community_id == bindparam("community"),
        m.active.is_(True),
        m.owner.is_(False),
        p.active.is_(True),
        ~_asked,
    )
    .subquery()
)
# The longest there of each organisation first, then the second of each; who is of no verified one comes last.
_SUITABLE = statement(
    select(_may_own.c.person_id)
    .order_by(_may_own.c.unknown, _may_own.c.nth, _may_own.c.joined_at, _may_own.c.person_id)
    .limit(ASKED_AT_ONCE),
    int,
)
_ORGANISATIONS = statement(
    select(m.organisation_id)
    .where(and_(m.community_id == bindparam("community"), m.active.is_(True), m.organisation_id.is_not(None)))
    .group_by(m.organisation_id)
    .order_by(m.organisation_id),
    int,
)


class Stewardship:
    """Queries that keep communities looked after, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def becomes(self, community: int, before: str, after: str, *, merged_into: int | None = None) -> bool:
        """Whether it was in the state `before`; it is in the state `after`, and no owner is looked for any more."""
        change = {"from_state": before, "to_state": after, "to_merged": merged_into}
        return self._tx.run(_BECOMES, community=community, **change) == 1

    def look_for_owner(self, community: int, since: datetime) -> bool:
        """Whether an owner is looked for from now on; False where one was, or the community is not active."""
        return self._tx.run(_LOOKING, community=community, to_since=since) == 1

    def stop_looking(self, community: int) -> bool:
        """Whether an owner was looked for; none is now."""
        return self._tx.run(_FOUND, community=community) == 1

    def ownerless(self, most: int) -> list[int]:
        """Up to so many active communities that nobody who is still there owns, and that none is looked for yet."""
        return self._tx.all(_OWNERLESS, most=most)

    def owned_by(self, person: int) -> list[int]:
        """The communities this person owns, archived ones too."""
        return self._tx.all(_OWNED_BY, person=person)

    def ended(self, today: str) -> list[Community]:
        """The active communities of action whose last day (2027-03-31) was before this one."""
        return self._tx.all(_ENDED, today=today)

    def suitable(self, community: int, since: datetime) -> list[int]:
        """Up to 5 members who could own it and were not asked since then.

        The longest there first, of different organisations before two of one.
        """
        return self._tx.all(_SUITABLE, community=community, since=since)

    def organisations(self, community: int) -> list[int]:
        """The verified organisations of its members."""
        return self._tx.all(_ORGANISATIONS, community=community)
