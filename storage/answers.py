"""What was said to questions: answers and questions back, and what they said before they were changed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update

from storage import tables
from storage.database import Transaction
from storage.evidence import EvidenceLog
from storage.organisations import CALLED
from storage.people import Person
from storage.questions import VISIBLE, vouched_for
from storage.scope import crosses
from storage.search import Search
from storage.statements import statement
from storage.tables import columns, table
from storage.thanks import Thanks


class Answer(NamedTuple):
    """An answer (or a question back) with its author as people see them; `author` is "" for a former member."""

    id: int
    question_id: int
    author_id: int | None
    author: str
    author_role: str
    to_id: int | None
    organisation: str
    kind: str
    text: str
    state: str
    edited: bool
    written_at: datetime
    thanked: bool = False


w = columns(tables.Answer)
q = columns(tables.Question)
p = columns(tables.Person)
o = columns(tables.Organisation)
d = columns(tables.Draft)

ANSWER = (
    w.id,
    w.question_id,
    w.author_id,
    func.coalesce(p.name, ""),
    func.coalesce(p.role, ""),
    w.to_id,
    CALLED,
    w.kind,
    w.text,
    w.state,
    w.edited,
    w.written_at,
    w.thanked,
)
answers = (
    table(tables.Answer)
    .outerjoin(table(tables.Person), p.id == w.author_id)
    .outerjoin(table(tables.Organisation), o.id == w.organisation_id)
)
_visible = and_(
    w.question_id.in_(select(q.id).where(q.id == w.question_id, VISIBLE)), crosses(w.organisation_id, "questions")
)

_GET = statement(
    select(*ANSWER)
    .select_from(answers)
    .where(w.id == bindparam("answer"), or_(w.author_id == bindparam("viewer"), _visible)),
    Answer,
)
_RECORD = statement(select(*ANSWER).select_from(answers).where(w.id == bindparam("answer")), Answer)
_SENT = statement(
    select(*ANSWER)
    .select_from(answers)
    .where(w.question_id == bindparam("question"), w.state == "sent")
    .order_by(w.id),
    Answer,
)
_ADD = statement(
    insert(table(tables.Answer))
    .values(
        question_id=bindparam("question"),
        author_id=bindparam("person"),
        to_id=bindparam("to"),
        organisation_id=bindparam("organisation"),
        kind=bindparam("kind"),
        text=bindparam("text"),
        state="sent",
        edited=False,
        thanked=False,
        written_at=bindparam("now"),
    )
    .returning(w.id)
)
_WITHDRAW = statement(
    update(table(tables.Answer))
    .where(w.id == bindparam("answer"), w.state == "sent")
    .values(state="withdrawn", thanked=False)
    .returning(w.question_id, w.author_id)
)
_EDIT = statement(
    update(table(tables.Answer)).where(w.id == bindparam("answer")).values(text=bindparam("to_text"), edited=True)
)
_KEEP_VERSION = statement(
    insert(table(tables.AnswerVersion)).values(
        answer_id=bindparam("answer"), text=bindparam("text"), until=bindparam("now")
    )
)
_ADD_DRAFT = statement(
    insert(table(tables.Draft))
    .values(person_id=bindparam("person"), text=bindparam("text"), written_at=bindparam("now"))
    .returning(d.id)
)
_DRAFT = statement(select(d.text).where(d.id == bindparam("draft"), d.person_id == bindparam("person")))
_DROP_DRAFTS = statement(delete(table(tables.Draft)).where(d.written_at < bindparam("before")))
_LAST_TO = statement(
    select(w.author_id)
    .where(
        w.question_id == bindparam("question"),
        w.author_id != bindparam("person"),
        w.author_id.is_not(None),
        w.state == "sent",
    )
    .order_by(w.id.desc())
    .limit(1)
)


class Answers:
    """Queries about answers, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def get(self, answer: int, *, viewer: Person) -> Answer | None:
        """The answer, if this viewer wrote it, or may see its question and its author's organisation agreed too."""
        return self._tx.one(_GET, answer=answer, viewer=viewer.id, **viewer.scope)

    def record(self, answer: int) -> Answer | None:
        """The answer, to draw a mirror that its owner was already given. For nothing else."""
        return self._tx.one(_RECORD, answer=answer)

    def sent(self, question: int) -> list[Answer]:
        """What was said to a question and not withdrawn, in order; for one whose viewer was checked before."""
        return self._tx.all(_SENT, question=question)

    def add(
        self,
        question: int,
        by: Person,
        text: str,
        now: datetime,
        *,
        kind: str = "answer",
        to: int | None = None,
    ) -> int:
        """The number of what was said, with the author's organisation as it is now."""
        said = {"question": question, "person": by.id, "organisation": vouched_for(by), "to": to}
        number: int = self._tx.value(_ADD, **said, kind=kind, text=text, now=now)
        if kind == "answer":
            EvidenceLog(self._tx).answered(question, by.id, now)
            Search(self._tx).changed("question", question)
        return number

    def withdraw(self, answer: int) -> bool:
        """Whether it was withdrawn now; what it said stays for the record alone."""
        gone = self._tx.one(_WITHDRAW, answer=answer)
        if gone is None:
            return False
        question, author = gone
        Search(self._tx).changed("question", question)
        if author is not None:
            Thanks(self._tx).count(question, author)
            EvidenceLog(self._tx).taken_back(question, author)
        return True

    def edit(self, answer: Answer, text: str, now: datetime) -> None:
        """It says this from now on; what it said before is kept."""
        self._tx.run(_KEEP_VERSION, answer=answer.id, text=answer.text, now=now)
        self._tx.run(_EDIT, answer=answer.id, to_text=text)
        Search(self._tx).changed("question", answer.question_id)

    def last_to(self, question: int, person: int) -> int | None:
        """Who else spoke last on this question."""
        author: int | None = self._tx.value(_LAST_TO, question=question, person=person)
        return author

    def add_draft(self, person: int, text: str, now: datetime) -> int:
        """The number of what this person typed, until they choose what it is."""
        number: int = self._tx.value(_ADD_DRAFT, person=person, text=text, now=now)
        return number

    def draft(self, draft: int, person: int) -> str | None:
        """What was typed, if it was this person; None once a week has passed."""
        text: str | None = self._tx.value(_DRAFT, draft=draft, person=person)
        return text

    def forget_drafts(self, before: datetime) -> None:
        """What was typed before then and became nothing is gone."""
        self._tx.run(_DROP_DRAFTS, before=before)
