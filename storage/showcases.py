"""Showcases and who comes."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists, func, insert, select

from storage import tables
from storage.database import Transaction, upsert
from storage.people import PERSON, Person, people
from storage.scope import KIND_OF_VIEWER, admits
from storage.statements import statement
from storage.tables import columns, table


class Showcase(NamedTuple):
    """A show and tell: the wall time and zone it was set in, and the instant that is."""

    id: int
    community_id: int
    community: str
    title: str
    zone: str
    starts_at: datetime
    minutes: int
    created_by: int | None


s = columns(tables.Showcase)
c = columns(tables.Community)
m = columns(tables.Membership)
t = columns(tables.Attendance)
p = columns(tables.Person)

SHOWCASE = (s.id, s.community_id, c.name, s.title, s.zone, s.starts_at, s.minutes, s.created_by)
showcases = table(tables.Showcase).join(table(tables.Community), c.id == s.community_id)

_GET = statement(select(*SHOWCASE).select_from(showcases).where(s.id == bindparam("showcase")), Showcase)
_NEXT = statement(
    select(*SHOWCASE)
    .select_from(showcases.join(table(tables.Membership), m.community_id == s.community_id))
    .where(
        m.person_id == bindparam("viewer"),
        s.starts_at > bindparam("now"),
        c.state == "active",
        admits(s.community_id, KIND_OF_VIEWER),
    )
    .order_by(s.starts_at, s.id)
    .limit(3),
    Showcase,
)
_NEXT_IN = statement(
    select(*SHOWCASE)
    .select_from(showcases)
    .where(s.community_id == bindparam("community"), s.starts_at > bindparam("now"))
    .order_by(s.starts_at, s.id)
    .limit(1),
    Showcase,
)
_SAME = statement(
    select(s.id).where(
        s.community_id == bindparam("community"), s.title == bindparam("title"), s.starts_at == bindparam("starts")
    )
)
_ADD = statement(
    insert(table(tables.Showcase))
    .values(
        community_id=bindparam("community"),
        title=bindparam("title"),
        local=bindparam("local"),
        zone=bindparam("zone"),
        starts_at=bindparam("starts"),
        minutes=bindparam("minutes"),
        created_by=bindparam("person"),
        created_at=bindparam("now"),
    )
    .returning(s.id)
)
_SAY = statement(
    upsert(table(tables.Attendance), ["showcase_id", "person_id"], ["going", "at"]).values(
        showcase_id=bindparam("showcase"), person_id=bindparam("person"), going=bindparam("going"), at=bindparam("now")
    )
)
_SAID = statement(select(t.going).where(t.showcase_id == bindparam("showcase"), t.person_id == bindparam("person")))
_member = exists(
    select(m.id).where(m.person_id == t.person_id, m.community_id == s.community_id, s.id == t.showcase_id)
)
_coming = (t.showcase_id == bindparam("showcase"), t.going.is_(True), p.active.is_(True), _member)
_COUNT = statement(
    select(func.count())
    .select_from(table(tables.Attendance).join(table(tables.Person), p.id == t.person_id))
    .where(*_coming)
)
_GOING = statement(
    select(*PERSON)
    .select_from(people.join(table(tables.Attendance), t.person_id == p.id))
    .where(*_coming)
    .order_by(p.id),
    Person,
)


class Showcases:
    """Queries about showcases, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def get(self, showcase: int) -> Showcase | None:
        """The showcase with this number; who may come is for the caller to check."""
        return self._tx.one(_GET, showcase=showcase)

    def next(self, now: datetime, *, viewer: Person) -> list[Showcase]:
        """The next three in the viewer's communities."""
        return self._tx.all(_NEXT, now=now, viewer=viewer.id)

    def next_in(self, community: int, now: datetime) -> Showcase | None:
        """The next one of this community; who may come is for the caller to check."""
        return self._tx.one(_NEXT_IN, community=community, now=now)

    def is_planned(self, community: int, title: str, starts: datetime) -> bool:
        """Whether the community has a showcase with this title at this instant."""
        return self._tx.value(_SAME, community=community, title=title, starts=starts) is not None

    def add(
        self, community: int, title: str, starts: tuple[str, str, datetime], minutes: int, by: int, now: datetime
    ) -> int:
        """The number of a new showcase; `starts` is local wall time, IANA zone and the instant they mean."""
        local, zone, instant = starts
        when = {"local": local, "zone": zone, "starts": instant, "minutes": minutes}
        number: int = self._tx.value(_ADD, community=community, title=title, **when, person=by, now=now)
        return number

    def say(self, showcase: int, person: int, going: bool, now: datetime) -> None:
        """This person comes, or does not; the last word counts, wherever it was said."""
        self._tx.run(_SAY, showcase=showcase, person=person, going=going, now=now)

    def said(self, showcase: int, person: int) -> bool | None:
        """What this person said, or None."""
        going: bool | None = self._tx.value(_SAID, showcase=showcase, person=person)
        return going

    def going(self, showcase: int) -> int:
        """How many members come, over all platforms."""
        count: int = self._tx.value(_COUNT, showcase=showcase)
        return count

    def coming(self, showcase: int) -> list[Person]:
        """The members who come: to remind them, not to show to others."""
        return self._tx.all(_GOING, showcase=showcase)
