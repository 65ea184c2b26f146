"""`python -m benchmarks.chaos`: kills, stops, faults and an outage, and whether anything was lost or sent twice.

Everything runs on this machine and on 127.0.0.1, and nothing is left afterwards. The last line printed is one JSON
object. The exit code is 0 even where an aim is missed; it is another only where the run itself failed.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from adapters.local.faults import Odds
from benchmarks.chaos.report import AIMS, Report, reported
from benchmarks.chaos.run import Plan, Run, run
from benchmarks.figures import last_line, table


def main() -> None:
    """Runs, prints in words what was found, a line for each figure, and then the JSON object."""
    # asyncio turns the first into an orderly end, by way of every `finally`; but not where it is ignored, as it is in
    # what a shell starts in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    found: list[Report] = []

    def judge(made: Run) -> None:
        found.append(reported(made))

    parser = _parser()
    plan = _plan(parser.parse_args())
    if plan.processes < len(set(plan.parts)) or not plan.parts:
        parser.error("On PostgreSQL there is a web process and a worker; on SQLite there is one process at least.")
    try:
        with tempfile.TemporaryDirectory(prefix="signpost-") as folder:  # short: a socket's path has 107 bytes
            asyncio.run(run(plan, Path(folder), judge))
    except KeyboardInterrupt:
        sys.exit("The run was interrupted.")
    report = found[0]
    print(*report.lines(), *table(report.figures, AIMS), last_line(report.figures, AIMS), sep="\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres"], required=True)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long people act and things go wrong")
    parser.add_argument("--processes", type=int, default=3, help="on PostgreSQL one at least is a worker")
    parser.add_argument("--without", choices=["reconcile"], help="Slack is never asked what arrived: duplicates appear")
    parser.add_argument("--seed", type=int, default=1, help="of all that is left to chance, but for time itself")
    parser.add_argument("--rate", type=float, default=3.0, help="questions asked a second")
    parser.add_argument("--kills", type=float, default=1.0, help="a second; 0 for neither kills, stops nor outage")
    parser.add_argument("--lost", type=float, default=0.03, help="share of the platforms' answers that are lost")
    return parser


def _plan(chosen: argparse.Namespace) -> Plan:
    return Plan(
        chosen.database,
        seconds=chosen.seconds,
        processes=chosen.processes,
        reconcile=chosen.without != "reconcile",
        seed=chosen.seed,
        rate=chosen.rate,
        kills=chosen.kills,
        odds=Odds(failing=0.03, lost=chosen.lost, slow=0.05, limited=0.01),
    )


if __name__ == "__main__":
    main()
