"""PostgreSQL: psycopg in threads, each with a connection of its own, every write SERIALIZABLE.

At READ COMMITTED a capacity of two was oversold eight times; at SERIALIZABLE never, for 7 to 10 % fewer joins a second.
Reads are REPEATABLE READ: one snapshot, never made to wait (SERIALIZABLE DEFERRABLE waits for the writes under way),
and what a person is shown is checked again by the write that follows.
"""

import asyncio
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from contextvars import copy_context
from typing import Any, NoReturn, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from storage.database import Database, OutcomeUnknown, Transaction, Unavailable, call

T = TypeVar("T")

WRITERS = 8
READERS = 4
STATEMENTS = 512
"""How many prepared statements each connection keeps."""
BEGIN_WRITE = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
SESSION = (
    "SET TIME ZONE 'UTC'; SET statement_timeout = '30s'; SET lock_timeout = '10s';"
    " SET idle_in_transaction_session_timeout = '60s'"
)
PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "application_name": "signpost",
}
"""How long a silent network is believed (seconds; the last in milliseconds). What the URL says comes first."""

TRIES = 40
TURNS_AFTER = 2
"""After so many tries those who lost take turns within this process, or 64 callers of one row would never end."""
CONFLICT = (errors.SerializationFailure, errors.DeadlockDetected)
"""Two transactions met, and this one made way."""
TAKEN = (errors.UniqueViolation, errors.ExclusionViolation)
"""May be the same, seen by an index: https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html"""
TAKEN_TRIES = 3
AWAY_CLASSES = {"08", "53", "57", "58"}
"""Connection, resources (disk full), operator (shutdown, time-out), system: appendix A of PostgreSQL's manual."""
AWAY = (errors.LockNotAvailable, errors.ReadOnlySqlTransaction)
"""Read-only for a write is a server that became a standby."""
UNDECIDED = {"08007", "40003"}


class PostgresDatabase(Database):
    """One PostgreSQL database, by any libpq URL. Nothing is contacted before the first read or write."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._options = options_for(url)
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="postgres-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="postgres-read")
        self._turns = threading.Lock()
        self._mine = threading.local()
        self._opened: set[psycopg.Connection] = set()

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        return await in_thread(self._writers, self._write, fn)

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        return await in_thread(self._readers, self._read, fn)

    def close(self) -> None:
        for threads in (self._writers, self._readers):
            threads.shutdown(wait=True)
        while self._opened:
            self._opened.pop().close()

    def _write(self, fn: Callable[[Transaction], T]) -> T:
        return self._with_tries(BEGIN_WRITE, fn)

    def _read(self, fn: Callable[[Transaction], T]) -> T:
        return self._with_tries(BEGIN_READ, fn)

    def _with_tries(self, begin: str, fn: Callable[[Transaction], T]) -> T:
        """What `fn` returned, of the try that was committed; nothing of the others was kept."""
        tries = 0
        while True:
            tries += 1
            connection = self._connection()
            try:
                with self._turns if tries > TURNS_AFTER else nullcontext():
                    return once(connection, begin, fn)
            except psycopg.Error as error:
                if tries == TRIES or not (connection.closed or is_conflict(error, tries)):
                    raise_told(error)
            pause(tries)

    def _connection(self) -> psycopg.Connection:
        """This thread's connection; a new one where it was lost."""
        connection: psycopg.Connection | None = getattr(self._mine, "connection", None)
        if connection is not None and not connection.closed:
            return connection
        if connection is not None:
            self._opened.discard(connection)
        try:
            connection = psycopg.connect(self._url, autocommit=True, **self._options)
            connection.prepared_max = STATEMENTS
            connection.execute(SESSION)
        except psycopg.Error as error:
            raise_told(error)
        self._mine.connection = connection
        self._opened.add(connection)
        return connection


async def in_thread(threads: ThreadPoolExecutor, work: Callable[..., T], fn: Callable[[Transaction], T]) -> T:
    """`work(fn)` in one of the threads, in the caller's context; refused once they are closed."""
    try:
        working = asyncio.get_running_loop().run_in_executor(threads, copy_context().run, work, fn)
    except RuntimeError as closed:
        raise Unavailable("The database is closed") from closed
    return await working


def once(connection: psycopg.Connection, begin: str, fn: Callable[[Transaction], T]) -> T:
    """One try, committed. It raises with nothing kept, except OutcomeUnknown."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(begin)
            value = call(fn, Transaction(cursor, "postgresql"))
        if connection.info.transaction_status == TransactionStatus.INERROR:
            raise RuntimeError("The function caught an error of the database; PostgreSQL then keeps nothing")
    except BaseException:
        roll_back(connection)
        raise
    commit(connection)
    return value


def commit(connection: psycopg.Connection) -> None:
    """Committed; when the connection broke over it, nobody knows."""
    try:
        connection.commit()
    except psycopg.Error as error:
        if connection.closed or error.sqlstate in UNDECIDED:
            connection.close()
            raise OutcomeUnknown("PostgreSQL was lost during a commit") from error
        roll_back(connection)
        raise


def roll_back(connection: psycopg.Connection) -> None:
    """Rolled back, or the connection is closed, which comes to the same."""
    try:
        connection.rollback()
    except psycopg.Error:
        connection.close()


def is_conflict(error: psycopg.Error, tries: int) -> bool:
    """Whether the same function may well succeed now."""
    return isinstance(error, CONFLICT) or (isinstance(error, TAKEN) and tries < TAKEN_TRIES)


def pause(tries: int) -> None:
    """Up to 2, 4, 8 ... 100 ms, by chance, so that those who met do not meet again."""
    time.sleep(random.uniform(0, min(0.1, 0.001 * 2**tries)))  # noqa: S311 # no secret


def raise_told(error: psycopg.Error) -> NoReturn:
    """Raises the error as callers know it."""
    known = told(error)
    if known is error:
        raise error
    raise known from error


def told(error: psycopg.Error) -> Exception:
    """The error as callers know it: Unavailable where the server or the network is the cause.

    Others keep their type and lose the detail: it would quote the row, which may be what somebody wrote.
    """
    if isinstance(error, CONFLICT):
        return Unavailable(f"Too many changed the same thing at once: gave up after {TRIES} tries")
    if isinstance(error, AWAY) or (error.sqlstate or "")[:2] in AWAY_CLASSES:
        return Unavailable(f"PostgreSQL cannot do this now: {error.sqlstate} {error.diag.message_primary}")
    if error.sqlstate is None and isinstance(error, psycopg.OperationalError):
        return Unavailable(f"PostgreSQL cannot be reached: {error}")
    if error.sqlstate is not None:
        about = (error.sqlstate, error.diag.table_name, error.diag.column_name, error.diag.constraint_name)
        error.args = (" ".join(filter(None, about)),)
    return error


def options_for(url: str) -> dict[str, Any]:
    """Our patience, where the URL doesn't say its own. A URL that cannot be meant is a ValueError without the URL.

    libpq would quote what it takes for a host, a port or a name: perhaps the end of a password with an unescaped @.
    """
    example = "postgresql://name:password@host:5432/database"
    refusal = f"The database URL is not as in {example}, with % codes for special characters"
    try:
        said = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ValueError(refusal) from None
    ports = str(said.get("port", "")).replace(",", "")
    names = f"{said.get('host', '')}{said.get('dbname', '')}"
    if "@" in names or not (ports.isdigit() or not ports):
        raise ValueError(refusal)
    return {name: value for name, value in PATIENCE.items() if name not in said}
