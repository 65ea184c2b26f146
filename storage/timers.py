"""Commands to run at an instant, once or again and again, whichever process is awake then."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table

PENDING = ("recurring", "failing", "waiting")
"""The states of timers that will run; the only other one is `fired`.

A process of the version before takes those that are `waiting`, so what it would not understand is never that.
"""


class Recurrence(NamedTuple):
    """When a timer runs again: a rule of RFC 5545, counted from a wall time (2026-12-03T14:00) in an IANA zone."""

    rule: str
    local: str
    zone: str


ONCE = Recurrence("", "", "")
"""Never again."""


class Timer(NamedTuple):
    """A command, packed, and on whose behalf it runs (None: Signpost's own). One that runs once has no `rule`."""

    id: int
    command: str
    person_id: int | None
    due_at: datetime
    state: str
    rule: str
    local: str
    zone: str


x = columns(tables.Timer)
TIMER = (x.id, x.command, x.person_id, x.due_at, x.state, x.rule, x.local, x.zone)
SET: dict[str, Any] = {
    "command": bindparam("command"),
    "person_id": bindparam("person"),
    "due_at": bindparam("due"),
    "state": bindparam("to_state"),
    "rule": bindparam("rule"),
    "local": bindparam("local"),
    "zone": bindparam("zone"),
}

_ADD = statement(insert_or_ignore(table(tables.Timer)).values(key=bindparam("key"), **SET))
_SET_AGAIN = statement(
    update(table(tables.Timer)).where(x.key == bindparam("old_key"), x.state == "fired").values(**SET)
)
_CANCEL = statement(delete(table(tables.Timer)).where(x.key == bindparam("key"), x.state != "fired"))
_HASTEN = statement(
    update(table(tables.Timer))
    .where(x.key == bindparam("old_key"), x.state == "recurring", x.due_at > bindparam("due"))
    .values(due_at=bindparam("due"))
)
_DUE = statement(
    select(*TIMER)
    .where(x.state == bindparam("state"), x.due_at <= bindparam("now"))
    .order_by(x.due_at, x.id)
    .limit(1)
    .with_for_update(skip_locked=True),
    Timer,
)
_BECOME = statement(
    update(table(tables.Timer))
    .where(x.id == bindparam("timer"), x.state == bindparam("was"), x.due_at == bindparam("was_due"))
    .values(state=bindparam("to_state"), due_at=bindparam("due"))
)
_NEXT = statement(
    select(
        *(select(x.due_at).where(x.state == state).order_by(x.due_at).limit(1).scalar_subquery() for state in PENDING)
    )
)
_FORGET = statement(delete(table(tables.Timer)).where(x.state == "fired", x.due_at < bindparam("before")))


class Timers:
    """Queries about timers, on one transaction.

    What becomes of a taken timer is said by `fired`, `again` or `postpone`; each leaves alone a timer that was
    cancelled, or that another process has run, since it was taken.
    """

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(
        self, key: str, command: str, due: datetime, *, person: int | None = None, recurs: Recurrence | None = None
    ) -> bool:
        """Whether the timer was set now; False where one with this key has yet to run, which stays as it is."""
        state, by = ("recurring", recurs) if recurs else ("waiting", ONCE)
        values = {"command": command, "person": person, "due": due, "to_state": state, **by._asdict()}
        return self._tx.run(_ADD, key=key, **values) == 1 or self._tx.run(_SET_AGAIN, old_key=key, **values) == 1

    def cancel(self, key: str) -> bool:
        """Whether a timer with this key was still to run; it will not, and the key is free."""
        return self._tx.run(_CANCEL, key=key) == 1

    def hasten(self, key: str, now: datetime) -> None:
        """What recurs under this key runs now, and then by its rule; where nothing does, nothing."""
        self._tx.run(_HASTEN, old_key=key, due=now)

    def take(self, now: datetime) -> Timer | None:
        """A timer that is due, held by this transaction alone; None where there is none that nobody holds.

        Of each state the one that has been due for longest, from an index: what recurs and what failed first, since
        neither comes back before its next time, while what is set for now may be set again and again.
        """
        found = (self._tx.one(_DUE, state=state, now=now) for state in PENDING)
        return next((timer for timer in found if timer is not None), None)

    def fired(self, timer: Timer) -> None:
        """The timer is over. Its key may be set again."""
        self._become(timer, "fired", timer.due_at)

    def again(self, timer: Timer, due: datetime) -> None:
        """The timer runs then for the next time, by its rule."""
        self._become(timer, "recurring", due)

    def postpone(self, timer: Timer, due: datetime) -> None:
        """The timer, which failed, is tried again then."""
        self._become(timer, "failing", due)

    def _become(self, timer: Timer, state: str, due: datetime) -> None:
        self._tx.run(_BECOME, timer=timer.id, was=timer.state, was_due=timer.due_at, to_state=state, due=due)

    def next_due(self) -> datetime | None:
        """When the next timer is due, or None."""
        return min((due for due in self._tx.all(_NEXT)[0] if due is not None), default=None)

    def forget(self, before: datetime) -> None:
        """What fired before then is gone."""
        self._tx.run(_FORGET, before=before)
