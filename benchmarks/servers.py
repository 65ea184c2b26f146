"""A server process on one core of its own: started, timed, weighed and stopped."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import HOST

ROOT = Path(__file__).parent.parent
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
START_LIMIT = 30.0
STOP_LIMIT = 15.0


class NotReady(Exception):
    """The server ended, or was not ready in time; its last words are in its log."""


@dataclass(frozen=True)
class Server:
    """A running server, pinned with everything it starts. `ready_after` is seconds from exec to its first 200."""

    process: subprocess.Popen[bytes]
    port: int
    ready_after: float

    def cpu_seconds(self) -> float:
        """CPU time used so far by the process, all its threads and all it started, in seconds (nanosecond clock)."""
        return sum(cpu_clock(pid) for pid in _family(self.process.pid))

    def resident_megabytes(self) -> float:
        """Resident memory of the process and all it started, shared pages counted in each (10**6 bytes)."""
        return sum(_resident(pid) for pid in _family(self.process.pid)) / 1e6

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where that is not enough."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(arguments: Sequence[str], settings: Mapping[str, str], folder: Path, core: int = SERVER_CORE) -> Server:
    """Runs `python -m ...` with these settings alone; returns when `GET /readyz` answers 200.

    The server gets its port as PORT, works in `folder` and logs to a file there.
    """
    port = free_port()
    log = folder / f"{arguments[0]}-{port}.log"
    os.sched_setaffinity(0, {core})  # a process inherits its parent's cores, from its first instruction on
    began = time.monotonic()
    with log.open("wb") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=_environment({"PORT": str(port), **settings}),
            cwd=folder,
            stdout=words,
            stderr=words,
        )
    os.sched_setaffinity(0, {LOAD_CORE})
    while time.monotonic() - began < START_LIMIT and process.poll() is None:
        if _answers(port):
            return Server(process, port, time.monotonic() - began)
        time.sleep(0.005)
    process.kill()
    process.wait()
    raise NotReady(f"{' '.join(arguments)} did not become ready:\n{log.read_text(errors='replace')[-2000:]}")


def run_once(arguments: Sequence[str], settings: Mapping[str, str], folder: Path) -> None:
    """Runs `python -m ...` with these settings alone, to its end; raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", *arguments]
    subprocess.run(
        command, env=_environment(settings), cwd=folder, check=True, capture_output=True, timeout=START_LIMIT
    )


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, paths)), **settings}


def busy_seconds(core: int) -> float:
    """CPU time that this core has given to anyone so far, in seconds (proc_stat(5), /proc/stat: all but idle)."""
    for line in Path("/proc/stat").read_text().splitlines():
        name, *ticks = line.split()
        if name == f"cpu{core}":
            user, nice, system, _idle, _waiting, *interrupts = (int(tick) for tick in ticks[:8])
            return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")
    raise LookupError(core)


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def cpu_clock(pid: int) -> float:
    """The kernel's CPU clock of a process: clock id `~pid << 3 | 2` (clock_getcpuclockid(3), CPUCLOCK_SCHED)."""
    return time.clock_gettime((~pid << 3) | 2)


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _family(int(child))
    return found
