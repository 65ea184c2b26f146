"""What people did, counted: who answered what, how much they do where, and how the ranking weighs it."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.declaring import NEVER_AGAIN, Erasure, key, names, refers_to


class Evidence(SQLModel, table=True):
    """That a person answered a question, when they first did, and what came of it. Gone with their last answer to it.

    `asker_id` is who asked, as long as they are known here.
    """

    __table_args__ = (
        UniqueConstraint("question_id", "person_id"),
        Index("ix_evidence_asker_id", "asker_id", "person_id"),
        Index("ix_evidence_votes", "question_id", "person_id", "answered_at"),
    )
    id: int = key()
    question_id: int = refers_to("question.id", index=False)
    person_id: int = names(Erasure.ROW)
    asker_id: int | None = names(Erasure.CLEAR, index=False)
    accepted: bool = False
    thanked: bool = False
    answered_at: datetime


class Activity(SQLModel, table=True):
    """How much a person answers in a community: one row, kept by one UPDATE for each answer.

    `ten_days`, `quarter` and `half_year` fade by 1/e in 10, 90 and 180 days: each answer adds e^(age of the answer at
    `storage.evidence.BEGINNING`), so that nothing need be changed as time goes by. `last_at`: when they last answered
    or asked here.
    """

    __table_args__ = (
        UniqueConstraint("person_id", "community_id"),
        Index("ix_activity_community_id", "community_id", "quarter"),
    )
    id: int = key()
    person_id: int = names(Erasure.ROW)
    community_id: int = refers_to("community.id", index=False)
    answered: int = 0
    accepted: int = 0
    thanked: int = 0
    ten_days: float = 0.0
    quarter: float = 0.0
    half_year: float = 0.0
    last_at: datetime


class BusyHour(SQLModel, table=True):
    """How much a person answers in this hour of the day (UTC), faded as `Activity.half_year` is."""

    __tablename__ = "busy_hour"
    __table_args__ = (UniqueConstraint("person_id", "hour"),)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    hour: int
    half_year: float = 0.0


class Considered(SQLModel, table=True):
    """What spoke for a person when a question was ranked, as JSON: the ranking is fitted to it. Kept half a year."""

    __table_args__ = (UniqueConstraint("question_id", "person_id"), NEVER_AGAIN)
    id: int = key()
    question_id: int = refers_to("question.id", index=False)
    person_id: int = names(Erasure.ROW)
    signs: str
    at: datetime = Field(index=True)


class Weight(SQLModel, table=True):
    """How much one sign counts in the ranking here, since it was last fitted to this deployment's own questions."""

    id: int = key()
    sign: str = Field(unique=True)
    value: float
    fitted_at: datetime


class Readiness(SQLModel, table=True):
    """How much more than what speaks for them a person answers here, as a logarithm: 0 for as much as expected."""

    __table_args__ = (UniqueConstraint("person_id"),)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    value: float
