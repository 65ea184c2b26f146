"""Weekly bulletins of communities: when they go out, an owner's words in them, and what had happened."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, or_, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.people import Person
from storage.scope import crosses
from storage.statements import statement
from storage.tables import columns, table

Counts = tuple[tuple[str, int], ...]
"""How many of each organisation, as people call it, the most first; "" where none is known."""


class Happened(NamedTuple):
    """What happened in a community in a week: in numbers, and as numbers of questions.

    `waiting` are those that were asked and have no answer; `done` those that got their first one.
    """

    joined: Counts = ()
    left: Counts = ()
    asked: int = 0
    answered: int = 0
    waiting: tuple[int, ...] = ()
    done: tuple[int, ...] = ()

    def packed(self) -> str:
        """As it is kept."""
        return json.dumps(self._asdict())


def unpacked(kept: str) -> Happened:
    """What `packed` gave."""
    said: dict[str, Any] = json.loads(kept) if kept else {}

    def counts(name: str) -> Counts:
        return tuple((str(label), int(n)) for label, n in said.get(name, ()))

    def numbers(name: str) -> tuple[int, ...]:
        return tuple(int(number) for number in said.get(name, ()))

    asked, answered = int(said.get("asked", 0)), int(said.get("answered", 0))
    return Happened(counts("joined"), counts("left"), asked, answered, numbers("waiting"), numbers("done"))


class Bulletin(NamedTuple):
    """A bulletin as this viewer may see it: `words` and `author` are "" where they may not cross, or none were said."""

    id: int
    community_id: int
    community: str
    slug: str
    active: bool
    author: str
    author_role: str
    organisation: str
    words: str
    since: datetime
    until: datetime
    state: str
    happened: str


b = columns(tables.Bulletin)
c = columns(tables.Community)
p = columns(tables.Person)
o = columns(tables.Organisation)

_here = (
    table(tables.Bulletin)
    .join(table(tables.Community), c.id == b.community_id)
    .outerjoin(table(tables.Person), p.id == b.author_id)
    .outerjoin(table(tables.Organisation), o.id == b.organisation_id)
)
_others = table(tables.Bulletin).alias("others")
_may = or_(b.author_id == bindparam("viewer"), and_(b.words != "", crosses(b.organisation_id, "questions")))
_shown = (
    b.id,
    b.community_id,
    c.name,
    c.slug,
    c.state == "active",
    *(case((_may, func.coalesce(said, "")), else_="") for said in (p.name, p.role, o.short, b.words)),
    b.since,
    b.until,
    b.state,
    b.happened,
)
_GET = statement(select(*_shown).select_from(_here).where(b.id == bindparam("bulletin")), Bulletin)
_DRAFT_OF = statement(select(b.id).where(b.community_id == bindparam("community"), b.state == "draft"), int)
_HAS_WORDS = statement(select(b.id).where(b.id == bindparam("bulletin"), b.words != ""), int)
_LAST = statement(
    select(b.until)
    .where(b.community_id == bindparam("community"), b.state != "draft")
    .order_by(b.until.desc())
    .limit(1)
)
_ADD = statement(
    insert_or_ignore(table(tables.Bulletin))
    .values(
        community_id=bindparam("community"),
        words="",
        since=bindparam("since"),
        until=bindparam("until"),
        state="draft",
        happened="",
    )
    .returning(b.id)
)
_SAY = statement(
    update(table(tables.Bulletin))
    .where(b.id == bindparam("bulletin"), b.state == "draft")
    .values(words=bindparam("to_words"), author_id=bindparam("person"), organisation_id=bindparam("organisation"))
)
_MOVE = statement(
    update(table(tables.Bulletin))
    .where(b.id == bindparam("bulletin"), b.state == "draft")
    .values(until=bindparam("to_until"))
)
_BECOME = statement(
    update(table(tables.Bulletin))
    .where(b.id == bindparam("bulletin"), b.state == bindparam("from_state"))
    .values(state=bindparam("to_state"), happened=bindparam("to_happened"))
)
_resumed = (
    select(func.max(_others.c.id))
    .where(
        _others.c.community_id == bindparam("community"),
        _others.c.state == "skipped",
        _others.c.until > bindparam("now"),
    )
    .scalar_subquery()
)
_RESUMABLE = statement(
    select(b.id)
    .where(b.community_id == bindparam("community"), b.state == "skipped", b.until > bindparam("now"))
    .order_by(b.id.desc())
    .limit(1)
)
_RESUME = statement(update(table(tables.Bulletin)).where(b.id == _resumed).values(state="draft"))
_DAY = statement(select(c.bulletin).where(c.id == bindparam("community"), c.state == "active"), str)
_SET_DAY = statement(
    update(table(tables.Community)).where(c.id == bindparam("community")).values(bulletin=bindparam("to_day"))
)
PART = 500
"""How many communities are gone through in one transaction."""
_EACH = statement(
    select(c.id, c.bulletin).where(c.id > bindparam("after"), c.state == "active").order_by(c.id).limit(PART),
    lambda *row: tuple(row),
)


class Bulletins:
    """Queries about bulletins, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def get(self, bulletin: int, *, viewer: Person) -> Bulletin | None:
        """The bulletin with this number; the words in it only where they may cross to this viewer."""
        found = self._tx.one(_GET, bulletin=bulletin, viewer=viewer.id, **viewer.scope)
        return found._replace(active=bool(found.active)) if found else None

    def draft_of(self, community: int) -> int | None:
        """The number of the bulletin that goes out next, where it was begun."""
        return self._tx.one(_DRAFT_OF, community=community)

    def has_words(self, bulletin: int) -> bool:
        """Whether an owner said something in it."""
        return self._tx.one(_HAS_WORDS, bulletin=bulletin) is not None

    def last(self, community: int) -> datetime | None:
        """Until when the last one went, whether it was sent or left out; None where there was none."""
        until: datetime | None = self._tx.value(_LAST, community=community)
        return until

    def begin(self, community: int, since: datetime, until: datetime) -> int | None:
        """The number of a new draft for what happened in between; None where there is one."""
        number: int | None = self._tx.value(_ADD, community=community, since=since, until=until)
        return number

    def say(self, bulletin: int, by: Person, words: str) -> bool:
        """Whether the draft has these words now, with who said them and their organisation; False once it is none."""
        organisation = by.organisation_id if by.verified else None
        said = {"to_words": words, "person": by.id if words else None, "organisation": organisation}
        return self._tx.run(_SAY, bulletin=bulletin, **said) == 1

    def move(self, bulletin: int, until: datetime) -> None:
        """The draft goes out then."""
        self._tx.run(_MOVE, bulletin=bulletin, to_until=until)

    def become(self, bulletin: int, before: str, after: str, happened: str = "") -> bool:
        """Whether it was in the state `before`; it is in the state `after` now, and this is what had happened."""
        values = {"from_state": before, "to_state": after, "to_happened": happened}
        return self._tx.run(_BECOME, bulletin=bulletin, **values) == 1

    def resumable(self, community: int, now: datetime) -> int | None:
        """The number of the newest that was left out before its time, and whose time has not passed."""
        number: int | None = self._tx.value(_RESUMABLE, community=community, now=now)
        return number

    def resume(self, community: int, now: datetime) -> None:
        """The newest that was left out before its time goes out after all, as it was. There must be no draft."""
        self._tx.run(_RESUME, community=community, now=now)

    def day(self, community: int) -> str:
        """The day on which it goes out (MO to SU); "" for never, and where the community is not active."""
        return self._tx.one(_DAY, community=community) or ""

    def set_day(self, community: int, day: str) -> None:
        """It goes out on this day; with "", never."""
        self._tx.run(_SET_DAY, community=community, to_day=day)

    def each(self, after: int) -> list[tuple[int, str]]:
        """The next 500 active communities after the one with this number, each with the day of its bulletin."""
        return self._tx.all(_EACH, after=after)
