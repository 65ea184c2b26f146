"""The tray: messages owed to people, in lanes of one conversation each, and how a process takes and settles one.

A lane's lease keeps the order of a conversation: whoever holds it sends its first message. A message that is
found `sending` under an expired lease may or may not have arrived, so it is taken as uncertain.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from storage import tables
from storage.database import Transaction, upsert
from storage.statements import statement
from storage.tables import columns, table

BURST = timedelta(seconds=3)
"""How far a conversation may run ahead of its steady pace: three messages at once on Slack's one a second."""


class Message(NamedTuple):
    """What is owed: a record's mirror, drawn at the moment of sending, or a body for an address, both as JSON.

    `otherwise` is the command to run where it cannot be delivered, packed.
    """

    kind: str
    person: int | None = None
    mirror: int | None = None
    address: str = ""
    body: str = ""
    otherwise: str = ""


class Owed(NamedTuple):
    """A message to send. `uncertain` says that an earlier try may have arrived."""

    id: int
    lane: str
    kind: str
    person_id: int | None
    mirror_id: int | None
    address: str
    body: str
    otherwise: str
    attempt: int
    due_at: datetime
    created_at: datetime
    state: str
    next_at: datetime | None

    @property
    def uncertain(self) -> bool:
        return self.state == "sending"


x = columns(tables.Outbox)
a = columns(tables.Lane)

OWED = (
    x.id,
    x.lane,
    x.kind,
    x.person_id,
    x.mirror_id,
    x.address,
    x.body,
    x.otherwise,
    x.attempt,
    x.due_at,
    x.created_at,
    x.state,
    a.next_at,
)

_ADD = statement(
    insert(table(tables.Outbox)).values(
        lane=bindparam("lane"),
        kind=bindparam("kind"),
        person_id=bindparam("person"),
        mirror_id=bindparam("mirror"),
        address=bindparam("address"),
        body=bindparam("body"),
        otherwise=bindparam("otherwise"),
        state="waiting",
        attempt=0,
        due_at=bindparam("now"),
        reason="",
        created_at=bindparam("now"),
    )
)
# Written, not only read: whoever claims it meanwhile must not have drawn the record as it was before this transaction.
_STILL_WAITS = statement(
    update(table(tables.Outbox)).where(x.mirror_id == bindparam("mirror"), x.state == "waiting").values(reason="")
)
_WAKE = statement(
    upsert(table(tables.Lane), ["name"], ["due_at"]).values(name=bindparam("lane"), due_at=bindparam("now"))
)
_DUE = statement(
    select(a.name)
    .where(
        a.due_at <= bindparam("now"),
        or_(a.leased_until.is_(None), a.leased_until <= bindparam("now")),
        or_(a.next_at.is_(None), a.next_at <= bindparam("ahead")),
    )
    .order_by(a.due_at)
    .limit(16)
    .with_for_update(skip_locked=True)
)
_LEASE = statement(
    update(table(tables.Lane)).where(a.name == bindparam("lane")).values(leased_until=bindparam("until"))
)
_FIRST = statement(
    select(*OWED)
    .join_from(table(tables.Outbox), table(tables.Lane), a.name == x.lane)
    .where(x.lane == bindparam("lane"), x.state.in_(["waiting", "sending"]))
    .order_by(x.id)
    .limit(1),
    Owed,
)
_TAKE = statement(
    update(table(tables.Outbox)).where(x.id == bindparam("owed")).values(state="sending", attempt=x.attempt + 1)
)
_SETTLE = statement(
    update(table(tables.Outbox))
    .where(x.id == bindparam("owed"), x.state == "sending", x.attempt == bindparam("fence"))
    .values(state=bindparam("to_state"), reason=bindparam("to_reason"), due_at=bindparam("to_due"))
)
_RELEASE = statement(
    update(table(tables.Lane))
    .where(a.name == bindparam("lane"))
    .values(
        leased_until=None,
        next_at=bindparam("to_next"),
        # Its first message's: one that waits to be tried again holds back those behind it.
        due_at=select(x.due_at)
        .where(x.lane == bindparam("lane"), x.state.in_(["waiting", "sending"]))
        .order_by(x.id)
        .limit(1)
        .scalar_subquery(),
    )
)
_NEXT = statement(select(func.min(a.due_at)))
_COUNTS = statement(select(x.state, func.count(), func.min(x.created_at)).group_by(x.state))
_FORGET = statement(
    delete(table(tables.Outbox)).where(
        x.state.in_(["sent", "uncertain", "undeliverable", "dead"]), x.created_at < bindparam("before")
    )
)


class Tray:
    """Queries about the tray, on one transaction. Safe for any number of processes."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, lane: str, message: Message, now: datetime) -> None:
        """The message is owed, behind everything else in its lane.

        A mirror that already waits to be drawn is not added again: it is drawn at the moment of sending.
        """
        if message.mirror is not None and self._tx.run(_STILL_WAITS, mirror=message.mirror):
            return
        self._tx.run(_ADD, lane=lane, now=now, **message._asdict())
        self._tx.run(_WAKE, lane=lane, now=now)

    def claim(self, now: datetime, until: datetime) -> list[Owed]:
        """The first messages of up to 16 lanes that are due, each leased to the caller until then."""
        taken = []
        for (lane,) in self._tx.all(_DUE, now=now, ahead=now + BURST):
            self._tx.run(_LEASE, lane=lane, until=until)
            owed = self._tx.one(_FIRST, lane=lane)
            if owed is None or owed.due_at > now:
                self._release(lane, owed and owed.next_at)
                continue
            self._tx.run(_TAKE, owed=owed.id)
            taken.append(owed._replace(attempt=owed.attempt + 1))
        return taken

    def settle(
        self, owed: Owed, state: str, next_at: datetime, *, due: datetime | None = None, reason: str = ""
    ) -> bool:
        """Whether this try settled the message; False where its lease had passed to another.

        The lane is free again, its next message not before `next_at`. `waiting` with `due` tries again then.
        """
        settled = self._tx.run(
            _SETTLE, owed=owed.id, fence=owed.attempt, to_state=state, to_reason=reason, to_due=due or owed.due_at
        )
        if settled:
            self._release(owed.lane, next_at)
        return settled == 1

    def _release(self, lane: str, next_at: datetime | None) -> None:
        self._tx.run(_RELEASE, lane=lane, to_next=next_at)

    def next_due(self) -> datetime | None:
        """When the next lane is due, or None where nothing waits."""
        moment: datetime | None = self._tx.value(_NEXT)
        return moment

    def counts(self) -> list[tuple[str, int, datetime]]:
        """For each state: how many messages, and when the oldest was added."""
        return self._tx.all(_COUNTS)

    def forget(self, before: datetime) -> None:
        """What was settled before then is gone."""
        self._tx.run(_FORGET, before=before)
