"""People, the accounts they speak from, and what they wrote that is not sent yet."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.declaring import (
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


class Person(SQLModel, table=True):
    """One person, however many accounts. `verified` is true only where a platform vouched for the organisation.

    `language`: en, cy; "" until they chose one or their platform proposed one, which is read as English.
    `kind`: civil servant, contractor, supplier; "" until they say. `introduced`: fortnightly, monthly; "" for never.
    `told` is the version of the notice on what is stored that they were shown, 0 for none. `warned_at` is when they
    were asked whether to keep their profile, after a year without a word.

    `weekly` is how many questions they are brought in a week at most. They are away from `away_from` to
    `away_until`, both days among them, in their own zone. `hours`, in their zone too, are such as
    "09:00-17:00 01234", where Monday is 0; "" where they did not say. `languages` are those they answer in beside
    English: codes of ISO 639 with spaces between.
    """

    __table_args__ = (only_where("introduced <> ''", "ix_person_introduced", "introduced", "id"), NEVER_AGAIN)
    id: int = key()
    name: str = personal(Erasure.ROW)
    role: str = personal(Erasure.ROW, default="")
    organisation_id: int | None = may_refer_to("organisation.id")
    verified: bool = False
    language: str = ""
    zone: str = "Europe/London"
    knows: str = personal(Erasure.ROW, default="")
    asked: bool = False
    findable: bool = False
    weekly: int = 3
    administrator: bool = False
    active: bool = True
    kind: str = later("")
    introduced: str = later("")
    told: int = later(0)
    warned_at: datetime | None = None
    away_from: date | None = None
    away_until: date | None = None
    hours: str = later("", Erasure.ROW)
    languages: str = later("", Erasure.ROW)
    created_at: datetime


class Account(SQLModel, table=True):
    """A person's user on one platform; `chat` is their direct chat with Signpost, once it is known.

    `domain` is that of the e-mail address which the platform vouches for; the address itself is not kept. `gone`: its
    platform says that it is closed.
    """

    __table_args__ = (UniqueConstraint("platform", "tenant", "user"),)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    platform: str
    tenant: str
    user: str = personal(Erasure.ROW)
    chat: str = personal(Erasure.ROW, default="")
    service_url: str = ""
    domain: str = later("", Erasure.ROW)
    gone: bool = later(False)
    seen_at: datetime


class Notice(SQLModel, table=True):
    """That a person was shown a version of the notice on what is stored, and when."""

    __table_args__ = (UniqueConstraint("person_id", "version"),)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    version: int
    shown_at: datetime


class PersonService(SQLModel, table=True):
    """A service that a person says they work on."""

    __tablename__ = "person_service"
    __table_args__ = (UniqueConstraint("person_id", "service_id"),)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    service_id: int = refers_to("service.id")


class Hiding(SQLModel, table=True):
    """That a person hides from an organisation: nobody of it sees them by name, unless they write there themselves."""

    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    organisation_id: int = refers_to("organisation.id")


class LinkCode(SQLModel, table=True):
    """A single-use code: to join two accounts, get what is held about them, or bring a file. Only a digest is kept."""

    __tablename__ = "link_code"
    id: int = key()
    digest: str = personal(Erasure.ROW, export=False, unique=True)
    person_id: int = names(Erasure.ROW)
    expires_at: datetime
    used_at: datetime | None = None


class Draft(SQLModel, table=True):
    """What a person typed that was no command, kept for a week while they choose what it is."""

    __table_args__ = NEVER_AGAIN
    id: int = key()
    person_id: int = names(Erasure.ROW)
    text: str = personal(Erasure.ROW)
    written_at: datetime = Field(index=True)
