"""Lists of communities: found by words, the largest first, with how many belong to each."""

from typing import NamedTuple

from sqlalchemy import bindparam, exists, func, or_, select

from storage import tables
from storage.communities import COMMUNITY, Community, within
from storage.database import Transaction
from storage.people import Person
from storage.statements import statement
from storage.tables import columns


class Listed(NamedTuple):
    """A community in a list, with how many belong to it and whether the viewer does.

    Of one with more than 5,000 members the number is within a twentieth, and the organisations are not counted (0).
    """

    community: Community
    members: int
    organisations: int
    mine: bool


c = columns(tables.Community)
m = columns(tables.Membership)

LARGE = 5000
# By the size that is kept, so that nobody's membership is read for the order; then those 20 are counted as they are.
_largest = (
    select(c.id)
    .where(
        c.state == "active",
        or_(
            func.lower(c.name + "\n" + c.service + "\n" + c.purpose).like(bindparam("like"), escape="/"),
            c.kind == bindparam("kind"),
            c.slug.like(bindparam("slug_like"), escape="/"),
        ),
    )
    .order_by(c.size.desc(), c.name)
    .limit(20)
)
_LIST = statement(
    select(*COMMUNITY, c.size, exists(select(m.id).where(m.community_id == c.id, m.person_id == bindparam("viewer"))))
    .where(c.id.in_(_largest))
    .order_by(c.name),
    lambda *row: Listed(Community(*row[:-2]), row[-2], 0, bool(row[-1])),
)
_of_each = (
    select(m.community_id, m.organisation_id, func.count().label("members"))
    .where(m.community_id.in_(bindparam("communities", expanding=True)), m.active.is_(True))
    .group_by(m.community_id, m.organisation_id)
    .subquery()
)
_SIZES = statement(
    select(_of_each.c.community_id, func.sum(_of_each.c.members), func.count(_of_each.c.organisation_id)).group_by(
        _of_each.c.community_id
    ),
    lambda community, members, known: (community, (int(members), known)),
)


def _counted(row: Listed, members: int, organisations: int) -> Listed:
    return row._replace(members=members, organisations=organisations)


class Browsing:
    """Queries for lists of communities, on one transaction. Names and counts are open to everyone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def listed(self, search: str, *, viewer: Person, slug: str = "", kind: str = "") -> list[Listed]:
        """Up to 20 communities with these words in name, service or purpose, or of this kind, the largest first.

        The slug finds letters in any case: the databases know the cases of a to z alone.
        """
        like = within(search.strip().lower())
        said = {"like": like, "slug_like": within(slug) if slug else like, "kind": kind}
        found = self._tx.all(_LIST, **said, viewer=viewer.id)
        small = [row.community.id for row in found if row.members <= LARGE]
        counted = dict.fromkeys(small, (0, 0))
        counted |= dict(self._tx.all(_SIZES, communities=small)) if small else {}
        exact = [_counted(row, *counted.get(row.community.id, (row.members, 0))) for row in found]
        return sorted(exact, key=lambda row: -row.members)
