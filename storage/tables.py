"""Every table. A column that names a person, or holds a person's words, says how it is exported and erased."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, Table, UniqueConstraint, text
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlmodel import Field, SQLModel

BIG: Any = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on PostgreSQL; SQLite numbers rows by itself only where the type is INTEGER, which has 64 bits there."""


SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
"""So that a later version can name the constraint it changes, on SQLite too."""

NEVER_AGAIN: Any = {"sqlite_autoincrement": True}
"""For rows that are deleted while buttons or timers may still hold their number: SQLite would give it out again."""


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a model, for statements that never touch the ORM."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def columns(model: type[SQLModel]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """The Core columns behind a model."""
    return table(model).c


class Erasure(StrEnum):
    """What "forget me" does to a row or a column."""

    ROW = "the row is deleted"
    CLEAR = "the column is emptied; what the community keeps is by a former member"
    KEEP = "kept while the law or the audit needs it, as a number without a name"


def key() -> Any:
    """A primary key, numbered by the database."""
    return Field(default=None, primary_key=True, sa_type=BIG)


def refers_to(column: str, *, index: bool = True) -> Any:
    """A reference to a row that names no person."""
    return Field(foreign_key=column, index=index, sa_type=BIG)


def may_refer_to(column: str, *, index: bool = True) -> Any:
    """A reference that may be empty."""
    return Field(default=None, foreign_key=column, index=index, sa_type=BIG, nullable=True)


def names(erase: Erasure, *, column: str = "person.id", index: bool = True) -> Any:
    """A reference to a person or an account: exported with that person's data, erased as `erase` says."""
    declared = {"info": {"export": True, "erase": erase}}
    optional: dict[str, Any] = {"default": None, "nullable": True} if erase is Erasure.CLEAR else {}
    return Field(foreign_key=column, index=index, sa_type=BIG, sa_column_kwargs=declared, **optional)


def personal(erase: Erasure, *, export: bool = True, **options: Any) -> Any:
    """A name, an id or words of a person; `export=False` only for what would be a secret in a file."""
    return Field(sa_column_kwargs={"info": {"export": export, "erase": erase}}, **options)


def later(value: str | int) -> Any:
    """A column that a later version added: the version before leaves it out, and the database fills it in."""
    return Field(default=value, sa_column_kwargs={"server_default": str(value)})


def only_where(condition: str, name: str, *columns: str) -> Index:
    """An index of the rows alone that this is true of, for a statement that says so in the same words or implies it."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


class Organisation(SQLModel, table=True):
    """A department, agency or public body."""

    id: int = key()
    name: str
    short: str = Field(unique=True)
    created_at: datetime


class Agreement(SQLModel, table=True):
    """Both organisations' administrators agreed that questions and names may cross. The smaller id comes first."""

    __table_args__ = (UniqueConstraint("first_id", "second_id"),)
    id: int = key()
    first_id: int = refers_to("organisation.id")
    second_id: int = refers_to("organisation.id")
    agreed_at: datetime
    ended_at: datetime | None = None


class Installation(SQLModel, table=True):
    """Signpost in one Slack workspace or one Teams tenant, and the organisation an administrator tied it to."""

    __table_args__ = (UniqueConstraint("platform", "tenant"),)
    id: int = key()
    platform: str
    tenant: str
    organisation_id: int | None = may_refer_to("organisation.id")
    bot: str = ""
    token: str = ""
    service_url: str = ""
    active: bool = True
    created_at: datetime


class Conversation(SQLModel, table=True):
    """A channel or group chat that Signpost was added to or spoken to in."""

    __table_args__ = (UniqueConstraint("platform", "tenant", "conversation"),)
    id: int = key()
    platform: str
    tenant: str
    conversation: str
    kind: str
    thread: str = ""
    service_url: str = ""
    seen_at: datetime


class Person(SQLModel, table=True):
    """One person, however many accounts. `verified` is true only where a platform vouched for the organisation."""

    __table_args__ = NEVER_AGAIN
    id: int = key()
    name: str = personal(Erasure.ROW)
    role: str = personal(Erasure.ROW, default="")
    organisation_id: int | None = may_refer_to("organisation.id")
    verified: bool = False
    language: str = "en"
    zone: str = "Europe/London"
    knows: str = personal(Erasure.ROW, default="")
    asked: bool = False
    findable: bool = False
    weekly: int = 3
    administrator: bool = False
    active: bool = True
    created_at: datetime


class Account(SQLModel, table=True):
    """A person's user on one platform; `chat` is their direct chat with Signpost, once it is known."""

    __table_args__ = (UniqueConstraint("platform", "tenant", "user"),)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    platform: str
    tenant: str
    user: str = personal(Erasure.ROW)
    chat: str = personal(Erasure.ROW, default="")
    service_url: str = ""
    seen_at: datetime


class LinkCode(SQLModel, table=True):
    """A single-use code that joins two accounts of one person; only its digest is kept."""

    __tablename__ = "link_code"
    id: int = key()
    digest: str = personal(Erasure.ROW, export=False, unique=True)
    person_id: int = names(Erasure.ROW)
    expires_at: datetime
    used_at: datetime | None = None


