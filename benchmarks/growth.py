"""What join, ask, answer, claim and fire cost at 1 thousand, 100 thousand and 1 million questions.

`python -m benchmarks.growth --database sqlite|postgres`. The databases are open side by side and take turns, so that
whatever else the machine does meets all of them. The last line printed is one JSON object.
"""

import argparse
import asyncio
import gc
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.figures import Aim, last_line, ratio, table
from benchmarks.growing import Signpost
from benchmarks.history import Size, fill
from benchmarks.stores import Store, store
from storage.database import connect

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS = 30
WARM_UP = 2
COMMUNITIES = 20
"""How many communities take part in each round, unless it is said."""
AIMS = {f"{name}_ratio": Aim(1.3) for name in ("join", "ask", "send", "answer", "claim", "fire")}
STAGES = ("join", "ask", "send", "claim", "answer", "claim", "fire", "claim")
"""What one round does, in order: what a command owes is delivered before the next."""


@dataclass
class Cost:
    """What one kind of thing used in one round: CPU and wall seconds, and how many times it was done."""

    cpu: float = 0.0
    wall: float = 0.0
    count: int = 0


@dataclass
class Measured:
    """For each kind of thing, and each size, microseconds each time: one value a round."""

    cpu: dict[str, dict[int, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    wall: dict[str, dict[int, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def add(self, name: str, size: int, cost: Cost) -> None:
        """One more round."""
        self.cpu[name][size].append(cost.cpu / cost.count * 1e6)
        self.wall[name][size].append(cost.wall / cost.count * 1e6)


@dataclass(frozen=True)
class Side:
    """One of the databases that take turns."""

    questions: int
    signpost: Signpost
    cpu_seconds: Callable[[], float]

    async def spend(self, cost: Cost, doing: Callable[[], Awaitable[int]]) -> None:
        """Does it, and adds what it used."""
        before, began = self.cpu_seconds(), time.perf_counter()
        cost.count += await doing()
        cost.wall += time.perf_counter() - began
        cost.cpu += self.cpu_seconds() - before


async def rounds(sides: Sequence[Side], turns: int, communities: int) -> Measured:
    """Stage by stage and database by database; the first two rounds only warm up."""
    measured = Measured()
    for turn in range(WARM_UP + turns):
        costs: dict[tuple[str, int], Cost] = defaultdict(Cost)
        for side in sides:
            await side.signpost.week_passes(turn, communities)
        for place, stage in enumerate(STAGES):
            first = (turn + place) % len(sides)
            for side in (*sides[first:], *sides[:first]):
                await side.spend(costs[stage, side.questions], getattr(side.signpost, stage))
        if turn == WARM_UP - 1:
            gc.collect()
            gc.freeze()  # as Signpost does when it has started
        if turn >= WARM_UP:
            for (name, questions), cost in costs.items():
                measured.add(name, questions, cost)
    return measured


def label(questions: int) -> str:
    """1k, 100k, 1m."""
    return f"{questions // 1_000_000}m" if questions % 1_000_000 == 0 else f"{questions // 1_000}k"


def figures(measured: Measured, sizes: Sequence[int]) -> dict[str, float]:
    """Microseconds of CPU and of wall time each, and the median of the rounds' ratios, largest to smallest."""
    found: dict[str, float] = {}
    for suffix, by_name in (("", measured.cpu), ("_wall", measured.wall)):
        for name, by_size in by_name.items():
            found |= {f"{name}{suffix}_us_{label(size)}": median(by_size[size]) for size in sizes}
            found[f"{name}{suffix}_ratio"] = ratio(by_size[max(sizes)], by_size[min(sizes)])
    return found


def run(kind: str, sizes: Sequence[int], turns: int, communities: int, folder: Path) -> Mapping[str, float]:
    """The whole run; what it makes is in the folder."""
    found: dict[str, float] = {}
    with ExitStack() as stack:
        place: Store = stack.enter_context(store(kind, folder))
        sides = []
        for questions in sizes:
            began = time.monotonic()
            url = place.make(f"q{questions}")
            fill(url, questions)
            found[f"fill_seconds_{label(questions)}"] = time.monotonic() - began
            database = connect(url)
            stack.callback(database.close)
            sides.append(Side(questions, Signpost(database, Size(questions)), place.cpu_clock(url)))
        return found | figures(asyncio.run(rounds(sides, turns, communities)), sizes)


def main() -> None:
    """Measures, prints a line for each figure, and then the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of questions, with commas between")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--communities", type=int, default=COMMUNITIES, help="how many take part in each round")
    said = parser.parse_args()
    sizes = [int(size) for size in said.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="signpost-growth-") as folder:
        found = run(said.database, sizes, said.rounds, said.communities, Path(folder))
    print(*table(found, AIMS), last_line(found, AIMS), sep="\n")


if __name__ == "__main__":
    main()
