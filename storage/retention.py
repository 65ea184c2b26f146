"""What is kept past its time: found and deleted a part at a time, never where a legal hold is on."""

from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, exists, func, literal_column, or_, select, update

from storage import tables
from storage.database import Transaction
from storage.forgetting import held_for
from storage.search import Search
from storage.statements import Statement, statement
from storage.tables import columns, table

PART = 500
"""Rows of one kind that go in one transaction."""

q = columns(tables.Question)
v = columns(tables.QuestionVersion)
w = columns(tables.Answer)
e = columns(tables.AnswerVersion)
f = columns(tables.Offer)
r = columns(tables.Mirror)
x = columns(tables.Outbox)
c = columns(tables.Community)
d = columns(tables.Audit)
s = columns(tables.Showcase)
t = columns(tables.Attendance)
g = columns(tables.Departure)
n = columns(tables.Notice)
p = columns(tables.Person)
a = columns(tables.Account)
k = columns(tables.LinkCode)
j = columns(tables.JoinRequest)
i = columns(tables.Invitation)
b = columns(tables.Evidence)
h = columns(tables.Considered)

_before: Any = bindparam("before")
_held = exists(select(c.id).where(c.id == q.community_id, c.held.is_(True)))
_OLD_QUESTIONS = statement(
    select(q.id)
    .where(
        q.asked_at < _before,
        ~_held,
        ~exists(select(w.id).where(w.question_id == q.id, w.written_at >= _before)),
    )
    .order_by(q.id)
    .limit(PART),
    int,
)
_ANSWERS_TO = statement(select(w.id).where(w.question_id.in_(bindparam("questions", expanding=True))), int)
_gone_questions: Any = bindparam("questions", expanding=True)
_gone_answers: Any = bindparam("answers", expanding=True)
_theirs = or_(
    and_(r.subject == "question", r.subject_id.in_(_gone_questions)),
    and_(r.subject == "answer", r.subject_id.in_(_gone_answers)),
)
_MIRRORS = statement(select(r.id).where(_theirs), int)
_gone_mirrors: Any = bindparam("mirrors", expanding=True)
_UNSENT = statement(delete(table(tables.Outbox)).where(x.mirror_id.in_(_gone_mirrors)))
_LOOSE = statement(update(table(tables.Mirror)).where(r.under_id.in_(_gone_mirrors)).values(under_id=None))
_DROP_MIRRORS = statement(delete(table(tables.Mirror)).where(r.id.in_(_gone_mirrors)))
_DROP_ANSWER_VERSIONS = statement(delete(table(tables.AnswerVersion)).where(e.answer_id.in_(_gone_answers)))
_DROP_ANSWERS = statement(delete(table(tables.Answer)).where(w.id.in_(_gone_answers)))
_DROP_VERSIONS = statement(delete(table(tables.QuestionVersion)).where(v.question_id.in_(_gone_questions)))
_DROP_OFFERS = statement(delete(table(tables.Offer)).where(f.question_id.in_(_gone_questions)))
_DROP_EVIDENCE = statement(delete(table(tables.Evidence)).where(b.question_id.in_(_gone_questions)))
_DROP_CONSIDERED = statement(delete(table(tables.Considered)).where(h.question_id.in_(_gone_questions)))
_DROP_QUESTIONS = statement(delete(table(tables.Question)).where(q.id.in_(_gone_questions)))


def _part(rows: Table, *conditions: Any, by: Any = None) -> Statement[Any]:
    """Deletes up to a part of the rows of which this is true, the oldest first; `by` is a column with an index."""
    oldest = select(rows.c.id).where(*conditions).order_by(rows.c.id if by is None else by).limit(PART)
    return statement(delete(rows).where(rows.c.id.in_(oldest)))


_free = ~exists(select(c.id).where(c.held.is_(True)))
_ATTENDANCE = _part(
    table(tables.Attendance),
    t.showcase_id.in_(
        select(s.id).where(s.starts_at < _before, ~exists(select(c.id).where(c.id == s.community_id, c.held.is_(True))))
    ),
)
_AUDIT = _part(table(tables.Audit), d.at < _before, _free, by=d.at)
_DEPARTURES = _part(
    table(tables.Departure), g.at < _before, ~exists(select(c.id).where(c.id == g.community_id, c.held.is_(True)))
)
_NOTICES = _part(
    table(tables.Notice), n.shown_at < _before, n.version < select(p.told).where(p.id == n.person_id).scalar_subquery()
)
_CODES = _part(table(tables.LinkCode), k.expires_at < _before)
_REQUESTS = _part(table(tables.JoinRequest), j.state != "waiting", func.coalesce(j.decided_at, j.asked_at) < _before)
_INVITATIONS = _part(table(tables.Invitation), i.invited_at < _before)
_sent = (
    select(x.id)
    .where(x.state == "sent", x.created_at < _before, or_(x.body != "", x.address != ""))
    .order_by(x.created_at)
    .limit(PART)
)
_BODIES = statement(update(table(tables.Outbox)).where(x.id.in_(_sent)).values(body="", address=""))

