"""Answered questions, people by what they say they know, and skills, found by their words: an index in memory.

Each search first reads what has changed since the last one (`search_change`), in its own transaction, so it finds what
was committed before it, whichever process did it. A process that starts reads the newest texts first, in parts; until
it has read all, older ones are not found. Searching is for reads alone: in a transaction that writes it is refused.

The index knows nothing of who may see what: whoever searches asks the tables that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from time import monotonic
from typing import Any, Literal

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select

from storage import tables
from storage.database import Transaction
from storage.index import Index
from storage.postings import NONE, Found, Postings, counted
from storage.statements import SnapshotFloor, ThisTransaction, statement
from storage.tables import columns, table
from storage.terms import spelt, terms

Noun = Literal["question", "person", "skill"]

PART = 500
"""Texts that are read at once: a tenth of a second."""
KEPT = 100_000
"""So many changes can be read; who looked away for longer reads everything anew."""
LINE = 120
"""Characters of the first line of a question that can be its title, and count three times."""
TITLE = 3
LEVEL = {"": 2, "awareness": 1, "working": 2, "practitioner": 3, "expert": 4}
"""How often what a person says they know counts, by its level; where they said none, as the line of what they know."""
NAME = 2
"""How often the name of a skill counts, beside its description. The roles that need it found none better."""
SPELT = 0.3
"""How much a word of a sentence counts more where a skill has it as it is spelt, not only its stem."""
PAIR = 0.8
"""How much two words count more that follow one another in a skill too: "product life cycle"."""

x = columns(tables.SearchChange)
q = columns(tables.Question)
w = columns(tables.Answer)
p = columns(tables.Person)
s = columns(tables.PersonSkill)
k = columns(tables.Skill)

_CHANGED = statement(
    insert(table(tables.SearchChange)).values(
        noun=bindparam("noun"), subject_id=bindparam("number"), transaction=ThisTransaction()
    )
)
_SINCE = {
    "sqlite": statement(select(x.noun, x.subject_id, x.id).where(x.id > bindparam("after")).order_by(x.id)),
    "postgresql": statement(
        select(x.noun, x.subject_id, x.id).where(x.transaction >= bindparam("after")).order_by(x.id)
    ),
}
"""On SQLite rows are committed in their order; on PostgreSQL one may be committed after one with a higher number."""
_POSITION = statement(select(func.coalesce(func.max(x.id), 0), SnapshotFloor()))
_OLDEST = statement(select(func.min(x.id)))
_DROP = statement(
    delete(table(tables.SearchChange)).where(x.id <= select(func.max(x.id)).scalar_subquery() - bindparam("keep"))
)
_numbers: Any = bindparam("numbers", expanding=True)
_answered = ("open", "answered")
_QUESTIONS = statement(select(q.id, q.text).where(q.id.in_(_numbers), q.state.in_(_answered)))
_ANSWERS = statement(
    select(w.question_id, w.text)
    .where(w.question_id.in_(_numbers), w.state == "sent", w.kind == "answer")
    .order_by(w.id)
)
_PEOPLE = statement(select(p.id, p.knows, p.role).where(p.id.in_(_numbers), p.active.is_(True)))
_SAID = statement(select(s.person_id, s.words, s.level).where(s.person_id.in_(_numbers)))
_SKILLS = statement(select(k.id, k.name, k.description).where(k.id.in_(_numbers), k.archived.is_(False)))
_QUESTIONS_BELOW = statement(
    select(q.id)
    .where(q.id < bindparam("below"), q.state.in_(_answered))
    .order_by(q.id.desc())
    .limit(bindparam("most")),
    int,
)
_PEOPLE_BELOW = statement(
    select(p.id)
    .where(p.id < bindparam("below"), or_(p.knows != "", p.role != "", exists(select(s.id).where(s.person_id == p.id))))
    .order_by(p.id.desc())
    .limit(bindparam("most")),
    int,
)
_SKILLS_BELOW = statement(
    select(k.id).where(k.id < bindparam("below")).order_by(k.id.desc()).limit(bindparam("most")), int
)
_BELOW = {"question": _QUESTIONS_BELOW, "person": _PEOPLE_BELOW, "skill": _SKILLS_BELOW}


class Search:
    """Searches, on one transaction that reads; and what has to be read again, on one that writes."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def changed(self, noun: Noun, *numbers: int) -> None:
        """Every process reads these texts again before it next searches."""
        self._tx.many(_CHANGED, [{"noun": noun, "number": number} for number in numbers])

    def forget_changes(self, *, keep: int = KEPT) -> None:
        """Only so many of the last changes are in the list."""
        self._tx.run(_DROP, keep=keep)

    def questions(self, text: str, most: int, *, meaning: Mapping[str, float] = NONE) -> list[Found[int]]:
        """The answered questions that are most like this text, the best first, whoever may see them.

        `meaning` is what its words mean too (`storage.meaning`).
        """
        return self._up_to_date().questions.search(of_question(text), most, meaning)

    def people(self, text: str, most: int, *, meaning: Mapping[str, float] = NONE) -> list[Found[int]]:
        """The people who say that they know about this, the best first, whoever may find them."""
        return self._up_to_date().people.search(counted((terms(text), 1)), most, meaning)

    def skills(self, text: str, most: int) -> list[Found[int]]:
        """The skills of the frameworks that a plain sentence is likest to mean, the best first."""
        return self._up_to_date().skills.search(of_sentence(text), most)

    def load(self) -> bool:
        """Whether there is more to read, after one part of what was there when this process started."""
        index = self._up_to_date()
        with index.lock:
            return self._load(index)

    def _up_to_date(self) -> Index:
        if self._tx.writes:
            raise RuntimeError("A search in a transaction that writes would make every other write wait for it.")
        index = self._tx.index
        with index.lock:
            oldest = self._tx.value(_OLDEST)
            if index.floor is None or (oldest is not None and oldest > index.last + 1):
                index.forget()
                position = self._tx.all(_POSITION)[0]
                for _ in index.below:  # where there is little, all of it is found from the first search on
                    self._load(index)
                index.last, index.floor = position
            else:
                self._catch_up(index)
            index.read_at = monotonic()
        return index

    def _catch_up(self, index: Index) -> None:
        """Where reading fails, nothing was read: the next one reads it again."""
        after = index.last if self._tx.dialect == "sqlite" else index.floor
        rows = self._tx.all(_SINCE[self._tx.dialect], after=after)
        new = {(noun, number) for noun, number, row in rows if row not in index.seen}
        for noun in index.below:
            numbers = sorted(number for kind, number in new if kind == noun)
            for at in range(0, len(numbers), PART):
                self._read(index, noun, numbers[at : at + PART])
        if rows:
            last, floor = self._tx.all(_POSITION)[0]
            index.seen = {row for _, _, row in rows}
            index.last, index.floor = last, max(index.floor or 0, floor)
            index.touched |= new

    def _load(self, index: Index) -> bool:
        """The newest part that was not read yet; what changed since is left to `_catch_up`."""
        noun = max(index.below, key=lambda noun: index.below[noun])
        if index.below[noun] == 0:
            index.touched.clear()
            return False
        numbers = self._tx.all(_BELOW[noun], below=index.below[noun], most=PART)
        self._read(index, noun, [number for number in numbers if (noun, number) not in index.touched])
        index.below[noun] = numbers[-1] if len(numbers) == PART else 0
        return True

    def _read(self, index: Index, noun: str, numbers: Sequence[int]) -> None:
        read = {"question": self._questions, "person": self._people, "skill": self._skills}
        texts = read[noun](numbers)
        kept: Postings[int] = {"question": index.questions, "person": index.people, "skill": index.skills}[noun]
        for number in numbers:
            kept.put(number, texts.get(number, {}))

    def _questions(self, numbers: Sequence[int]) -> dict[int, Mapping[str, int]]:
        answers: dict[int, list[str]] = {}
        for number, text in self._tx.all(_ANSWERS, numbers=numbers) if numbers else ():
            answers.setdefault(number, []).append(text)
        asked = self._tx.all(_QUESTIONS, numbers=sorted(answers)) if answers else []
        return {number: of_question(text, answers[number]) for number, text in asked}

    def _people(self, numbers: Sequence[int]) -> dict[int, Mapping[str, int]]:
        said: dict[int, list[tuple[list[str], int]]] = {}
        for number, words, level in self._tx.all(_SAID, numbers=numbers) if numbers else ():
            said.setdefault(number, []).append((terms(words), LEVEL[level]))
        found = self._tx.all(_PEOPLE, numbers=numbers) if numbers else []
        return {
            number: counted((terms(knows), 2), (terms(role), 1), *said.get(number, ())) for number, knows, role in found
        }

    def _skills(self, numbers: Sequence[int]) -> dict[int, Mapping[str, int]]:
        found = self._tx.all(_SKILLS, numbers=numbers) if numbers else []
        return {number: of_skill(name, description) for number, name, description in found}


def of_question(text: str, answers: Sequence[str] = ()) -> Counter[str]:
    """The terms of a question with its answers. A first line that can be its title counts three times."""
    first, _, rest = text.strip().partition("\n")
    if not rest or len(first) > LINE:
        first, rest = "", text
    return counted((terms(first), TITLE), (terms(rest), 1), *((terms(answer), 1) for answer in answers))


def of_skill(name: str, description: str) -> Counter[str]:
    """What a skill is found by: its terms, its words as they are spelt, and its pairs of terms."""
    return counted(*((kind, times) for text, times in ((name, NAME), (description, 1)) for kind in _kinds(text)))


def of_sentence(text: str) -> dict[str, float]:
    """The same of a plain sentence that may mean a skill, and how much each counts."""
    weighed = zip(_kinds(text), (1.0, SPELT, PAIR), strict=True)
    return {term: often * weight for kind, weight in weighed for term, often in Counter(kind).items()}


def _kinds(text: str) -> tuple[list[str], list[str], list[str]]:
    """Terms, words and pairs: none of one kind is one of another."""
    stems = terms(text)
    return stems, [f"={word}" for word in spelt(text)], [f"{one} {other}" for one, other in pairwise(stems)]
