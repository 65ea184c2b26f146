"""Both local platforms with the world's people, served on one port of 127.0.0.1, and what they hold and hear."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from random import Random
from typing import Any

from aiohttp import web

from adapters.local.faults import Odds
from adapters.local.seed import bot_token
from adapters.local.seen import BUTTON_TYPES, labels, parts, pieces
from adapters.local.slack import LocalSlack
from adapters.local.teams import LocalTeams
from adapters.local.traffic import Delivered, Exchange
from benchmarks.chaos.world import MEMBERS, SPACES_OF_ALL, Member
from benchmarks.load import HOST
from benchmarks.servers import free_port
from benchmarks.wire import APP_ID, APP_PASSWORD, SIGNING_SECRET

TOKEN = re.compile(r"z[a-z]\d{5}z")
"""What a person's words are known by, wherever they turn up."""
OURS = re.compile(r"/api/chat\.postMessage|/response/|/v3/conversations")
DRAWING = re.compile(r"/api/chat\.|/v3/conversations")


def token_in(text: str) -> str:
    """The first word in it that is somebody's own, "" where there is none."""
    return next(iter(TOKEN.findall(text)), "")


def now() -> datetime:
    """The clock of both platforms: the real one."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Post:
    """A message of Signpost's as it was first posted. `outbox` is what Slack's metadata says; `at` in seconds."""

    chat: str
    message: str
    at: float
    words: tuple[str, ...]
    buttons: tuple[str, ...]
    commands: tuple[str, ...]
    outbox: int
    exchange: Exchange

    @property
    def title(self) -> str:
        """Its first line."""
        return self.words[0] if self.words else ""

    @property
    def token(self) -> str:
        """Whose words it shows, "" for nobody's. What is said to a question shows how that begins; it is no edit."""
        every = TOKEN.findall(" ".join(self.words))
        return next((token for token in every if token[1] not in "qe"), next(iter(every), ""))

    @property
    def identity(self) -> tuple[str, ...]:
        """What two posts of one message have in common: whatever changes meanwhile, its title and word stay.

        One without a word of its own, such as the card that stands for a form that could not be opened, is what it says
        and what its buttons do: the same form for another question is another message.
        """
        return (self.title, self.token) if self.token or "Q-" in self.title else (*self.words, *self.commands)

    @property
    def is_reminder(self) -> bool:
        """Whether it is worse twice than never."""
        return self.token.startswith("zs")

    @property
    def is_aside(self) -> bool:
        """Whether it came through a response URL, where nobody can ask whether it arrived."""
        return "/response/" in self.exchange.url

    @property
    def is_sent(self) -> bool:
        """Whether it was sent into the chat, and not shown by the answer to a command or through a response URL."""
        return bool(OURS.search(self.exchange.url)) and not self.is_aside


