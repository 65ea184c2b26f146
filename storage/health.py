"""How a community does: who came and went, and what became of its questions. Never how one person does.

Imported questions count nowhere here: nobody asked or answered them in this community.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists, func, select

from storage import tables
from storage.bulletins import Counts
from storage.database import Transaction
from storage.organisations import CALLED
from storage.people import Person
from storage.questions import QUESTION, VISIBLE, Question, questions
from storage.showcases import SHOWCASE, Showcase, showcases
from storage.statements import statement
from storage.tables import columns, table


class Asked(NamedTuple):
    """A question: when it was asked, when the first answer came, and whether one came from another organisation."""

    id: int
    asked_at: datetime
    first_at: datetime | None
    elsewhere: bool


m = columns(tables.Membership)
d = columns(tables.Departure)
o = columns(tables.Organisation)
q = columns(tables.Question)
w = columns(tables.Answer)
s = columns(tables.Showcase)
p = columns(tables.Person)

LOOKED = 1000
"""How far back it is looked in each community, among open and among answered questions: it costs the same for ever."""
MOST_KNOWN = 5000
"""Of how many members it is read what they know about."""

_of = table(tables.Organisation)
_JOINED = statement(
    select(CALLED, func.count(m.id))
    .select_from(table(tables.Membership).outerjoin(_of, o.id == m.organisation_id))
    .where(
        m.community_id == bindparam("community"),
        m.joined_at >= bindparam("since"),
        m.joined_at < bindparam("until"),
        m.active.is_(True),
    )
    .group_by(m.organisation_id, o.short, o.name)
)
_LEFT = statement(
    select(CALLED, func.count(d.id))
    .select_from(table(tables.Departure).outerjoin(_of, o.id == d.organisation_id))
    .where(d.community_id == bindparam("community"), d.at >= bindparam("since"), d.at < bindparam("until"))
    .group_by(d.organisation_id, o.short, o.name)
)
_given = (w.question_id == q.id, w.kind == "answer", w.state == "sent")
_ASKED = statement(
    select(
        q.id,
        q.asked_at,
        select(func.min(w.written_at)).where(*_given).scalar_subquery(),
        exists(select(w.id).where(*_given, w.organisation_id != q.organisation_id)),
    )
    .where(q.community_id == bindparam("community"), q.state == bindparam("state"), q.source == "")
    .order_by(q.id.desc())
    .limit(LOOKED),
    Asked,
)
_SHOWN = statement(
    select(*QUESTION)
    .select_from(questions)
    .where(q.id.in_(bindparam("questions", expanding=True)), VISIBLE)
    .order_by(q.id),
    Question,
)
_KNOWN = statement(
    select(p.knows)
    .select_from(table(tables.Membership).join(table(tables.Person), p.id == m.person_id))
    .where(m.community_id == bindparam("community"), p.active.is_(True), p.knows != "")
    .limit(MOST_KNOWN),
    str,
)
_LAST = statement(
    select(*SHOWCASE)
    .select_from(showcases)
    .where(s.community_id == bindparam("community"), s.starts_at <= bindparam("now"))
    .order_by(s.starts_at.desc())
    .limit(1),
    Showcase,
)


class Health:
    """Queries about how a community does, on one transaction. Its counts are open to everyone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def joined(self, community: int, since: datetime, until: datetime) -> Counts:
        """How many joined in between and are still members, by the organisation that was vouched for."""
        return _most_first(self._tx.all(_JOINED, community=community, since=since, until=until))

    def left(self, community: int, since: datetime, until: datetime) -> Counts:
        """How many left in between, by organisation."""
        return _most_first(self._tx.all(_LEFT, community=community, since=since, until=until))

    def asked(self, community: int) -> list[Asked]:
        """The last 1,000 questions that are open and the last 1,000 that are answered, in the order they were asked."""
        found = [
            row for state in ("open", "answered") for row in self._tx.all(_ASKED, community=community, state=state)
        ]
        return sorted((row._replace(elsewhere=bool(row.elsewhere)) for row in found), key=lambda row: row.id)

    def shown(self, questions: Sequence[int], *, viewer: Person) -> list[Question]:
        """Those of these questions that the viewer may see, in the order they were asked."""
        return self._tx.all(_SHOWN, questions=questions, viewer=viewer.id, **viewer.scope) if questions else []

    def known(self, community: int) -> list[str]:
        """What up to 5,000 members say they know about, without who: to compare with, not to show."""
        return self._tx.all(_KNOWN, community=community)

    def last_showcase(self, community: int, now: datetime) -> Showcase | None:
        """The last showcase that began, or None."""
        return self._tx.one(_LAST, community=community, now=now)


def _most_first(rows: Sequence[tuple[str, int]]) -> Counts:
    return tuple(sorted(((str(label), int(n)) for label, n in rows), key=lambda row: (-row[1], row[0])))
