"""A recorder at the platform's edge, a clock that stands still, and people to deliver to."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from bot.command import find_features
from bot.delivery import Delivery, Parcel, Sent
from bot.inbound import AccountRef, Address
from bot.meeting import NOTICE
from bot.text import say, t
from bot.ui import Card
from bot.vouching import Profile
from bot.work import Work
from storage import tables
from storage.database import Database, Transaction
from storage.notices import Notices
from storage.rates import Limit, Rate
from storage.tables import columns

T = TypeVar("T")
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Recorder:
    """Takes every message. `meets` are what the next sends raise, or hold on to; `found` is what was sent before."""

    name = "slack"
    pace = Rate(timedelta(seconds=1), burst=4)

    def __init__(self) -> None:
        self.limits: Mapping[str, Limit] = {}
        self.sent: list[Parcel] = []
        self.looked: list[Parcel] = []
        self.asked: list[AccountRef] = []
        self.meets: list[Exception | asyncio.Event | None] = []
        self.finding: list[Exception | Sent | None] = []
        self.known = Profile("Known Name", zone="Europe/Paris")
        self.arrived = asyncio.Event()

    async def send(self, parcel: Parcel) -> Sent:
        met = self.meets.pop(0) if self.meets else None
        if isinstance(met, Exception):
            raise met
        if met is not None:
            self.arrived.set()
            await met.wait()
        self.sent.append(parcel)
        return Sent(parcel.address.message or f"m{len(self.sent)}", "D1")

    async def find_sent(self, parcel: Parcel) -> Sent | None:
        self.looked.append(parcel)
        found = self.finding.pop(0) if self.finding else None
        if isinstance(found, Exception):
            raise found
        return found

    async def profile(self, account: AccountRef, chat: Address) -> Profile:
        self.asked.append(account)
        return self.known

    def words(self) -> list[str]:
        """The titles of what was sent, in order."""
        return [say(parcel.body.title, parcel.reader) for parcel in self.sent]


class Office:
    """One database, one recorder, and as many deliveries as a test starts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        find_features()
        self.database = database
        self.clock = clock
        self.platform = Recorder()

    def delivery(self) -> Delivery:
        """Another process that delivers."""
        return Delivery(self.database, self.clock, {"slack": self.platform})

    async def person(self, name: str, tenant: str = "T1") -> int:
        """Somebody with one account on the recorder's platform, who was welcomed before."""

        def add(work: Work) -> int:
            number = work.people.add(name, work.now)
            work.people.add_account(number, ("slack", tenant, f"U{name}"), work.now)
            Notices(work.tx).show(number, NOTICE, work.now)
            return number

        return await self.work(add)

    async def owes(self, person: int, *titles: str, kind: str = "notice") -> None:
        """These cards are owed to the person, in this order."""

        def add(work: Work) -> None:
            for title in titles:
                work.send(person, Card(t(title)), kind=kind)

        await self.work(add)

    async def work(self, change: Callable[[Work], T]) -> T:
        """What the change gives, in a transaction of its own."""

        def write(tx: Transaction) -> T:
            return change(Work(tx, self.clock()))

        return await self.database.write(write)

    async def states(self) -> list[tuple[str, str]]:
        """The kind and state of everything in the tray, in order."""
        return await self.database.read(_states)


def _states(tx: Transaction) -> list[tuple[str, str]]:
    x = columns(tables.Outbox)
    return tx.once(select(x.kind, x.state).order_by(x.id))
