"""How a column is declared: one that names a person, or holds a person's words, says how it is exported and erased."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, Table, false, text, true
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlmodel import Field, SQLModel

BIG: Any = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on PostgreSQL; SQLite numbers rows by itself only where the type is INTEGER, which has 64 bits there."""


SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
"""So that a later version can name the constraint it changes, on SQLite too."""

NEVER_AGAIN: Any = {"sqlite_autoincrement": True}
"""For rows that are deleted while buttons or timers may still hold their number: SQLite would give it out again."""


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a model, for statements that never touch the ORM."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def columns(model: type[SQLModel]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """The Core columns behind a model."""
    return table(model).c


class Erasure(StrEnum):
    """What "forget me" does to a row or a column."""

    ROW = "the row is deleted"
    CLEAR = "the column is emptied; what the community keeps is by a former member"
    KEEP = "kept while the law or the audit needs it, as a number without a name"


def key() -> Any:
    """A primary key, numbered by the database."""
    return Field(default=None, primary_key=True, sa_type=BIG)


def refers_to(column: str, *, index: bool = True) -> Any:
    """A reference to a row that names no person."""
    return Field(foreign_key=column, index=index, sa_type=BIG)


def may_refer_to(column: str, *, index: bool = True) -> Any:
    """A reference that may be empty."""
    return Field(default=None, foreign_key=column, index=index, sa_type=BIG, nullable=True)


def names(erase: Erasure, *, column: str = "person.id", index: bool = True) -> Any:
    """A reference to a person or an account: exported with that person's data, erased as `erase` says."""
    declared = {"info": {"export": True, "erase": erase}}
    optional: dict[str, Any] = {"default": None, "nullable": True} if erase is Erasure.CLEAR else {}
    return Field(foreign_key=column, index=index, sa_type=BIG, sa_column_kwargs=declared, **optional)


def personal(erase: Erasure, *, export: bool = True, **options: Any) -> Any:
    """A name, an id or words of a person; `export=False` only for what would be a secret in a file."""
    return Field(sa_column_kwargs={"info": {"export": export, "erase": erase}}, **options)


def later(value: str | int, erase: Erasure | None = None) -> Any:
    """A column that a later version added: the version before leaves it out, and the database fills it in.

    With `erase` it holds what is personal, as in `personal`.
    """
    default = (true() if value else false()) if isinstance(value, bool) else str(value)
    info = {"info": {"export": True, "erase": erase}} if erase else {}
    return Field(default=value, sa_column_kwargs={"server_default": default, **info})


def only_where(condition: str, name: str, *columns: str) -> Index:
    """An index of the rows alone that this is true of, for a statement that says so in the same words or implies it."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))
