"""What has changed of the texts that searches look through; which words mean the same; what people wait to be found."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.declaring import BIG, NEVER_AGAIN, Erasure, key, names, personal, refers_to


class SearchChange(SQLModel, table=True):
    """That a text is no longer as it was; every process that searches reads it again. The last 100,000 are kept.

    `noun`: question, person, skill. `transaction` is PostgreSQL's own number of the transaction that changed it, by
    which a process finds what was committed late (0 on SQLite, which commits in the order of the rows).
    """

    __tablename__ = "search_change"
    __table_args__ = (Index("ix_search_change_transaction", "transaction", "id"), NEVER_AGAIN)
    id: int = key()
    noun: str
    subject_id: int = Field(sa_type=BIG)
    transaction: int = Field(sa_type=BIG)


class Synonym(SQLModel, table=True):
    """That some words mean the same as others to whoever searches in a community, as one of its owners said.

    `words_key` and `means_key` are the terms of each with spaces between: how a search knows them again.
    """

    __table_args__ = (
        UniqueConstraint("community_id", "words_key", "means_key"),
        Index("ix_synonym_means", "community_id", "means_key"),
        NEVER_AGAIN,
    )
    id: int = key()
    community_id: int = refers_to("community.id", index=False)
    words: str = personal(Erasure.KEEP)
    means: str = personal(Erasure.KEEP)
    words_key: str = personal(Erasure.KEEP)
    means_key: str = personal(Erasure.KEEP)
    added_by: int | None = names(Erasure.CLEAR)
    added_at: datetime


class Watch(SQLModel, table=True):
    """That a person wants to be told when somebody knows about this, and of which people; kept for half a year.

    The words are as they typed them: each is "" for whatever it may be. `looked_at` is when it was last looked for.
    """

    __table_args__ = (NEVER_AGAIN,)
    id: int = key()
    person_id: int = names(Erasure.ROW)
    topic: str = personal(Erasure.ROW)
    organisation: str = personal(Erasure.ROW)
    role: str = personal(Erasure.ROW)
    step: str = personal(Erasure.ROW)
    community: str = personal(Erasure.ROW)
    language: str = personal(Erasure.ROW)
    created_at: datetime
    looked_at: datetime = Field(index=True)
