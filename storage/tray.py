"""The tray: messages owed to people, in lanes of one conversation each, and how a process takes and settles one.

A lane's lease keeps the order of a conversation: whoever holds it sends its first message. A message that is
found `sending` under an expired lease may or may not have arrived, so it is taken as uncertain.

Lanes that wait are looked for by queue: the rank of their first message, and the bucket of the wider limit that it is
under. So what is urgent never stands behind an announcement, and a limit that is used up costs one look however many
lanes wait for it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, case, delete, func, insert, select, update

from storage import tables
from storage.database import Transaction, upsert
from storage.rates import LONGEST_PAUSE, Limit
from storage.statements import ConflictInsert, statement
from storage.tables import columns, table

TRIES = 25
"""After so many tries a message is dead; where it is sent again by hand, after so many more."""
LimitOf = Callable[[str], Limit | None]
"""The wider limit of a bucket, whose name is platform:tenant:act; None where there is none."""


class Message(NamedTuple):
    """What is owed: a record's mirror, drawn at the moment of sending, or a body for an address, both as JSON.

    The lowest `rank` of a lane goes first. `otherwise` is the command to run where it cannot be delivered, packed.
    """

    kind: str
    person: int | None = None
    mirror: int | None = None
    address: str = ""
    body: str = ""
    otherwise: str = ""
    rank: int = 0
    bucket: str = ""


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
    rank: int
    bucket: str
    attempt: int
    due_at: datetime
    created_at: datetime
    state: str
    next_at: datetime | None
    leased_until: datetime | None

    @property
    def uncertain(self) -> bool:
        return self.state == "sending"

    @property
    def queue(self) -> str:
        """The queue that its lane waits in while it is first."""
        return queue_of(self.rank, self.bucket)


def queue_of(rank: int, bucket: str) -> str:
    """The queue of lanes whose first message has this rank and bucket; queues in order are the most urgent first."""
    return f"{rank} {bucket}"


class Queue(NamedTuple):
    """A queue in which lanes wait, and when the first of them is due."""

    name: str
    due_at: datetime

    @property
    def bucket(self) -> str:
        return self.name.partition(" ")[2]


x = columns(tables.Outbox)
a = columns(tables.Lane)
b = columns(tables.Bucket)

UNSETTLED = ["waiting", "sending"]
OWED = (*(x[name] for name in Owed._fields[:-2]), a.next_at, a.leased_until)

_ADD = statement(
    insert(table(tables.Outbox)).values(
        lane=bindparam("lane"),
        kind=bindparam("kind"),
        person_id=bindparam("person"),
        mirror_id=bindparam("mirror"),
        address=bindparam("address"),
        body=bindparam("body"),
        otherwise=bindparam("otherwise"),
        rank=bindparam("rank"),
        bucket=bindparam("bucket"),
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


def woken(insertion: ConflictInsert) -> ConflictInsert:
    """The lanes being inserted (name, queue, due_at) wait; one that exists waits at the latest when the new one does.

    A lane that somebody holds stays theirs: they look again when they settle. One in which something less urgent was
    first is now found for the new message. It is always written, so that who settles it meanwhile has to look again.
    """
    new = insertion.excluded
    first = a.due_at.is_(None) | (func.substr(new.queue, 1, 1) < func.substr(a.queue, 1, 1))
    paced = case((a.next_at > new.due_at, a.next_at), else_=new.due_at)
    return insertion.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "queue": case((a.leased_until.is_not(None), a.queue), (first, new.queue), else_=a.queue),
            "due_at": case((a.leased_until.is_not(None), a.due_at), (first, paced), else_=a.due_at),
        },
    )


_WAKE = statement(
    woken(
        ConflictInsert(table(tables.Lane)).values(
            name=bindparam("lane"), queue=bindparam("queue"), due_at=bindparam("now")
        )
    )
)
_waits = a.due_at.is_not(None)
_first_queue = select(func.min(a.queue).label("queue")).where(_waits).cte("waiting", recursive=True)
_lanes = table(tables.Lane).alias("later")
_next_queue = (
    select(func.min(_lanes.c.queue))
    .where(_lanes.c.due_at.is_not(None), _lanes.c.queue > _first_queue.c.queue)
    .scalar_subquery()
)
_waiting = _first_queue.union_all(select(_next_queue).where(_first_queue.c.queue.is_not(None)))
_earliest = select(func.min(a.due_at)).where(a.queue == _waiting.c.queue, _waits).scalar_subquery()
# One look into the index for each queue, however many lanes wait in it.
_QUEUES = statement(
    select(_waiting.c.queue, _earliest).where(_waiting.c.queue.is_not(None)).order_by(_waiting.c.queue), Queue
)
_BUCKET = statement(select(b.next_at).where(b.name == bindparam("bucket")))
_SPEND = statement(
    upsert(table(tables.Bucket), ["name"], ["next_at"]).values(name=bindparam("bucket"), next_at=bindparam("to_next"))
)
_DUE = statement(
    select(a.name)
    .where(
        a.queue == bindparam("queue"),
        _waits,
        a.due_at <= bindparam("now"),
        a.leased_until.is_(None) | (a.leased_until <= bindparam("now")),
    )
    .order_by(a.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True),
    str,
)
_LEASE = statement(
    update(table(tables.Lane))
    .where(a.name == bindparam("lane"))
    .values(leased_until=bindparam("until"), due_at=bindparam("until"))
)
_FIRST = statement(
    select(*OWED)
    .join_from(table(tables.Outbox), table(tables.Lane), a.name == x.lane)
    .where(x.lane == bindparam("lane"), x.state.in_(UNSETTLED))
    .order_by(x.rank, x.id)
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
    .values(leased_until=None, next_at=bindparam("to_next"), queue=bindparam("to_queue"), due_at=bindparam("to_due"))
)
_DUE_SOONER = statement(
    update(table(tables.Outbox))
    .where(x.state.in_(UNSETTLED), x.due_at > bindparam("latest"))
    .values(due_at=bindparam("latest"))
)
_FOUND_SOONER = statement(
    update(table(tables.Lane))
    .where(_waits, a.due_at > bindparam("latest"))
    .values(
        due_at=bindparam("latest"),
        leased_until=case((a.leased_until.is_not(None), bindparam("latest", type_=a.due_at.type))),
    )
)
_PACED_SOONER = statement(
    update(table(tables.Lane)).where(a.next_at > bindparam("latest")).values(next_at=bindparam("latest"))
)
_COUNTS = statement(select(x.state, func.count(), func.min(x.created_at)).group_by(x.state))
_FORGET = statement(
    delete(table(tables.Outbox)).where(
        x.state.in_(["sent", "uncertain", "undeliverable", "dead", "dropped"]), x.created_at < bindparam("before")
    )
)


class Tray:
    """Queries about the tray, on one transaction. Safe for any number of processes."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, lane: str, message: Message, now: datetime) -> None:
        """The message is owed, behind everything else of its rank in its lane.

        A mirror that already waits to be drawn is not added again: it is drawn at the moment of sending.
        """
        if message.mirror is not None and self._tx.run(_STILL_WAITS, mirror=message.mirror):
            return
        self._tx.run(_ADD, lane=lane, now=now, **message._asdict())
        self._tx.run(_WAKE, lane=lane, queue=queue_of(message.rank, message.bucket), now=now)

    def claim(self, now: datetime, until: datetime, limit_of: LimitOf, most: int = 16) -> list[Owed]:
        """The first messages of up to `most` lanes, the most urgent first, each leased to the caller until then.

        No more of each bucket than its limit has room for.
        """
        taken: list[Owed] = []
        for queue in self._tx.all(_QUEUES):
            if queue.due_at <= now and len(taken) < most:
                taken += self._claim_from(queue, (now, until), limit_of(queue.bucket), most - len(taken))
        return taken

    def _claim_from(self, queue: Queue, lease: tuple[datetime, datetime], limit: Limit | None, most: int) -> list[Owed]:
        now, until = lease
        next_at = self._tx.value(_BUCKET, bucket=limit.name) if limit else None
        if limit is not None:
            most = min(most, limit.rate.room(next_at, now))
        lanes = self._tx.all(_DUE, queue=queue.name, now=now, most=most) if most else []
        taken = [owed for lane in lanes if (owed := self._take(lane, queue.bucket, now, until))]
        if limit is not None and taken:
            self._tx.run(_SPEND, bucket=limit.name, to_next=limit.rate.after(next_at, now, len(taken)))
        return taken

    def _take(self, lane: str, bucket: str, now: datetime, until: datetime) -> Owed | None:
        """Its first message, leased; None where that is not due now or is under another limit: there it is found."""
        owed = self._tx.one(_FIRST, lane=lane)
        if owed is None or owed.due_at > now or owed.bucket != bucket:
            self._release(lane, owed, owed.next_at if owed else None)
            return None
        self._tx.run(_LEASE, lane=lane, until=until)
        self._tx.run(_TAKE, owed=owed.id)
        return owed._replace(attempt=owed.attempt + 1, leased_until=until)

    def settle(self, owed: Owed, state: str, next_at: datetime, *, due: datetime, reason: str = "") -> bool:
        """Whether this try settled the message; False where its lease had passed to another.

        The lane is free from `next_at` on, unless another has it by now. `waiting` or `sending` tries again when `due`.
        """
        settled = self._tx.run(_SETTLE, owed=owed.id, fence=owed.attempt, to_state=state, to_reason=reason, to_due=due)
        first = self._tx.one(_FIRST, lane=owed.lane) if settled else None
        if settled and (first is None or first.leased_until in (None, owed.leased_until)):
            self._release(owed.lane, first, next_at)
        return settled == 1

    def _release(self, lane: str, first: Owed | None, next_at: datetime | None) -> None:
        """Nobody holds the lane. One whose first message waits to be tried again holds back those behind it."""
        due = max(first.due_at, next_at or first.due_at) if first else None
        queue = first.queue if first else queue_of(0, "")
        self._tx.run(_RELEASE, lane=lane, to_next=next_at, to_queue=queue, to_due=due)

    def pause(self, limit: Limit, until: datetime, now: datetime) -> None:
        """Nothing under this limit is sent before then, or for 5 minutes at most."""
        known = self._tx.value(_BUCKET, bucket=limit.name)
        paused = min(until, now + LONGEST_PAUSE)
        if known is None or known < paused:
            self._tx.run(_SPEND, bucket=limit.name, to_next=paused)

    def next_due(self, limit_of: LimitOf) -> datetime | None:
        """From when on something can be claimed, or None where nothing waits."""
        return min((self._free(queue, limit_of(queue.bucket)) for queue in self._tx.all(_QUEUES)), default=None)

    def _free(self, queue: Queue, limit: Limit | None) -> datetime:
        next_at = self._tx.value(_BUCKET, bucket=limit.name) if limit else None
        return max(queue.due_at, next_at or queue.due_at)

    def clock_went_back(self, now: datetime, lease: timedelta) -> None:
        """What waits or comes is found once every lease of before has ended, not when a later clock would have it."""
        self._tx.run(_DUE_SOONER, latest=now + lease)
        self._tx.run(_FOUND_SOONER, latest=now + lease)
        self._tx.run(_PACED_SOONER, latest=now + lease)

    def counts(self) -> list[tuple[str, int, datetime]]:
        """For each state: how many messages, and when the oldest was added."""
        return self._tx.all(_COUNTS)

    def forget(self, before: datetime) -> None:
        """What was settled before then is gone."""
        self._tx.run(_FORGET, before=before)
