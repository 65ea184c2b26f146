"""Communities, who belongs to them, and what they are told."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.declaring import NEVER_AGAIN, Erasure, key, later, may_refer_to, names, personal, refers_to


class Community(SQLModel, table=True):
    """People of different roles and organisations united by a service. `slug` is its name as people type it.

    `kind`: service, technology, practice, interest, action, place. `stage`: potential, forming, maturing,
    self-sustaining, transformation. `access`: open, approval, invitation. `state`: active, archived, merged.
    `ends_on` is the last day of a community of action (2027-03-31). `size` is how many belonged to it when that was
    last counted: for the order of lists alone. `ownerless_since` is set while a new owner is looked for. `bulletin` is
    the day its weekly bulletin goes out (MO to SU), "" for never.
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
    bulletin: str = later("MO")
    created_by: int | None = names(Erasure.CLEAR)
    created_at: datetime


class Membership(SQLModel, table=True):
    """One person in one community, with the role and the verified organisation they have: counted without their row.

    `active` is false for who left their organisation's workspace or tenant. `muted`: they get no news of it.
    `findable`: they said that others may find them, are verified and have not left.
    """

    __table_args__ = (
        UniqueConstraint("community_id", "person_id"),
        Index("ix_membership_counts", "community_id", "active", "organisation_id", "role"),
        Index(
            "ix_membership_findable",
            "community_id",
            "person_id",
            "organisation_id",
            sqlite_where=text("findable IS 1"),
            postgresql_where=text("findable IS true"),
        ),
        Index(
            "ix_membership_owner",
            "community_id",
            sqlite_where=text("owner IS 1"),
            postgresql_where=text("owner IS true"),
        ),
        Index("ix_membership_joined", "community_id", "joined_at"),
    )
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    person_id: int = names(Erasure.ROW)
    owner: bool = False
    role: str = later("", Erasure.ROW)
    organisation_id: int | None = may_refer_to("organisation.id", index=False)
    active: bool = later(True)
    muted: bool = later(False)
    findable: bool = later(False)
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
    """That a member asked a person to join, or that a person was asked to own it.

    `kind`: join; own (with the owner who asks), hand over (in their place), wanted (one of several who are asked while
    an owner is looked for, by one, or where `by_id` is empty by Signpost). `state`: waiting, accepted, declined; lapsed
    where somebody else was sooner or there is nothing left to own.
    """

    __table_args__ = (UniqueConstraint("community_id", "person_id", "kind"), NEVER_AGAIN)
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    person_id: int = names(Erasure.ROW)
    kind: str = "join"
    by_id: int | None = names(Erasure.CLEAR)
    state: str = "waiting"
    invited_at: datetime


class Merging(SQLModel, table=True):
    """That an owner of a community proposed to merge it into another, whose owners decide.

    `state`: proposed, declined, withdrawn, moving (all that is the community's becomes the other's, in parts), done.
    """

    id: int = key()
    community_id: int = refers_to("community.id")
    into_id: int = refers_to("community.id")
    by_id: int | None = names(Erasure.CLEAR)
    decided_by: int | None = names(Erasure.CLEAR)
    state: str = "proposed"
    proposed_at: datetime
    decided_at: datetime | None = None


class Closing(SQLModel, table=True):
    """That a community was archived, and what it came to by then. `by_id` is empty where its last day had passed."""

    id: int = key()
    community_id: int = refers_to("community.id")
    by_id: int | None = names(Erasure.CLEAR)
    members: int
    organisations: int
    asked: int
    answered: int
    showcases: int
    at: datetime


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
    """A week's news of a community: an owner's words, with the organisation they were in then, beside what happened.

    `state`: draft (one at most, which goes out at `until`), sent, skipped, empty (nothing had happened). `happened` is
    what did, in numbers and as JSON, once it was sent.
    """

    __table_args__ = (
        Index(
            "ix_bulletin_draft",
            "community_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index("ix_bulletin_until", "community_id", "until"),
        NEVER_AGAIN,
    )
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    author_id: int | None = names(Erasure.CLEAR)
    organisation_id: int | None = may_refer_to("organisation.id", index=False)
    words: str = personal(Erasure.KEEP, default="")
    since: datetime
    until: datetime
    state: str = "draft"
    happened: str = ""


class Pairing(SQLModel, table=True):
    """Two or three people who were introduced to each other in one round; one alone who leaves out that round.

    `round` is how often and the day it was made for: monthly 2026-12-01.
    """

    __table_args__ = (NEVER_AGAIN,)
    id: int = key()
    round: str = Field(index=True)
    made_at: datetime


class Paired(SQLModel, table=True):
    """One of the people of a pairing; each is in one pairing of a round at most."""

    __table_args__ = (UniqueConstraint("pairing_id", "person_id"), UniqueConstraint("round", "person_id"))
    id: int = key()
    pairing_id: int = refers_to("pairing.id", index=False)
    round: str
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
