"""What people could add to what they say they know, since they answer on it: only ever asked, and each thing once."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, insert, or_, select, update

from storage import tables
from storage.database import Transaction
from storage.people import PERSON, Person, people
from storage.questions import VISIBLE
from storage.skills import folded
from storage.statements import statement
from storage.tables import columns, table

BETWEEN = timedelta(days=30)
"""Nobody is asked more often."""
LAST = 200
"""Of what a person answered, so many of the last questions are looked at."""


class Suggestion(NamedTuple):
    """That a person was asked whether to add this. `skill_id` is None for a topic. `state`: asked, added, declined."""

    id: int
    person_id: int
    skill_id: int | None
    words: str
    state: str


p = columns(tables.Person)
e = columns(tables.Evidence)
g = columns(tables.Suggestion)
q = columns(tables.Question)
w = columns(tables.Answer)

_person: Any = bindparam("person")
_not_lately = ~exists(select(g.id).where(g.person_id == p.id, g.asked_at > bindparam("since")))
_answered_much = select(func.count()).select_from(table(tables.Evidence)).where(
    e.person_id == p.id
).scalar_subquery() >= bindparam("least")
_COULD_BE_ASKED = statement(
    select(*PERSON)
    .select_from(people)
    .where(
        p.id > bindparam("after"),
        p.active.is_(True),
        or_(p.asked.is_(True), p.findable.is_(True)),
        _not_lately,
        _answered_much,
    )
    .order_by(p.id)
    .limit(bindparam("most")),
    Person,
)
_TEXTS = statement(
    select(q.id, q.text)
    .join_from(table(tables.Evidence), table(tables.Question), q.id == e.question_id)
    .where(
        e.person_id == bindparam("viewer"),
        q.state.in_(["open", "answered"]),
        VISIBLE,
        exists(
            select(w.id).where(w.question_id == q.id, w.author_id == e.person_id, w.kind == "answer", w.state == "sent")
        ),
    )
    .order_by(q.id.desc())
    .limit(LAST)
)
_WORDS = statement(select(g.words).where(g.person_id == _person).order_by(g.id), str)
_ASK = statement(
    insert(table(tables.Suggestion))
    .from_select(
        ["person_id", "skill_id", "words", "folded", "state", "asked_at"],
        select(
            p.id,
            bindparam("skill", type_=g.skill_id.type),
            bindparam("words", type_=g.words.type),
            bindparam("folded", type_=g.folded.type),
            bindparam("state", "asked", type_=g.state.type),
            bindparam("now", type_=g.asked_at.type),
        ).where(
            p.id == _person,
            _not_lately,
            ~exists(select(g.id).where(g.person_id == p.id, g.folded == bindparam("folded", type_=g.folded.type))),
        ),
    )
    .returning(g.id)
)
_ONE = statement(
    select(g.id, g.person_id, g.skill_id, g.words, g.state).where(g.id == bindparam("number"), g.person_id == _person),
    Suggestion,
)
_SETTLE = statement(
    update(table(tables.Suggestion))
    .where(g.id == bindparam("number"), g.person_id == _person, g.state != bindparam("to_state"))
    .values(state=bindparam("to_state"))
)


class Suggestions:
    """Queries about what people could add, on one transaction. Each is for the person it is about."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def could_be_asked(self, after: int, least: int, most: int, now: datetime) -> list[Person]:
        """The next people after this number who answered so many questions, and were not asked in the last 30 days.

        Only those who let others find them or questions be brought to them: for others it would change nothing.
        """
        return self._tx.all(_COULD_BE_ASKED, after=after, least=least, most=most, since=now - BETWEEN)

    def answered(self, *, viewer: Person) -> dict[int, str]:
        """The last 200 questions that this person answered and still sees, by number; not what was withdrawn."""
        return dict(self._tx.all(_TEXTS, viewer=viewer.id, **viewer.scope))

    def words(self, person: int) -> list[str]:
        """What they were asked about before, whatever they said to it."""
        return self._tx.all(_WORDS, person=person)

    def ask(self, person: int, words: str, skill: int | None, now: datetime) -> int | None:
        """The number of the new question; None where they were asked that before, or anything in the last 30 days."""
        given = {"words": words, "folded": folded(words), "skill": skill}
        number: int | None = self._tx.value(_ASK, person=person, now=now, since=now - BETWEEN, **given)
        return number

    def one(self, number: int, person: int) -> Suggestion | None:
        """What this person was asked under this number."""
        return self._tx.one(_ONE, number=number, person=person)

    def settle(self, number: int, person: int, state: str) -> bool:
        """Whether that is news: they said yes (added) or no (declined)."""
        return self._tx.run(_SETTLE, number=number, person=person, to_state=state) == 1
