"""What the tests of the Slack adapter share: Slack on this machine, and the adapter before it."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from adapters.answer import Answer
from adapters.slack.client import Slack
from adapters.slack.heard import WorkspaceEvent
from adapters.slack.inbound import SlackInbound
from bot.errors import Unavailable
from bot.inbound import Handled, Inbound
from bot.text import Reader
from tests.adapters.slack.web import SlackWeb, slack_web

RECORDED = Path(__file__).parents[2] / "recorded" / "slack"
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKENS = {"T0HMRC001": "xoxb-hmrc", "T0DWP0001": "xoxb-dwp"}
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def recorded(name: str) -> Any:
    """A recorded payload, as Slack sends it."""
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


def encoded(payload: Any) -> tuple[bytes, str]:
    """The payload as Slack puts it into a request: its body and content type."""
    if "command" in payload:
        return urlencode(payload).encode(), FORM
    if payload.get("type") in ("event_callback", "url_verification"):
        return json.dumps(payload).encode(), JSON
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def signed(body: bytes, content_type: str = JSON, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that Slack sends with this body."""
    stamp = str(int(NOW.timestamp() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": content_type,
    }


@dataclass
class Core:
    """Stands for dispatch: keeps what it was handed, answers what it was told to."""

    heard: list[Inbound] = field(default_factory=list)
    events: list[WorkspaceEvent] = field(default_factory=list)
    answer: Handled = field(default_factory=lambda: Handled(Reader()))
    down: bool = False

    async def handle(self, inbound: Inbound) -> Handled:
        if self.down:
            raise Unavailable
        self.heard.append(inbound)
        return self.answer

    async def on_event(self, event: WorkspaceEvent) -> None:
        if self.down:
            raise Unavailable
        self.events.append(event)


@dataclass
class Door:
    """The adapter's way in, as Slack uses it."""

    inbound: SlackInbound
    theirs: SlackWeb
    core: Core

    async def deliver(self, payload: Any) -> Answer:
        """One signed delivery; what it started in the background is over too."""
        body, content_type = encoded(payload)
        answer = await self.inbound.handle(body, signed(body, content_type))
        await self.inbound.drain()
        return answer

    async def say(self, name: str, **changes: Any) -> Answer:
        """A recorded payload with these of its fields changed."""
        return await self.deliver(recorded(name) | changes)

    @property
    def last(self) -> Inbound:
        return self.core.heard[-1]


@pytest.fixture
async def theirs() -> AsyncIterator[SlackWeb]:
    async with slack_web() as web:
        yield web


@pytest.fixture
async def slack(theirs: SlackWeb) -> AsyncIterator[Slack]:
    async def token_for(installation: str) -> str | None:
        return TOKENS.get(installation)

    async with aiohttp.ClientSession() as session:
        yield Slack(session, token_for, f"{theirs.url}api/", lambda: NOW)


@pytest.fixture
async def door(theirs: SlackWeb, slack: Slack) -> Door:
    core = Core()
    inbound = SlackInbound(SECRET, core.handle, slack, on_event=core.on_event, now=lambda: NOW)
    return Door(inbound, theirs, core)
