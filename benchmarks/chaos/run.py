"""One run: everything started, life and trouble for so many seconds, everything settled, and all that is known."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from sqlmodel import Session, col, func, or_, select

from adapters.local.faults import Odds
from benchmarks.chaos.courier import Courier
from benchmarks.chaos.databases import Postgres, SqliteFile, Store
from benchmarks.chaos.fleet import Fleet, running
from benchmarks.chaos.people import People
from benchmarks.chaos.platforms import Platforms, now, serving
from benchmarks.chaos.world import REMINDS, fill
from storage.schema import transaction, upgrade
from storage.tables import Outbox, Timer

LEASE = 30.0
"""How long a process may hold a conversation (bot/delivery.py). A stop that outlives it is 5 seconds longer."""
AWAY_SECONDS = 5.0
SETTLE_WITHIN = 150.0
LOOK_EVERY = 0.5
FIRST_REMINDER = timedelta(seconds=10)


@dataclass(frozen=True)
class Plan:
    """What a run is: on which database, how long (seconds), how many processes, and how bad the trouble."""

    database: str
    seconds: float = 60.0
    processes: int = 3
    reconcile: bool = True
    seed: int = 1
    rate: float = 3.0
    kills: float = 1.0
    odds: Odds = field(default_factory=lambda: Odds(failing=0.03, lost=0.03, slow=0.05, limited=0.01))

    @property
    def stop_seconds(self) -> float:
        """How long a process is stopped: beyond the lease where the run is long enough to see what comes of it."""
        return LEASE + 5 if self.seconds > LEASE + 20 else self.seconds * 0.3

    @property
    def parts(self) -> list[str]:
        """What each process does."""
        if self.database == "sqlite":
            return ["serve"] * self.processes
        webs = min(2, max(1, self.processes - 1))
        return ["web"] * webs + ["worker"] * max(1, self.processes - webs)


@dataclass
class Run:
    """All that a run leaves behind, to be judged. `outages` are when the database was away."""

    plan: Plan
    store: Store
    platforms: Platforms
    fleet: Fleet
    courier: Courier
    people: People
    outages: list[tuple[float, float]] = field(default_factory=list)
    settle_seconds: float = 0.0


async def run(plan: Plan, folder: Path, judge: Callable[[Run], None]) -> None:
    """Runs it in this folder and has it judged while all of it is still there. Nothing runs afterwards."""
    chance = random.Random(plan.seed)
    store: Store = SqliteFile(folder) if plan.database == "sqlite" else await asyncio.to_thread(Postgres, folder)
    try:
        await asyncio.to_thread(upgrade, store.url)
        async with serving() as platforms:
            made = _made(plan, folder, store, platforms, chance)
            async with running(lambda: made.fleet):
                await _lived(made, chance)
            judge(made)
    finally:
        store.end()


def _made(plan: Plan, folder: Path, store: Store, platforms: Platforms, chance: random.Random) -> Run:
    key = Fernet.generate_key().decode()
    began = datetime.now(UTC) + FIRST_REMINDER
    due = [began + timedelta(seconds=2 * number) for number in range(int(plan.seconds / 2))]
    fill(store.url, key, platforms.teams.service_url, due)
    known = {"SIGNPOST_DATABASE_URL": store.url, "SIGNPOST_ENCRYPTION_KEY": key, **platforms.settings()}
    fleet = Fleet(plan.parts, known, folder, reconciles=plan.reconcile)
    courier = Courier(fleet.ports, chance)
    for wire in (platforms.slack.wire, platforms.teams.wire):
        courier.serve(wire)
    return Run(plan, store, platforms, fleet, courier, People(platforms, plan.rate, chance))


async def _lived(made: Run, chance: random.Random) -> None:
    print(f"{', '.join(made.plan.parts)}: {made.plan.seconds:g} seconds of trouble begin.", flush=True)
    made.platforms.go_wrong(made.plan.odds, chance)
    looking = asyncio.create_task(made.people.look())
    trouble = [asyncio.create_task(_kills(made, chance)), asyncio.create_task(_stop_and_outage(made, chance))]
    try:
        await made.people.live(made.plan.seconds)
        trouble[0].cancel()
        await asyncio.wait(trouble)
        made.platforms.go_right()
        print("The trouble is over. Everything settles.", flush=True)
        await _settled(made)
    finally:
        for task in (looking, *trouble):
            task.cancel()
        made.people.give_up()
        made.courier.give_up()
        await asyncio.wait([looking, *trouble])
    for task in trouble:
        if not task.cancelled():
            task.result()


async def _kills(made: Run, chance: random.Random) -> None:
    while made.plan.kills:
        await asyncio.sleep(chance.uniform(0.2, 1.8) / made.plan.kills)
        made.fleet.kill(chance)


async def _stop_and_outage(made: Run, chance: random.Random) -> None:
    """First a process is stopped, then the database goes away: one holds the other up no longer."""
    if not made.plan.kills:
        return
    await asyncio.sleep(made.plan.seconds * 0.1)
    await made.fleet.stop(chance, made.plan.stop_seconds)
    await asyncio.sleep(made.plan.seconds * 0.1)
    began = time.time()
    with suppress(sqlite3.OperationalError):  # whoever writes never let the lock go: then it was away indeed
        await asyncio.to_thread(made.store.go_away)
        began = time.time()
        await asyncio.sleep(AWAY_SECONDS)
    await asyncio.to_thread(made.store.come_back)
    made.outages.append((began, time.time()))


async def _settled(made: Run) -> None:
    """Nobody does anything any more, nothing is owed, and every message that was posted has been seen."""
    began = time.monotonic()
    until = began + SETTLE_WITHIN
    while made.people.busy or await asyncio.to_thread(_owed, made.store.url):
        if time.monotonic() > until:
            break
        await asyncio.sleep(LOOK_EVERY)
    await made.courier.finish(max(1.0, until - time.monotonic()))
    await made.people.finish()
    made.settle_seconds = time.monotonic() - began
    await asyncio.sleep(LOOK_EVERY)


def _owed(url: str) -> int:
    with transaction(url, lock=False) as connection, Session(connection) as session:
        unsent = select(func.count()).select_from(Outbox).where(col(Outbox.state).in_(["waiting", "sending"]))
        ours = or_(col(Timer.due_at) <= now(), col(Timer.key).startswith(REMINDS))  # those to come are waited for too
        due = select(func.count()).select_from(Timer).where(Timer.state == "waiting", ours)
        return session.exec(unsent).one() + session.exec(due).one()
