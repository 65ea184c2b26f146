"""SQL that SQLAlchemy writes once and the database's own driver then runs.

A command of six statements costs 170 us through SQLAlchemy's connections and results, 45 on the driver. So a statement
is turned into text once for each database; after that only its parameters and rows pass through here.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import BigInteger, Float, Insert
from sqlalchemy.dialects.postgresql import Insert as ConflictInsert  # SQLite's compiler writes its clauses too
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.compiled import Compiled, Core, DialectName, Row

__all__ = ["ConflictInsert", "SnapshotFloor", "Statement", "ThisTransaction", "insert_or_ignore", "statement", "upsert"]

R = TypeVar("R")


class ThisTransaction(FunctionElement[int]):
    """The number of this transaction on PostgreSQL, which never comes again; 0 on SQLite, where one writes alone."""

    type = BigInteger()
    inherit_cache = True


class SnapshotFloor(FunctionElement[int]):
    """The lowest number of a transaction that had not ended when this one began to look; 0 on SQLite."""

    type = BigInteger()
    inherit_cache = True


class Epoch(FunctionElement[float]):
    """The seconds from the start of 1970 to an instant, to a thousandth: many rows are read faster so than as dates."""

    type = Float()
    inherit_cache = True


@compiles(Epoch, "postgresql")
def _epoch_on_postgres(element: Epoch, compiler: Any, **_: Any) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses)}) AS DOUBLE PRECISION)"


@compiles(Epoch, "sqlite")
def _epoch_on_sqlite(element: Epoch, compiler: Any, **_: Any) -> str:
    return f"((julianday({compiler.process(element.clauses)}) - 2440587.5) * 86400.0)"


_ON_POSTGRES = {
    ThisTransaction: "CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)",
    SnapshotFloor: "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)",
}


@compiles(ThisTransaction, "postgresql")
@compiles(SnapshotFloor, "postgresql")
def _on_postgres(element: FunctionElement[int], compiler: Any, **_: Any) -> str:
    return _ON_POSTGRES[type(element)]


@compiles(ThisTransaction, "sqlite")
@compiles(SnapshotFloor, "sqlite")
def _on_sqlite(element: FunctionElement[int], compiler: Any, **_: Any) -> str:
    return "0"


class Statement(Generic[R]):
    """One statement and what its rows become. Made by `statement`, at the top of a module, and used for ever."""

    __slots__ = ("_compiled", "core", "result")

    def __init__(self, core: Core, result: Callable[..., R] | None) -> None:
        self.core = core.inline() if isinstance(core, Insert) else core  # else SQLAlchemy adds RETURNING by itself
        self.result = result
        self._compiled: dict[DialectName, Compiled[R]] = {}

    def on(self, dialect: DialectName) -> Compiled[R]:
        """The statement in that database's own words. Two threads may both compile it: the outcome is the same."""
        compiled = self._compiled.get(dialect)
        if compiled is None:
            compiled = self._compiled[dialect] = Compiled(self.core, self.result, dialect)
        return compiled


@overload
def statement(core: Core) -> Statement[Row]: ...
@overload
def statement(core: Core, result: Callable[..., R]) -> Statement[R]: ...
@overload
def statement(core: Core, result: Callable[..., R] | None) -> Statement[R]: ...
def statement(core: Core, result: Callable[..., Any] | None = None) -> Statement[Any]:
    """A statement that is compiled on its first use on each database.

    `result` is called with a row's values: a NamedTuple class, or `int` or `str` for a single column. Without it rows
    are tuples. Every `bindparam` without a value must be given when it runs, those with one may be; constants written
    into the statement are fixed. `column.in_(bindparam("ids", expanding=True))` takes a list of any length.
    Columns that an INSERT leaves out get their default, and may be given by their name.
    """
    return Statement(core, result)


def insert_or_ignore(table: Any) -> Insert:
    """INSERT that leaves alone what would break a unique rule: `run` then gives 0, and RETURNING no row.

    It is followed by `.values(...)`, as any INSERT is.
    """
    return ConflictInsert(table).on_conflict_do_nothing()


def upsert(table: Any, on: Sequence[str], changed: Sequence[str]) -> Insert:
    """INSERT; where a row with the same values in the columns `on` exists, its columns `changed` are set instead.

    `on` must be the primary key or have a unique constraint.
    """
    insert = ConflictInsert(table)
    news = {name: insert.excluded[name] for name in changed}
    return insert.on_conflict_do_update(index_elements=list(on), set_=news)
