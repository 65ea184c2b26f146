"""Questions and whom they were brought to."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, exists, func, insert, or_, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.evidence import EvidenceLog
from storage.organisations import CALLED
from storage.people import Person
from storage.scope import KIND_OF_VIEWER, admits, crosses, shows
from storage.search import Search
from storage.statements import statement
from storage.tables import columns, table


class Question(NamedTuple):
    """One question with its asker as people see them. `organisation` is the asker's when they asked."""

    id: int
    community_id: int
    community: str
    asker_id: int | None
    asker: str
    asker_role: str
    organisation_id: int | None
    organisation: str
    text: str
    state: str
    accepted_id: int | None
    asked_at: datetime
    answered_at: datetime | None
    source: str = ""


class Brought(NamedTuple):
    """Someone a question is brought to, and what became of it: planned, offered, answered, declined, undelivered."""

    person_id: int
    state: str
    name: str
    organisation: str


q = columns(tables.Question)
c = columns(tables.Community)
p = columns(tables.Person)
o = columns(tables.Organisation)
f = columns(tables.Offer)
m = columns(tables.Membership)
w = columns(tables.Answer)

RECENT = 300
"""How far back a list or search goes in each community, among what was brought to one, and among one's own: lists cost
the same however long they have been added to."""

QUESTION = (
    q.id,
    q.community_id,
    c.name,
    q.asker_id,
    func.coalesce(p.name, ""),
    func.coalesce(p.role, ""),
    q.organisation_id,
    CALLED,
    q.text,
    q.state,
    q.accepted_id,
    q.asked_at,
    q.answered_at,
    q.source,
)
questions = (
    table(tables.Question)
    .join(table(tables.Community), c.id == q.community_id)
    .outerjoin(table(tables.Person), p.id == q.asker_id)
    .outerjoin(table(tables.Organisation), o.id == q.organisation_id)
)
_viewer: BindParameter[int] = bindparam("viewer")
_brought = table(tables.Offer).alias("brought")
_mine = table(tables.Membership).alias("mine")
_offered = exists(
    select(_brought.c.id).where(
        _brought.c.question_id == q.id, _brought.c.person_id == _viewer, _brought.c.state != "planned"
    )
)
_belongs = exists(select(_mine.c.id).where(_mine.c.community_id == q.community_id, _mine.c.person_id == _viewer))

VISIBLE = or_(
    q.asker_id == _viewer,
    and_(
        q.state.in_(["open", "answered"]),
        or_(_offered, and_(_belongs, shows(q.asker_id))),
        crosses(q.organisation_id, "questions"),
        admits(q.community_id, KIND_OF_VIEWER),
    ),
)
"""Your own questions; others' once asked, in your communities or brought to you, where they may cross.

Those of who hides from your organisation only where they were brought to you before that."""

_GET = statement(select(*QUESTION).select_from(questions).where(q.id == bindparam("question"), VISIBLE), Question)
_RECORD = statement(select(*QUESTION).select_from(questions).where(q.id == bindparam("question")), Question)
_others = or_(q.asker_id.is_(None), q.asker_id != _viewer)
_OPEN_IN = statement(
    select(*QUESTION)
    .select_from(questions)
    .where(
        q.community_id == bindparam("community"),
        c.state == "active",
        q.state == "open",
        _others,
        shows(q.asker_id),
        crosses(q.organisation_id, "questions"),
        admits(q.community_id, KIND_OF_VIEWER),
    )
    .order_by(q.id)
    .limit(10),
    Question,
)
_last_brought = (
    select(f.question_id)
    .where(f.person_id == _viewer, f.state != "planned")
    .order_by(f.offered_at.desc(), f.id.desc())
    .limit(RECENT)
)
_OPEN_BROUGHT = statement(
    select(*QUESTION)
    .select_from(questions)
    .where(q.id.in_(_last_brought), q.state == "open", _others, VISIBLE)
    .order_by(q.id)
    .limit(10),
    Question,
)
_MINE = statement(
    select(*QUESTION)
    .select_from(questions)
    .where(q.asker_id == _viewer, q.state.in_(["open", "answered"]))
    .order_by(q.id.desc())
    .limit(10),
    Question,
)
_last_waiting = (
    select(f.question_id)
    .where(f.person_id == _viewer, f.state == "offered")
    .order_by(f.offered_at.desc(), f.id.desc())
    .limit(RECENT)
)
_OFFERED = statement(
    select(*QUESTION)
    .select_from(questions)
    .where(q.id.in_(_last_waiting), q.state == "open", VISIBLE)
    .order_by(q.id.desc())
    .limit(10),
    Question,
)
_COMMUNITIES = statement(select(m.community_id).where(m.person_id == _viewer), int)
_DRAFT = statement(
    insert(table(tables.Question))
    .values(
        community_id=bindparam("community"),
        asker_id=bindparam("person"),
        organisation_id=bindparam("organisation"),
        text=bindparam("text"),
        state="draft",
        asked_at=bindparam("now"),
    )
    .returning(q.id)
)
_OPENED = statement(
    update(table(tables.Question))
    .where(q.id == bindparam("question"), q.state == "draft")
    .values(state="open", asked_at=bindparam("now"))
)
_STATE = statement(
    update(table(tables.Question))
    .where(q.id == bindparam("question"))
    .values(state=bindparam("to_state"), accepted_id=bindparam("accepted"), answered_at=bindparam("at"))
)
_ACCEPTED_BY = statement(
    select(w.author_id)
    .join_from(table(tables.Question), table(tables.Answer), w.id == q.accepted_id)
    .where(q.id == bindparam("question")),
    int,
)
_OFFER = statement(
    insert_or_ignore(table(tables.Offer)).values(
        question_id=bindparam("question"),
        person_id=bindparam("person"),
        state=bindparam("state"),
        offered_at=bindparam("now"),
    )
)
_OFFER_STATE = statement(
    update(table(tables.Offer))
    .where(f.question_id == bindparam("question"), f.person_id == bindparam("person"))
    .values(state=bindparam("to_state"))
)
_BRING = statement(
    update(table(tables.Offer))
    .where(f.question_id == bindparam("question"), f.person_id == bindparam("person"))
    .values(state="offered", offered_at=bindparam("now"))
)
_OFFER_OF = statement(select(f.state).where(f.question_id == bindparam("question"), f.person_id == bindparam("person")))
_BROUGHT = statement(
    select(f.person_id, f.state, func.coalesce(p.name, ""), CALLED)
    .select_from(
        table(tables.Offer)
        .join(table(tables.Person), p.id == f.person_id)
        .outerjoin(table(tables.Organisation), o.id == p.organisation_id)
    )
    .where(f.question_id == bindparam("question"))
    .order_by(f.id),
    Brought,
)


