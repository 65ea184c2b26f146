"""Organisations and what connects them, and Signpost where they work."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.declaring import Erasure, key, later, may_refer_to, names, refers_to


class Organisation(SQLModel, table=True):
    """A department, agency or public body. `short` is what people call it, "" where it has no abbreviation.

    `slug` is its name on GOV.UK, by which an import knows it again. `form` is its kind ("Executive agency"). `began`
    and `ended` are dates (2023-02-07), "" where none is known. `state`: listed (it is in today's list of
    organisations), known (from elsewhere), closed, unlisted (a person named it and no administrator has checked it
    yet), refused.
    """

    id: int = key()
    name: str
    short: str
    slug: str | None = Field(default=None, unique=True, nullable=True)
    form: str = later("")
    state: str = later("known")
    began: str = later("")
    ended: str = later("")
    created_at: datetime


class OrganisationName(SQLModel, table=True):
    """One of the names that an organisation resolves by. `folded` is how it is compared. `kind`: name, short, alias."""

    __tablename__ = "organisation_name"
    __table_args__ = (UniqueConstraint("folded", "organisation_id"),)
    id: int = key()
    organisation_id: int = refers_to("organisation.id")
    folded: str
    said: str
    kind: str = "name"


class OrganisationDomain(SQLModel, table=True):
    """An e-mail domain whose addresses an organisation gives to its people alone, in small letters."""

    __tablename__ = "organisation_domain"
    id: int = key()
    domain: str = Field(unique=True)
    organisation_id: int = refers_to("organisation.id")


class OrganisationParent(SQLModel, table=True):
    """An organisation that another is part of, or answers to; it may have several."""

    __tablename__ = "organisation_parent"
    __table_args__ = (UniqueConstraint("organisation_id", "parent_id"),)
    id: int = key()
    organisation_id: int = refers_to("organisation.id", index=False)
    parent_id: int = refers_to("organisation.id")


class OrganisationSuccession(SQLModel, table=True):
    """An organisation that took over work of one that closed; several may have."""

    __tablename__ = "organisation_succession"
    __table_args__ = (UniqueConstraint("predecessor_id", "successor_id"),)
    id: int = key()
    predecessor_id: int = refers_to("organisation.id", index=False)
    successor_id: int = refers_to("organisation.id")


class Consent(SQLModel, table=True):
    """An organisation's administrator lets things cross to another, or to every verified one where `other_id` is empty.

    `kinds` says which: "questions", "names", or both, with a space between. Nothing crosses until the other
    organisation consents too: then there is an Agreement.
    """

    __table_args__ = (Index("ix_consent_organisation_id", "organisation_id", "other_id"),)
    id: int = key()
    organisation_id: int = refers_to("organisation.id", index=False)
    other_id: int | None = may_refer_to("organisation.id")
    kinds: str
    given_by: int | None = names(Erasure.CLEAR)
    given_at: datetime
    ended_at: datetime | None = None


class Agreement(SQLModel, table=True):
    """Both organisations consented: what may cross between them. The smaller id comes first."""

    __table_args__ = (UniqueConstraint("first_id", "second_id"),)
    id: int = key()
    first_id: int = refers_to("organisation.id")
    second_id: int = refers_to("organisation.id")
    questions: bool = later(True)
    names: bool = later(True)
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
