"""How the tray, the timers and the database itself stand now: what an operator watches, and what readiness asks.

Each figure is read from an index, over what waits or went wrong alone: messages that were sent are never gone through.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import String, bindparam, column, func, select

from storage import tables
from storage.database import Transaction, upsert
from storage.statements import statement
from storage.tables import columns, table
from storage.timers import PENDING

WATCHED = ("waiting", "sending", "uncertain", "undeliverable", "dead")
"""The states of messages that are counted: all but those that were sent or dropped."""


class Standing(NamedTuple):
    """How things stand: messages by state, when the oldest undelivered one was added, conversations with any that wait.

    `timers` are due, the first of them since `timer`; `failing` met a fault of ours, and wait for their next try.
    """

    messages: dict[str, int]
    oldest: datetime | None
    lanes: int
    timers: int
    timer: datetime | None
    failing: int


x = columns(tables.Outbox)
a = columns(tables.Lane)
m = columns(tables.Timer)
n = columns(tables.Inbound)

_MESSAGES = statement(select(x.state, func.count()).where(x.state.in_(WATCHED)).group_by(x.state))
_OLDEST = statement(select(x.created_at).where(x.state == bindparam("state")).order_by(x.created_at).limit(1))
_LANES = statement(select(func.count()).select_from(table(tables.Lane)).where(a.due_at.is_not(None)))
_TIMERS = statement(select(func.count(), func.min(m.due_at)).where(m.state.in_(PENDING), m.due_at <= bindparam("now")))
_FAILING = statement(select(func.count()).where(m.state == "failing"))
_NEWEST = statement(select(n.at).order_by(n.at.desc()).limit(1))
_TOUCH = statement(upsert(table(tables.Inbound), ["key"], ["at"]).values(key=bindparam("key"), at=bindparam("now")))
# Known to SQLite alone.
_found = column("quick_check", String)
_DAMAGE = select(_found).select_from(func.pragma_quick_check(1).table_valued(_found))


class Gauges:
    """Queries about how things stand, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def standing(self, now: datetime) -> Standing:
        """How things stand now. Its cost grows with what waits or went wrong, not with what was sent."""
        waiting = [self._tx.value(_OLDEST, state=state) for state in ("waiting", "sending")]
        timers, timer = self._tx.all(_TIMERS, now=now)[0]
        return Standing(
            messages={**dict.fromkeys(WATCHED, 0), **dict(self._tx.all(_MESSAGES))},
            oldest=min((moment for moment in waiting if moment), default=None),
            lanes=self._tx.value(_LANES),
            timers=timers,
            timer=timer,
            failing=self._tx.value(_FAILING),
        )

    def newest(self) -> datetime | None:
        """When something was last acknowledged, by the clock of who did."""
        moment: datetime | None = self._tx.value(_NEWEST)
        return moment

    def is_whole(self) -> bool:
        """Whether the file can be read throughout. SQLite's is gone through: about 3 s for 1 GB.

        PostgreSQL looks after its own pages, so there it is True.
        """
        return self._tx.dialect == "postgresql" or self._tx.once(_DAMAGE) == [("ok",)]

    def touch(self, who: str, now: datetime) -> None:
        """A row of this process is really written: the database takes writes. A week later it is forgotten."""
        self._tx.run(_TOUCH, key=who, now=now)
