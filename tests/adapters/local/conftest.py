"""A small Signpost that checks signatures and records what it is sent, and the local platforms that talk to it."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import unused_port
from slack_sdk.signature import Clock as SlackClock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from adapters.local.clock import MovableClock
from adapters.local.slack import LocalSlack
from adapters.local.teams import LocalTeams
from tests.adapters.local.small_bot import APP, GARETH, GROUP, GUEST, HANA, PASSWORD, TENANT, Bot
from tests.adapters.local.small_bot import CHANNEL as TEAMS_CHANNEL

SECRET = "the signing secret"
TOKEN = "xoxb-hmrc"
TEAM, AMIRA, BEN, CAROL = "T0HMRC", "U0AMIRA", "U0BEN", "U0CAROL"
CHANNEL = "C0POLICY"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Heard:
    """What the small Signpost got, in order, and what it answers: `answers` are used up first to last."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.genuine: list[bool] = []
        self.answers: list[Any] = []
        self.during: Callable[[Any], Any] | None = None

    @property
    def last(self) -> Any:
        return self.bodies[-1]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(base=lambda: NOON)


@pytest.fixture
def heard() -> Heard:
    return Heard()


def slack_door(heard: Heard, clock: MovableClock) -> web.RouteDef:
    """POST /slack/events: verifies as the SDK does and answers what the test put in `heard.answers`."""

    class Now(SlackClock):
        def now(self) -> float:
            return clock().timestamp()

    verifier = SignatureVerifier(SECRET, Now())

    async def events(request: web.Request) -> web.StreamResponse:
        raw = (await request.read()).decode()
        heard.headers.append(dict(request.headers))
        heard.genuine.append(verifier.is_valid_request(raw, dict(request.headers)))
        if request.content_type == "application/json":
            body = json.loads(raw)
        else:
            fields = {name: values[0] for name, values in parse_qs(raw, keep_blank_values=True).items()}
            body = json.loads(fields["payload"]) if "payload" in fields else fields
        heard.bodies.append(body)
        if heard.during is not None:
            await heard.during(body)
        answer = heard.answers.pop(0) if heard.answers else ""
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.json_response(answer) if isinstance(answer, dict) else web.Response(text=answer)

    return web.post("/slack/events", events)


@pytest.fixture
async def slack(heard: Heard, clock: MovableClock) -> AsyncIterator[LocalSlack]:
    port = unused_port()
    here = f"http://127.0.0.1:{port}"
    local = LocalSlack(
        signing_secret=SECRET, events_url=f"{here}/slack/events", public_url=f"{here}/local/slack", clock=clock
    )
    local.wire.deadline = 60.0
    local.add_workspace(TEAM, "HM Revenue & Customs", TOKEN)
    local.add_user(TEAM, AMIRA, "Amira Khan", email="amira.khan@hmrc.example")
    local.add_user(TEAM, BEN, "Ben Okafor")
    local.add_user(TEAM, CAROL, "Carol Smith", guest=True)
    local.add_channel(TEAM, CHANNEL, "policy", [AMIRA, BEN])
    app = web.Application()
    app.add_routes([*local.routes(), slack_door(heard, clock)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield local
    await local.stop()
    await runner.cleanup()


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    return AsyncWebClient(token=TOKEN, base_url=slack.api_url)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.fixture
async def teams(heard: Heard, clock: MovableClock) -> AsyncIterator[LocalTeams]:
    port = unused_port()
    here = f"http://127.0.0.1:{port}"
    local = LocalTeams(
        app_id=APP,
        app_password=PASSWORD,
        messages_url=f"{here}/api/messages",
        public_url=f"{here}/local/teams",
        clock=clock,
    )
    local.wire.deadline = 60.0
    local.add_tenant(TENANT, "Department for Work and Pensions")
    local.add_user(TENANT, GARETH, "Gareth Lloyd", email="gareth.lloyd@dwp.example")
    local.add_user(TENANT, HANA, "Hana Ito")
    local.add_user(TENANT, GUEST, "Gus Guest", guest=True)
    local.add_channel(TENANT, TEAMS_CHANNEL, "Operations", [GARETH, HANA])
    local.add_channel(TENANT, GROUP, "A few", [GARETH, HANA], kind="groupChat")

    async def messages(request: web.Request) -> web.StreamResponse:
        heard.headers.append(dict(request.headers))
        heard.bodies.append(await request.json())
        if heard.during is not None:
            await heard.during(heard.last)
        answer = heard.answers.pop(0) if heard.answers else 200
        return web.Response(status=answer) if isinstance(answer, int) else web.json_response(answer)

    app = web.Application()
    app.add_routes([*local.routes(), web.post("/api/messages", messages)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield local
    await local.stop()
    await runner.cleanup()


@pytest.fixture
async def bot(teams: LocalTeams, clock: MovableClock) -> AsyncIterator[Bot]:
    async with ClientSession() as session:
        yield Bot(teams, session, clock)
