"""Skills of the frameworks, and what people say they know: those skills, and topics in their own words."""

import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, delete, exists, or_, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.scope import crosses
from storage.search import Search
from storage.statements import statement, upsert
from storage.tables import columns, table
from storage.terms import terms

LEVELS = ("", "awareness", "working", "practitioner", "expert")
"""From none said to the highest: those of the Government Digital and Data Profession Capability Framework."""
HALF_YEAR = timedelta(days=182)
"""After which people are asked whether what they say they know is still right."""


class Skill(NamedTuple):
    """A skill of a framework, and the roles that need it, with a bar between."""

    id: int
    name: str
    roles: str


class Said(NamedTuple):
    """What a person says they know: in which words, how well, and when they last said or confirmed it.

    `skill_id` is None for a topic of their own.
    """

    id: int
    person_id: int
    skill_id: int | None
    words: str
    level: str
    at: datetime


k = columns(tables.Skill)
s = columns(tables.PersonSkill)
p = columns(tables.Person)
c = columns(tables.Confirming)

_listed = (k.archived.is_(False),)
_ALL = statement(select(k.id, k.name, k.roles).where(*_listed).order_by(k.name), Skill)
_BY_NUMBER = statement(
    select(k.id, k.name, k.roles).where(k.id.in_(bindparam("numbers", expanding=True)), *_listed), Skill
)
_last = case((s.confirmed_at.is_not(None), s.confirmed_at), else_=s.said_at)
SAID = (s.id, s.person_id, s.skill_id, s.words, s.level, _last)
_mine = s.person_id == bindparam("person")
_OF = statement(select(*SAID).where(_mine).order_by(s.folded), Said)
_ONE = statement(select(*SAID).where(s.id == bindparam("number"), _mine), Said)
_SAYING = statement(
    select(*SAID)
    .join_from(table(tables.PersonSkill), table(tables.Person), p.id == s.person_id)
    .where(
        s.person_id.in_(bindparam("people", expanding=True)),
        or_(
            p.id == bindparam("viewer"),
            and_(p.findable.is_(True), p.active.is_(True), p.verified.is_(True), crosses(p.organisation_id, "names")),
        ),
    )
    .order_by(s.id),
    Said,
)
_SAY = statement(
    upsert(
        table(tables.PersonSkill), ["person_id", "folded"], ["skill_id", "words", "level", "said_at", "confirmed_at"]
    )
    .values(
        person_id=bindparam("person"),
        skill_id=bindparam("skill"),
        words=bindparam("words"),
        folded=bindparam("folded"),
        level=bindparam("level"),
        said_at=bindparam("now"),
        confirmed_at=None,
    )
    .returning(s.id)
)
_LEVEL = statement(
    update(table(tables.PersonSkill))
    .where(s.id == bindparam("number"), _mine)
    .values(level=bindparam("to_level"), said_at=bindparam("now"), confirmed_at=None)
)
_DROP = statement(delete(table(tables.PersonSkill)).where(s.id == bindparam("number"), _mine))
_CONFIRM = statement(update(table(tables.PersonSkill)).where(_mine).values(confirmed_at=bindparam("now")))
_CONFIRM_LATER = statement(
    upsert(table(tables.Confirming), ["person_id"], ["due_at"]).values(
        person_id=bindparam("person"), due_at=bindparam("due")
    )
)
_says_anything = or_(p.knows != "", exists(select(s.id).where(s.person_id == p.id)))
_DUE = statement(
    select(c.person_id, c.due_at)
    .join_from(table(tables.Confirming), table(tables.Person), p.id == c.person_id)
    .where(
        c.due_at <= bindparam("now"),
        p.active.is_(True),
        or_(p.asked.is_(True), p.findable.is_(True)),
        _says_anything,
    )
    .order_by(c.due_at, c.person_id)
    .limit(bindparam("most"))
)
_PUT_OFF = statement(
    update(table(tables.Confirming))
    .where(c.person_id == bindparam("person"), c.due_at == bindparam("was"))
    .values(due_at=bindparam("due"))
)
_BEGIN = statement(
    insert_or_ignore(table(tables.Confirming)).from_select(
        ["person_id", "due_at"],
        select(p.id, bindparam("due", type_=c.due_at.type))
        .where(p.knows != "", ~exists(select(c.id).where(c.person_id == p.id)))
        .limit(bindparam("most")),
    )
)


