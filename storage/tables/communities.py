"""Communities, who belongs to them, and what they are told."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.declaring import NEVER_AGAIN, Erasure, key, later, may_refer_to, names, personal, refers_to


class Community(SQLModel, table=True):
    """People of different roles and organisations united by a service. `slug` is its name as people type it.

    `kind`: service, technology, practice, interest, action, place. `stage`: potential, forming, maturing,
    self-sustaining, transformation. `access`: open, approval, invitation. `state`: active, archived, merged.
    `ends_on` is the last day of a community of action (2027-03-31). `size` is how many belonged to it when that was
    last counted: for the order of lists alone. `ownerless_since` is set while a new owner is looked for.
    `held`: a legal hold, so nothing that was asked and answered there is deleted.
    """

    id: int = key()
    slug: str = personal(Erasure.KEEP, unique=True)
    name: str = personal(Erasure.KEEP)
    service: str = personal(Erasure.KEEP)
    outcome: str = personal(Erasure.KEEP)
    kind: str = later("service")
    purpose: str = later("", Erasure.KEEP)
    audience: str = later("", Erasure.KEEP)
    stage: str = later("forming")
    access: str = later("open")
    suppliers: bool = later(True)
    supported_by: str = later("", Erasure.KEEP)
    ends_on: str = later("")
    state: str = later("active")
    merged_into_id: int | None = may_refer_to("community.id", index=False)
    size: int = later(0)
    ownerless_since: datetime | None = None
    held: bool = later(False)
    created_by: int | None = names(Erasure.CLEAR)
    created_at: datetime


class Membership(SQLModel, table=True):
    """One person in one community, with the role and the verified organisation they have: counted without their row.

    `active` is false for who left their organisation's workspace or tenant. `muted`: they get no news of it.
    """

    __table_args__ = (
        UniqueConstraint("community_id", "person_id"),
        Index("ix_membership_counts", "community_id", "active", "organisation_id", "role"),
    )
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    person_id: int = names(Erasure.ROW)
    owner: bool = False
    role: str = later("", Erasure.ROW)
    organisation_id: int | None = may_refer_to("organisation.id", index=False)
    active: bool = later(True)
    muted: bool = later(False)
    joined_at: datetime


class JoinRequest(SQLModel, table=True):
    """That a person wants to join a community whose owners decide. `state`: waiting, approved, declined, withdrawn."""

    __tablename__ = "join_request"
    __table_args__ = (UniqueConstraint("community_id", "person_id"), NEVER_AGAIN)
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    person_id: int = names(Erasure.ROW)
    words: str = personal(Erasure.ROW, default="")
    state: str = "waiting"
    answer: str | None = personal(Erasure.CLEAR, default=None, nullable=True)
    decided_by: int | None = names(Erasure.CLEAR)
    asked_at: datetime
    decided_at: datetime | None = None


class Invitation(SQLModel, table=True):
    """That a member asked a person to join, or owners asked a member to own it. `kind`: join, own.

    `state`: waiting, accepted, declined.
    """

    __table_args__ = (UniqueConstraint("community_id", "person_id", "kind"), NEVER_AGAIN)
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    person_id: int = names(Erasure.ROW)
    kind: str = "join"
    by_id: int | None = names(Erasure.CLEAR)
    state: str = "waiting"
    invited_at: datetime


class ConnectedPlace(SQLModel, table=True):
    """A channel or team where a community's news is posted. `state`: proposed, connected, ended.

    Both sides agree: an owner of the community, and an administrator of the channel's workspace or tenant.
    """

    __tablename__ = "connected_place"
    __table_args__ = (UniqueConstraint("community_id", "conversation_id"), NEVER_AGAIN)
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    conversation_id: int = refers_to("conversation.id")
    owner_id: int | None = names(Erasure.CLEAR)
    administrator_id: int | None = names(Erasure.CLEAR)
    state: str = "proposed"
    at: datetime


class Departure(SQLModel, table=True):
    """That somebody left a community, without who: for its bulletin and its health report."""

    __table_args__ = (Index("ix_departure_community_id", "community_id", "at"),)
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    organisation_id: int | None = may_refer_to("organisation.id", index=False)
    at: datetime


class Bulletin(SQLModel, table=True):
    """A week's news of a community: the owner's words beside what happened. `state`: draft, sent."""

    __table_args__ = (NEVER_AGAIN,)
    id: int = key()
    community_id: int = refers_to("community.id")
    author_id: int | None = names(Erasure.CLEAR)
    words: str = personal(Erasure.KEEP, default="")
    since: datetime
    until: datetime
    state: str = "draft"


class Pairing(SQLModel, table=True):
    """Two or three people who were introduced to each other in one round. `round` is the day it was made for."""

    __table_args__ = (NEVER_AGAIN,)
    id: int = key()
    cadence: str
    round: str = Field(index=True)
    made_at: datetime


class Paired(SQLModel, table=True):
    """One of the people of a pairing."""

    __table_args__ = (UniqueConstraint("pairing_id", "person_id"),)
    id: int = key()
    pairing_id: int = refers_to("pairing.id", index=False)
    person_id: int = names(Erasure.ROW)


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
