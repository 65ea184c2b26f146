"""Thanks: which answers the asker thanked for, and how often each person was thanked, as evidence of what they know."""

from sqlalchemy import bindparam, exists, select, update

from storage import tables
from storage.database import Transaction
from storage.statements import statement
from storage.tables import columns, table

w = columns(tables.Answer)
e = columns(tables.Evidence)
a = columns(tables.Activity)
q = columns(tables.Question)

_SAY = statement(
    update(table(tables.Answer))
    .where(w.id == bindparam("answer"), w.state == "sent", w.kind == "answer", w.thanked.is_(False))
    .values(thanked=True)
    .returning(w.question_id, w.author_id)
)
_thanked = exists(
    select(w.id).where(
        w.question_id == bindparam("question"),
        w.author_id == bindparam("person"),
        w.thanked.is_(True),
        w.state == "sent",
    )
)
_NOTE = statement(
    update(table(tables.Evidence))
    .where(e.question_id == bindparam("question"), e.person_id == bindparam("person"), e.thanked != _thanked)
    .values(thanked=_thanked)
    .returning(e.thanked)
)
_COUNT = statement(
    update(table(tables.Activity))
    .where(
        a.person_id == bindparam("person"),
        a.community_id == select(q.community_id).where(q.id == bindparam("question")).scalar_subquery(),
    )
    .values(thanked=a.thanked + bindparam("more"))
)


class Thanks:
    """Queries about thanks, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def say(self, answer: int) -> bool:
        """Whether it was thanked for now; False where it was before, was withdrawn or is no answer."""
        found = self._tx.one(_SAY, answer=answer)
        if found is None:
            return False
        question, author = found
        if author is not None:
            self.count(question, author)
        return True

    def count(self, question: int, person: int) -> None:
        """Evidence and activity say what their answers to the question say now; however many of these, it is once."""
        whether = self._tx.value(_NOTE, question=question, person=person)
        if whether is not None:
            self._tx.run(_COUNT, question=question, person=person, more=1 if whether else -1)
