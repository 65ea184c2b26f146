"""What organisations let cross between them: each one's own consent, and the agreement where both gave theirs."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, insert, or_, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table

KINDS = ("questions", "names")
"""What may cross: questions with who asks and answers them, and the names of those who let others find them."""


class Consent(NamedTuple):
    """What one organisation lets cross to another, or to every verified one where `other_id` is None."""

    organisation_id: int
    other_id: int | None
    kinds: str


class Agreed(NamedTuple):
    """What crosses between two organisations now."""

    first_id: int
    second_id: int
    questions: bool
    names: bool
    agreed_at: datetime


c = columns(tables.Consent)
g = columns(tables.Agreement)

_open = c.ended_at.is_(None)
_GIVE = statement(
    insert(table(tables.Consent)).values(
        organisation_id=bindparam("organisation"),
        other_id=bindparam("other"),
        kinds=bindparam("kinds"),
        given_by=bindparam("by"),
        given_at=bindparam("now"),
    )
)
_END = statement(
    update(table(tables.Consent))
    .where(c.organisation_id == bindparam("organisation"), c.other_id == bindparam("other"), _open)
    .values(ended_at=bindparam("now"))
)
_END_FOR_ALL = statement(
    update(table(tables.Consent))
    .where(c.organisation_id == bindparam("organisation"), c.other_id.is_(None), _open)
    .values(ended_at=bindparam("now"))
)
_CONSENTS = statement(
    select(c.organisation_id, c.other_id, c.kinds)
    .where(_open, or_(c.organisation_id == bindparam("organisation"), c.other_id == bindparam("organisation")))
    .order_by(c.id),
    Consent,
)
_FOR_ALL = statement(
    select(c.organisation_id, c.other_id, c.kinds).where(_open, c.other_id.is_(None)).order_by(c.id), Consent
)
_EVERY = statement(select(c.organisation_id, c.other_id, c.kinds).where(_open).order_by(c.id), Consent)
_AGREEMENT = (g.first_id, g.second_id, g.questions, g.names, g.agreed_at)
_AGREED = statement(
    select(*_AGREEMENT)
    .where(
        g.ended_at.is_(None),
        or_(g.first_id == bindparam("organisation"), g.second_id == bindparam("organisation")),
    )
    .order_by(g.id),
    Agreed,
)
_ALL_AGREED = statement(select(*_AGREEMENT).where(g.ended_at.is_(None)).order_by(g.id), Agreed)
_pair = and_(g.first_id == bindparam("first"), g.second_id == bindparam("second"))
_FIRST_AGREED = statement(
    insert_or_ignore(table(tables.Agreement)).values(
        first_id=bindparam("first"),
        second_id=bindparam("second"),
        questions=bindparam("questions"),
        names=bindparam("names"),
        agreed_at=bindparam("now"),
    )
)
_AGREED_AGAIN = statement(
    update(table(tables.Agreement))
    .where(_pair)
    .values(questions=bindparam("to_questions"), names=bindparam("to_names"), agreed_at=bindparam("now"), ended_at=None)
)
_OVER = statement(update(table(tables.Agreement)).where(_pair, g.ended_at.is_(None)).values(ended_at=bindparam("now")))


_ASKED_BY = statement(
    select(c.given_by)
    .where(c.organisation_id == bindparam("organisation"), c.other_id == bindparam("other"), _open)
    .order_by(c.id.desc())
    .limit(1)
)


class Consents:
    """Queries about what organisations let cross, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def every(self) -> list[Consent]:
        """Every consent that holds."""
        return self._tx.all(_EVERY)

    def agreed(self) -> list[Agreed]:
        """What crosses between which organisations now, the oldest first."""
        return self._tx.all(_ALL_AGREED)

    def of(self, organisation: int) -> list[Agreed]:
        """What crosses between this organisation and others now, the oldest first."""
        return self._tx.all(_AGREED, organisation=organisation)

    def concerning(self, organisation: int) -> list[Consent]:
        """What this organisation lets cross, and what others let cross to it by name, the oldest first."""
        return self._tx.all(_CONSENTS, organisation=organisation)

    def asked_by(self, organisation: int, other: int) -> int | None:
        """Who said, for the one organisation, that things may cross to the other by name."""
        person: int | None = self._tx.value(_ASKED_BY, organisation=organisation, other=other)
        return person

    def given(self, organisation: int, other: int) -> str:
        """The kinds that this organisation lets cross to the other, as they are kept; "" for none.

        What it says of the other by name counts; what it says of all, only where it says nothing of the other.
        """
        own = [one for one in self._tx.all(_CONSENTS, organisation=organisation) if one.organisation_id == organisation]
        by_name = [one.kinds for one in own if one.other_id == other]
        return (by_name or [one.kinds for one in own if one.other_id is None] or [""])[-1]

    def give(self, organisation: int, other: int | None, kinds: str, *, by: int | None, now: datetime) -> None:
        """The organisation lets these kinds cross, instead of what it let before; with the other side's, they cross."""
        self._end(organisation, other, now)
        self._tx.run(_GIVE, organisation=organisation, other=other, kinds=kinds, by=by, now=now)
        self._settle(organisation, now)

    def both(self, one: int, other: int, now: datetime) -> None:
        """Both let everything cross to the other, as whoever runs Signpost says on behalf of both."""
        for organisation, another in ((one, other), (other, one)):
            self.give(organisation, another, " ".join(KINDS), by=None, now=now)

    def end(self, organisation: int, other: int | None, now: datetime) -> bool:
        """Whether it had let anything cross there; nothing of this consent crosses any more."""
        ended = self._end(organisation, other, now)
        self._settle(organisation, now)
        return ended

    def _end(self, organisation: int, other: int | None, now: datetime) -> bool:
        if other is None:
            return self._tx.run(_END_FOR_ALL, organisation=organisation, now=now) > 0
        return self._tx.run(_END, organisation=organisation, other=other, now=now) > 0

    def _settle(self, organisation: int, now: datetime) -> None:
        """The agreements of this organisation are what both sides let cross, and no others."""
        known = {(one.first_id, one.second_id): one for one in self._tx.all(_AGREED, organisation=organisation)}
        said = {
            (one.organisation_id, one.other_id): one.kinds
            for one in [*self._tx.all(_FOR_ALL), *self._tx.all(_CONSENTS, organisation=organisation)]
        }
        concerned = {number for pair in (*said, *known) for number in pair if number is not None} - {organisation}
        for other in concerned:
            mine, theirs = _lets(said, organisation, other), _lets(said, other, organisation)
            both = [kind for kind in KINDS if kind in mine and kind in theirs]
            first, second = sorted((organisation, other))
            before = known.get((first, second))
            if not both:
                if before is not None:
                    self._tx.run(_OVER, first=first, second=second, now=now)
                continue
            questions, names = "questions" in both, "names" in both
            if before is not None and (before.questions, before.names) == (questions, names):
                continue
            kinds = {"first": first, "second": second, "now": now}
            if not self._tx.run(_FIRST_AGREED, **kinds, questions=questions, names=names):
                self._tx.run(_AGREED_AGAIN, **kinds, to_questions=questions, to_names=names)


def _lets(said: Mapping[tuple[int, int | None], str], one: int, other: int) -> list[str]:
    """The kinds that the one lets cross to the other, as in `Consents.given`."""
    return said.get((one, other), said.get((one, None), "")).split()
