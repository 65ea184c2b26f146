"""What a person may want to join: communities they are not in, with what speaks for each."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, or_, select

from storage import tables
from storage.communities import COMMUNITY, Community
from storage.database import Transaction
from storage.people import Person
from storage.scope import KIND_OF_VIEWER, admits, crosses
from storage.statements import statement
from storage.tables import columns, table


class Candidate(NamedTuple):
    """A community, how many of its members are of the viewer's organisation, and how many have which role.

    Roles are counted only where names may cross to the viewer. `size` is the one that lists are ordered by.
    """

    community: Community
    size: int
    colleagues: int
    roles: Counter[str]


c = columns(tables.Community)
m = columns(tables.Membership)
p = columns(tables.Person)
s = columns(tables.Service)
w = columns(tables.PersonService)

MOST_COLLEAGUES = 1000
"""The newest of the viewer's organisation whose communities are looked at: it costs the same however many there are."""
_mine: Any = bindparam("viewer_organisation")
_colleagues = (
    select(p.id)
    .where(p.organisation_id == _mine, p.verified.is_(True), p.id != bindparam("viewer"))
    .order_by(p.id.desc())
    .limit(MOST_COLLEAGUES)
)
_of_colleagues = (
    select(m.community_id)
    .where(m.person_id.in_(_colleagues), m.active.is_(True), bindparam("viewer_verified").is_(True))
    .group_by(m.community_id)
    .order_by(func.count().desc(), m.community_id)
    .limit(30)
)
_largest = select(c.id).where(c.state == "active").order_by(c.size.desc(), c.id).limit(30)
_names: Any = bindparam("names", expanding=True)
_on_these_services = or_(
    func.lower(c.service).in_(_names), func.lower(c.name).in_(_names), c.slug.in_(bindparam("slugs", expanding=True))
)
_in_it = table(tables.Membership).alias("in_it")


def _sized(*row: Any) -> tuple[Community, int]:
    return Community(*row[: len(COMMUNITY)]), row[len(COMMUNITY)]


_CANDIDATES = statement(
    select(*COMMUNITY, c.size)
    .where(
        c.state == "active",
        c.access != "invitation",
        admits(c.id, KIND_OF_VIEWER),
        ~exists(select(_in_it.c.id).where(_in_it.c.community_id == c.id, _in_it.c.person_id == bindparam("viewer"))),
        or_(c.id.in_(_of_colleagues), c.id.in_(_largest), _on_these_services),
    )
    .order_by(c.size.desc(), c.id)
    .limit(100),
    _sized,
)
_of_each = (
    select(m.community_id, m.organisation_id, m.role, func.count().label("members"))
    .where(m.community_id.in_(bindparam("communities", expanding=True)), m.active.is_(True))
    .group_by(m.community_id, m.organisation_id, m.role)
    .subquery()
)
_COUNTED = statement(
    select(_of_each.c.community_id, _of_each.c.organisation_id, _of_each.c.role, _of_each.c.members).where(
        _of_each.c.organisation_id.is_not(None), crosses(_of_each.c.organisation_id, "names")
    )
)
_SERVICES = statement(
    select(s.name)
    .join_from(table(tables.PersonService), table(tables.Service), s.id == w.service_id)
    .where(w.person_id == bindparam("person"))
    .order_by(s.name),
    str,
)


class Recommending:
    """What speaks for which community, on one transaction. From counts alone: no member's own row is read."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def services(self, person: int) -> list[str]:
        """The services this person says they work on."""
        return self._tx.all(_SERVICES, person=person)

    def candidates(self, services: Mapping[str, str], *, viewer: Person) -> list[Candidate]:
        """Up to 100 communities that the viewer could join and is not in.

        They are of one of these services (its name by its slug), have members of the viewer's organisation, or are
        among the 30 largest.
        """
        named = {"names": [name.lower() for name in services.values()], "slugs": list(services)}
        found = self._tx.all(_CANDIDATES, **named, viewer=viewer.id, **viewer.scope)
        colleagues, roles = Counter[int](), {community.id: Counter[str]() for community, _ in found}
        for community, organisation, role, members in self._counted(list(roles), viewer):
            roles[community][role] += members
            if organisation == viewer.organisation_id:
                colleagues[community] += members
        return [Candidate(one, size, colleagues[one.id], roles[one.id]) for one, size in found]

    def _counted(self, communities: list[int], viewer: Person) -> list[tuple[Any, ...]]:
        return self._tx.all(_COUNTED, communities=communities, **viewer.scope) if communities else []
