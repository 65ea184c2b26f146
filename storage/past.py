"""Questions that were asked and answered elsewhere, brought into a community: nobody here asked or answered them."""

from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.search import Search
from storage.statements import statement
from storage.tables import columns, table


class Past(NamedTuple):
    """A question with one answer, and when each was said."""

    question: str
    answer: str
    asked_at: datetime
    answered_at: datetime


class Place(NamedTuple):
    """A community, and the organisation that what is brought into it is of: where that may cross, it is shown."""

    community: int
    organisation: int


q = columns(tables.Question)
w = columns(tables.Answer)
m = columns(tables.Membership)
c = columns(tables.Community)

_places = (
    select(c.id, m.organisation_id)
    .join_from(table(tables.Community), table(tables.Membership), m.community_id == c.id)
    .where(
        c.slug == bindparam("slug"),
        c.state == "active",
        m.owner.is_(True),
        m.active.is_(True),
        m.organisation_id.is_not(None),
    )
)
_PLACE = statement(_places.order_by(m.joined_at, m.person_id).limit(1), Place)
_PLACE_OF = statement(_places.where(m.person_id == bindparam("owner")), Place)
_IS_THERE = statement(select(c.id).where(c.slug == bindparam("slug"), c.state == "active"), int)
_ADD = statement(
    insert_or_ignore(table(tables.Question))
    .values(
        community_id=bindparam("community"),
        organisation_id=bindparam("organisation"),
        text=bindparam("text"),
        source="import",
        origin=bindparam("origin"),
        state="answered",
        asked_at=bindparam("asked"),
        answered_at=bindparam("answered"),
    )
    .returning(q.id)
)
_KNOWN = statement(select(q.id).where(q.origin == bindparam("origin")), int)
_SAME = statement(select(w.id).where(w.question_id == bindparam("question"), w.text == bindparam("text")), int)
_ANSWER = statement(
    insert(table(tables.Answer))
    .values(
        question_id=bindparam("question"),
        organisation_id=bindparam("organisation"),
        kind="answer",
        text=bindparam("text"),
        state="sent",
        edited=False,
        written_at=bindparam("answered"),
    )
    .returning(w.id)
)
_ACCEPTED = statement(
    update(table(tables.Question)).where(q.id == bindparam("question")).values(accepted_id=bindparam("answer"))
)


class PastQuestions:
    """What an import of questions writes, on one transaction. Doing it again changes nothing more."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def is_there(self, slug: str) -> bool:
        """Whether there is an active community of this slug."""
        return self._tx.one(_IS_THERE, slug=slug) is not None

    def place(self, slug: str, owner: int | None = None) -> Place | None:
        """Where it belongs: the community of this slug, in the name of its owner who is longest there and verified.

        Or in the name of this owner; None where they own it no more, or are not verified.
        """
        return self._tx.one(_PLACE, slug=slug) if owner is None else self._tx.one(_PLACE_OF, slug=slug, owner=owner)

    def bring(self, past: Past, place: Place) -> Literal["added", "changed", "same"]:
        """The question is answered in this community; one that was brought before has one answer more, if it is new."""
        origin = _origin(past.question, place.community)
        where = {"community": place.community, "organisation": place.organisation}
        times = {"asked": past.asked_at, "answered": past.answered_at}
        number = self._tx.value(_ADD, text=past.question, origin=origin, **where, **times)
        if number is not None:
            self._tx.run(_ACCEPTED, question=number, answer=self._answer(number, past, place))
            return "added"
        known = self._tx.one(_KNOWN, origin=origin)
        if known is None or self._tx.one(_SAME, question=known, text=past.answer) is not None:
            return "same"
        self._answer(known, past, place)
        return "changed"

    def _answer(self, question: int, past: Past, place: Place) -> int:
        said = {"organisation": place.organisation, "text": past.answer, "answered": past.answered_at}
        number: int = self._tx.value(_ANSWER, question=question, **said)
        Search(self._tx).changed("question", question)
        return number


def _origin(question: str, community: int) -> str:
    """The same for the same words in one community, however they are spaced and whatever case they are in."""
    words = " ".join(question.casefold().split())
    return sha256(f"{community} {words}".encode()).hexdigest()
