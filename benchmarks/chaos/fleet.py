"""Signpost's processes: started, killed, stopped for a while, and started again at once whatever ended them."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from benchmarks.chaos.process import Start, started
from benchmarks.load import HOST
from benchmarks.servers import free_port

READY_WITHIN = 60.0
LOOK_EVERY = 0.02
STOP_WITHIN = 15.0


class NotReady(Exception):
    """No process became ready; the last words of one are in `str()`."""


@dataclass
class Slot:
    """One process of the fleet, through all its lives. `part` is what it does: serve, web or worker."""

    part: str
    port: int
    log: Path
    process: BaseProcess | None = None
    stopped: bool = False

    @property
    def hears(self) -> bool:
        """Whether platforms may speak to it."""
        return self.part != "worker"


@dataclass
class Toll:
    """What was done to the processes, and what they did by themselves, with the moment (seconds since 1970)."""

    kills: list[float] = field(default_factory=list)
    stops: list[tuple[float, float]] = field(default_factory=list)
    by_themselves: list[str] = field(default_factory=list)


class Fleet:
    """Keeps one process running in each slot until `end`."""

    def __init__(self, parts: Sequence[str], settings: Mapping[str, str], folder: Path, *, reconciles: bool) -> None:
        self.slots = [Slot(part, free_port(), folder / f"{part}-{number}.log") for number, part in enumerate(parts)]
        self.toll = Toll()
        self._settings = settings
        self._folder = folder
        self._reconciles = reconciles
        self._watching: asyncio.Task[None] | None = None

    def ports(self) -> list[int]:
        """Where platforms may speak to it."""
        return [slot.port for slot in self.slots if slot.hears]

    async def start(self) -> None:
        """Every process is ready. Raises NotReady."""
        for slot in self.slots:
            self._run(slot)
        until = time.monotonic() + READY_WITHIN
        for slot in self.slots:
            while not await _answers(slot.port):
                if time.monotonic() > until:
                    raise NotReady(slot.log.read_text(errors="replace")[-2000:])
                await asyncio.sleep(LOOK_EVERY)
        self._watching = asyncio.create_task(self._watch())

    def kill(self, chance: Random) -> None:
        """One of those that are not stopped has had SIGKILL, and runs anew."""
        running = [slot for slot in self.slots if not slot.stopped]
        slot = chance.choice(running or self.slots)
        if slot.stopped or slot.process is None or slot.process.exitcode is not None:
            return
        slot.process.kill()
        slot.process.join()
        self.toll.kills.append(time.time())
        self._run(slot)

    async def stop(self, chance: Random, seconds: float) -> None:
        """One has had SIGSTOP, and SIGCONT so many seconds later; nobody kills it meanwhile."""
        slot = chance.choice(self.slots)
        if slot.process is None or slot.process.pid is None or slot.process.exitcode is not None:
            return
        slot.stopped, began = True, time.time()
        os.kill(slot.process.pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            os.kill(slot.process.pid, signal.SIGCONT)
            slot.stopped = False
            self.toll.stops.append((began, time.time()))

    def disturbed(self, since: float, until: float) -> bool:
        """Whether a process died or stood still between these moments."""
        died = any(since <= at <= until for at in self.toll.kills)
        return died or any(began <= until and since <= ended for began, ended in self.toll.stops)

    async def end(self) -> None:
        """No process is left: each had SIGTERM, and SIGKILL where that was not enough."""
        self._watch_no_more()
        for slot in self.slots:
            if slot.process is not None:
                slot.process.terminate()
        await asyncio.to_thread(self._wait_for_all)
        self.end_now()

    def _watch_no_more(self) -> None:
        """What ends from now on stays so."""
        if self._watching is not None:
            self._watching.cancel()

    def _wait_for_all(self) -> None:
        until = time.monotonic() + STOP_WITHIN
        for slot in self.slots:
            if slot.process is not None:
                slot.process.join(max(0, until - time.monotonic()))

    def end_now(self) -> None:
        """No process is left, however it ended."""
        self._watch_no_more()
        for slot in self.slots:
            if slot.process is not None and slot.process.exitcode is None:
                slot.process.kill()
                slot.process.join()

    def logged(self) -> Iterable[str]:
        """Every line that any of them logged."""
        for slot in self.slots:
            if slot.log.exists():
                yield from slot.log.read_text(errors="replace").splitlines()

    async def _watch(self) -> None:
        """Starts again what ended by itself, as whatever runs processes in production does."""
        while True:
            for slot in self.slots:
                if slot.process is not None and (code := slot.process.exitcode) is not None:
                    self.toll.by_themselves.append(f"{slot.part} ended by itself with {code}")
                    self._run(slot)
            await asyncio.sleep(LOOK_EVERY)

    def _run(self, slot: Slot) -> None:
        settings = {"SIGNPOST_LOG_FORMAT": "json", "SIGNPOST_PORT": str(slot.port), **self._settings}
        slot.process = started(Start(slot.part, settings, str(self._folder), str(slot.log), self._reconciles))


@asynccontextmanager
async def running(make: Callable[[], Fleet]) -> AsyncIterator[Fleet]:
    """The fleet, started and ready; nothing of it is left afterwards, whatever happens."""
    fleet = make()
    try:
        await fleet.start()
        yield fleet
        await fleet.end()
    finally:
        fleet.end_now()


async def _answers(port: int) -> bool:
    try:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                writer.write(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                return b" 200 " in await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
