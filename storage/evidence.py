"""What people did, as evidence of what they know: who answered which question, and how much each does where.

Activity fades, and the faded sums are kept by adding alone: an answer counts e^(its age at BEGINNING), and a sum is
read by dividing by e^(now's): forward decay (G. Cormode, V. Shkapenyuk, D. Srivastava and B. Xu, "Forward Decay: A
Practical Time Decay Model for Streaming Systems", 2009). So one UPDATE counts an answer, in whatever order they come.
"""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, delete, exists, func, literal, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.members import BROUGHT
from storage.statements import ConflictInsert, Epoch, statement
from storage.tables import columns, table

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
TEN_DAYS, QUARTER, HALF_YEAR = timedelta(days=10), timedelta(days=90), timedelta(days=180)
"""In which activity fades by 1/e. The shortest of them can be added up from 2007 until 2045."""
EXACT = 0.001
"""Seconds: how exactly an instant is read as a number."""
LARGEST = 700.0
"""The largest logarithm of what is added: a sum of thousands of such is a number still. Before and after, none fade."""


class Answered(NamedTuple):
    """That a person answered a question: which, who, when they first did, and whether it was accepted."""

    question_id: int
    person_id: int
    answered_at: datetime
    accepted: bool


class Doing(NamedTuple):
    """How much a person answers: in all, faded over 10 and 180 days, here faded over 90, and when they last answered or
    asked."""

    person_id: int
    answered: int
    ten_days: float
    half_year: float
    here: float
    last_at: datetime


e = columns(tables.Evidence)
a = columns(tables.Activity)
h = columns(tables.BusyHour)
c = columns(tables.Considered)
q = columns(tables.Question)
w = columns(tables.Answer)
o = columns(tables.Offer)

_people: Any = bindparam("people", expanding=True)
_question: Any = bindparam("question")
_person: Any = bindparam("person")

