"""What has changed of the texts that searches look through."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.declaring import BIG, NEVER_AGAIN, key


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
