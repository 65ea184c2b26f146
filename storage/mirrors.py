"""Mirrors: which records which people see in their chats, and where the message is."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table


class Mirror(NamedTuple):
    """One record as one person sees it; `message` is "" until it was first sent."""

    id: int
    subject: str
    subject_id: int
    person_id: int
    account_id: int
    under_id: int | None
    conversation: str
    message: str


r = columns(tables.Mirror)
MIRROR = (r.id, r.subject, r.subject_id, r.person_id, r.account_id, r.under_id, r.conversation, r.message)

_ADD = statement(
    insert_or_ignore(table(tables.Mirror))
    .values(
        subject=bindparam("subject"),
        subject_id=bindparam("number"),
        person_id=bindparam("person"),
        account_id=bindparam("account"),
        under_id=bindparam("under"),
        conversation="",
        message="",
        created_at=bindparam("now"),
    )
    .returning(r.id)
)
_GET = statement(select(*MIRROR).where(r.id == bindparam("mirror")), Mirror)
_OF = statement(
    select(*MIRROR).where(
        r.subject == bindparam("subject"), r.subject_id == bindparam("number"), r.person_id == bindparam("person")
    ),
    Mirror,
)
_ALL = statement(
    select(*MIRROR).where(r.subject == bindparam("subject"), r.subject_id == bindparam("number")).order_by(r.id),
    Mirror,
)
_AT = statement(select(*MIRROR).where(r.account_id == bindparam("account"), r.message == bindparam("message")), Mirror)
_PLACE = statement(
    update(table(tables.Mirror))
    .where(r.id == bindparam("mirror"))
    .values(conversation=bindparam("to_conversation"), message=bindparam("to_message"))
)


class Mirrors:
    """Queries about mirrors, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(
        self, subject: tuple[str, int], person: int, account: int, now: datetime, *, under: int | None = None
    ) -> int | None:
        """The new mirror of a record for one person, in the thread of `under`; None where they have one."""
        kind, number = subject
        mirror: int | None = self._tx.value(
            _ADD, subject=kind, number=number, person=person, account=account, under=under, now=now
        )
        return mirror

    def get(self, mirror: int) -> Mirror | None:
        """The mirror with this number."""
        return self._tx.one(_GET, mirror=mirror)

    def of(self, subject: tuple[str, int], person: int) -> Mirror | None:
        """This person's mirror of the record."""
        return self._tx.one(_OF, subject=subject[0], number=subject[1], person=person)

    def all(self, subject: tuple[str, int]) -> list[Mirror]:
        """Every mirror of the record, the oldest first."""
        return self._tx.all(_ALL, subject=subject[0], number=subject[1])

    def at(self, account: int, message: str) -> Mirror | None:
        """The mirror that this message in this account's chat is."""
        return self._tx.one(_AT, account=account, message=message)

    def place(self, mirror: int, conversation: str, message: str) -> None:
        """The mirror is this message now."""
        self._tx.run(_PLACE, mirror=mirror, to_conversation=conversation, to_message=message)
