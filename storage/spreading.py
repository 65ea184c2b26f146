"""One record to many members at once: a part of them in one short transaction, whatever the number of parts.

25,000 rows in one transaction would hold SQLite's writer for 300 ms, and every other command with it; a part of 500
takes a few. Each part is three statements for all its people, which write what `Mirrors.add` and `Tray.add` write for
one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, insert, literal, select

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.people import Person
from storage.scope import admits, crosses
from storage.statements import ConflictInsert, Statement, statement
from storage.tables import columns, table
from storage.tray import queue_of, woken

PART = 500
"""How many members one transaction reaches."""
RANK = 2
"""After all that people wait for, as `bot.work.RANKS` has it for announcements."""

m = columns(tables.Membership)
p = columns(tables.Person)
a = columns(tables.Account)
r = columns(tables.Mirror)
x = columns(tables.Outbox)

_reached = (
    m.community_id == bindparam("community"),
    m.muted.is_(False),
    m.person_id > bindparam("after"),
    p.id > bindparam("after"),  # said of both tables, since PostgreSQL does not conclude it
    p.active.is_(True),
    p.verified.is_(True),
    p.id != bindparam("viewer"),
    crosses(p.organisation_id, "questions"),
    admits(bindparam("community"), p.kind),
)
_told = (
    m.community_id == bindparam("community"),
    m.person_id > bindparam("after"),
    p.id > bindparam("after"),
    p.active.is_(True),
    m.muted.is_(False),
    admits(bindparam("community"), p.kind),
)
_members = table(tables.Membership).join(table(tables.Person), p.id == m.person_id)
_COUNT = statement(select(func.count(m.id)).select_from(_members).where(*_reached))


def _next(whom: Any) -> Statement[int]:
    """The next of these members, by number."""
    return statement(select(m.person_id).select_from(_members).where(*whom).order_by(m.person_id).limit(PART), int)


_any_account = table(tables.Account).alias("any_account")
_home = (
    select(_any_account.c.id)
    .where(_any_account.c.person_id == p.id)
    .order_by(_any_account.c.seen_at.desc(), _any_account.c.id.desc())
    .limit(1)
    .scalar_subquery()
)


def mirrors_for(*whom: Any) -> Any:
    """An INSERT of a mirror for each of these members up to the `last`, on the account they were last seen on."""
    values = {
        "subject": bindparam("subject", type_=r.subject.type),
        "subject_id": bindparam("number", type_=r.subject_id.type),
        "person_id": p.id,
        "account_id": a.id,
        "conversation": literal(""),
        "message": literal(""),
        "created_at": bindparam("now", type_=r.created_at.type),
    }
    found = (
        select(*values.values())
        .select_from(_members.join(table(tables.Account), and_(a.person_id == p.id, a.id == _home)))
        .where(*whom, m.person_id <= bindparam("last"), p.id <= bindparam("last"))
    )
    return insert_or_ignore(table(tables.Mirror)).from_select(list(values), found)


_everyone = (
    m.community_id == bindparam("community"),
    m.person_id > bindparam("after"),
    p.id > bindparam("after"),
    p.active.is_(True),
)
_NEXT, _MIRRORS = _next(_reached), statement(mirrors_for(*_reached))
_NEXT_TOLD, _TOLD_MIRRORS = _next(_told), statement(mirrors_for(*_told))
_NEXT_OF_ALL, _MIRRORS_OF_ALL = _next(_everyone), statement(mirrors_for(*_everyone, p.id != bindparam("but")))

_lane = a.platform + ":" + a.tenant + ":" + a.user
_mirrors = table(tables.Mirror).join(table(tables.Account), a.id == r.account_id)
_these = and_(
    r.subject == bindparam("subject"),
    r.subject_id == bindparam("number"),
    r.person_id > bindparam("after"),
    r.person_id <= bindparam("last"),
)
_new = and_(_these, r.message == "", ~exists(select(x.id).where(x.mirror_id == r.id)))
_there = and_(_these, r.message != "", ~exists(select(x.id).where(x.mirror_id == r.id, x.state == "waiting")))
_now = bindparam("now", type_=x.due_at.type)


def _messages(which: Any, act: str) -> Any:
    """A message for each of these mirrors. Lanes and buckets have the names that `bot.work` gives them."""
    values = {
        "lane": _lane,
        "kind": bindparam("kind", type_=x.kind.type),
        "person_id": r.person_id,
        "mirror_id": r.id,
        "rank": literal(RANK),
        "bucket": a.platform + ":" + a.tenant + f":{act}",
        "state": literal("waiting"),
        "attempt": literal(0),
        "due_at": _now,
        "created_at": _now,
        **{name: literal("") for name in ("address", "body", "otherwise", "reason")},
    }
    return insert(table(tables.Outbox)).from_select(
        list(values), select(*values.values()).select_from(_mirrors).where(which)
    )


def _lanes(which: Any, act: str) -> Any:
    """Their lanes wait, each for its own."""
    queue = literal(queue_of(RANK, "")) + a.platform + ":" + a.tenant + f":{act}"
    found = select(_lane, queue, _now).select_from(_mirrors).where(which)
    return woken(ConflictInsert(table(tables.Lane)).from_select(["name", "queue", "due_at"], found))


_POST_LANES, _POST = statement(_lanes(_new, "post")), statement(_messages(_new, "post"))
_REDRAW_LANES, _REDRAW = statement(_lanes(_there, "redraw")), statement(_messages(_there, "redraw"))
_PLACED = statement(
    select(r.person_id)
    .where(r.subject == bindparam("subject"), r.subject_id == bindparam("number"), r.person_id > bindparam("after"))
    .order_by(r.person_id)
    .limit(PART),
    int,
)


class Spreading:
    """One record to many members, on one transaction. `subject` is its kind and number."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def reach(self, community: int, *, viewer: Person) -> int:
        """How many members something of the viewer's may reach: verified, not muted, others than the viewer."""
        count: int = self._tx.value(_COUNT, community=community, after=0, viewer=viewer.id, **viewer.scope)
        return count

    def tell(
        self, subject: tuple[str, int], community: int, after: int, now: datetime, *, viewer: Person
    ) -> int | None:
        """The next 500 of them, by number, are owed their mirror; the last one's number, None where there is none."""
        whom = {"community": community, "after": after, "viewer": viewer.id, **viewer.scope}
        people = self._tx.all(_NEXT, **whom)
        return self._owe(subject, _MIRRORS, whom, people[-1], now) if people else None

    def tell_members(self, subject: tuple[str, int], community: int, after: int, now: datetime) -> int | None:
        """The same for members of every organisation who have not muted it: what they see is for the drawing to say."""
        whom = {"community": community, "after": after}
        people = self._tx.all(_NEXT_TOLD, **whom)
        return self._owe(subject, _TOLD_MIRRORS, whom, people[-1], now) if people else None

    def _owe(
        self, subject: tuple[str, int], place: Statement[Any], whom: dict[str, Any], last: int, now: datetime
    ) -> int:
        kind, number = subject
        self._tx.run(place, **whom, subject=kind, number=number, now=now, last=last)
        self.owe(subject, whom["after"], last, now)
        return last

    def tell_all(self, subject: tuple[str, int], community: int, after: int, now: datetime, *, but: int) -> int | None:
        """As `tell`, for what Signpost says itself of the community, which holds no person's words: every member."""
        people = self._tx.all(_NEXT_OF_ALL, community=community, after=after)
        whom = {"community": community, "after": after, "but": but}
        return self._owe(subject, _MIRRORS_OF_ALL, whom, people[-1], now) if people else None

    def owe(self, subject: tuple[str, int], after: int, last: int, now: datetime) -> None:
        """The mirrors that these people have of it and that were not sent yet are owed to them."""
        kind, number = subject
        part = {"subject": kind, "number": number, "now": now, "after": after, "last": last}
        self._tx.run(_POST_LANES, **part)
        self._tx.run(_POST, kind=kind, **part)

    def redraw(self, subject: tuple[str, int], after: int, now: datetime) -> int | None:
        """The next 500 people's mirrors show the record as it is now, where it was sent; the last one's number."""
        kind, number = subject
        people = self._tx.all(_PLACED, subject=kind, number=number, after=after)
        if not people:
            return None
        part = {"subject": kind, "number": number, "now": now, "after": after, "last": people[-1]}
        self._tx.run(_REDRAW_LANES, **part)
        self._tx.run(_REDRAW, kind=kind, **part)
        return people[-1]
