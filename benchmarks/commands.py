"""CPU per command, latency, start and size, against programs that do the same: `python -m benchmarks.commands`.

Every program under test runs on one core, the load generator and all that is outside on another. `--quick` is a
short run that shows that everything works; its figures mean little. The last line printed is one JSON object.
"""

import argparse
import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import servers, world
from benchmarks.figures import AIMS, last_line, ratio, table
from benchmarks.latency import latencies
from benchmarks.load import Outcome, as_fast_as_possible
from benchmarks.stages import PRODUCT, Bench, Stage, Wrong, bench, signpost_settings

SENT_WITHIN = 90.0
LOOK_EVERY = 0.1


@dataclass(frozen=True)
class Size:
    """How long a run is, in requests a burst and in seconds.

    `heavy` is for the programs that take milliseconds for each request, `sends` for what platforms' paces slow down,
    `newcomers` for those who join for the first time: Slack allows a hundred a minute to be looked up.
    After `rest` seconds a process that has started is weighed.
    """

    rounds: int = 5
    light: int = 600
    heavy: int = 150
    latency_rounds: int = 3
    sends: int = 100
    newcomers: int = 50
    seconds: float = 3.0
    starts: int = 3
    rest: float = 3.0

    def count(self, stage: str) -> int:
        """How many requests one burst of this stage has."""
        if stage in ("send", "first join"):
            return self.sends if stage == "send" else self.newcomers
        return self.heavy if stage.startswith(("tutorial", "stock", "search")) else self.light


QUICK = Size(rounds=1, light=10, heavy=10, sends=4, newcomers=4, latency_rounds=1, seconds=0.3, starts=1, rest=0.0)


@dataclass
class Measured:
    """One value for each round: CPU microseconds a request, and requests a second."""

    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    rate: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


async def burst(running: Bench, stage: Stage, numbers: Sequence[int]) -> tuple[float, Outcome]:
    """CPU seconds for all of these requests, as fast as they are answered, and for all that they set going."""
    requests = [stage.request(number) for number in numbers]
    rows, sent = stage.rows(), running.sent()
    before = stage.server.cpu_seconds()
    outcome = await as_fast_as_possible(stage.server.port, requests)
    await quiet(stage)
    used = stage.server.cpu_seconds() - before
    stage.check(outcome, rows, running.sent() - sent)
    stage.keeps.update(zip(numbers, outcome.bodies, strict=True))
    return used, outcome


async def quiet(stage: Stage) -> None:
    """Returns when nothing is owed any more; raises Wrong where that does not come."""
    until = time.monotonic() + SENT_WITHIN
    while stage.database and world.owed(stage.database):
        if time.monotonic() > until:
            raise Wrong(f"{world.owed(stage.database)} messages are still owed")
        await asyncio.sleep(LOOK_EVERY)


async def cpu_rounds(running: Bench, size: Size) -> Measured:
    """Every stage in turn, round after round, the first round only to warm up. New people in every round."""
    measured = Measured()
    for number in range(size.rounds + 1):
        for name, stage in running.stages.items():
            count = size.count(name)
            first = number * size.light
            try:
                used, outcome = await burst(running, stage, range(first, first + count))
            except Wrong as wrong:
                raise Wrong(f"In {name}: {wrong}") from wrong
            if number:
                measured.cpu[name].append(used / count * 1e6)
                measured.rate[name].append(outcome.rate)
    return measured


def start_and_size(running: Bench, folder: Path, size: Size) -> dict[str, float]:
    """Seconds from exec to ready, and resident megabytes at rest, of the whole of Signpost with the demo's data."""
    settings = signpost_settings(folder / "demo.db", running.outside.port)
    servers.run_once([PRODUCT, "migrate"], settings, folder)
    servers.run_once([PRODUCT, "seed"], settings, folder)
    ready, resident = [], []
    for _ in range(size.starts):
        server = servers.start([PRODUCT, "serve"], settings, folder)
        ready.append(server.ready_after)
        time.sleep(size.rest)
        resident.append(server.resident_megabytes())
        server.stop()
    return {"start_seconds": median(ready), "resident_megabytes": median(resident)}


def ratios(cpu: dict[str, list[float]]) -> dict[str, float]:
    """What the aims are about, and the CPU behind it in microseconds."""
    return {
        **{f"{name.replace(' ', '_')}_cpu_us": median(values) for name, values in cpu.items()},
        "join_cpu_to_floor": ratio(cpu["join"], cpu["floor"]),
        "first_join_cpu_to_floor": ratio(cpu["first join"], cpu["floor"]),
        "ask_cpu_to_floor": ratio(cpu["ask"], cpu["floor"]),
        "send_cpu_to_floor": ratio(cpu["send"], cpu["floor"]),
        "tutorial_join_cpu_to_join": ratio(cpu["tutorial join"], cpu["join"]),
        "tutorial_ask_cpu_to_ask": ratio(cpu["tutorial ask"], cpu["ask"]),
        "stock_teams_cpu_to_teams": ratio(cpu["stock teams"], cpu["teams join"]),
    }


def figures(size: Size) -> dict[str, float]:
    """The whole run, in a folder of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name, bench(Path(name)) as running:
        measured = asyncio.run(cpu_rounds(running, size))
        first = (size.rounds + 1) * size.light  # the first number that no burst has used
        rates = {stage: median(values) for stage, values in measured.rate.items()}
        return {
            **ratios(measured.cpu),
            **{f"{stage.replace(' ', '_')}_a_second": rate for stage, rate in rates.items()},
            **asyncio.run(latencies(running, rates, first, size.latency_rounds, size.seconds)),
            **start_and_size(running, Path(name), size),
        }


def main() -> None:
    """Measures, prints a line for each figure, and then the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run, to see that everything works")
    found = figures(QUICK if parser.parse_args().quick else Size())
    print(*table(found, AIMS), last_line(found, AIMS), sep="\n")


if __name__ == "__main__":
    main()
