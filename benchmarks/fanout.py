"""One announcement to 25,000 people, half on each platform: `python -m benchmarks.fanout`.

The rows, the claiming and the settling are real, on a real database; only time is simulated, so that the 44 minutes
that the platforms' limits ask for pass in about one. The simulated platforms refuse what is over their limits, each
counted in a sliding window, as the real ones do. `--people 1000` is a short run that shows that everything works.
"""

import argparse
import asyncio
import tempfile
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import func, insert, select

from adapters.slack import rates as slack
from adapters.teams import rates as teams
from benchmarks.figures import Aim, last_line, table
from benchmarks.stores import store
from bot.command import find_features
from bot.delivery import Delivery, NotSent, Parcel, Sent
from bot.features.announce import SpreadAnnouncement
from bot.inbound import AccountRef, Address
from bot.schedule import Schedule
from bot.vouching import Profile
from bot.work import Work
from storage import tables
from storage.database import Database, Transaction, connect, is_postgres
from storage.rates import Limit, Rate
from storage.schema import upgrade
from storage.tables import columns
from storage.tables import table as rows_of
from storage.timers import Timers
from storage.tray import Tray

AIMS: Mapping[str, Aim] = {
    "rows_seconds": Aim(2),
    "slack_share_of_limit": Aim(0.95, least=True),
    "teams_share_of_limit": Aim(0.95, least=True),
    "offer_seconds": Aim(2),
    "over_limits": Aim(0),
    "not_delivered": Aim(0),
    "memory_growth_megabytes": Aim(16),
}
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SLACK_A_MINUTE, TEAMS_A_SECOND = 300, 30
AT_ONCE = 1000
x = columns(tables.Outbox)


