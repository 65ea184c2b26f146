"""What Signpost does by itself every day, whoever speaks: set once for all processes, when the first of them starts."""

from typing import NamedTuple

from bot.ui import Action
from bot.work import Work

ZONE = "Europe/London"
DAY_ONE = "2026-01-01"
"""A day in the past, from which the days are counted."""


class Standing(NamedTuple):
    """A command that runs every day at this wall time (03:10) in London."""

    command: Action
    at: str


_every_day: dict[str, Standing] = {}


def every_day(key: str, command: Action, at: str) -> None:
    """The command runs every day at this time from the next start on; a feature says so once, where it is defined."""
    _every_day[key] = Standing(command, at)


def begin(work: Work) -> None:
    """All of it is set; what was set before, by this process or another, stays as it is."""
    for key, standing in _every_day.items():
        work.every(standing.command, "FREQ=DAILY", f"{DAY_ONE}T{standing.at}", ZONE, key=key)