def vouched_for(by: Person) -> int | None:
    """The organisation that what they write is of: theirs where a platform vouched for it, else none."""
    return by.organisation_id if by.verified else None


class Questions:
    """Queries about questions, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def get(self, question: int, *, viewer: Person) -> Question | None:
        """The question, if this viewer may see it."""
        return self._tx.one(_GET, question=question, viewer=viewer.id, **viewer.scope)

    def record(self, question: int) -> Question | None:
        """The question, to draw a mirror that its owner was already given. For nothing else."""
        return self._tx.one(_RECORD, question=question)

    def open(self, *, viewer: Person) -> list[Question]:
        """Up to 10 open questions of others that this viewer may see, the oldest first.

        Those of communities they are not in are looked for among the last 300 that were brought to them.
        """
        found = self._tx.all(_OPEN_BROUGHT, viewer=viewer.id, **viewer.scope)
        for community in self._tx.all(_COMMUNITIES, viewer=viewer.id):
            found += self._tx.all(_OPEN_IN, community=community, viewer=viewer.id, **viewer.scope)
        by_number = {question.id: question for question in found}
        return [by_number[number] for number in sorted(by_number)[:10]]

    def mine(self, *, viewer: Person) -> list[Question]:
        """The viewer's own last 10 questions."""
        return self._tx.all(_MINE, viewer=viewer.id)

    def offered(self, *, viewer: Person) -> list[Question]:
        """Up to 10 open questions that wait for this viewer's answer, the newest first, among the last 300 brought."""
        return self._tx.all(_OFFERED, viewer=viewer.id, **viewer.scope)

    def draft(self, community: int, by: Person, text: str, now: datetime) -> int:
        """The number of a new question that nobody but its asker sees yet."""
        said = {"community": community, "person": by.id, "organisation": vouched_for(by)}
        number: int = self._tx.value(_DRAFT, **said, text=text, now=now)
        return number

    def send(self, question: int, now: datetime) -> bool:
        """Whether the draft became an open question now; False where it was sent before."""
        opened = self._tx.run(_OPENED, question=question, now=now) == 1
        if opened:
            EvidenceLog(self._tx).asks(question, now)
        return opened

    def become(self, question: int, state: str, *, accepted: int | None = None, at: datetime | None = None) -> None:
        """The question is in this state, with this answer accepted."""
        before = self._tx.value(_ACCEPTED_BY, question=question)
        self._tx.run(_STATE, question=question, to_state=state, accepted=accepted, at=at)
        after = self._tx.value(_ACCEPTED_BY, question=question)
        if before != after:
            log = EvidenceLog(self._tx)
            for person, whether in ((before, False), (after, True)):
                if person is not None:
                    log.accepted(question, person, whether=whether)
        Search(self._tx).changed("question", question)

    def offer(self, question: int, person: int, now: datetime, *, state: str = "offered") -> bool:
        """Whether the question is this person's to answer now; False where it was before."""
        return self._tx.run(_OFFER, question=question, person=person, state=state, now=now) == 1

    def bring(self, question: int, person: int, now: datetime) -> None:
        """The question waits for this person's answer from now on, and counts among those of their week."""
        if not self.offer(question, person, now):
            self._tx.run(_BRING, question=question, person=person, now=now)

    def set_offer(self, question: int, person: int, state: str) -> None:
        """What became of the offer to this person, if there was one."""
        self._tx.run(_OFFER_STATE, question=question, person=person, to_state=state)

    def offer_of(self, question: int, person: int) -> str:
        """The state of the offer to this person, "" where there was none."""
        return self._tx.value(_OFFER_OF, question=question, person=person) or ""

    def brought(self, question: int) -> list[Brought]:
        """Everyone the question was, or would be, brought to; for one whose viewer was checked before."""
        return self._tx.all(_BROUGHT, question=question)
