"""Forgetting a person: every row and column goes that is declared to go with them, in one transaction.

`Erasure.ROW`: the row is deleted. `Erasure.CLEAR`: the column is emptied, and what the community keeps is by a former
member. `Erasure.KEEP`: it stays, a number without a name. What nobody but they ever saw is deleted whatever it is.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Table, and_, bindparam, delete, exists, func, select, update
from sqlmodel import SQLModel

from storage import tables
from storage.database import Transaction
from storage.exporting import owner_of, person_columns
from storage.people import People
from storage.search import Search
from storage.services import Services
from storage.statements import Statement, statement
from storage.tables import Erasure, columns, table

Record = tuple[str, int]
"""A record that has mirrors: its kind and its number."""


class Left(NamedTuple):
    """What of a person the communities keep: how many answers and questions."""

    answers: int
    questions: int


q = columns(tables.Question)
v = columns(tables.QuestionVersion)
w = columns(tables.Answer)
e = columns(tables.AnswerVersion)
f = columns(tables.Offer)
k = columns(tables.Considered)
n = columns(tables.Announcement)
c = columns(tables.Community)
x = columns(tables.Outbox)
a = columns(tables.Lane)

_me: BindParameter[int] = bindparam("person")
_ANSWERS = statement(select(func.count(w.id)).where(w.author_id == _me, w.state == "sent"))
_QUESTIONS = statement(select(func.count(q.id)).where(q.asker_id == _me, q.state.in_(["open", "answered"])))


def held_for(person: Any) -> Any:
    """On a community's row: whether it is under a legal hold, and this person (a column, or a value) wrote there."""
    people = table(tables.Person)
    asked = select(q.community_id).where(q.asker_id == person)
    answered = select(q.community_id).join_from(table(tables.Answer), table(tables.Question), w.question_id == q.id)
    where = asked.correlate(people).union_all(answered.where(w.author_id == person).correlate(people))
    return and_(c.held.is_(True), c.id.in_(where))


_HELD = statement(select(c.name).where(held_for(_me)).order_by(c.name), str)
_asked = select(q.id).where(q.asker_id == _me)
_ASKED = statement(_asked.order_by(q.id), int)
_BROUGHT = statement(select(f.question_id).where(f.person_id == _me).order_by(f.question_id), int)
_SAID = statement(select(w.id).where(w.author_id == _me).order_by(w.id), int)
_SAID_TO = statement(select(w.id).where(w.question_id.in_(_asked)).order_by(w.id), int)
_TOLD = statement(select(n.id).where(n.author_id == _me, n.state == "sent").order_by(n.id), int)

_unseen = select(q.id).where(
    q.asker_id == _me, q.state.in_(["draft", "withdrawn"]), ~exists(select(w.id).where(w.question_id == q.id))
)
_withdrawn = select(w.id).where(w.author_id == _me, w.state == "withdrawn")
UNSEEN = (
    statement(delete(table(tables.Offer)).where(f.question_id.in_(_unseen))),
    statement(delete(table(tables.Considered)).where(k.question_id.in_(_unseen))),
    statement(delete(table(tables.QuestionVersion)).where(v.question_id.in_(_unseen))),
    statement(delete(table(tables.Question)).where(q.id.in_(_unseen))),
    statement(delete(table(tables.AnswerVersion)).where(e.answer_id.in_(_withdrawn))),
    statement(update(table(tables.Answer)).where(w.author_id == _me, w.state == "withdrawn").values(text="")),
    statement(delete(table(tables.Announcement)).where(n.author_id == _me, n.state.in_(["draft", "dropped"]))),
)
"""What nobody but the person ever saw, or what they took back: words that are theirs alone."""

_answered = exists(select(w.id).where(w.question_id == q.id, w.state == "sent", w.kind == "answer"))
CLOSED = (
    statement(
        update(table(tables.Question)).where(q.asker_id == _me, q.state == "open", _answered).values(state="answered")
    ),
    statement(update(table(tables.Question)).where(q.asker_id == _me, q.state == "open").values(state="withdrawn")),
)
"""Nobody waits for an answer to what they asked: what has answers is kept with them, what has none is closed."""


def _erasing() -> Iterator[Statement[Any]]:
    """What is done to each table for each column that names a person; what refers to another table goes before it."""
    for rows in reversed(SQLModel.metadata.sorted_tables):
        for column in person_columns(rows):
            if column is owner_of(rows) or _goes_whole(rows):
                yield statement(delete(rows).where(column == _me))
            else:
                emptied = {column.name: None, **dict.fromkeys(_cleared(rows))}
                yield statement(update(rows).where(column == _me).values(emptied))


def _goes_whole(rows: Table) -> bool:
    """Whether the row itself is declared to go, though the column that names the person may be empty."""
    return owner_of(rows) is None and any(column.info.get("erase") is Erasure.ROW for column in rows.c)


def _cleared(rows: Table) -> list[str]:
    """The words that go with the person who is no longer named beside them."""
    personal = (column for column in rows.c if column.info.get("erase") is Erasure.CLEAR)
    return [column.name for column in personal if not column.foreign_keys]


ERASING = list(_erasing())
_BY_LANE = statement(delete(table(tables.Outbox)).where(x.lane.in_(bindparam("lanes", expanding=True))))
_LANES = statement(delete(table(tables.Lane)).where(a.name.in_(bindparam("lanes", expanding=True))))


class Forgetting:
    """Queries about what a person leaves behind, on one transaction. For Signpost itself and the person alone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def left(self, person: int) -> Left:
        """How many of their answers and questions stay, by a former member."""
        return Left(self._tx.value(_ANSWERS, person=person), self._tx.value(_QUESTIONS, person=person))

    def held(self, person: int) -> list[str]:
        """The communities under a legal hold in which they asked or answered: nothing may be taken from those."""
        return self._tx.all(_HELD, person=person)

    def records(self, person: int) -> list[Record]:
        """What others see their name on: questions they asked or were brought, and what was said by or to them."""
        questions = {*self._tx.all(_ASKED, person=person), *self._tx.all(_BROUGHT, person=person)}
        answers = {*self._tx.all(_SAID, person=person), *self._tx.all(_SAID_TO, person=person)}
        return [("question", number) for number in sorted(questions)] + [("answer", one) for one in sorted(answers)]

    def announcements(self, person: int) -> list[int]:
        """What they told all members of a community."""
        return self._tx.all(_TOLD, person=person)

    def erase(self, person: int) -> None:
        """Nothing names this person any more, and nothing that is theirs alone is left. Their number stays unused."""
        lanes = [f"{one.platform}:{one.tenant}:{one.user}" for one in People(self._tx).accounts(person)]
        known = People(self._tx).find(person) is not None
        for step in (*UNSEEN, *CLOSED):
            self._tx.run(step, person=person)
        if lanes:
            self._tx.run(_BY_LANE, lanes=lanes)
            self._tx.run(_LANES, lanes=lanes)
        for step in ERASING:
            self._tx.run(step, person=person)
        Services(self._tx).forget_unused()
        if known:
            Search(self._tx).changed("person", person)
