"""What is left behind by somebody who is gone: what waits for their answer, and communities that they alone owned."""

from sqlalchemy import bindparam, exists, select

from storage import tables
from storage.database import Transaction
from storage.statements import statement
from storage.tables import columns, table

f = columns(tables.Offer)
q = columns(tables.Question)
c = columns(tables.Community)
m = columns(tables.Membership)

_WAITING = statement(
    select(f.question_id)
    .join_from(table(tables.Offer), table(tables.Question), q.id == f.question_id)
    .where(f.person_id == bindparam("person"), f.state == "offered", q.state == "open")
    .order_by(f.id),
    int,
)
_other = table(tables.Membership).alias("other")
_others = (
    _other.c.community_id == m.community_id,
    _other.c.person_id != bindparam("person"),
    _other.c.active.is_(True),
)
_owned = (
    select(c.id)
    .join_from(table(tables.Membership), table(tables.Community), c.id == m.community_id)
    .where(m.person_id == bindparam("person"), m.owner.is_(True), c.state == "active")
    .order_by(c.id)
)
_ALONE = statement(
    _owned.where(
        c.ownerless_since.is_(None),
        exists(select(_other.c.id).where(*_others)),
        ~exists(select(_other.c.id).where(*_others, _other.c.owner.is_(True))),
    ),
    int,
)
_LOOKING = statement(_owned.where(c.ownerless_since.is_not(None)), int)


class Leavers:
    """Queries about what somebody leaves behind, on one transaction. For Signpost itself, not to show to anybody."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def waiting(self, person: int) -> list[int]:
        """The open questions that wait for this person's answer, the oldest first."""
        return self._tx.all(_WAITING, person=person)

    def owned_alone(self, person: int) -> list[int]:
        """Communities with other members that only this person owns, and that do not look for an owner yet."""
        return self._tx.all(_ALONE, person=person)

    def looking(self, person: int) -> list[int]:
        """Communities of which this person is an owner and that look for one."""
        return self._tx.all(_LOOKING, person=person)
