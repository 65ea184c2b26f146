"""What makes sure that nothing is lost or done twice: arrivals, the tray, timers; and the audit."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.declaring import NEVER_AGAIN, Erasure, key, later, may_refer_to, names, only_where, personal


class Audit(SQLModel, table=True):
    """Who changed what, without what was said."""

    id: int = key()
    at: datetime = Field(index=True)
    actor_id: int | None = names(Erasure.CLEAR)
    verb: str
    subject: str = personal(Erasure.KEEP, default="")


class Inbound(SQLModel, table=True):
    """What a platform delivered and we acknowledged: its own id of the event, our reply for an hour, never its body."""

    key: str = personal(Erasure.KEEP, export=False, primary_key=True)
    at: datetime = Field(index=True)
    reply: str = personal(Erasure.KEEP, default="", export=False)
    reference: str = ""


class Outbox(SQLModel, table=True):
    """One message owed to somebody. `state`: waiting, sending, sent, uncertain, undeliverable, dead, dropped.

    Either `mirror_id` (drawn at the moment of sending) or `body` is set. `attempt` is the fence: only the try that
    raised it may settle it. `address` is where it goes, as JSON. In its lane the lowest `rank` goes first, then the
    oldest; `bucket` names the wider limit it is under. `due_at` is when it is to be tried next, and once it is settled,
    when that was.
    """

    __table_args__ = (
        Index("ix_outbox_lane_rank", "lane", "state", "rank", "id"),
        Index("ix_outbox_mirror", "mirror_id", "state"),
        Index("ix_outbox_state", "state", "created_at"),
        NEVER_AGAIN,
    )
    id: int = key()
    lane: str = personal(Erasure.ROW)
    kind: str
    person_id: int | None = names(Erasure.CLEAR)
    mirror_id: int | None = may_refer_to("mirror.id", index=False)
    address: str = personal(Erasure.ROW, default="")
    body: str = personal(Erasure.ROW, default="")
    otherwise: str = personal(Erasure.ROW, default="")
    rank: int = later(0)
    bucket: str = later("")
    state: str = "waiting"
    attempt: int = 0
    due_at: datetime
    reason: str = ""
    created_at: datetime


class Lane(SQLModel, table=True):
    """One conversation's messages: its lease gives order, `next_at` its pace.

    `queue` is the rank and the bucket of its first message. `due_at` is when a process should look at it: when that
    message may go, or when its lease ends; it is empty when nothing waits.
    """

    __table_args__ = (only_where("due_at IS NOT NULL", "ix_lane_queue", "queue", "due_at"),)
    name: str = personal(Erasure.ROW, primary_key=True)
    queue: str = later("0 ")
    due_at: datetime | None = None
    leased_until: datetime | None = None
    next_at: datetime | None = None


class Bucket(SQLModel, table=True):
    """A wider limit (a workspace and method, a tenant): from when on the next message of it may go."""

    name: str = Field(primary_key=True)
    next_at: datetime


class Timer(SQLModel, table=True):
    """A command to run at an instant. `key` keeps two of the same from being set.

    It runs once, or where it has a `rule` (RFC 5545, 3.3.10) again and again: from `local`, wall time in `zone`.
    """

    __table_args__ = (Index("ix_timer_due", "state", "due_at"),)
    id: int = key()
    key: str = Field(unique=True)
    command: str = personal(Erasure.ROW)
    person_id: int | None = names(Erasure.CLEAR)
    due_at: datetime
    state: str = "waiting"
    rule: str = later("")
    local: str = later("")
    zone: str = later("")