_ADD = statement(
    insert_or_ignore(table(tables.Evidence)).from_select(
        ["question_id", "person_id", "asker_id", "accepted", "thanked", "answered_at"],
        select(
            q.id, _person, q.asker_id, literal(False), literal(False), bindparam("now", type_=e.answered_at.type)
        ).where(q.id == _question, q.asker_id.is_distinct_from(_person)),
    )
)
_COMMUNITY = statement(select(q.community_id).where(q.id == _question), int)
_counting = ConflictInsert(table(tables.Activity)).values(
    person_id=_person,
    community_id=bindparam("community"),
    answered=bindparam("answered"),
    accepted=0,
    thanked=0,
    ten_days=bindparam("ten_days"),
    quarter=bindparam("quarter"),
    half_year=bindparam("half_year"),
    last_at=bindparam("now"),
)
_new = _counting.excluded
_LAST = case((a.last_at > _new.last_at, a.last_at), else_=_new.last_at)
_COUNT = statement(
    _counting.on_conflict_do_update(
        index_elements=["person_id", "community_id"],
        set_={
            "answered": a.answered + _new.answered,
            "ten_days": a.ten_days + _new.ten_days,
            "quarter": a.quarter + _new.quarter,
            "half_year": a.half_year + _new.half_year,
            "last_at": _LAST,
        },
    )
)
_ASKS = statement(
    ConflictInsert(table(tables.Activity))
    .from_select(
        ["person_id", "community_id", "answered", "accepted", "thanked", "ten_days", "quarter", "half_year", "last_at"],
        select(
            q.asker_id,
            q.community_id,
            *map(literal, (0, 0, 0, 0.0, 0.0, 0.0)),
            bindparam("now", type_=a.last_at.type),
        ).where(q.id == _question, q.asker_id.is_not(None)),
    )
    .on_conflict_do_update(index_elements=["person_id", "community_id"], set_={"last_at": _LAST})
)
_UNCOUNT = statement(
    update(table(tables.Activity))
    .where(a.person_id == _person, a.community_id == bindparam("community"))
    .values(
        answered=a.answered - 1,
        accepted=a.accepted - bindparam("was_accepted"),
        ten_days=a.ten_days - bindparam("less_ten_days"),
        quarter=a.quarter - bindparam("less_quarter"),
        half_year=a.half_year - bindparam("less_half_year"),
    )
)
_busy = ConflictInsert(table(tables.BusyHour)).values(
    person_id=_person, hour=bindparam("hour"), half_year=bindparam("half_year")
)
_BUSY = statement(
    _busy.on_conflict_do_update(
        index_elements=["person_id", "hour"], set_={"half_year": h.half_year + _busy.excluded.half_year}
    )
)
_OF = statement(
    select(e.question_id, e.person_id, e.answered_at, e.accepted).where(
        e.question_id == _question, e.person_id == _person
    ),
    Answered,
)
_DROP = statement(
    delete(table(tables.Evidence)).where(
        e.question_id == _question,
        e.person_id == _person,
        ~exists(
            select(w.id).where(
                w.question_id == _question, w.author_id == _person, w.state == "sent", w.kind == "answer"
            )
        ),
    )
)
_ACCEPT = statement(
    update(table(tables.Evidence))
    .where(e.question_id == _question, e.person_id == _person, e.accepted != bindparam("to_accepted"))
    .values(accepted=bindparam("to_accepted"))
)
_COUNT_ACCEPTED = statement(
    update(table(tables.Activity))
    .where(a.person_id == _person, a.community_id == bindparam("community"))
    .values(accepted=a.accepted + bindparam("more"))
)
_VOTES = statement(
    select(e.question_id, e.person_id, Epoch(e.answered_at)).where(
        e.question_id.in_(bindparam("questions", expanding=True))
    )
)
_DOING = statement(
    select(
        a.person_id,
        func.sum(a.answered),
        func.sum(a.ten_days),
        func.sum(a.half_year),
        func.sum(case((a.community_id == bindparam("community"), a.quarter), else_=0.0)),
        func.max(a.last_at, type_=a.last_at.type),
    )
    .where(a.person_id.in_(_people))
    .group_by(a.person_id),
    Doing,
)
_MOST_ACTIVE = statement(
    select(a.person_id)
    .where(a.community_id == bindparam("community"), a.quarter > 0)
    .order_by(a.quarter.desc(), a.person_id)
    .limit(bindparam("most")),
    int,
)
NEAR = {0: 1.0, 1: 0.94, 2: 0.78, 3: 0.57, 4: 0.37}
"""How much an hour of the day counts that is so many hours from now: e^(-(hours/4)^2)."""
_counts = case(
    {12 + side * apart: much for apart, much in NEAR.items() for side in (-1, 1)},
    value=(h.hour - bindparam("hour") + 36) % 24,
    else_=0.0,
)
_NEAR_NOW = statement(
    select(h.person_id, func.sum(h.half_year * _counts), func.sum(h.half_year))
    .where(h.person_id.in_(_people))
    .group_by(h.person_id)
)
_HELPED = statement(
    select(e.person_id, func.count())
    .where(e.asker_id == bindparam("asker"), e.person_id.in_(_people))
    .group_by(e.person_id)
)
_HELPED_BY = statement(
    select(e.asker_id, func.count())
    .where(e.asker_id.in_(_people), e.person_id == bindparam("asker"))
    .group_by(e.asker_id)
)
_BROUGHT_LATELY = statement(
    select(o.person_id, func.count())
    .where(o.person_id.in_(_people), o.state.in_(BROUGHT), o.offered_at > bindparam("since"))
    .group_by(o.person_id)
)
_ASKED = statement(select(q.id, q.asked_at).where(q.id.in_(bindparam("questions", expanding=True))))
_CONSIDER = statement(
    insert_or_ignore(table(tables.Considered)).values(
        question_id=_question, person_id=_person, signs=bindparam("signs"), at=bindparam("now")
    )
)
_CONSIDERED_FOR = statement(select(c.person_id).where(c.question_id == _question).order_by(c.id), int)


def faded(at: datetime, life: timedelta) -> float:
    """What an answer of this instant adds to a sum that fades in `life`: above 0, and never too much for a number."""
    return math.exp(max(-LARGEST, min((at - BEGINNING) / life, LARGEST)))


