"""Aims, and the last line of every benchmark: each figure, each aim, and whether it was met."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Aim:
    """A bound on one figure: at most this, or with `least` at least this."""

    bound: float
    least: bool = False

    def is_met(self, figure: float) -> bool:
        """Whether the figure keeps the bound."""
        return figure >= self.bound if self.least else figure <= self.bound

    def __str__(self) -> str:
        return f"at {'least' if self.least else 'most'} {self.bound:g}"


AIMS: Mapping[str, Aim] = {
    "join_cpu_to_floor": Aim(3),
    "ask_cpu_to_floor": Aim(6),
    "tutorial_join_cpu_to_join": Aim(5, least=True),
    "tutorial_ask_cpu_to_ask": Aim(5, least=True),
    "join_p99_ms": Aim(60),
    "ask_p99_ms": Aim(60),
    "join_while_searching_p99_ms": Aim(60),
    "stock_teams_cpu_to_teams": Aim(6, least=True),
    "start_seconds": Aim(2),
    "resident_megabytes": Aim(150),
}


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the rounds' ratios: the two of one round were measured under the same conditions."""
    return median(one / other for one, other in zip(over, under, strict=True))


def rounded(figure: float) -> float:
    """Three significant digits: more would say more than was measured."""
    return float(f"{figure:.3g}")


def resident() -> float:
    """Megabytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def last_line(figures: Mapping[str, float], aims: Mapping[str, Aim]) -> str:
    """One JSON object: `figures`, `aims` in words, and for every aim whether it is `met`."""
    return json.dumps(
        {
            "figures": {name: rounded(figure) for name, figure in figures.items()},
            "aims": {name: str(aim) for name, aim in aims.items()},
            "met": {name: aim.is_met(figures[name]) for name, aim in aims.items()},
        }
    )


def table(figures: Mapping[str, float], aims: Mapping[str, Aim]) -> Iterable[str]:
    """A line for each figure, with its aim where it has one."""
    for name, figure in figures.items():
        aim = aims.get(name)
        verdict = f"  {aim}: {'met' if aim.is_met(figure) else 'MISSED'}" if aim else ""
        yield f"{name:40} {rounded(figure):>10g}{verdict}"