class Platforms:
    """The Slack and the Teams. `board` gives the messages that were posted, in order."""

    def __init__(self, port: int) -> None:
        self.address = f"http://{HOST}:{port}"
        self.slack = LocalSlack(
            signing_secret=SIGNING_SECRET,
            events_url=f"{self.address}/slack/events",
            public_url=f"{self.address}/slack",
            clock=now,
        )
        self.teams = LocalTeams(
            app_id=APP_ID,
            app_password=APP_PASSWORD,
            messages_url=f"{self.address}/api/messages",
            public_url=f"{self.address}/teams",
            clock=now,
        )
        self.chats = {member.chat: member for member in MEMBERS}
        for space in SPACES_OF_ALL:
            if space.platform == "slack":
                self.slack.add_workspace(space.tenant, space.name, bot_token(space.tenant))
            else:
                self.teams.add_tenant(space.tenant, space.name)
        for member in MEMBERS:
            self.of(member).add_user(member.space.tenant, member.user, member.name)
        self._seen = {"slack": 0, "teams": 0}

    def of(self, member: Member) -> LocalSlack | LocalTeams:
        """The platform that this person is on."""
        return self.slack if member.space.platform == "slack" else self.teams

    def go_wrong(self, odds: Odds, chance: Random) -> None:
        """From now on requests fail by chance, and both platforms keep to their limits."""
        for platform in (self.slack, self.teams):
            platform.faults.by_chance(odds, chance)
            platform.keep_limits()

    def go_right(self) -> None:
        """Nothing fails any more; the limits hold."""
        for platform in (self.slack, self.teams):
            platform.faults.clear()

    def count(self, name: str) -> int:
        """How often this fault came, on both platforms."""
        return self.slack.faults.counts[name] + self.teams.faults.counts[name]

    def settings(self) -> dict[str, str]:
        """What a Signpost needs to know of them."""
        tenants = [space.tenant for space in SPACES_OF_ALL if space.platform == "teams"]
        return {
            "SIGNPOST_SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SIGNPOST_SLACK_BOT_TOKEN": bot_token(SPACES_OF_ALL[0].tenant),
            "SIGNPOST_SLACK_API_URL": self.slack.api_url,
            "SIGNPOST_TEAMS_APP_ID": APP_ID,
            "SIGNPOST_TEAMS_APP_PASSWORD": APP_PASSWORD,
            "SIGNPOST_TEAMS_TENANT_ID": tenants[0],
            "SIGNPOST_TEAMS_ALLOWED_TENANTS": ",".join(tenants),
            "SIGNPOST_TEAMS_OPENID_METADATA_URL": self.teams.openid_metadata_url,
            "SIGNPOST_TEAMS_TOKEN_URL": self.teams.token_url,
        }

    def news(self) -> list[Post]:
        """What was posted by Signpost since this was last asked, in every direct chat."""
        found = []
        for name, wire in (("slack", self.slack.wire), ("teams", self.teams.wire)):
            new = list(islice(wire.carried.items(), self._seen[name], None))
            self._seen[name] += len(new)
            found += [post for key, exchanges in new if (post := _post(key, exchanges[0])) is not None]
        return found

    def drawn(self, member: Member, message: str) -> str:
        """Every word of this message as Signpost last drew it.

        In Teams a person may see something else for a while: what their own press was answered with, if it came later.
        """
        wire = self.slack.wire if member.space.platform == "slack" else self.teams.wire
        drawings = [one for one in wire.carried.get((member.chat, message), []) if DRAWING.search(one.url)]
        return " ".join(_words(_json(drawings[-1].body) or {})) if drawings else ""

    def said_so_often(self, phrase: str) -> int:
        """In how many requests and answers Signpost used these words."""
        requests = (request.exchange.body for one in (self.slack, self.teams) for request in one.requests)
        answers = (delivered.body for one in (self.slack, self.teams) for delivered in one.wire.deliveries)
        return sum(phrase in text for text in (*requests, *answers))

    def unanswered(self) -> set[int]:
        """The requests of Signpost's that took effect and were not answered, as the ids of their exchanges."""
        lost = {id(arguments) for one in (self.slack, self.teams) for arguments in one.faults.answers_lost}
        every = (request for one in (self.slack, self.teams) for request in one.requests)
        return {id(request.exchange) for request in every if id(request.arguments) in lost}

    async def say(self, member: Member, text: str, *, slash: bool = False) -> Delivered:
        """The person types this in their direct chat, on Slack as a slash command where so wanted."""
        if slash and member.space.platform == "slack":
            return await self.slack.command(member.space.tenant, member.user, "/signpost", text)
        return await self.of(member).say(member.space.tenant, member.user, text)


def _post(key: tuple[str, str], exchange: Exchange) -> Post | None:
    """The message that this request posted; None for what people said themselves."""
    drawn = _drawn(exchange)
    if drawn is None:
        return None
    chat, message = key
    words = _words(drawn)
    known = (drawn.get("metadata") or {}).get("event_payload") or {}
    at = float(message) if "." in message else int(message) / 1000
    commands = tuple(_carried(part) for part in parts(drawn) if part.get("type") in BUTTON_TYPES)
    return Post(chat, message, at, words, tuple(labels(drawn)), commands, int(known.get("outbox", 0)), exchange)


def _carried(button: Mapping[str, Any]) -> str:
    """What a button sends when it is pressed: Slack's value, or the data of an action in Teams."""
    return json.dumps(button.get("value", button.get("data", "")), sort_keys=True)


def _words(drawn: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(line.strip(" *_") for line in pieces(drawn.get("blocks") or drawn.get("attachments") or []))


def _drawn(exchange: Exchange) -> Mapping[str, Any] | None:
    if not OURS.search(exchange.url):
        drawn = _json(exchange.answer)  # the answer to a slash command is shown
        return drawn if drawn and ("blocks" in drawn or "text" in drawn) else None
    return _json(exchange.body)


def _json(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


@asynccontextmanager
async def serving() -> AsyncIterator[Platforms]:
    """Both platforms, listening; no connection is left afterwards."""
    port = free_port()
    platforms = Platforms(port)
    app = web.Application(client_max_size=2**22)
    app.add_routes([*platforms.slack.routes(), *platforms.teams.routes()])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield platforms
    finally:
        await platforms.slack.stop()
        await platforms.teams.stop()
        await runner.cleanup()