class EvidenceLog:
    """Queries about what people did, on one transaction. For Signpost's own ranking: it names people whatever they let
    others see, so nothing of it is shown before the people are found to be visible."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def answered(self, question: int, person: int, now: datetime) -> None:
        """This person has answered the question, which counts once; their own question is none."""
        new = self._tx.run(_ADD, question=question, person=person, now=now)
        community = self._tx.value(_COMMUNITY, question=question)
        lives = {"ten_days": TEN_DAYS, "quarter": QUARTER, "half_year": HALF_YEAR}
        adds = {name: faded(now, life) if new else 0.0 for name, life in lives.items()}
        self._tx.run(_COUNT, person=person, community=community, now=now, answered=new, **adds)
        if new:
            self._tx.run(_BUSY, person=person, hour=now.astimezone(UTC).hour, half_year=adds["half_year"])

    def asks(self, question: int, now: datetime) -> None:
        """Who asked it was here now."""
        self._tx.run(_ASKS, question=question, now=now)

    def taken_back(self, question: int, person: int) -> None:
        """It counts no longer that this person answered, where no answer of theirs is left."""
        was = self.of(question, person)
        if was is None or self._tx.run(_DROP, question=question, person=person) == 0:
            return
        at = was.answered_at
        community = self._tx.value(_COMMUNITY, question=question)
        less = {"ten_days": faded(at, TEN_DAYS), "quarter": faded(at, QUARTER), "half_year": faded(at, HALF_YEAR)}
        said = {f"less_{name}": value for name, value in less.items()}
        self._tx.run(_UNCOUNT, person=person, community=community, was_accepted=int(was.accepted), **said)
        self._tx.run(_BUSY, person=person, hour=at.astimezone(UTC).hour, half_year=-less["half_year"])

    def accepted(self, question: int, person: int, *, whether: bool = True) -> None:
        """Their answer is the one that was accepted, or is so no more."""
        if self._tx.run(_ACCEPT, question=question, person=person, to_accepted=whether) == 1:
            community = self._tx.value(_COMMUNITY, question=question)
            self._tx.run(_COUNT_ACCEPTED, person=person, community=community, more=1 if whether else -1)

    def of(self, question: int, person: int) -> Answered | None:
        """That this person answered the question, if they did."""
        return self._tx.one(_OF, question=question, person=person)

    def votes(self, questions: Sequence[int], now: datetime) -> list[tuple[int, int, float]]:
        """Which of these questions who answered until now, and how many seconds ago."""
        then = now.timestamp()
        rows = self._tx.all(_VOTES, questions=questions) if questions else []
        return [(question, person, max(then - at, 0.0)) for question, person, at in rows if at <= then + EXACT]

    def most_active(self, community: int, most: int) -> list[int]:
        """The people who answered most in this community lately."""
        return self._tx.all(_MOST_ACTIVE, community=community, most=most)

    def doing(self, people: Sequence[int], community: int, now: datetime) -> dict[int, Doing]:
        """How much each of these people does, as faded until now; those who never answered are left out."""
        ten_days, quarter, half_year = (1 / faded(now, life) for life in (TEN_DAYS, QUARTER, HALF_YEAR))
        found = self._tx.all(_DOING, people=people, community=community) if people else []
        return {
            one.person_id: one._replace(
                ten_days=one.ten_days * ten_days, half_year=one.half_year * half_year, here=one.here * quarter
            )
            for one in found
        }

    def near_now(self, people: Sequence[int], now: datetime) -> dict[int, float]:
        """For each of these people, which share of what they do is about this hour of the day; from 0 to 1."""
        rows = self._tx.all(_NEAR_NOW, people=people, hour=now.astimezone(UTC).hour) if people else []
        return {person: max(near, 0.0) / whole for person, near, whole in rows if whole > 0}

    def helped(self, asker: int, people: Sequence[int]) -> dict[int, int]:
        """How many questions of this asker each of these people answered before."""
        return dict(self._tx.all(_HELPED, asker=asker, people=people)) if people else {}

    def helped_by(self, asker: int, people: Sequence[int]) -> dict[int, int]:
        """How many questions of each of these people this asker answered before."""
        return dict(self._tx.all(_HELPED_BY, asker=asker, people=people)) if people else {}

    def brought_lately(self, people: Sequence[int], since: datetime) -> dict[int, int]:
        """How many questions each of these people was brought since then."""
        return dict(self._tx.all(_BROUGHT_LATELY, people=people, since=since)) if people else {}

    def asked(self, questions: Sequence[int]) -> dict[int, datetime]:
        """When each of these questions was asked."""
        return dict(self._tx.all(_ASKED, questions=questions)) if questions else {}

    def consider(self, question: int, signs: Mapping[int, Sequence[float]], now: datetime) -> None:
        """What spoke for these people is kept, so that the weights can be fitted to who answers."""
        rows = [
            {"question": question, "person": person, "signs": json.dumps([round(one, 4) for one in each]), "now": now}
            for person, each in signs.items()
        ]
        self._tx.many(_CONSIDER, rows)

    def considered_for(self, question: int) -> list[int]:
        """The people who were considered for this question, the best first."""
        return self._tx.all(_CONSIDERED_FOR, question=question)
