"""Invitations to join a community. Those to own one are in the same table: `storage.owning`."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table

JOIN = "join"


class Invitation(NamedTuple):
    """One person's invitation to a community. `state`: waiting, accepted, declined."""

    id: int
    community_id: int
    person_id: int
    kind: str
    by_id: int | None
    state: str
    invited_at: datetime


i = columns(tables.Invitation)
INVITATION = (i.id, i.community_id, i.person_id, i.kind, i.by_id, i.state, i.invited_at)

_theirs = (
    i.community_id == bindparam("community"),
    i.person_id == bindparam("person"),
    i.kind == JOIN,
)
_GET = statement(select(*INVITATION).where(i.id == bindparam("invitation"), i.kind == JOIN), Invitation)
_WAITING = statement(select(*INVITATION).where(*_theirs, i.state == "waiting"), Invitation)
# What was accepted is over: who left since may be invited again. What was declined stays declined.
_FORGET_ACCEPTED = statement(delete(table(tables.Invitation)).where(*_theirs, i.state == "accepted"))
ADD = statement(
    insert_or_ignore(table(tables.Invitation))
    .values(
        community_id=bindparam("community"),
        person_id=bindparam("person"),
        kind=bindparam("kind"),
        by_id=bindparam("by"),
        state="waiting",
        invited_at=bindparam("now"),
    )
    .returning(i.id)
)
_ANSWER = statement(
    update(table(tables.Invitation)).where(*_theirs, i.state == "waiting").values(state=bindparam("to_state"))
)


class Invitations:
    """Queries about invitations to join, on one transaction. Whose they are is for the caller to check."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, community: int, person: int, *, by: int | None, now: datetime) -> int | None:
        """The new invitation, which waits; None where one waits already, or they declined one before."""
        theirs = {"community": community, "person": person}
        self._tx.run(_FORGET_ACCEPTED, **theirs)
        number: int | None = self._tx.value(ADD, **theirs, kind=JOIN, by=by, now=now)
        return number

    def get(self, invitation: int) -> Invitation | None:
        """The invitation with this number."""
        return self._tx.one(_GET, invitation=invitation)

    def waiting(self, community: int, person: int) -> Invitation | None:
        """This person's invitation, while it waits for their answer."""
        return self._tx.one(_WAITING, community=community, person=person)

    def answer(self, community: int, person: int, *, accepted: bool) -> bool:
        """Whether an invitation of theirs waited; it is accepted or declined now."""
        state = "accepted" if accepted else "declined"
        return self._tx.run(_ANSWER, community=community, person=person, to_state=state) == 1
