"""PostgreSQL: psycopg in threads, each with a connection of its own, every write SERIALIZABLE.

At READ COMMITTED a capacity of two was oversold eight times; at SERIALIZABLE never, for 7 to 10 % fewer joins a second.
Reads are REPEATABLE READ: one snapshot, never made to wait (SERIALIZABLE DEFERRABLE waits for the writes under way),
and what a person is shown is checked again by the write that follows.
"""

import asyncio
import random
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from contextvars import copy_context
from datetime import UTC, datetime
from time import perf_counter
from typing import Literal, NamedTuple, NoReturn, TypeVar

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from sqlalchemy import func, select

from storage.database import Database, OutcomeUnknown, Transaction, Unavailable, call
from storage.hosts import Hosts
from storage.index import Index
from storage.listening import GATHER_SECONDS, NOTIFY, listen
from storage.statements import statement

T = TypeVar("T")
Kind = Literal["read", "write"]

WRITERS = 8
READERS = 4
STATEMENTS = 512
"""How many prepared statements each connection keeps."""
BEGIN = {
    "write": "BEGIN ISOLATION LEVEL SERIALIZABLE",
    "read": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
"""A write does not ask for READ WRITE: a server that its operator made read-only keeps its word."""
SESSION = (
    "SET TIME ZONE 'UTC'; SET statement_timeout = '30s'; SET lock_timeout = '10s';"
    " SET idle_in_transaction_session_timeout = '60s'"
)
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
UNDECIDED = {"08007", "40003"}
CLOCK = statement(select(func.clock_timestamp()))


class PostgresDatabase(Database):
    """One PostgreSQL database, by any libpq URL. Nothing is contacted before the first read or write."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._hosts = Hosts(url)
        self._me = secrets.token_hex(8)
        self._told_until = 0.0
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="postgres-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="postgres-read")
        self._turns = threading.Lock()
        self._mine = threading.local()
        self._opened: set[psycopg.Connection] = set()

    async def _written(self, fn: Callable[[Transaction], T]) -> T:
        return await self._in_thread(self._writers, "write", fn)

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        return await self._in_thread(self._readers, "read", fn)

    async def clock(self) -> datetime:
        found: datetime = await self.read(lambda t: t.value(CLOCK))
        return found.astimezone(UTC)

    def tell(self) -> None:
        now = time.monotonic()
        if now < self._told_until:
            return
        with suppress(RuntimeError):  # the database or the event loop is closed; others look by themselves
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._tell)
            self._told_until = now + GATHER_SECONDS

    def _tell(self) -> None:
        with suppress(RuntimeError):
            self._writers.submit(self._notify)

    def _notify(self) -> None:
        for _ in range(2):  # that a connection broke is seen only when it is used
            with suppress(psycopg.Error, Unavailable):  # others look by themselves
                self._connection().execute(NOTIFY, [self._me])
                return

    async def listen(self, heard: Callable[[], None]) -> None:
        await listen(self._hosts, self._me, heard)

    def close(self) -> None:
        for threads in (self._writers, self._readers):
            threads.shutdown(wait=True)
        while self._opened:
            self._opened.pop().close()

    async def _in_thread(self, threads: ThreadPoolExecutor, kind: Kind, fn: Callable[[Transaction], T]) -> T:
        loop, context, asked = asyncio.get_running_loop(), copy_context(), perf_counter()
        try:
            working = loop.run_in_executor(threads, context.run, self._with_tries, kind, fn, asked)
        except RuntimeError as closed:
            raise Unavailable("The database is closed") from closed
        return await working

    def _with_tries(self, kind: Kind, fn: Callable[[Transaction], T], asked: float) -> T:
        """What `fn` returned, of the try that was committed; nothing of the others was kept."""
        tries = 0
        while True:
            tries += 1
            connection = self._connection()
            if tries == 1:
                self.observe(kind, perf_counter() - asked)
            try:
                with self._turns if tries > TURNS_AFTER else nullcontext():
                    return once(connection, kind, fn, self.index)
            except psycopg.Error as error:
                if kind == "write" and isinstance(error, errors.ReadOnlySqlTransaction):
                    connection.close()  # the server writes no more; perhaps another does
                if tries == TRIES or not (connection.closed or is_conflict(error, tries)):
                    raise_told(error)
                if isinstance(error, CONFLICT):
                    self.observe("retry", 0.0)
            pause(tries)

    def _connection(self) -> psycopg.Connection:
        """This thread's connection; a new one where this or any other thread's was lost since it was made."""
        link: Link | None = getattr(self._mine, "link", None)
        if link is not None and link.connection.closed:
            self._hosts.lost(link.era)
        if link is not None and link.era == self._hosts.era:
            return link.connection
        if link is not None:
            self._opened.discard(link.connection)
            link.connection.close()
        link = self._mine.link = connected(self._hosts)
        self._opened.add(link.connection)
        return link.connection


class Link(NamedTuple):
    """A connection, and the era of the hosts in which it was made."""

    connection: psycopg.Connection
    era: int


def connected(hosts: Hosts) -> Link:
    """A new connection to the primary, or Unavailable."""
    era = hosts.era
    try:
        connection = psycopg.connect(hosts.url, autocommit=True, **hosts.options())
    except psycopg.Error as error:
        raise_told(error)
    try:
        connection.prepared_max = STATEMENTS
        connection.execute(SESSION)
    except psycopg.Error as error:
        connection.close()
        raise_told(error)
    hosts.answered(connection)
    return Link(connection, era)


def once(connection: psycopg.Connection, kind: Kind, fn: Callable[[Transaction], T], index: Index) -> T:
    """One try, committed. It raises with nothing kept, except OutcomeUnknown."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(BEGIN[kind])
            value = call(fn, Transaction(cursor, "postgresql", index, writes=kind == "write"))
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