class Skills:
    """Queries about skills and what people say they know, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def all(self) -> list[Skill]:
        """Every skill that somebody may say they have, by name. Open to everyone."""
        return self._tx.all(_ALL)

    def among(self, numbers: Sequence[int]) -> list[Skill]:
        """Those of these skills that are in a framework now, in this order. Open to everyone."""
        found = {one.id: one for one in self._tx.all(_BY_NUMBER, numbers=numbers)} if numbers else {}
        return [found[number] for number in numbers if number in found]

    def of(self, person: int) -> list[Said]:
        """What this person says they know, by name: for themselves."""
        return self._tx.all(_OF, person=person)

    def one(self, number: int, person: int) -> Said | None:
        """What this person said under this number, if it is theirs."""
        return self._tx.one(_ONE, number=number, person=person)

    def say(self, person: int, words: str, skill: int | None, level: str, now: datetime) -> int:
        """The person says that they know this so well; what they said of it before is replaced. The number of it."""
        given = {"words": words, "folded": folded(words), "skill": skill, "level": level}
        number: int = self._tx.value(_SAY, person=person, now=now, **given)
        self._changed(person, now)
        return number

    def change_level(self, number: int, person: int, level: str, now: datetime) -> bool:
        """Whether the person said this: they say that they know it so well from now on."""
        changed = self._tx.run(_LEVEL, number=number, person=person, to_level=level, now=now) == 1
        if changed:
            self._changed(person, now)
        return changed

    def drop(self, number: int, person: int) -> bool:
        """Whether the person said this; they do so no more."""
        dropped = self._tx.run(_DROP, number=number, person=person) == 1
        if dropped:
            Search(self._tx).changed("person", person)
        return dropped

    def matching(self, people: Sequence[int], about: Collection[str], *, viewer: Any) -> dict[int, Said]:
        """What each of these people says that fits these terms best, and at which level; who says nothing of them is
        left out, and so is whom the viewer may not find."""
        if not people:
            return {}
        found: dict[int, list[Said]] = {}
        for one in self._tx.all(_SAYING, people=people, viewer=viewer.id, **viewer.scope):
            found.setdefault(one.person_id, []).append(one)
        best = {person: best_fit(about, said) for person, said in found.items()}
        return {person: said for person, said in best.items() if said is not None}

    def said(self, person: int, now: datetime) -> None:
        """They have just said what they know: in half a year they are asked whether it is still right."""
        self._tx.run(_CONFIRM_LATER, person=person, due=now + HALF_YEAR)

    def confirm(self, person: int, now: datetime) -> None:
        """All that they say they know is still right."""
        self._tx.run(_CONFIRM, person=person, now=now)
        self.said(person, now)

    def begin(self, most: int, now: datetime) -> int:
        """How many people who said a line, and were never to be asked about it, are to be asked in half a year."""
        return self._tx.run(_BEGIN, most=most, due=now + HALF_YEAR)

    def due(self, most: int, now: datetime) -> list[tuple[int, datetime]]:
        """Who is to be asked whether it is still right, and since when: those who say something that is of use."""
        return [(int(person), at) for person, at in self._tx.all(_DUE, most=most, now=now)]

    def put_off(self, person: int, was: datetime, now: datetime) -> bool:
        """Whether they were still to be asked since then; now they are not for half a year, whatever they answer."""
        return self._tx.run(_PUT_OFF, person=person, was=was, due=now + HALF_YEAR) == 1

    def _changed(self, person: int, now: datetime) -> None:
        Search(self._tx).changed("person", person)
        self.said(person, now)


def folded(words: str) -> str:
    """How what people know is compared: without capitals, and with single spaces. Signs stay: C is not C#."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def best_fit(about: Collection[str], said: Sequence[Said]) -> Said | None:
    """Of what somebody says, what has most of its terms among these; of two that have as many, the higher level.

    None where nothing has one.
    """
    wanted = frozenset(about)

    def fits(one: Said) -> tuple[float, int, int]:
        own = frozenset(terms(one.words))
        shared = len(own & wanted)
        return (shared / max(len(own), 1), shared, LEVELS.index(one.level))

    best = max(said, key=fits, default=None)
    return best if best is not None and fits(best)[0] > 0 else None
