"""How long people wait at half the highest rate, on a fixed schedule, and what each command costs there."""

import time
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from benchmarks.load import Outcome, on_schedule, percentile
from benchmarks.servers import SERVER_CORE, Server, busy_seconds
from benchmarks.stages import Bench, Stage, Wrong

SEARCHES = 20  # one command in 20 is a search: 5 %


class Waits:
    """p50 and p99 in milliseconds and CPU in microseconds, one of each a round; and what others took of the core."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._found: dict[str, list[float]] = defaultdict(list)
        self._seconds = self._others = 0.0

    async def measure(self, name: str, requests: Sequence[bytes], rate: float, kept: Sequence[bool]) -> Outcome:
        """All requests at this rate; the percentiles are of those that are `kept`."""
        began, cpu, busy = time.monotonic(), self._server.cpu_seconds(), busy_seconds(SERVER_CORE)
        outcome = await on_schedule(self._server.port, requests, rate)
        used = self._server.cpu_seconds() - cpu
        self._seconds += time.monotonic() - began
        self._others += busy_seconds(SERVER_CORE) - busy - used
        waits = [wait for wait, keep in zip(outcome.latencies, kept, strict=True) if keep]
        self._found[f"{name}_p50_ms"].append(percentile(waits, 0.5) * 1e3)
        self._found[f"{name}_p99_ms"].append(percentile(waits, 0.99) * 1e3)
        self._found[f"{name}_at_half_rate_cpu_us"].append(used / len(requests) * 1e6)
        return outcome

    def figures(self) -> dict[str, float]:
        """The medians of the rounds. Latencies mean little where others took much of the core."""
        share = max(0.0, self._others / self._seconds)
        return {**{name: median(values) for name, values in self._found.items()}, "others_share_of_core": share}


async def latencies(
    running: Bench, rates: dict[str, float], first: int, rounds: int, seconds: float
) -> dict[str, float]:
    """`join`, `ask`, and `join` while others search, each for this many seconds a round; numbers from `first` on."""
    waits = Waits(running.stages["join"].server)
    count = {name: max(SEARCHES, int(rates[name] / 2 * seconds)) for name in ("join", "ask")}
    for _ in range(rounds):
        for name in ("join", "ask"):
            await _alone(waits, name, running.stages[name], range(first, first + count[name]), rates[name])
        first += max(count.values())
        await _searching(waits, running, range(first, first + count["join"]), rates["join"])
        first += count["join"]
    return waits.figures()


async def _alone(waits: Waits, name: str, stage: Stage, numbers: Sequence[int], highest: float) -> None:
    requests = [stage.request(number) for number in numbers]
    rows = stage.rows()
    outcome = await waits.measure(name, requests, highest / 2, [True] * len(requests))
    stage.check(outcome, rows, 0)


async def _searching(waits: Waits, running: Bench, numbers: Sequence[int], highest: float) -> None:
    join, search = running.stages["join"], running.stages["search"]
    joins = [place % SEARCHES != 0 for place in range(len(numbers))]
    requests = [(join if joins[place] else search).request(number) for place, number in enumerate(numbers)]
    outcome = await waits.measure("join_while_searching", requests, highest / 2, joins)
    if outcome.refused:
        raise Wrong(f"{outcome.refused} refused while others searched")
