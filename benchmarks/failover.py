"""PostgreSQL's primary is killed under load and its standby promoted: `python -m benchmarks.failover`.

Real `web` and `worker` processes, both servers on this machine, signed commands delivered until they are acknowledged.
Nothing is left afterwards. The last line printed is one JSON object. The exit code is 0 even where an aim is missed.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import servers, wire
from benchmarks.figures import Aim, last_line, table
from benchmarks.pair import PRIMARY, Pair, pair
from benchmarks.redelivery import Command, command, deliver, fill, lost_and_twice
from benchmarks.stages import PRODUCT, signpost_settings

AIMS: Mapping[str, Aim] = {
    "acknowledged_lost": Aim(0),
    "done_twice": Aim(0),
    "seconds_to_first_acknowledgement": Aim(5),
}
ALL_WITHIN = 120.0


@dataclass
class Course:
    """What was said, and when the kill began, was over, and the standby was promoted, on the monotonic clock."""

    commands: list[Command] = field(default_factory=list)
    killed: float = 0.0
    dead: float = 0.0
    promoted: float = 0.0


async def course(running: Pair, port: int, outside: int, seconds: float, rate: float) -> Course:
    """Commands at this rate for so many seconds before the kill and after it, until each was acknowledged."""
    found, delivering = Course(), []
    began, failing = time.monotonic(), None
    for number in range(int(2 * seconds * rate)):
        await asyncio.sleep(began + number / rate - time.monotonic())
        if failing is None and number >= seconds * rate:
            failing = asyncio.create_task(asyncio.to_thread(fail_over, running, found))
        found.commands.append(command(number, outside))
        delivering.append(asyncio.create_task(deliver(port, found.commands[-1])))
    async with asyncio.timeout(ALL_WITHIN):
        await asyncio.gather(*delivering, *([failing] if failing else []))
    return found


def fail_over(running: Pair, found: Course) -> None:
    """The primary is dead and the standby promoted."""
    found.killed = time.monotonic()
    running.kill(PRIMARY)
    found.dead = time.monotonic()
    running.promote()
    found.promoted = time.monotonic()


def figures(seconds: float, rate: float) -> dict[str, float]:
    """The whole run, in a folder of its own that is gone afterwards."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="signpost-")))
        (folder / "data").mkdir()
        both = running.enter_context(pair(folder / "data"))
        (folder / "keys.json").write_bytes(wire.Channel().key_set())

        def run(*arguments: str, settings: Mapping[str, str]) -> int:
            server = servers.start(arguments, settings, folder)
            running.callback(server.stop)
            return server.port

        outside = run("benchmarks.outside", str(folder / "keys.json"), settings={})
        settings = {**signpost_settings(folder, outside), "SIGNPOST_DATABASE_URL": both.url}
        servers.run_once([PRODUCT, "migrate"], settings, folder)
        fill(both.url_of(PRIMARY))
        port = run(PRODUCT, "web", settings=settings)
        run(PRODUCT, "worker", settings=settings)
        found = asyncio.run(course(both, port, outside, seconds, rate))
        lost, twice = lost_and_twice(both.url, found.commands)
        return {"acknowledged_lost": lost, "done_twice": twice, **told(found)}


def told(found: Course) -> dict[str, float]:
    """How long it took until somebody was acknowledged again, and what became of all."""
    done = [(one.sent, one.acknowledged) for one in found.commands if one.acknowledged is not None]
    first = min(acknowledged for sent, acknowledged in done if sent > found.dead)
    return {
        "seconds_to_first_acknowledgement": first - found.killed,
        "seconds_to_promotion": found.promoted - found.killed,
        "commands": len(found.commands),
        "acknowledged": len(done),
        "answered_otherwise": sum(bool(one.otherwise) for one in found.commands),
        "delivered_again": sum(one.deliveries > 1 for one in found.commands),
    }


def main() -> None:
    """Runs, prints a line for each figure, and then the JSON object."""
    parser = argparse.ArgumentParser("python -m benchmarks.failover", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of load before the kill, and after it")
    parser.add_argument("--rate", type=float, default=40.0, help="commands a second")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left then either
    found = figures(chosen.seconds, chosen.rate)
    print(*table(found, AIMS), last_line(found, AIMS), sep="\n")


if __name__ == "__main__":
    main()
