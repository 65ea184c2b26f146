"""Lists that are imported: skills, bank holidays, services. No column names a person."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.declaring import key, later, may_refer_to


class Skill(SQLModel, table=True):
    """A skill of a profession's capability framework. `roles` are those that need it, with a bar between.

    `listed_at` is when an import last had it. `archived`: a later import of its framework had it no more, so nobody new
    can say it; who said it keeps it.
    """

    id: int = key()
    name: str = Field(unique=True)
    description: str = ""
    roles: str = ""
    framework: str = later("")
    archived: bool = later(False)
    listed_at: datetime | None = None


class BankHoliday(SQLModel, table=True):
    """A day off in one division of the United Kingdom, in English and Welsh. `day` is a date: 2026-12-25."""

    __tablename__ = "bank_holiday"
    __table_args__ = (UniqueConstraint("division", "day"),)
    id: int = key()
    division: str
    day: str
    title: str
    title_cy: str = ""


class Service(SQLModel, table=True):
    """A public service, by the name it has in addresses, and the organisation that runs it where that is known."""

    id: int = key()
    slug: str = Field(unique=True)
    name: str
    organisation_id: int | None = may_refer_to("organisation.id")
