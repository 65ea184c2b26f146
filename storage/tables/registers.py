"""Lists that are imported: skills, bank holidays, services. No column names a person."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.declaring import key, may_refer_to


class Skill(SQLModel, table=True):
    """A skill of a capability framework. `roles` are those that need it, with a bar between."""

    id: int = key()
    name: str = Field(unique=True)
    description: str = ""
    roles: str = ""


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
