"""One process of Signpost: `python -m bot <part>`, forked from a process that has loaded everything.

Loading takes a second of CPU. At a kill a second that would leave two cores little time for anything but starting; in
a forked process Signpost runs from its command line on, and is as alone, and dies as thoroughly, as any other.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

import adapters.running  # noqa: F401 - loaded once, here, for all
import bot.__main__
from adapters.slack.client import Slack
from benchmarks.chaos.tether import die_with_parent
from bot.command import find_features
from bot.delivery import Parcel, Sent

find_features()


@dataclass(frozen=True)
class Start:
    """What a process is started with: its part (serve, web, worker), its settings, where it works and logs.

    Without `reconciles` Slack is never asked whether an uncertain message arrived.
    """

    part: str
    settings: Mapping[str, str]
    folder: str
    log: str
    reconciles: bool = True

    def run(self) -> None:
        """Becomes Signpost, in a process that dies with the one it was forked from."""
        die_with_parent()
        words = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.dup2(words, 1)
        os.dup2(words, 2)
        os.environ.clear()
        os.environ.update(self.settings)
        os.chdir(self.folder)
        if not self.reconciles:
            Slack.find_sent = _never_found  # type: ignore[method-assign] # to see what the checks then find
        sys.exit(bot.__main__.main([self.part]))


async def _never_found(self: Slack, parcel: Parcel) -> Sent | None:
    """As if Slack could not be asked."""
    return None


_context = get_context("forkserver")
_context.set_forkserver_preload(["benchmarks.chaos.nursery"])


def started(start: Start) -> BaseProcess:
    """The process, running."""
    process = _context.Process(target=start.run)
    process.start()
    return process
