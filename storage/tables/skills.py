"""What people say they know, and what they were asked about it."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.declaring import NEVER_AGAIN, Erasure, key, may_refer_to, names, personal


class PersonSkill(SQLModel, table=True):
    """Something a person says they know: a skill of a framework, or where `skill_id` is empty a topic of their own.

    `words` is what it was called when they said it, and `folded` the same without capitals: nobody says it twice.
    `level`: awareness, working, practitioner, expert; "" where they said none. `confirmed_at` is when they last said
    that it is still right.
    """

    __tablename__ = "person_skill"
    __table_args__ = (UniqueConstraint("person_id", "folded"), NEVER_AGAIN)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    skill_id: int | None = may_refer_to("skill.id")
    words: str = personal(Erasure.ROW)
    folded: str = personal(Erasure.ROW)
    level: str = ""
    said_at: datetime
    confirmed_at: datetime | None = None


class Suggestion(SQLModel, table=True):
    """That a person was asked whether to add something they answer questions on: once, whatever they said to it.

    `state`: asked, added, declined.
    """

    __table_args__ = (UniqueConstraint("person_id", "folded"), NEVER_AGAIN)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    skill_id: int | None = may_refer_to("skill.id")
    words: str = personal(Erasure.ROW)
    folded: str = personal(Erasure.ROW)
    state: str = "asked"
    asked_at: datetime


class Confirming(SQLModel, table=True):
    """When a person is next asked whether what they say they know is still right; no row where they say nothing."""

    __table_args__ = (UniqueConstraint("person_id"),)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    due_at: datetime = Field(index=True)
