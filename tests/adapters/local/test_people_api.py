"""The page's JSON API: anyone on this machine may be anyone, and nobody else may be anybody."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import unused_port
from slack_sdk.web.async_client import AsyncWebClient

from adapters.local.clock import MovableClock
from adapters.local.people_acts import Stage
from adapters.local.people_api import LocalPerson, PeopleApi, routes
from adapters.local.slack import LocalSlack
from adapters.local.teams import LocalTeams
from tests.adapters.local.conftest import AMIRA, CHANNEL, TEAM, Heard
from tests.adapters.local.small_bot import CHANNEL as TEAMS_CHANNEL
from tests.adapters.local.small_bot import GARETH, TENANT, Bot, card, execute, message
from tests.adapters.local.test_slack_acts import modal
from tests.adapters.local.test_slack_messages import buttons

PEOPLE = [
    LocalPerson("amira", "Amira Khan", "Content designer", "HMRC", "slack", TEAM, AMIRA),
    LocalPerson("gareth", "Gareth Lloyd", "Operations lead", "DWP", "teams", TENANT, GARETH),
]
Rows = Mapping[str, Sequence[Mapping[str, object]]]


class Page:
    """What the page does, without the page."""

    def __init__(self, here: str, api: PeopleApi, session: ClientSession) -> None:
        self.here = here
        self.api = api
        self.session = session
        self.due: list[datetime] = []

    async def get(self, name: str, **query: Any) -> Any:
        async with self.session.get(f"{self.here}/local/api/{name}", params=query) as answer:
            return await answer.json()

    async def post(self, name: str, **body: Any) -> Any:
        async with self.session.post(f"{self.here}/local/api/{name}", json=body) as answer:
            return await answer.json()

    async def chat(self, person: str, place: str = "direct") -> Any:
        return await self.get("chat", person=person, place=place)


@pytest.fixture
async def page(slack: LocalSlack, teams: LocalTeams, clock: MovableClock) -> AsyncIterator[Page]:
    async def xray(platform: str, tenant: str, conversation: str, message: str) -> Rows:
        return {"mirrors": [{"platform": platform, "conversation": conversation, "message": message, "at": clock()}]}

    async def on_time() -> None:
        shown.due.append(clock())

    api = PeopleApi(Stage(slack, teams, PEOPLE), clock, xray, on_time)
    app = web.Application()
    app.add_routes(api.routes())
    app.on_shutdown.append(api.stop)
    runner = web.AppRunner(app)
    await runner.setup()
    port = unused_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with ClientSession() as session:
        shown = Page(f"http://127.0.0.1:{port}", api, session)
        yield shown
    await runner.cleanup()


async def test_the_world_names_people_and_places(page: Page) -> None:
    world = await page.get("world")
    assert [one["key"] for one in world["people"]] == ["amira", "gareth"]
    places = [(one["id"], one["platform"], one["tenant"]) for one in world["places"]]
    assert places[0] == (CHANNEL, "slack", TEAM)
    assert (TEAMS_CHANNEL, "teams", TENANT) in places


async def test_what_is_said_is_seen_and_a_slash_is_a_command(page: Page, heard: Heard) -> None:
    assert await page.post("say", person="amira", place="direct", text="Hello & hi") == {"ok": True}
    shown = (await page.chat("amira"))["messages"][0]
    assert (shown["from"], shown["mine"], shown["text"]) == ("Amira Khan", True, "Hello &amp; hi")
    await page.post("say", person="amira", place=CHANNEL, text="/signpost ask How?")
    assert (heard.last["command"], heard.last["text"], heard.last["channel_id"]) == ("/signpost", "ask How?", CHANNEL)
    assert "not a command" in (await page.post("say", person="amira", place="direct", text="/join x"))["error"]
    threaded = await page.post("say", person="amira", place="direct", text="/ask x", thread=shown["id"])
    assert "threads" in threaded["error"]


async def test_the_slash_picker_of_teams_is_for_channels(page: Page, heard: Heard) -> None:
    await page.post("say", person="gareth", place=TEAMS_CHANNEL, text="/ask How?")
    assert heard.last["recipient"]["isTargeted"]
    await page.post("say", person="gareth", place="direct", text="/ask How?")
    assert "isTargeted" not in heard.last["recipient"]
    assert heard.last["text"] == "/ask How?"


async def test_a_failing_signpost_is_said_in_words(page: Page, heard: Heard) -> None:
    heard.answers = [500]
    told = await page.post("say", person="gareth", place="direct", text="help")
    assert told == {"ok": False, "error": "Signpost answered 500. Try again."}


async def test_presses_go_to_both_platforms(page: Page, client: AsyncWebClient, bot: Bot, heard: Heard) -> None:
    posted = await client.chat_postMessage(channel=AMIRA, text="Join?", blocks=[buttons("Join")])
    await page.post("press", person="amira", place="direct", message=posted["ts"], action="a0", inputs={})
    assert heard.last["actions"][0]["value"] == "join"
    drawn = card(execute("Join", signpost="{}"))
    _, sent = await bot.call("POST", "conversations", await bot.chat(), "activities", body=message(drawn=drawn))
    heard.answers = [{"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Done"}]
    told = await page.post("press", person="gareth", place="direct", message=sent["id"], action="actions.0", inputs={})
    assert told == {"ok": True, "notice": "Done"}
    assert (await page.chat("gareth"))["messages"][0]["card"] == drawn
    gone = await page.post("press", person="gareth", place="direct", message="1", action="x", inputs={})
    assert not gone["ok"]


async def test_a_modal_is_shown_refused_beside_its_field_sent_and_closed(
    page: Page, client: AsyncWebClient, heard: Heard
) -> None:
    for _ in range(2):
        await page.post("say", person="amira", place="direct", text="/signpost ask")
        await client.views_open(trigger_id=heard.last["trigger_id"], view=modal())
    assert (await page.chat("amira"))["modal"]["title"]["text"] == "Ask"
    empty = await page.post("submit", person="amira", answers={"question": ""})
    assert empty["error"] == "“Your question” is required."
    heard.answers = [{"response_action": "errors", "errors": {"question": "Say more"}}]
    refused = await page.post("submit", person="amira", answers={"question": "How?"})
    assert refused == {"ok": False, "error": "Say more", "errors": {"question": "Say more"}}
    assert await page.post("close", person="amira") == {"ok": True}
    assert (await page.chat("amira"))["modal"] is None
    assert not (await page.post("submit", person="amira", answers={}))["ok"]


async def test_waiting_ends_with_the_names_of_those_who_see_something_new(page: Page, client: AsyncWebClient) -> None:
    before = (await page.chat("gareth"))["version"]
    waiting = asyncio.create_task(page.get("changes", after=before))
    await client.chat_postMessage(channel=AMIRA, text="Hello")
    news = await waiting
    assert news["people"] == ["amira"]
    assert news["version"] > before
    assert await page.get("changes", after=news["version"] + 100) == {"version": news["version"], "people": []}


async def test_stopping_lets_go_of_the_pages_that_wait(page: Page) -> None:
    waiting = asyncio.create_task(page.get("changes", after=0))
    await page.get("world")
    await page.api.stop()
    assert (await waiting)["people"] == []


async def test_time_moves_forward_and_what_is_due_happens(page: Page, clock: MovableClock) -> None:
    start = clock()
    await page.post("time", hours=1)
    assert clock() - start == (page.due[0] - start)
    assert (clock() - start).total_seconds() == 3600
    await page.post("time", to="tomorrow-9am")
    assert page.due[1].isoformat() == "2026-11-24T09:00:00+00:00"
    for body in ({"hours": -1}, {"hours": "x"}, {"hours": "nan"}, {}):
        assert not (await page.post("time", **body))["ok"]
    assert len(page.due) == 2


async def test_the_x_ray_shows_the_request_and_the_rows_without_secrets(
    page: Page, slack: LocalSlack, client: AsyncWebClient, heard: Heard
) -> None:
    posted = await client.chat_postMessage(channel=AMIRA, text="Join?", blocks=[buttons("Join")])
    await page.post("press", person="amira", place="direct", message=posted["ts"], action="a0")
    found = await page.get("xray", person="amira", place="direct", message=posted["ts"])
    assert [one["title"].split(":")[0] for one in found["requests"]] == ["Signpost to Slack", "Slack to Signpost"]
    assert found["rows"]["mirrors"][0]["message"] == posted["ts"]
    everything = str(found)
    assert "xoxb-hmrc" not in everything
    assert heard.last["trigger_id"] not in everything
    assert heard.last["response_url"] not in everything
    assert heard.headers[-1]["X-Slack-Signature"] not in everything


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "demo.example"},
        {"Host": "127.0.0.1.demo.example"},
        {"Origin": "https://demo.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_what_is_not_from_a_page_of_this_machine_is_refused(page: Page, headers: dict[str, str]) -> None:
    async with page.session.get(f"{page.here}/local/api/world", headers=headers) as answer:
        assert answer.status == 403
    async with page.session.post(f"{page.here}/local/api/close", json={"person": "amira"}, headers=headers) as answer:
        assert answer.status == 403


async def test_a_form_of_another_page_cannot_act(page: Page) -> None:
    async with page.session.post(
        f"{page.here}/local/api/close", data="x", headers={"Content-Type": "text/plain"}
    ) as no:
        assert no.status == 403
    async with page.session.get(f"{page.here}/local/api/world", headers={"Origin": page.here}) as yes:
        assert yes.status == 200


async def test_nonsense_is_answered_in_words(page: Page) -> None:
    for body in (
        {},
        {"person": "nobody", "place": "direct", "text": "x"},
        {"person": "amira", "place": "x", "text": "y"},
    ):
        told = await page.post("say", **body)
        assert not told["ok"]
        assert told["error"].endswith(".")
    assert not (await page.get("chat", person="nobody"))["ok"]


def test_the_routes_can_be_had_without_the_object(slack: LocalSlack, teams: LocalTeams, clock: MovableClock) -> None:
    async def xray(platform: str, tenant: str, conversation: str, message: str) -> Rows:
        return {}

    assert len(routes(slack, teams, PEOPLE, clock, xray)) == 9
