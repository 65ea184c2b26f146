"""SQLite: one thread writes, a few read, and many writes share one commit.

A commit to the disk takes longer than all statements of a command. Whatever arrives during one is therefore done
together in the next: 64 callers got 23,379 commits a second that way, and 2,230 with a commit each.
"""

import asyncio
import logging
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic, perf_counter, sleep
from typing import Any, Literal, NamedTuple, TypeVar

from storage.database import Database, OutcomeUnknown, Transaction, Unavailable, call
from storage.index import Index

T = TypeVar("T")
log = logging.getLogger(__name__)

BATCH = 64
GATHER_SECONDS = 0.004
"""The writer waits for company after a commit that several shared (PostgreSQL: `commit_delay`); one never waits."""
READERS = 3
BUSY_SECONDS = 5.0
STATEMENTS = 512
"""How many prepared statements each connection keeps."""

AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
}
"""What is the disk's or another process's doing, not the statement's: https://www.sqlite.org/rescode.html"""


class SqliteDatabase(Database):
    """One SQLite file. Several processes may use it at once; each waits up to 5 s for another's write."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file
        self._writer = Writer(file)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-read")
        self._mine = threading.local()
        self._opened: list[sqlite3.Connection] = []

    async def _written(self, fn: Callable[[Transaction], T]) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._writer.put(Write(self._observed("write", fn), future, loop, self.index))
        return await future

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            reading = loop.run_in_executor(self._readers, self._read, self._observed("read", fn))
        except RuntimeError as closed:
            raise Unavailable("The database is closed") from closed
        return await reading

    def _observed(self, what: str, fn: Callable[[Transaction], T]) -> Callable[[Transaction], T]:
        """The same work, in its caller's context; how long it waited for a thread is told when it begins."""
        asked, context = perf_counter(), copy_context()

        def begin(transaction: Transaction) -> T:
            self.observe(what, perf_counter() - asked)
            return context.run(fn, transaction)

        return begin

    def _read(self, fn: Callable[[Transaction], T]) -> T:
        try:
            connection = self._reader()
            connection.execute("BEGIN")
            try:
                return call(fn, Transaction(connection.cursor(), "sqlite", self.index, writes=False))
            finally:
                connection.rollback()
        except sqlite3.Error as error:
            known = told(error)
            if known is error:
                raise
            raise known from error

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = open_to_read(self._file)
            self._mine.connection = connection
            self._opened.append(connection)
        return connection

    def close(self) -> None:
        self._readers.shutdown(wait=True)
        while self._opened:
            self._opened.pop().close()
        self._writer.close()  # last, for only one that may write can fold the log back into the file


