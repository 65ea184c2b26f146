"""Requests to join a community whose owners decide, and what became of each."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, func, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.organisations import CALLED
from storage.people import PERSON, Person, people
from storage.scope import crosses, shows, shows_viewer
from storage.statements import statement
from storage.tables import columns, table


class Request(NamedTuple):
    """That a person wants to join, with who they are as people see them. `state`: waiting, approved, declined.

    `state` may be withdrawn too. `words` are the person's own, `decided_by` is who answered.
    """

    id: int
    community_id: int
    community: str
    slug: str
    person_id: int
    person: str
    role: str
    organisation: str
    words: str
    state: str
    decided_by: int | None
    asked_at: datetime
    decided_at: datetime | None


r = columns(tables.JoinRequest)
c = columns(tables.Community)
m = columns(tables.Membership)
p = columns(tables.Person)
o = columns(tables.Organisation)

_requests = (
    select(
        r.id,
        r.community_id,
        c.name,
        c.slug,
        r.person_id,
        p.name,
        p.role,
        CALLED,
        r.words,
        r.state,
        r.decided_by,
        r.asked_at,
        r.decided_at,
    )
    .join_from(table(tables.JoinRequest), table(tables.Community), c.id == r.community_id)
    .join(table(tables.Person), p.id == r.person_id)
    .outerjoin(table(tables.Organisation), o.id == p.organisation_id)
)
_mine = table(tables.Membership).alias("mine")
_owns = and_(
    _mine.c.community_id == r.community_id,
    _mine.c.person_id == bindparam("viewer"),
    _mine.c.owner.is_(True),
)
_may_see = and_(p.verified.is_(True), crosses(p.organisation_id, "names"), shows(p.id))
_for_owner = _requests.join(_mine, _owns).where(_may_see)
_GET = statement(_for_owner.where(r.id == bindparam("request")), Request)
_WAITING = statement(_for_owner.where(r.state == "waiting").order_by(r.id).limit(20), Request)
_COUNT = statement(
    _for_owner.where(r.community_id == bindparam("community"), r.state == "waiting").with_only_columns(
        func.count(r.id), maintain_column_froms=True
    )
)
_RECORD = statement(_requests.where(r.id == bindparam("request")), Request)
_OF = statement(_requests.where(r.community_id == bindparam("community"), r.person_id == bindparam("person")), Request)
_DECIDERS = statement(
    select(*PERSON)
    .select_from(people.join(table(tables.Membership), m.person_id == p.id))
    .where(
        m.community_id == bindparam("community"),
        m.owner.is_(True),
        m.active.is_(True),
        p.verified.is_(True),
        crosses(p.organisation_id, "names"),
        shows_viewer(p.organisation_id),
    )
    .order_by(m.joined_at, p.id),
    Person,
)
_theirs = (r.community_id == bindparam("community"), r.person_id == bindparam("person"))
_FORGET_DECIDED = statement(delete(table(tables.JoinRequest)).where(*_theirs, r.state != "waiting"))
_ADD = statement(
    insert_or_ignore(table(tables.JoinRequest))
    .values(
        community_id=bindparam("community"),
        person_id=bindparam("person"),
        words=bindparam("words"),
        state="waiting",
        asked_at=bindparam("now"),
    )
    .returning(r.id)
)
_SAY_WHY = statement(
    update(table(tables.JoinRequest))
    .where(r.id == bindparam("request"), r.state == "waiting")
    .values(words=bindparam("to_words"))
)
_DECIDE = statement(
    update(table(tables.JoinRequest))
    .where(r.id == bindparam("request"), r.state == "waiting")
    .values(
        state=bindparam("to_state"),
        answer=bindparam("to_answer"),
        decided_by=bindparam("by"),
        decided_at=bindparam("now"),
    )
)


class Requests:
    """Queries about requests to join, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, community: int, person: int, words: str, now: datetime) -> int | None:
        """The new request, which waits, instead of one that was decided before; None where one waits already."""
        self._tx.run(_FORGET_DECIDED, community=community, person=person)
        number: int | None = self._tx.value(_ADD, community=community, person=person, words=words, now=now)
        return number

    def get(self, request: int, *, viewer: Person) -> Request | None:
        """The request, if this viewer owns the community and may see the name of who asks."""
        return self._tx.one(_GET, request=request, viewer=viewer.id, **viewer.scope)

    def record(self, request: int) -> Request | None:
        """The request, whoever asks: to draw what its owner was given before. For nothing else."""
        return self._tx.one(_RECORD, request=request)

    def of(self, community: int, person: int) -> Request | None:
        """What this person last asked of this community."""
        return self._tx.one(_OF, community=community, person=person)

    def waiting(self, *, viewer: Person) -> list[Request]:
        """Up to 20 requests that wait for this viewer, who owns their communities, the oldest first."""
        return self._tx.all(_WAITING, viewer=viewer.id, **viewer.scope)

    def number(self, community: int, *, viewer: Person) -> int:
        """How many requests to join this community wait for this viewer, who owns it."""
        number: int = self._tx.value(_COUNT, community=community, viewer=viewer.id, **viewer.scope)
        return number

    def deciders(self, community: int, *, viewer: Person) -> list[Person]:
        """The owners who may see the name of this viewer, who asks to join: those who can decide."""
        return self._tx.all(_DECIDERS, community=community, viewer=viewer.id, **viewer.scope)

    def say_why(self, request: int, words: str) -> bool:
        """Whether it waits; it says this now."""
        return self._tx.run(_SAY_WHY, request=request, to_words=words) == 1

    def decide(self, request: int, state: str, *, by: int, now: datetime, answer: str | None = None) -> bool:
        """Whether it waited until now; it is approved, declined or withdrawn from now on."""
        decided = {"to_state": state, "to_answer": answer, "by": by, "now": now}
        return self._tx.run(_DECIDE, request=request, **decided) == 1