class Community(SQLModel, table=True):
    """People of different roles and organisations united by a service. `slug` is its name as people type it."""

    id: int = key()
    slug: str = personal(Erasure.KEEP, unique=True)
    name: str = personal(Erasure.KEEP)
    service: str = personal(Erasure.KEEP)
    outcome: str = personal(Erasure.KEEP)
    created_by: int | None = names(Erasure.CLEAR)
    created_at: datetime


class Membership(SQLModel, table=True):
    """One person in one community."""

    __table_args__ = (UniqueConstraint("community_id", "person_id"),)
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    person_id: int = names(Erasure.ROW)
    owner: bool = False
    joined_at: datetime


class Question(SQLModel, table=True):
    """One question, and the organisation its asker was in then. `state`: draft, open, answered, withdrawn."""

    __table_args__ = (
        Index("ix_question_community_state", "community_id", "state", "id"),
        Index("ix_question_asker_id", "asker_id", "id"),
        Index(
            "ix_question_draft",
            "asked_at",
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        NEVER_AGAIN,
    )
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    asker_id: int | None = names(Erasure.CLEAR, index=False)
    organisation_id: int | None = may_refer_to("organisation.id", index=False)
    text: str = personal(Erasure.KEEP)
    state: str = "draft"
    accepted_id: int | None = Field(default=None, sa_type=BIG, nullable=True)
    asked_at: datetime
    answered_at: datetime | None = None


class QuestionVersion(SQLModel, table=True):
    """What a question said before it was changed."""

    __tablename__ = "question_version"
    id: int = key()
    question_id: int = refers_to("question.id")
    text: str = personal(Erasure.KEEP)
    until: datetime


class Offer(SQLModel, table=True):
    """A question brought to a person who said we may. `state`: planned (shown to the asker), offered, answered,
    declined, undelivered."""

    __table_args__ = (
        UniqueConstraint("question_id", "person_id"),
        Index("ix_offer_person_id", "person_id", "offered_at", "state"),
    )
    id: int = key()
    question_id: int = refers_to("question.id", index=False)
    person_id: int = names(Erasure.ROW, index=False)
    state: str = "offered"
    offered_at: datetime


class Answer(SQLModel, table=True):
    """What someone said to a question, and their organisation then.

    `kind`: answer, or ask_back (more was needed; `to_id` is who it was asked). `state`: sent, withdrawn.
    """

    __table_args__ = (only_where("to_id IS NOT NULL", "ix_answer_to_id", "to_id"),)
    id: int = key()
    question_id: int = refers_to("question.id")
    author_id: int | None = names(Erasure.CLEAR)
    to_id: int | None = names(Erasure.CLEAR, index=False)
    organisation_id: int | None = may_refer_to("organisation.id", index=False)
    kind: str = "answer"
    text: str = personal(Erasure.KEEP)
    state: str = "sent"
    edited: bool = False
    written_at: datetime


class AnswerVersion(SQLModel, table=True):
    """What an answer said before it was changed."""

    __tablename__ = "answer_version"
    id: int = key()
    answer_id: int = refers_to("answer.id")
    text: str = personal(Erasure.KEEP)
    until: datetime


class Draft(SQLModel, table=True):
    """What a person typed that was no command, kept for a week while they choose what it is."""

    __table_args__ = NEVER_AGAIN
    id: int = key()
    person_id: int = names(Erasure.ROW)
    text: str = personal(Erasure.ROW)
    written_at: datetime = Field(index=True)


class Mirror(SQLModel, table=True):
    """One record as one person sees it in their chat: redrawn from the record, never copied from another mirror.

    `under_id` is the mirror whose thread it belongs in; `message` is empty until it was first sent.
    """

    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "person_id"),
        Index("ix_mirror_message", "account_id", "message"),
        only_where("under_id IS NOT NULL", "ix_mirror_under_id", "under_id"),
    )
    id: int = key()
    subject: str
    subject_id: int = Field(sa_type=BIG)
    person_id: int = names(Erasure.ROW)
    account_id: int = names(Erasure.ROW, column="account.id", index=False)
    under_id: int | None = may_refer_to("mirror.id", index=False)
    conversation: str = personal(Erasure.ROW, default="")
    message: str = personal(Erasure.ROW, default="")
    created_at: datetime


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


class Announcement(SQLModel, table=True):
    """What a community owner tells all members at once. `state`: draft, sent, withdrawn."""

    __table_args__ = NEVER_AGAIN
    id: int = key()
    community_id: int = refers_to("community.id")
    author_id: int | None = names(Erasure.CLEAR)
    organisation_id: int | None = may_refer_to("organisation.id", index=False)
    text: str = personal(Erasure.KEEP)
    state: str = "draft"
    written_at: datetime


class Showcase(SQLModel, table=True):
    """A show and tell of a community: local wall time and IANA zone as they were set, and the instant they mean."""

    __table_args__ = (Index("ix_showcase_community_id", "community_id", "starts_at"),)
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    title: str = personal(Erasure.KEEP)
    local: str
    zone: str
    starts_at: datetime
    minutes: int
    created_by: int | None = names(Erasure.CLEAR)
    created_at: datetime


class Attendance(SQLModel, table=True):
    """Whether a person comes to a showcase; one row whichever platform they say it on."""

    __table_args__ = (UniqueConstraint("showcase_id", "person_id"),)
    id: int = key()
    showcase_id: int = refers_to("showcase.id", index=False)
    person_id: int = names(Erasure.ROW)
    going: bool
    at: datetime
