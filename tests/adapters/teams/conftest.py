"""What the tests of the Teams adapter share: Microsoft on this machine, and the adapter before it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.teams.activities import Sighting, TeamsEvent
from adapters.teams.client import Teams
from adapters.teams.connector import Connector
from adapters.teams.inbound import TeamsInbound
from adapters.teams.keys import KeySet
from adapters.teams.tokens import IncomingTokens, OutgoingTokens
from bot.errors import Unavailable
from bot.inbound import Handled, Inbound
from bot.text import Reader
from tests.adapters.teams.microsoft import APP_ID, PASSWORD, Microsoft, microsoft

RECORDED = Path(__file__).parents[2] / "recorded" / "teams"


def recorded(name: str, **changes: Any) -> dict[str, Any]:
    """A recorded activity, with these of its fields changed; None takes a field away."""
    found: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return {key: value for key, value in (found | changes).items() if value is not None}


@dataclass(repr=False)
class Core:
    """Stands for dispatch: keeps what it was handed, answers what it was told to."""

    heard: list[Inbound] = field(default_factory=list)
    events: list[TeamsEvent] = field(default_factory=list)
    seen: list[Sighting] = field(default_factory=list)
    answer: Handled = field(default_factory=lambda: Handled(Reader()))
    down: bool = False

    async def handle(self, inbound: Inbound) -> Handled:
        if self.down:
            raise Unavailable
        self.heard.append(inbound)
        return self.answer

    async def on_event(self, event: TeamsEvent) -> None:
        if self.down:
            raise Unavailable
        self.events.append(event)


@dataclass(repr=False)
class Door:
    """The adapter's way in, as Teams uses it."""

    inbound: TeamsInbound
    theirs: Microsoft
    core: Core

    async def receive(self, activity: object, authorization: str | None = None) -> tuple[int, Any]:
        """The status and body with which this activity is answered; signed as Teams signs, unless said otherwise."""
        body = activity if isinstance(activity, bytes) else json.dumps(self._at_home(activity)).encode()
        header = self.theirs.sign() if authorization is None else authorization
        headers = {"Authorization": header} if header else {}
        answer = await self.inbound.handle(body, headers)
        return answer.status, json.loads(answer.body) if answer.body else None

    async def hears(self, activity: object) -> Inbound:
        """The one thing the core is handed for this activity."""
        status, _ = await self.receive(activity)
        assert status == 200
        (heard,) = self.core.heard
        return heard

    def _at_home(self, activity: object) -> object:
        if isinstance(activity, dict) and str(activity.get("serviceUrl", "")).startswith("https://smba."):
            return activity | {"serviceUrl": self.theirs.url}
        return activity


@pytest.fixture
async def theirs() -> AsyncIterator[Microsoft]:
    async with microsoft() as found:
        yield found


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as found:
        yield found


@pytest.fixture
def core() -> Core:
    return Core()


@pytest.fixture
def incoming(theirs: Microsoft, session: aiohttp.ClientSession) -> IncomingTokens:
    return IncomingTokens(KeySet(session, theirs.metadata_url, theirs.clock), APP_ID, clock=theirs.clock)


@pytest.fixture
def door(incoming: IncomingTokens, theirs: Microsoft, core: Core) -> Door:
    return Door(TeamsInbound(incoming, core.handle, (), core.on_event, core.seen.append), theirs, core)


@pytest.fixture
def outgoing(theirs: Microsoft, session: aiohttp.ClientSession) -> OutgoingTokens:
    return OutgoingTokens(session, theirs.token_url, APP_ID, PASSWORD, theirs.clock)


@pytest.fixture
def teams(theirs: Microsoft, session: aiohttp.ClientSession, outgoing: OutgoingTokens) -> Teams:
    return Teams(Connector(session, outgoing, theirs.clock), APP_ID, theirs.url)
