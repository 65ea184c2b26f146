"""The demo: a Slack, a Teams and Signpost in one process on this machine, with an invented world in a new database."""

import asyncio
import socket
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from adapters.local import page
from adapters.local.clock import MovableClock
from adapters.local.people_acts import Stage
from adapters.local.people_api import PeopleApi
from adapters.local.rows import xray
from adapters.local.seed import NotEmpty, seed
from adapters.local.town import TEAMS, LocalPlatforms
from adapters.local.world import load
from adapters.process import Signpost
from adapters.readiness import Readiness
from adapters.serving import serve
from storage.database import Transaction, connect
from storage.schema import upgrade
from storage.secrets import Vault

__all__ = ["NotEmpty", "fill", "run"]


def fill(tx: Transaction, vault: Vault, now: datetime, address: str) -> None:
    """The demo's world is in the database; its Teams is reached at this address. Raises NotEmpty."""
    seed(load(), vault, f"{address}{TEAMS}/")(tx, now)


async def run(port: int, keep_key: Callable[[Path], str]) -> None:
    """Prints the page's address and serves it, on this machine alone, until it is stopped.

    The world begins anew each time: the local platforms forget their messages, so the database is new too.
    """
    _must_be_free(port)
    with tempfile.TemporaryDirectory(prefix="signpost-demo-") as folder:
        file = Path(folder) / "demo.db"
        await _run(port, f"sqlite:///{file}", keep_key(file))


async def _run(port: int, url: str, key: str) -> None:
    address, clock, vault = f"http://127.0.0.1:{port}", MovableClock(), Vault(key)
    upgrade(url)
    database = connect(url)
    await database.write(lambda tx: fill(tx, vault, clock(), address))
    platforms = LocalPlatforms(address, clock)
    signpost = Signpost(database, vault, clock, platforms.slack_settings, platforms.teams_settings)
    stage = Stage(platforms.slack, platforms.teams, platforms.people)
    api = PeopleApi(stage, clock, xray(database), signpost.schedule.tick)
    extra = [*platforms.routes(), *api.routes(), *page.routes()]
    app = signpost.application(Readiness(url, database), extra, address=address)
    app.on_shutdown.append(api.stop)
    stop = asyncio.Event()
    try:
        await signpost.start()
        sys.stderr.write(f"The demo is at {address}/ (stop it with Ctrl+C).\n")
        await serve(app, "127.0.0.1", port, stop, signpost.drain)
    finally:
        await platforms.stop()
        await signpost.stop()
        database.close()


def _must_be_free(port: int) -> None:
    """Raises OSError where something listens there: nothing is made for a demo that cannot start."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind(("127.0.0.1", port))
