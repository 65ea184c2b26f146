"""Questions, to whom they were brought, what was answered, and who sees which."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.declaring import (
    BIG,
    NEVER_AGAIN,
    Erasure,
    key,
    later,
    may_refer_to,
    names,
    only_where,
    personal,
    refers_to,
)


class Question(SQLModel, table=True):
    """One question, and the organisation its asker was in then. `state`: draft, open, answered, withdrawn.

    `source` is "import" where an owner brought it from elsewhere: nobody here asked it. Then `origin` is what it is
    known by when it is brought again: a digest of its words in its community.
    """

    __table_args__ = (
        Index("ix_question_community_state", "community_id", "state", "id"),
        Index("ix_question_asker_id", "asker_id", "id"),
        Index(
            "ix_question_draft",
            "asked_at",
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index("ix_question_origin", "origin", unique=True),
        NEVER_AGAIN,
    )
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    asker_id: int | None = names(Erasure.CLEAR, index=False)
    organisation_id: int | None = may_refer_to("organisation.id", index=False)
    text: str = personal(Erasure.KEEP)
    source: str = later("")
    origin: str | None = None
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

    `kind`: answer, or ask_back (more was needed; `to_id` is who it was asked). `state`: sent, withdrawn. `thanked`: the
    asker said thanks for it.
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
    thanked: bool = later(False)
    written_at: datetime


class AnswerVersion(SQLModel, table=True):
    """What an answer said before it was changed."""

    __tablename__ = "answer_version"
    id: int = key()
    answer_id: int = refers_to("answer.id")
    text: str = personal(Erasure.KEEP)
    until: datetime


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