class Write(NamedTuple):
    """Something to write, and who waits for it."""

    fn: Callable[[Transaction], Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    memory: Index


class Outcome(NamedTuple):
    """What became of a write: its value, or why not."""

    value: Any
    error: BaseException | None


class Writer:
    """The one thread of this process that writes to the file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._queue: SimpleQueue[Write | None] = SimpleQueue()
        self._connection: sqlite3.Connection | None = None
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="sqlite-write", daemon=True)
        self._thread.start()

    def put(self, write: Write) -> None:
        """In the queue; refused once closed, so that nobody waits for ever."""
        with self._gate:
            if self._closed:
                raise Unavailable("The database is closed")
            self._queue.put(write)

    def close(self) -> None:
        """Everything that was in the queue is done."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        shared = False
        while (first := self._queue.get()) is not None:
            batch = [first]
            if shared:
                sleep(GATHER_SECONDS)
            try:
                outcomes = self._together(batch)
            except Exception as error:  # noqa: BLE001 # the one writer lives on, and whoever waits is told
                outcomes = self._failed(batch, error)
            tell(batch, outcomes)
            shared = len(batch) > 1
        self._let_go()

    def _together(self, batch: list[Write]) -> list[Outcome]:
        """Does and commits what is in the queue, up to 64 writes; `batch` grows by what is taken from the queue."""
        cursor = self._open().cursor()
        cursor.execute("BEGIN IMMEDIATE")
        outcomes = [done(batch[0], cursor)]
        while len(batch) < BATCH and (write := self._next()):
            batch.append(write)
            outcomes.append(done(write, cursor))
        try:
            cursor.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if primary_code(error) == sqlite3.SQLITE_IOERR:
                raise OutcomeUnknown(f"the disk failed during the commit: {error}") from error
            raise
        return outcomes

    def _next(self) -> Write | None:
        try:
            write = self._queue.get_nowait()
        except Empty:
            return None
        if write is None:
            self._queue.put(None)  # the end: for the loop outside, after this batch
        return write

    def _failed(self, batch: list[Write], error: Exception) -> list[Outcome]:
        """Nothing of the batch was kept; whoever queued up meanwhile is told too, rather than made to wait as long."""
        log.error("A batch of %d writes failed: %s", len(batch), error, exc_info=error)
        while write := self._next():
            batch.append(write)
        self._let_go()
        kind = OutcomeUnknown if isinstance(error, OutcomeUnknown) else Unavailable
        return [Outcome(None, kind(f"{self._file} cannot be written: {error}")) for _ in batch]

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_to_write(self._file)
        return self._connection

    def _let_go(self) -> None:
        """Rolled back first: closing alone keeps the lock for as long as anybody holds a cursor."""
        if self._connection is None:
            return
        try:
            self._connection.rollback()
        except sqlite3.Error as error:
            log.warning("Rolling back failed: %s", error)
        self._connection.close()
        self._connection = None


def done(write: Write, cursor: sqlite3.Cursor) -> Outcome:
    """What became of one write within its batch. When it raised, it alone is undone; an error here loses the batch."""
    if write.future.cancelled():
        return Outcome(None, None)
    cursor.execute("SAVEPOINT one")
    try:
        outcome = Outcome(call(write.fn, Transaction(cursor, "sqlite", write.memory, writes=True)), None)
    except BaseException as error:  # it belongs to the one who waits
        if isinstance(error, sqlite3.Error) and primary_code(error) == sqlite3.SQLITE_READONLY:
            raise  # the connection can only read; the next one is perhaps opened to a file that can be written again
        outcome = Outcome(None, told(error))
        cursor.execute("ROLLBACK TO one")
    cursor.execute("RELEASE one")
    return outcome


def tell(batch: list[Write], outcomes: list[Outcome]) -> None:
    """Wakes each event loop once, however many of its callers are waiting."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Outcome]]] = defaultdict(list)
    for write, outcome in zip(batch, outcomes, strict=True):
        by_loop[write.loop].append((write.future, outcome))
    for loop, settled in by_loop.items():
        try:
            loop.call_soon_threadsafe(settle, settled)
        except RuntimeError:
            log.warning("%d writes were done after their event loop had closed", len(settled))


def settle(settled: list[tuple[asyncio.Future[Any], Outcome]]) -> None:
    """On the event loop: whoever still waits is told."""
    for future, outcome in settled:
        if future.done():
            continue
        if outcome.error is not None:
            future.set_exception(outcome.error)
        else:
            future.set_result(outcome.value)


def open_to_write(file: str) -> sqlite3.Connection:
    """A connection whose commits are safe on the disk when they return. A file that is not there is made."""
    return open_file(file, "rwc", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON")


def open_to_read(file: str) -> sqlite3.Connection:
    """A connection that cannot write. The file is in WAL mode then: in any other, a reader keeps the writer waiting."""
    ways = ("PRAGMA query_only = ON", "PRAGMA schema_version")  # the second reads, so it refuses what is no database
    connection = open_file(file, "ro", *ways)
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return connection
    connection.close()
    open_to_write(file).close()
    return open_file(file, "ro", *ways)


def open_file(file: str, mode: Literal["ro", "rwc"], *ways: str) -> sqlite3.Connection:
    """A connection without Python's own transactions: those silently lose concurrent updates."""
    connection = sqlite3.connect(
        f"{Path(file).absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        cached_statements=STATEMENTS,
        check_same_thread=False,  # each is used by one thread, and closed by the one that closes the database
    )
    try:
        if mode == "rwc":
            write_ahead(connection)
        for way in ways:
            connection.execute(way)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def write_ahead(connection: sqlite3.Connection) -> None:
    """The file is in WAL mode, for ever. SQLite doesn't wait while another connection does the same, so this does."""
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
        sleep(0.005)


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's result code without its details; 0 for errors that Python's driver makes itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def told(error: BaseException) -> BaseException:
    """The error as callers know it: Unavailable where the disk or another process is the cause."""
    if isinstance(error, sqlite3.Error) and primary_code(error) in AWAY:
        away = Unavailable(f"The database cannot be used: {error}")
        away.__cause__ = error
        return away
    return error
