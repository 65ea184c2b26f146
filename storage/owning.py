"""Who is asked to own a community: by an owner, to take over from one, or because one is looked for."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from storage import tables
from storage.database import Transaction
from storage.invitations import ADD, INVITATION, Invitation
from storage.statements import statement
from storage.tables import columns, table

OWN, HAND_OVER, WANTED = "own", "hand over", "wanted"
"""The kinds of invitation that make an owner: what each means is in `storage.tables`."""

i = columns(tables.Invitation)

_to_own = i.kind.in_([OWN, HAND_OVER, WANTED])
_FORGET = statement(
    delete(table(tables.Invitation)).where(
        i.community_id == bindparam("community"),
        i.person_id == bindparam("person"),
        i.kind == bindparam("kind"),
        i.state != "waiting",
    )
)
_GET = statement(select(*INVITATION).where(i.id == bindparam("invitation"), _to_own), Invitation)
_WAITING = statement(
    select(*INVITATION).where(i.community_id == bindparam("community"), _to_own, i.state == "waiting").order_by(i.id),
    Invitation,
)
_BECOME = statement(
    update(table(tables.Invitation))
    .where(i.id == bindparam("invitation"), i.state == "waiting")
    .values(state=bindparam("to_state"))
)


class Owning:
    """Queries about who is asked to own a community, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def ask(self, community: int, person: int, kind: str, *, by: int | None, now: datetime) -> int | None:
        """The number of what they are asked; None where that waits for their answer already.

        What they answered before is forgotten: they are asked anew.
        """
        theirs = {"community": community, "person": person, "kind": kind}
        self._tx.run(_FORGET, **theirs)
        number: int | None = self._tx.value(ADD, **theirs, by=by, now=now)
        return number

    def get(self, invitation: int) -> Invitation | None:
        """What was asked with this number, if it was to own a community."""
        return self._tx.one(_GET, invitation=invitation)

    def waiting(self, community: int) -> list[Invitation]:
        """Everyone whose answer is waited for, the first asked first."""
        return self._tx.all(_WAITING, community=community)

    def become(self, invitation: int, state: str) -> bool:
        """Whether an answer was waited for; it is accepted, declined or lapsed now."""
        return self._tx.run(_BECOME, invitation=invitation, to_state=state) == 1
