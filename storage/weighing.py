"""What the ranking is fitted to each night, and what came of it: what each sign counts, and who answers readily."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, exists, select

from storage import tables
from storage.database import Transaction
from storage.statements import ConflictInsert, statement, upsert
from storage.tables import columns, table


class Weighed(NamedTuple):
    """What spoke for a person when a question was ranked, and whether they have answered it."""

    question_id: int
    person_id: int
    features: list[float]
    answered: bool


c = columns(tables.Considered)
e = columns(tables.Evidence)
g = columns(tables.Weight)
r = columns(tables.Readiness)

_person: Any = bindparam("person")
_WEIGHTS = statement(select(g.sign, g.value))
_WEIGH = statement(
    upsert(table(tables.Weight), ["sign"], ["value", "fitted_at"]).values(
        sign=bindparam("sign"), value=bindparam("value"), fitted_at=bindparam("now")
    )
)
_READINESS = statement(select(r.person_id, r.value).where(r.person_id.in_(bindparam("people", expanding=True))))
_UNREADY = statement(delete(table(tables.Readiness)))
_READY = statement(
    ConflictInsert(table(tables.Readiness))
    .from_select(
        ["person_id", "value"],
        select(_person, bindparam("value")).where(exists(select(c.id).where(c.person_id == _person))),
    )
    .on_conflict_do_nothing()
)
"""Only of who is still among those considered: who was forgotten since it was counted is not."""
_SIGNS = statement(
    select(
        c.question_id,
        c.person_id,
        c.signs,
        exists(select(e.id).where(e.question_id == c.question_id, e.person_id == c.person_id)),
    )
    .where(exists(select(e.id).where(e.question_id == c.question_id)))
    .order_by(c.question_id.desc(), c.id)
    .limit(bindparam("most"))
)
_DROP_CONSIDERED = statement(delete(table(tables.Considered)).where(c.at < bindparam("before")))


class Weighing:
    """Queries about what the ranking is fitted to, on one transaction. For Signpost alone: nothing of it is shown."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def weights(self) -> dict[str, float]:
        """What each sign counts in the ranking here, by its name; nothing until it was fitted."""
        return dict(self._tx.all(_WEIGHTS))

    def weigh(self, weights: Mapping[str, float], now: datetime) -> None:
        """Each sign counts as much from now on."""
        self._tx.many(_WEIGH, [{"sign": sign, "value": value, "now": now} for sign, value in weights.items()])

    def readiness(self, people: list[int]) -> dict[int, float]:
        """How much more than expected each of these people answers; who is left out answers as expected."""
        return dict(self._tx.all(_READINESS, people=people)) if people else {}

    def are_ready(self, much: Mapping[int, float]) -> None:
        """These people answer so much more than expected, and everybody else as expected."""
        self._tx.run(_UNREADY)
        self._tx.many(_READY, [{"person": person, "value": value} for person, value in sorted(much.items())])

    def considered(self, most: int) -> list[Weighed]:
        """Of the last questions that were answered, everybody considered, in the order in which they were ranked."""
        found = self._tx.all(_SIGNS, most=most)
        return [
            Weighed(question, person, json.loads(signs), bool(whether)) for question, person, signs, whether in found
        ]

    def forget_considered(self, before: datetime) -> None:
        """What was considered before then is gone."""
        self._tx.run(_DROP_CONSIDERED, before=before)
