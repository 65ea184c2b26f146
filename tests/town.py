"""A whole Signpost with both local platforms, spoken to as people do: what they type and press, and what they see.

Everything is real: HTTP with signatures and tokens, the adapters, the database. Only the clock stands still, until
a test moves it or something owed waits for a conversation's pace.
"""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from aiohttp import web
from sqlalchemy import func, select
from sqlmodel import SQLModel

from adapters.local.clock import MovableClock
from adapters.local.seen import Message, View
from adapters.local.town import LocalPlatforms
from adapters.local.traffic import Delivered
from adapters.local.world import load
from adapters.process import Signpost
from adapters.readiness import Readiness
from storage.database import Database, connect
from storage.statements import statement
from storage.tables import Outbox, columns
from tests.peopled import VAULT, people

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A Monday, 10am in London; the clocks are on winter time."""
WORLD = load()
"""Read once: nothing changes it."""

_waiting = columns(Outbox)
_WAITS = statement(select(func.count(_waiting.id)).where(_waiting.state.in_(["waiting", "sending"])))


class Town:
    """The demo's world, running. People are named by their keys: "amira" (HMRC, Slack), "gareth" (DWP, Teams)..."""

    def __init__(self, database: Database, platforms: LocalPlatforms, signpost: Signpost, clock: MovableClock) -> None:
        self.database = database
        self.platforms = platforms
        self.signpost = signpost
        self.clock = clock
        self.people = {person.key: person for person in platforms.people}

    async def says(self, key: str, text: str, *, place: str = "", thread: str = "") -> Delivered:
        """The person types this; "/..." is a slash command. All that it caused has been delivered when this returns."""
        person = self.people[key]
        where, who = person.tenant, person.user
        if person.platform == "teams":
            sent = await self.platforms.teams.say(where, who, text, channel=place, thread=thread)
        elif text.startswith("/"):
            command, _, rest = text.partition(" ")
            sent = await self.platforms.slack.command(where, who, command, rest, place)
        else:
            sent = await self.platforms.slack.say(where, who, text, channel=place, thread=thread)
        await self.quiet()
        return sent

    async def presses(
        self, key: str, label: str, *, place: str = "", on: str = "", values: Mapping[str, str] | None = None
    ) -> Delivered:
        """The person presses the newest button with this label, in a message that has the words `on`."""
        person = self.people[key]
        platform = self.platforms.slack if person.platform == "slack" else self.platforms.teams
        found = [message for message in self.sees(key, place) if label in message.buttons() and on in message.words()]
        assert found, f"{key} sees no button {label}: {self.reads(key, place)}"
        sent = await platform.press(person.tenant, person.user, found[-1].id, label, channel=place, values=values)
        await self.quiet()
        return sent

    async def fills(self, key: str, answers: Mapping[str, str], *, place: str = "") -> Delivered:
        """The person fills in the form that is open: the modal on Slack, the newest card with inputs on Teams."""
        person = self.people[key]
        if person.platform == "slack":
            sent = await self.platforms.slack.submit(person.tenant, person.user, answers)
        else:
            form = next(
                message
                for message in reversed(self.sees(key, place))
                if '"Input.' in str(message.card).replace("'", '"')
            )
            sent = await self.platforms.teams.submit(person.tenant, person.user, form.id, answers, channel=place)
        await self.quiet()
        return sent

    def sees(self, key: str, place: str = "") -> list[Message]:
        """What the person sees there now, oldest first; their direct chat with Signpost where no place is named."""
        person = self.people[key]
        platform = self.platforms.slack if person.platform == "slack" else self.platforms.teams
        return platform.seen(person.tenant, person.user, place)

    def reads(self, key: str, place: str = "") -> list[str]:
        """The words of each message the person sees there."""
        return [message.words() for message in self.sees(key, place)]

    def last(self, key: str, place: str = "") -> str:
        """The words of the newest message the person sees there."""
        return self.reads(key, place)[-1]

    def modal(self, key: str) -> View | None:
        """The Slack modal on top of this person's screen."""
        person = self.people[key]
        return self.platforms.slack.modal(person.tenant, person.user)

    async def quiet(self) -> None:
        """Modals are open, and all that is owed is delivered; time has passed where a conversation's pace asks it."""
        if self.signpost.slack is not None:
            await self.signpost.slack.drain()
        await self.signpost.delivery.settled()
        for _ in range(200):
            if not await self.database.read(lambda tx: tx.value(_WAITS)):
                return
            self.clock.move_by(timedelta(seconds=1))
            await self.signpost.delivery.settled()
        raise AssertionError("something owed was never delivered")

    async def passes(self, length: timedelta) -> None:
        """So much time has passed, timers have fired, and what they owed has been delivered."""
        self.clock.move_by(length)
        await self.signpost.schedule.tick()
        await self.quiet()

    async def counts(self, table: str) -> int:
        """How many rows a table has."""
        rows = SQLModel.metadata.tables[table]
        counted: list[tuple[int]] = await self.database.read(lambda tx: tx.once(select(func.count()).select_from(rows)))
        return counted[0][0]


@asynccontextmanager
async def running_town(url: str) -> AsyncIterator[Town]:
    """A town on this database, which must be migrated and empty; it is filled with the demo's world."""
    clock = MovableClock(lambda: START)
    database = connect(url)
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    await database.write(lambda tx: people(tx, clock(), address))
    platforms = LocalPlatforms(address, clock, world=WORLD)
    signpost = Signpost(database, VAULT, clock, platforms.slack_settings, platforms.teams_settings)
    app = signpost.application(Readiness(url, database), platforms.routes(), address=address)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    try:
        yield Town(database, platforms, signpost, clock)
    finally:
        await platforms.stop()
        await signpost.stop()
        await runner.cleanup()
        database.close()
