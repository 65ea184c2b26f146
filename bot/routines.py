"""What Signpost does by itself every day, whoever speaks: set once for all processes, when the first of them starts."""

from typing import NamedTuple

from bot.ui import Action
from bot.work import Work

ZONE = "Europe/London"
DAY_ONE = "2026-01-01"
"""A day in the past, from which the days are counted."""


class Routine(NamedTuple):
    """A command that runs by this rule (RFC 5545), from a wall time in London (2026-01-01T03:10) on."""

    command: Action
    rule: str
    local: str


_routines: dict[str, Routine] = {}


def every_day(key: str, command: Action, at: str) -> None:
    """The command runs every day at this time from the next start on; a feature says so once, where it is defined."""
    always(key, command, "FREQ=DAILY", f"{DAY_ONE}T{at}")


def always(key: str, command: Action, rule: str, local: str) -> None:
    """The same by another rule, such as FREQ=MONTHLY;BYDAY=1TU, from this wall time on."""
    _routines[key] = Routine(command, rule, local)


def begin(work: Work) -> None:
    """All of it is set; what was set before, by this process or another, stays as it is."""
    for key, routine in _routines.items():
        work.every(routine.command, routine.rule, routine.local, ZONE, key=key)
