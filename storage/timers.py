"""Commands to run at an instant, once each, whichever process is awake then."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table


class Timer(NamedTuple):
    """A command, packed, and on whose behalf it runs (None: Signpost's own)."""

    id: int
    command: str
    person_id: int | None
    due_at: datetime


x = columns(tables.Timer)
TIMER = (x.id, x.command, x.person_id, x.due_at)

_ADD = statement(
    insert_or_ignore(table(tables.Timer)).values(
        key=bindparam("key"),
        command=bindparam("command"),
        person_id=bindparam("person"),
        due_at=bindparam("due"),
        state="waiting",
    )
)
_DUE = statement(
    select(*TIMER)
    .where(x.state == "waiting", x.due_at <= bindparam("now"))
    .order_by(x.due_at, x.id)
    .limit(1)
    .with_for_update(skip_locked=True),
    Timer,
)
_BECOME = statement(
    update(table(tables.Timer))
    .where(x.id == bindparam("timer"), x.state == "waiting")
    .values(state=bindparam("to_state"), due_at=bindparam("to_due"))
)
_NEXT = statement(select(func.min(x.due_at)).where(x.state == "waiting"))
_FORGET = statement(delete(table(tables.Timer)).where(x.state == "fired", x.due_at < bindparam("before")))


class Timers:
    """Queries about timers, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, key: str, command: str, due: datetime, *, person: int | None = None) -> bool:
        """Whether the timer was set now; False where one with this key was set before."""
        return self._tx.run(_ADD, key=key, command=command, person=person, due=due) == 1

    def take(self, now: datetime) -> Timer | None:
        """A timer that is due, held by this transaction alone; None where there is none."""
        return self._tx.one(_DUE, now=now)

    def fired(self, timer: Timer) -> None:
        """The timer will not run again."""
        self._tx.run(_BECOME, timer=timer.id, to_state="fired", to_due=timer.due_at)

    def postpone(self, timer: Timer, due: datetime) -> None:
        """The timer runs again then."""
        self._tx.run(_BECOME, timer=timer.id, to_state="waiting", to_due=due)

    def next_due(self) -> datetime | None:
        """When the next timer is due, or None."""
        moment: datetime | None = self._tx.value(_NEXT)
        return moment

    def forget(self, before: datetime) -> None:
        """What fired before then is gone."""
        self._tx.run(_FORGET, before=before)
