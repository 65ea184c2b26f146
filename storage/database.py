"""The one bridge from async code to the database: `await database.write(fn)` and `await database.read(fn)`.

`fn` is plain and gets a Transaction. Returning commits, raising rolls back. On PostgreSQL `fn` may run more than once,
so it has no effect outside the transaction.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from storage.compiled import Core, DialectName
from storage.index import Index
from storage.statements import Statement, insert_or_ignore, statement, upsert

__all__ = [
    "Database",
    "OutcomeUnknown",
    "Transaction",
    "Unavailable",
    "connect",
    "insert_or_ignore",
    "statement",
    "upsert",
]

R = TypeVar("R")
T = TypeVar("T")


class Unavailable(Exception):
    """The database cannot do this now (away, locked, full, closed), and nothing of it was kept. Try again later."""


class OutcomeUnknown(Unavailable):
    """The database was lost while it committed: the write was either kept whole or not at all."""


class Cursor(Protocol):
    """What both drivers' cursors share."""

    @property
    def rowcount(self) -> int: ...

    def execute(self, query: Any, params: Any = ..., /) -> object: ...

    def executemany(self, query: Any, params_seq: Any, /) -> object: ...

    def fetchall(self) -> list[tuple[Any, ...]]: ...

    def close(self) -> None: ...


class Transaction:
    """One transaction, on the driver's own connection; it ends when the function that was given it returns."""

    __slots__ = ("_cursor", "dialect", "index", "writes")

    def __init__(self, cursor: Cursor, dialect: DialectName, index: Index, *, writes: bool) -> None:
        self._cursor = cursor
        self.dialect: DialectName = dialect
        self.index = index
        self.writes = writes

    def all(self, s: Statement[R], /, **params: Any) -> list[R]:
        """Every row."""
        compiled = s.on(self.dialect)
        self._cursor.execute(*compiled.bound(params))
        return [compiled.row(row) for row in self._cursor.fetchall()]

    def one(self, s: Statement[R], /, **params: Any) -> R | None:
        """The first row, or None. All rows are fetched, so a statement that finds many says `.limit(1)`."""
        compiled = s.on(self.dialect)
        self._cursor.execute(*compiled.bound(params))
        rows = self._cursor.fetchall()
        return compiled.row(rows[0]) if rows else None

    def value(self, s: Statement[Any], /, **params: Any) -> Any:
        """The first column of the first row, or None."""
        compiled = s.on(self.dialect)
        self._cursor.execute(*compiled.bound(params))
        rows = self._cursor.fetchall()
        if not rows:
            return None
        return compiled.first(rows[0][0]) if compiled.first else rows[0][0]

    def run(self, s: Statement[Any], /, **params: Any) -> int:
        """The number of rows that were inserted, changed or deleted."""
        compiled = s.on(self.dialect)
        self._cursor.execute(*compiled.bound(params))
        if compiled.answers:
            self._cursor.fetchall()  # SQLite counts and finishes the statement with its last row
        return self._cursor.rowcount if self._cursor.rowcount >= 0 else self._counted_by_sqlite()

    def _counted_by_sqlite(self) -> int:
        """Python's driver does not count for a statement that begins with WITH."""
        self._cursor.execute("SELECT changes()", ())
        return int(self._cursor.fetchall()[0][0])

    def many(self, s: Statement[Any], rows: Sequence[Mapping[str, object]]) -> None:
        """Runs the statement for each row of parameters; it may not return rows, nor take lists."""
        compiled = s.on(self.dialect)
        if compiled.answers:
            raise TypeError("many() is for statements without rows")
        bound = [compiled.bound(dict(row)) for row in rows]
        if bound:
            self._cursor.executemany(bound[0][0], [arguments for _, arguments in bound])

    def once(self, core: Core, /, result: Callable[..., R] | None = None, **params: Any) -> list[R]:
        """Every row of a statement built for this one call (filters that vary), at a cost of about 300 us."""
        compiled = Statement(core, result).on(self.dialect)
        self._cursor.execute(*compiled.bound(params))
        return [compiled.row(row) for row in self._cursor.fetchall()] if compiled.answers else []


def unobserved(what: str, seconds: float) -> None:
    """What is done with what can be observed, unless somebody wants to know."""


class Database(ABC):
    """SQLite or PostgreSQL. `read` and `write` raise Unavailable when it is away, and whatever `fn` raises.

    `observe` may be set: it is called with "read" or "write" and the seconds that the work waited before it began, with
    "retry" and 0.0 for every try again because two transactions met, and with "failed" and 0.0 for every write that
    could not be kept. Any thread calls it, often: it must be quick
    and raise nothing.
    """

    def __init__(self) -> None:
        self.observe: Callable[[str, float], None] = unobserved
        self.index = Index()

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        """What `fn` returned, once it is committed and safe on the disk. Giving up waiting does not undo it."""
        try:
            return await self._written(fn)
        except Unavailable:
            self.observe("failed", 0.0)
            raise

    @abstractmethod
    async def _written(self, fn: Callable[[Transaction], T]) -> T:
        """What `write` promises, in the database's own way."""

    @abstractmethod
    async def read(self, fn: Callable[[Transaction], T]) -> T:
        """What `fn` returned; all its statements saw the same instant, and none of them may write."""

    def tell(self) -> None:  # noqa: B027 - to do nothing is what SQLite does
        """Other processes that listen are told, within a moment, that something may be owed. Many calls are one notice.

        Call it after the commit, on the event loop; it waits for nothing and raises nothing. Who is not told finds it
        by looking. On SQLite nobody can be told.
        """

    async def listen(self, heard: Callable[[], None]) -> None:
        """Calls `heard` whenever another process told, and when something may have been missed; it never returns.

        On SQLite nothing is ever heard.
        """
        await asyncio.get_running_loop().create_future()

    async def clock(self) -> datetime | None:
        """What the database server's clock says, in UTC; None on SQLite, which has this machine's."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Finishes what is in hand and lets go of the database; later calls are refused. It blocks, from any thread."""


def call(fn: Callable[[Transaction], T], transaction: Transaction) -> T:
    """`fn(transaction)`; a StopIteration becomes a RuntimeError, for a future that carries one is never done."""
    try:
        return fn(transaction)
    except StopIteration as stopped:
        raise RuntimeError("the function let a StopIteration escape") from stopped


def connect(url: str) -> Database:
    """A database by its URL: `sqlite:///file`, `sqlite:////absolute/file`, or any libpq URL (`postgresql://...`).

    Nothing is contacted yet. A URL that cannot be meant is refused with a ValueError that does not repeat it.
    """
    if is_postgres(url):
        from storage.postgres import PostgresDatabase  # only the driver that is used is loaded

        return PostgresDatabase(url)
    from storage.sqlite import SqliteDatabase

    return SqliteDatabase(sqlite_file(url))


def is_postgres(url: str) -> bool:
    """Whether a libpq URL is meant."""
    return url.startswith(("postgresql://", "postgres://"))


def sqlite_file(url: str) -> str:
    """The file that a SQLite URL names. One in memory is refused: its readers could not see its writer's work."""
    try:
        parts = make_url(url)
    except ArgumentError:
        raise ValueError("The database URL is sqlite:///file or postgresql://user@host/name") from None
    if parts.get_backend_name() != "sqlite":
        raise ValueError("The database URL begins with sqlite:/// or postgresql://")
    if not parts.database or ":memory:" in parts.database or parts.query:
        raise ValueError("A SQLite database is a file (sqlite:///signpost.db), not in memory and without options")
    return parts.database