_spoke = exists(select(a.id).where(a.person_id == p.id, a.seen_at >= _before))
_SILENT = statement(
    select(p.id).where(p.warned_at.is_(None), p.created_at < _before, ~_spoke).order_by(p.id).limit(PART),
    int,
)
_WARN = statement(
    update(table(tables.Person)).where(p.id == bindparam("person")).values(warned_at=bindparam("to_warned"))
)
_SPOKE_SINCE = statement(
    update(table(tables.Person))
    .where(p.warned_at.is_not(None), exists(select(a.id).where(a.person_id == p.id, a.seen_at > p.warned_at)))
    .values(warned_at=None)
)
_STILL_SILENT = statement(
    select(p.id)
    .where(p.warned_at < _before, ~exists(select(c.id).where(held_for(p.id))))
    .order_by(p.id)
    .limit(bindparam("most")),
    int,
)
_HOLD = statement(
    update(table(tables.Community))
    .where(c.id == bindparam("community"), c.held != bindparam("to_held"))
    .values(held=bindparam("to_held"))
)
_HELD = statement(select(c.name).where(c.held.is_(True)).order_by(c.name).limit(100), str)


# Written as the index of drafts is, which is small: a parameter would not be known to be the same.
_OLD_DRAFTS = (q.state == literal_column("'draft'"), q.asked_at < _before)
_drafts = select(q.id).where(*_OLD_DRAFTS)
_DROP_DRAFTS = (
    statement(delete(table(tables.Offer)).where(f.question_id.in_(_drafts), f.state == "planned")),
    statement(delete(table(tables.Considered)).where(h.question_id.in_(_drafts))),
    statement(delete(table(tables.Question)).where(*_OLD_DRAFTS)),
)


class Retention:
    """Queries about what is past its time, on one transaction.

    Each `drop_...` deletes up to 500 rows from before then and says whether there may be more. A legal hold on a
    community keeps its questions, answers, attendance and departures; while any is on, the audit is kept whole.
    """

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def drop_questions(self, before: datetime) -> bool:
        """Questions asked before then, to which nothing was said since, with all that was said to them."""
        questions = self._tx.all(_OLD_QUESTIONS, before=before)
        if questions:
            answers = self._tx.all(_ANSWERS_TO, questions=questions) or [0]
            self._drop_mirrors(questions, answers)
            self._tx.run(_DROP_ANSWER_VERSIONS, answers=answers)
            self._tx.run(_DROP_ANSWERS, answers=answers)
            for step in (_DROP_VERSIONS, _DROP_OFFERS, _DROP_EVIDENCE, _DROP_CONSIDERED, _DROP_QUESTIONS):
                self._tx.run(step, questions=questions)
            Search(self._tx).changed("question", *questions)
        return len(questions) == PART

    def _drop_mirrors(self, questions: list[int], answers: list[int]) -> None:
        mirrors = self._tx.all(_MIRRORS, questions=questions, answers=answers)
        for step in (_UNSENT, _LOOSE, _DROP_MIRRORS) if mirrors else ():
            self._tx.run(step, mirrors=mirrors)

    def drop_drafts(self, before: datetime) -> None:
        """Questions that were written before then and never sent, all at once: they are few."""
        for step in _DROP_DRAFTS:
            self._tx.run(step, before=before)

    def drop_attendance(self, before: datetime) -> bool:
        """Who came to showcases that began before then."""
        return self._more(_ATTENDANCE, before)

    def drop_audit(self, before: datetime) -> bool:
        """Who did what before then."""
        return self._more(_AUDIT, before)

    def drop_departures(self, before: datetime) -> bool:
        """That somebody left a community before then."""
        return self._more(_DEPARTURES, before)

    def drop_notices(self, before: datetime) -> bool:
        """That somebody was shown a version of the notice before then, where they were shown a later one since."""
        return self._more(_NOTICES, before)

    def drop_codes(self, before: datetime) -> bool:
        """Codes and links that ended before then."""
        return self._more(_CODES, before)

    def drop_requests(self, before: datetime) -> bool:
        """Requests to join that were decided before then."""
        return self._more(_REQUESTS, before)

    def drop_invitations(self, before: datetime) -> bool:
        """Invitations from before then, accepted or not."""
        return self._more(_INVITATIONS, before)

    def drop_bodies(self, before: datetime) -> bool:
        """What messages said, and where they went, that were added before then and arrived; that they did stays."""
        return self._more(_BODIES, before)

    def _more(self, step: Statement[Any], before: datetime) -> bool:
        return self._tx.run(step, before=before) == PART

    def silent(self, before: datetime) -> list[int]:
        """People who said nothing since then and were not asked whether they want to stay."""
        return self._tx.all(_SILENT, before=before)

    def warned(self, person: int, now: datetime) -> None:
        """The person was asked now whether they want to stay."""
        self._tx.run(_WARN, person=person, to_warned=now)

    def is_kept(self, person: int) -> None:
        """The person wants to stay."""
        self._tx.run(_WARN, person=person, to_warned=None)

    def still_silent(self, before: datetime, most: int = PART) -> list[int]:
        """People who were asked before then and have said nothing since; who has is asked again another time.

        Who wrote under a legal hold is none of them, so that however many these are, nobody waits behind them.
        """
        self._tx.run(_SPOKE_SINCE)
        return self._tx.all(_STILL_SILENT, before=before, most=most)

    def hold(self, community: int, held: bool) -> bool:
        """Whether the legal hold on this community changed now."""
        return self._tx.run(_HOLD, community=community, to_held=held) == 1

    def held(self) -> list[str]:
        """The names of the communities under a legal hold, 100 at most."""
        return self._tx.all(_HELD)
