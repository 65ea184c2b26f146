"""What platforms delivered and we acknowledged, so that a repeat is done once and answered the same."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table

KEPT = timedelta(days=7)
ANSWERED_AGAIN = timedelta(hours=1)


class Arrival(NamedTuple):
    """An event that was acknowledged; `reply` is what was answered, as JSON, "" once an hour has passed."""

    at: datetime
    reply: str


n = columns(tables.Inbound)
d = columns(tables.Audit)

_ACCEPT = statement(
    insert_or_ignore(table(tables.Inbound)).values(
        key=bindparam("key"), at=bindparam("now"), reply=bindparam("reply"), reference=bindparam("reference")
    )
)
_FIND = statement(select(n.at, n.reply).where(n.key == bindparam("key")), Arrival)
_TOUCH = statement(update(table(tables.Inbound)).where(n.key == bindparam("key")).values(at=n.at))
_DROP_REPLIES = statement(
    update(table(tables.Inbound)).where(n.at < bindparam("before"), n.reply != "").values(reply="")
)
_DROP = statement(delete(table(tables.Inbound)).where(n.at < bindparam("before")))
_AUDIT = statement(
    insert(table(tables.Audit)).values(
        at=bindparam("now"), actor_id=bindparam("person"), verb=bindparam("verb"), subject=bindparam("subject")
    )
)


class Arrivals:
    """Queries about acknowledged events, and the audit of what they changed, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def accept(self, key: str, now: datetime, reply: str, *, reference: str = "") -> bool:
        """Whether this event is acknowledged now, with this reply; False where it was before."""
        return self._tx.run(_ACCEPT, key=key, now=now, reply=reply, reference=reference) == 1

    def find(self, key: str) -> Arrival | None:
        """What was answered to this event."""
        return self._tx.one(_FIND, key=key)

    def again(self, key: str) -> Arrival | None:
        """The same, once it is as safe as everything that is acknowledged: on a synchronous standby too.

        A commit that never reached the standby is seen again after a restart of the primary. So the row is written:
        the commit of that waits for the standby, and with it for all before.
        """
        self._tx.run(_TOUCH, key=key)
        return self.find(key)

    def forget(self, now: datetime) -> None:
        """Replies older than an hour and keys older than 7 days are gone."""
        self._tx.run(_DROP_REPLIES, before=now - ANSWERED_AGAIN)
        self._tx.run(_DROP, before=now - KEPT)

    def audit(self, person: int | None, verb: str, subject: str, now: datetime) -> None:
        """It is recorded who did what to what, without what was said."""
        self._tx.run(_AUDIT, now=now, person=person, verb=verb, subject=subject)