class Clock:
    """Simulated: it stands still until the next message is due."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Simulated:
    """A platform that takes `most` messages in any `stretch` of time and refuses those above, as the real one does."""

    name: str
    pace: Rate
    limits: Mapping[str, Limit]
    most: int
    stretch: timedelta
    clock: Clock
    over: int = 0
    count: int = 0
    first: datetime | None = None
    last: datetime = START
    arrived: dict[str, datetime] = field(default_factory=dict)
    _recent: deque[datetime] = field(default_factory=deque)

    async def send(self, parcel: Parcel) -> Sent:
        """Takes it, or answers as for 429."""
        now = self.clock()
        while self._recent and self._recent[0] <= now - self.stretch:
            self._recent.popleft()
        if len(self._recent) >= self.most:
            self.over += 1
            raise NotSent("ratelimited", self.stretch.total_seconds(), everywhere=True)
        self._recent.append(now)
        self.count += 1
        self.first, self.last = self.first or now, now
        if parcel.body.title.key == OFFERED:
            self.arrived[parcel.address.user] = now
        return Sent(f"{self.name}-{self.count}", f"D-{parcel.address.user}")

    async def find_sent(self, parcel: Parcel) -> Sent | None:
        """Nothing is ever uncertain here."""
        return None

    async def profile(self, account: AccountRef, chat: Address) -> Profile:
        """Nobody is asked about."""
        raise NotSent("not simulated")

    def share(self) -> float:
        """The rate at which it took what it took, as a share of the highest it allows."""
        taken = (self.last - (self.first or START)).total_seconds()
        return (self.count - 1) / self.most * self.stretch.total_seconds() / taken if taken else 1.0


OFFERED = "Q-{number} from {asker}"
"""How the card of a question that is brought to somebody begins."""


def fill(tx: Transaction, people: int) -> int:
    """A community of so many, half on Slack and half on Teams, and the announcement to them; its number."""
    organisation = _one(tx, tables.Organisation, name="HM Revenue & Customs", short="HMRC", created_at=START)
    owner = _one(tx, tables.Person, **_person("The owner", organisation))
    named = {"slug": "big", "name": "Big", "service": "Big", "outcome": "All know"}
    community = _one(tx, tables.Community, **named, created_by=owner, created_at=START)
    first = owner + 1
    _many(tx, tables.Person, [{"id": first + n, **_person("Member", organisation)} for n in range(people)])
    _many(tx, tables.Account, [_account(first + n, n % 2 == 0) for n in range(people)])
    joined = {"community_id": community, "joined_at": START}
    members = [{"person_id": owner, "owner": True, **joined}]
    members += [{"person_id": first + n, "owner": False, **joined} for n in range(people)]
    _many(tx, tables.Membership, members)
    said = {"author_id": owner, "organisation_id": organisation, "text": "The form changes on Monday. " * 5}
    return _one(tx, tables.Announcement, community_id=community, state="sent", written_at=START, **said)


def _person(name: str, organisation: int) -> dict[str, Any]:
    allowed = {"asked": True, "findable": True, "weekly": 3, "administrator": False, "active": True}
    said = {"role": "", "language": "en", "zone": "Europe/London", "knows": ""}
    return {"name": name, "organisation_id": organisation, "verified": True, "created_at": START, **allowed, **said}


def _account(person: int, on_slack: bool) -> dict[str, Any]:
    where = {"platform": "slack", "tenant": "T0BIG"} if on_slack else {"platform": "teams", "tenant": "big"}
    return {"person_id": person, "user": f"U{person}", "chat": "", "service_url": "", "seen_at": START, **where}


def _one(tx: Transaction, model: Any, **values: Any) -> int:
    found: list[tuple[int]] = tx.once(insert(rows_of(model)).values(**values).returning(columns(model).id))
    return found[0][0]


def _many(tx: Transaction, model: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        tx.once(insert(rows_of(model)).values(rows[start : start + AT_ONCE]))


def offer(tx: Transaction, now: datetime) -> list[str]:
    """A question is brought to the last person of each platform that still waits; their users."""
    work = Work(tx, now)
    users = []
    for tenant in ("T0BIG", "big"):
        waits = x.lane.like(f"%:{tenant}:%") & (x.state == "waiting")
        found: list[tuple[int]] = tx.once(select(func.max(x.person_id)).where(waits))
        person = found[0][0]
        account, asker = work.people.home(person), work.people.find(1)
        assert account is not None and asker is not None
        number = work.questions.draft(1, asker, "Who signs the form?", now)
        work.questions.send(number, now)
        work.questions.bring(number, person, now)
        work.show(person, ("question", number))
        users.append(account.user)
    return users


async def run(database: Database, people: int, filled: Callable[[], None]) -> dict[str, float]:
    """The whole course of it: written, delivered, and a question brought to somebody in the middle."""
    clock = Clock()
    platforms = {
        "slack": Simulated("slack", slack.PACE, slack.LIMITS, SLACK_A_MINUTE, timedelta(minutes=1), clock),
        "teams": Simulated("teams", teams.PACE, teams.LIMITS, TEAMS_A_SECOND, timedelta(seconds=1), clock),
    }
    delivery = Delivery(database, clock, platforms)
    announcement = await database.write(lambda tx: fill(tx, people))
    filled()
    written = await spread(database, clock, announcement)
    memory, began = [_resident()], time.perf_counter()

    async def middle() -> None:
        memory.append(_resident())
        asked = await database.write(lambda tx: offer(tx, clock()))
        offered.update(dict.fromkeys(asked, clock()))

    offered: dict[str, datetime] = {}
    sent = people // 10  # while both platforms still have many to go
    await deliver(delivery, database, clock, lambda: sum(one.count for one in platforms.values()) >= sent, middle)
    memory.append(_resident())
    arrived = {**platforms["slack"].arrived, **platforms["teams"].arrived}
    left: list[tuple[int]] = await database.read(lambda tx: tx.once(select(func.count(x.id)).where(x.state != "sent")))
    return {
        **written,
        "slack_share_of_limit": platforms["slack"].share(),
        "teams_share_of_limit": platforms["teams"].share(),
        "simulated_seconds": (clock() - START).total_seconds(),
        "deliveries_a_second": (people + 2) / (time.perf_counter() - began),
        "offer_seconds": max((arrived[user] - at).total_seconds() for user, at in offered.items()),
        "over_limits": platforms["slack"].over + platforms["teams"].over,
        "not_delivered": left[0][0] + (people + 2 - platforms["slack"].count - platforms["teams"].count),
        "memory_growth_megabytes": (max(memory) - memory[0]) / 1e6,
    }


async def spread(database: Database, clock: Clock, announcement: int) -> dict[str, float]:
    """Seconds until every row is written, as the timer does it, and what that cost a writer beside it at most."""
    schedule = Schedule(database, clock, lambda: None)
    first = SpreadAnnouncement(announcement, 0)
    await database.write(lambda tx: Work(tx, clock()).later(first, clock(), key="announcement"))
    waits: list[float] = []
    beside = asyncio.create_task(_write_beside(database, waits))
    began = time.perf_counter()
    while await database.read(lambda tx: Timers(tx).next_due()) is not None:
        await schedule.tick()
    seconds = time.perf_counter() - began
    beside.cancel()
    return {"rows_seconds": seconds, "longest_wait_beside_ms": max(waits, default=0.0) * 1000}


async def _write_beside(database: Database, waits: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await database.write(lambda tx: None)
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.005)


async def deliver(
    delivery: Delivery,
    database: Database,
    clock: Clock,
    half: Callable[[], bool],
    middle: Callable[[], Awaitable[None]],
) -> None:
    """Everything is delivered; `middle` is awaited once, when `half` says so."""
    told = False
    while True:
        await delivery.settled()
        if not told and half():
            told = True
            await middle()
            continue
        due = await database.read(lambda tx: Tray(tx).next_due(delivery.limit_of))
        if due is None:
            return
        clock.at = max(clock.at, due)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def _seen_by_the_planner(url: str) -> None:
    """PostgreSQL knows how many rows there are, as a database that has run for a minute does by itself."""
    if is_postgres(url):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")


def main() -> None:
    """Measures, prints a line for each figure, and then the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=25_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    chosen = parser.parse_args()
    find_features()
    with tempfile.TemporaryDirectory(prefix="signpost-fanout-") as folder, store(chosen.database, Path(folder)) as kept:
        url = kept.make("fanout")
        upgrade(url)
        database = connect(url)
        figures = asyncio.run(run(database, chosen.people, lambda: _seen_by_the_planner(url)))
        database.close()
    print(*table(figures, AIMS), last_line(figures, AIMS), sep="\n")


if __name__ == "__main__":
    main()
