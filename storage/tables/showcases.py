"""Showcases and who comes."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from storage.tables.declaring import Erasure, key, names, personal, refers_to


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
