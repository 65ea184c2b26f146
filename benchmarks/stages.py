"""The programs under test, running, and what is sent to each of them."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from cryptography.fernet import Fernet

from benchmarks import servers, wire, world
from benchmarks.load import HOST, Outcome
from benchmarks.servers import LOAD_CORE, Server

PRODUCT = "bot"
SENT_TO = 4  # the button's reply, the asker's own copy, and at least two members
NEWCOMER = 1 << 64


class Wrong(Exception):
    """A program did not do what it was measured for, so the figure would mean nothing."""


@dataclass(frozen=True)
class Stage:
    """One kind of request to one server. `request(number)` is unique by its number.

    Every answer must hold `says`. `writes` names the table that gains a row for each request. `sends` is how many
    messages each request owes the outside before it is finished. `keeps` has the answers by number, for what follows.
    """

    server: Server
    request: Callable[[int], bytes]
    says: bytes = b""
    writes: str = ""
    database: Path | None = None
    sends: int = 0
    keeps: dict[int, bytes] = field(default_factory=dict)

    def check(self, outcome: Outcome, before: dict[str, int], sent: int) -> None:
        """Raises Wrong unless every request was answered as it should be, left its row and sent what it owed."""
        count = len(outcome.bodies)
        amiss = [body for body in outcome.bodies if self.says not in body]
        if outcome.refused or amiss:
            first = amiss[0][:300] if amiss else b""
            raise Wrong(f"{outcome.refused} refused, {len(amiss)} answered otherwise, the first: {first!r}")
        gained = self.rows().get(self.writes, 0) - before.get(self.writes, 0)
        if self.writes and gained < count:
            raise Wrong(f"{count} requests left {gained} rows in {self.writes}")
        if sent < self.sends * count:
            raise Wrong(f"{count} requests sent {sent} messages")

    def rows(self) -> dict[str, int]:
        """How many rows the measured tables have now."""
        return world.rows(self.database) if self.database else {}


@dataclass(frozen=True)
class Bench:
    """What runs: everything outside, and the stages, each with the server that it is sent to."""

    outside: Server
    stages: dict[str, Stage]

    def sent(self) -> int:
        """How many messages and questions the outside has had from all programs."""
        with urlopen(f"http://{HOST}:{self.outside.port}/counts", timeout=10) as answer:
            counts: dict[str, int] = json.load(answer)
        return counts.get("slack", 0) + counts.get("teams", 0)


def signpost_settings(database: Path, outside: int) -> dict[str, str]:
    """Both platforms on, their outside on this machine, everything else as it is shipped."""
    there = f"http://{HOST}:{outside}"
    return {
        "SIGNPOST_DATABASE_URL": f"sqlite:///{database}",
        "SIGNPOST_ENCRYPTION_KEY": Fernet.generate_key().decode(),
        "SIGNPOST_SLACK_SIGNING_SECRET": wire.SIGNING_SECRET,
        "SIGNPOST_SLACK_BOT_TOKEN": wire.SLACK_TOKEN,
        "SIGNPOST_SLACK_API_URL": f"{there}/api/",
        "SIGNPOST_TEAMS_APP_ID": wire.APP_ID,
        "SIGNPOST_TEAMS_APP_PASSWORD": wire.APP_PASSWORD,
        "SIGNPOST_TEAMS_TENANT_ID": wire.TEAMS_TENANT,
        "SIGNPOST_TEAMS_OPENID_METADATA_URL": f"{there}/openid",
        "SIGNPOST_TEAMS_TOKEN_URL": f"{there}/{wire.TEAMS_TENANT}/oauth2/v2.0/token",
    }


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """All programs, started and ready, each with its own database in `folder`; all stopped afterwards."""
    channel = wire.Channel()
    (folder / "keys.json").write_bytes(channel.key_set())
    with ExitStack() as running:

        def run(arguments: list[str], settings: dict[str, str], core: int = servers.SERVER_CORE) -> Server:
            server = servers.start(arguments, settings, folder, core)
            running.callback(server.stop)
            return server

        outside = run(["benchmarks.outside", str(folder / "keys.json")], {}, LOAD_CORE)
        there = f"http://{HOST}:{outside.port}"
        tutorial, product = folder / "tutorial.db", folder / "signpost.db"
        settings = signpost_settings(product, outside.port)
        world.make_tables(tutorial)
        servers.run_once([PRODUCT, "migrate"], settings, folder)
        for file in (tutorial, product):
            world.fill(file, there)
        floor = run(["benchmarks.peers.bolt_ack"], {})
        stock = run(["benchmarks.peers.cloud_adapter"], {"OUTSIDE": there})
        taught = run(["benchmarks.peers.tutorial"], {"OUTSIDE": there, "DATABASE": str(tutorial)})
        signpost = run([PRODUCT, "serve"], settings)
        slack, teams = _slack(outside.port), _teams(channel, outside.port)
        drafts: dict[int, bytes] = {}
        stages = {
            "floor": Stage(floor, slack["join"]),
            "join": Stage(signpost, slack["join"], b"Welcome to", "membership", product),
            "ask": Stage(signpost, slack["ask"], b"Check your question", "question", product, keeps=drafts),
            "first join": Stage(signpost, slack["first join"], b"Welcome to", "membership", product),
            "send": Stage(signpost, _presses(drafts, outside.port), b"", "mirror", product, sends=SENT_TO),
            "search": Stage(signpost, slack["search"], b"about"),
            "teams join": Stage(signpost, teams["join"], b"", "membership", product, sends=1),
            "first teams join": Stage(signpost, teams["first join"], b"", "membership", product, sends=1),
            "stock teams": Stage(stock, teams["join"], sends=1),
            "tutorial join": Stage(taught, slack["join"], b"Welcome to", "membership", tutorial),
            "tutorial ask": Stage(taught, slack["ask"], b"Send it?", "question", tutorial),
        }
        yield Bench(outside, stages)


def _slack(outside: int) -> dict[str, Callable[[int], bytes]]:
    """What one person says. Numbers must come in order and once each, or a join writes nothing."""
    serial = itertools.count(1)

    def said(who: Callable[[int], str], words: Callable[[int], str]) -> Callable[[int], bytes]:
        return lambda number: wire.slack_command(next(serial), who(number), words(number), outside)

    return {
        "join": said(world.on_slack, lambda number: f"join {world.another(number)}"),
        "first join": said(lambda number: f"U{number:07}", lambda number: f"join {world.slug(number)} as adviser"),
        "ask": said(world.on_slack, _question),
        "search": said(world.on_slack, lambda number: f"whoknows {world.KNOWS[number % len(world.KNOWS)]}"),
    }


def _question(number: int) -> str:
    return f"ask Who decides on change {number} to sole trader registration? community: {world.slug(number)}"


def _presses(drafts: dict[int, bytes], outside: int) -> Callable[[int], bytes]:
    """The asker of each draft presses Send."""
    serial = itertools.count(1)

    def press(number: int) -> bytes:
        action = wire.button(drafts[number], "Send")
        return wire.slack_press(next(serial), world.on_slack(number), action, outside)

    return press


def _teams(channel: wire.Channel, outside: int) -> dict[str, Callable[[int], bytes]]:
    """The same in Teams chats."""
    serial = itertools.count(1)

    def said(who: Callable[[int], str], words: Callable[[int], str]) -> Callable[[int], bytes]:
        return lambda number: channel.message(next(serial), who(number), words(number), outside)

    return {
        "join": said(world.on_teams, lambda number: f"join {world.another(number)}"),
        "first join": said(
            lambda number: f"{NEWCOMER + number:032x}", lambda number: f"join {world.slug(number)} as adviser"
        ),
    }
