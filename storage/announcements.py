"""Announcements: what an owner tells all members of a community."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from storage import tables
from storage.database import Transaction
from storage.people import Person
from storage.scope import KIND_OF_VIEWER, admits, crosses
from storage.statements import statement
from storage.tables import columns, table


class Announcement(NamedTuple):
    """What was said to all, with its author as people see them; `author` is "" for a former member."""

    id: int
    community_id: int
    community: str
    slug: str
    author_id: int | None
    author: str
    author_role: str
    organisation: str
    text: str
    state: str


n = columns(tables.Announcement)
c = columns(tables.Community)
m = columns(tables.Membership)
p = columns(tables.Person)
o = columns(tables.Organisation)

_announcements = (
    select(
        n.id,
        n.community_id,
        c.name,
        c.slug,
        n.author_id,
        func.coalesce(p.name, ""),
        func.coalesce(p.role, ""),
        func.coalesce(o.short, ""),
        n.text,
        n.state,
    )
    .join_from(table(tables.Announcement), table(tables.Community), c.id == n.community_id)
    .outerjoin(table(tables.Person), p.id == n.author_id)
    .outerjoin(table(tables.Organisation), o.id == n.organisation_id)
    .where(n.id == bindparam("announcement"))
)
_RECORD = statement(_announcements, Announcement)
_member = exists(select(m.id).where(m.community_id == n.community_id, m.person_id == bindparam("viewer")))
_GET = statement(
    _announcements.where(
        n.state != "draft",
        _member,
        crosses(n.organisation_id, "questions"),
        admits(n.community_id, KIND_OF_VIEWER),
    ),
    Announcement,
)
_DRAFT = statement(
    insert(table(tables.Announcement))
    .values(
        community_id=bindparam("community"),
        author_id=bindparam("person"),
        organisation_id=bindparam("organisation"),
        text=bindparam("text"),
        state="draft",
        written_at=bindparam("now"),
    )
    .returning(n.id)
)
_BECOME = statement(
    update(table(tables.Announcement))
    .where(n.id == bindparam("announcement"), n.state == bindparam("from_state"))
    .values(state=bindparam("to_state"))
)

_FORGET = statement(
    delete(table(tables.Announcement)).where(n.state.in_(["draft", "dropped"]), n.written_at < bindparam("before"))
)


class Announcements:
    """Queries about announcements, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def draft(self, community: int, author: Person, text: str, now: datetime) -> int:
        """A new announcement that nobody sees yet."""
        said = {"community": community, "person": author.id, "organisation": author.organisation_id, "text": text}
        number: int = self._tx.value(_DRAFT, **said, now=now)
        return number

    def record(self, announcement: int) -> Announcement | None:
        """The announcement with this number, whoever asks."""
        return self._tx.one(_RECORD, announcement=announcement)

    def get(self, announcement: int, *, viewer: Person) -> Announcement | None:
        """The same for a member to whom it may be shown: sent or withdrawn, and of an organisation that agreed."""
        return self._tx.one(_GET, announcement=announcement, viewer=viewer.id, **viewer.scope)

    def forget_drafts(self, before: datetime) -> None:
        """What was written before then and never sent is gone."""
        self._tx.run(_FORGET, before=before)

    def become(self, announcement: int, before: str, after: str) -> bool:
        """Whether it was in the state `before`; it is in the state `after` now."""
        return self._tx.run(_BECOME, announcement=announcement, from_state=before, to_state=after) == 1
