"""Commands, presses, modals, response URLs and faults of a local Slack, as its app meets them."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientOSError, ClientSession, ServerDisconnectedError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.local import faults
from adapters.local.clock import MovableClock
from adapters.local.slack import LocalSlack
from tests.adapters.local.conftest import AMIRA, BEN, CHANNEL, TEAM, Heard, minutes
from tests.adapters.local.test_slack_messages import buttons, error_of, section


def words(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def line(block_id: str, label: str, **more: Any) -> dict[str, Any]:
    field = {"type": "plain_text_input", "action_id": "value", **more}
    return {"type": "input", "block_id": block_id, "label": words(label), "element": field}


def modal(title: str = "Ask", *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = list(blocks) or [line("question", "Your question")]
    return {"type": "modal", "title": words(title), "submit": words("Send"), "blocks": shown, **more}


async def opened(client: AsyncWebClient, slack: LocalSlack, heard: Heard, view: dict[str, Any] | None = None) -> str:
    """The id of a modal that a slash command of Amira's opened."""
    await slack.command(TEAM, AMIRA, text="ask")
    answer = await client.views_open(trigger_id=heard.last["trigger_id"], view=view or modal())
    return str(answer["view"]["id"])


async def test_a_command_is_a_signed_form_and_its_answer_is_shown_to_the_person_alone(
    slack: LocalSlack, heard: Heard
) -> None:
    heard.answers = [{"response_type": "ephemeral", "text": "Done", "blocks": [section("Done")]}]
    delivered = await slack.command(TEAM, AMIRA, text="join x", channel=CHANNEL)
    assert delivered.ok
    assert heard.genuine == [True]
    assert (heard.last["command"], heard.last["text"], heard.last["channel_id"]) == ("/signpost", "join x", CHANNEL)
    assert slack.seen(TEAM, AMIRA, CHANNEL)[0].ephemeral
    assert slack.seen(TEAM, BEN, CHANNEL) == []


async def test_an_answer_for_everyone_shows_the_command_too(slack: LocalSlack, heard: Heard) -> None:
    heard.answers = [{"response_type": "in_channel", "text": "There are 3"}]
    await slack.command(TEAM, AMIRA, text="communities", channel=CHANNEL)
    assert [message.text for message in slack.seen(TEAM, BEN, CHANNEL)] == ["/signpost communities", "There are 3"]


async def test_a_failed_command_is_shown_as_slack_shows_it(slack: LocalSlack, heard: Heard) -> None:
    heard.answers = [500, {"text": "x", "blocks": [section("x" * 3001)]}]
    await slack.command(TEAM, AMIRA, text="join")
    await slack.command(TEAM, AMIRA, text="join")
    shown = [message.text for message in slack.seen(TEAM, AMIRA)]
    assert ["dispatch_failed" in shown[0], "invalid_blocks" in shown[1], len(slack.problems)] == [True, True, 2]


async def test_a_press_carries_the_message_and_the_value(
    slack: LocalSlack, client: AsyncWebClient, heard: Heard
) -> None:
    posted = await client.chat_postMessage(channel=AMIRA, text="Join?", blocks=[buttons("Join", "Not now")])
    await slack.press(TEAM, AMIRA, str(posted["ts"]), "Not now")
    pressed = heard.last
    assert (pressed["type"], pressed["actions"][0]["value"]) == ("block_actions", "not now")
    assert pressed["container"]["message_ts"] == pressed["message"]["ts"] == posted["ts"]
    with pytest.raises(KeyError, match="Not now"):
        await slack.press(TEAM, AMIRA, str(posted["ts"]), "Leave")


async def test_a_press_on_an_ephemeral_message_carries_no_message_and_is_redrawn_by_its_response_url(
    slack: LocalSlack, client: AsyncWebClient, heard: Heard
) -> None:
    posted = await client.chat_postEphemeral(channel=CHANNEL, user=AMIRA, text="Join?", blocks=[buttons("Join")])
    await slack.press(TEAM, AMIRA, str(posted["message_ts"]), "a0", channel=CHANNEL)
    assert heard.last["container"]["is_ephemeral"]
    assert "message" not in heard.last
    async with ClientSession() as session:
        answer = await session.post(heard.last["response_url"], json={"replace_original": True, "text": "Welcome"})
        assert await answer.text() == "ok"
        assert [message.text for message in slack.seen(TEAM, AMIRA, CHANNEL)] == ["Welcome"]
        await session.post(heard.last["response_url"], json={"delete_original": True})
    assert slack.seen(TEAM, AMIRA, CHANNEL) == []


async def test_a_response_url_takes_five_posts_within_thirty_minutes(
    slack: LocalSlack, heard: Heard, clock: MovableClock
) -> None:
    await slack.command(TEAM, AMIRA, text="help")
    first = heard.last["response_url"]
    await slack.command(TEAM, AMIRA, text="help")
    second = heard.last["response_url"]
    async with ClientSession() as session:
        statuses = [(await session.post(first, json={"text": "x"})).status for _ in range(6)]
        clock.move_by(minutes(31))
        late = await session.post(second, json={"text": "x"})
        assert (late.status, (await late.json())["error"]) == (404, "expired_url")
    assert statuses == [200] * 5 + [404]


async def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: LocalSlack, client: AsyncWebClient, heard: Heard, clock: MovableClock
) -> None:
    await opened(client, slack, heard)
    assert (
        await error_of(client.views_open(trigger_id=heard.last["trigger_id"], view=modal())) == "exchanged_trigger_id"
    )
    await slack.command(TEAM, AMIRA, text="ask")
    clock.move_by(minutes(0.1))
    late = client.views_open(trigger_id=heard.last["trigger_id"], view=modal())
    assert await error_of(late) == "expired_trigger_id"
    assert await error_of(client.views_open(trigger_id="1.2.x", view=modal())) == "invalid_trigger_id"


async def test_a_submitted_modal_carries_its_answers_and_closes(
    slack: LocalSlack, client: AsyncWebClient, heard: Heard
) -> None:
    choice = {
        "type": "input",
        "block_id": "community",
        "optional": True,
        "label": words("Community"),
        "element": {
            "type": "static_select",
            "action_id": "chosen",
            "options": [{"text": words("Starting a business"), "value": "sab"}],
        },
    }
    shown = modal("Ask", line("question", "Your question"), choice, private_metadata="{}", callback_id="form")
    await opened(client, slack, heard, shown)
    await slack.submit(TEAM, AMIRA, {"Your question": "How?", "community": "sab"})
    values = heard.last["view"]["state"]["values"]
    assert values["question"]["value"] == {"type": "plain_text_input", "value": "How?"}
    assert values["community"]["chosen"]["selected_option"]["value"] == "sab"
    assert heard.last["view"]["callback_id"] == "form"
    assert slack.modal(TEAM, AMIRA) is None


async def test_errors_stand_beside_their_fields_and_an_update_redraws(
    slack: LocalSlack, client: AsyncWebClient, heard: Heard
) -> None:
    id = await opened(client, slack, heard)
    heard.answers = [
        {"response_action": "errors", "errors": {"question": "Say more"}},
        {"response_action": "update", "view": modal("Check")},
        {"response_action": "push", "view": modal("Deeper")},
        {"response_action": "clear"},
    ]
    await slack.submit(TEAM, AMIRA, {"question": "How?"})
    view = slack.modal(TEAM, AMIRA)
    assert view is not None
    assert view.errors == {"question": "Say more"}
    titles = []
    for _ in range(3):
        await slack.submit(TEAM, AMIRA, {"question": "How?"})
        view = slack.modal(TEAM, AMIRA)
        titles.append((view.title, view.id == id) if view else None)
    assert titles == [("Check", True), ("Deeper", False), None]
    assert slack.problems == []


async def test_slack_itself_refuses_an_empty_or_too_long_answer(
    slack: LocalSlack, client: AsyncWebClient, heard: Heard
) -> None:
    await opened(client, slack, heard, modal("Ask", line("question", "Your question", max_length=5)))
    count = len(heard.bodies)
    for answers, reason in [({}, "required"), ({"question": "123456"}, "too long"), ({"nothing": "x"}, "not ask")]:
        assert reason in (await slack.submit(TEAM, AMIRA, answers)).refused
    assert len(heard.bodies) == count


async def test_errors_for_fields_that_do_not_exist_are_a_problem(
    slack: LocalSlack, client: AsyncWebClient, heard: Heard
) -> None:
    await opened(client, slack, heard)
    heard.answers = [{"response_action": "errors", "errors": {"nothing": "x"}}]
    await slack.submit(TEAM, AMIRA, {"question": "How?"})
    assert len(slack.problems) == 1


async def test_an_update_keeps_the_id_and_an_old_hash_is_refused(
    slack: LocalSlack, client: AsyncWebClient, heard: Heard
) -> None:
    id = await opened(client, slack, heard)
    before = await client.views_update(view_id=id, view=modal("One"))
    await client.views_update(view_id=id, view=modal("Two"), hash=before["view"]["hash"])
    again = client.views_update(view_id=id, view=modal("Three"), hash=before["view"]["hash"])
    assert await error_of(again) == "hash_conflict"
    view = slack.modal(TEAM, AMIRA)
    assert view is not None
    assert (view.id, view.title) == (id, "Two")


async def test_modals_stack_three_deep_and_close_one_by_one(
    slack: LocalSlack, client: AsyncWebClient, heard: Heard
) -> None:
    await opened(client, slack, heard, modal("First", section("x"), buttons("More"), notify_on_close=True))
    for title in ("Second", "Third", "Fourth"):
        view = slack.modal(TEAM, AMIRA)
        assert view is not None
        await slack.press(TEAM, AMIRA, view.id, "More")
        assert heard.last["container"] == {"type": "view", "view_id": view.id}
        call = client.views_push(trigger_id=heard.last["trigger_id"], view=modal(title, section("x"), buttons("More")))
        if title == "Fourth":
            assert await error_of(call) == "push_limit_reached"
        else:
            await call
    closed = []
    while (view := slack.modal(TEAM, AMIRA)) is not None:
        closed.append(view.title)
        await slack.close(TEAM, AMIRA)
    assert closed == ["Third", "Second", "First"]
    assert heard.last["type"] == "view_closed"


async def test_a_broken_view_is_refused_and_noted(slack: LocalSlack, client: AsyncWebClient, heard: Heard) -> None:
    await slack.command(TEAM, AMIRA, text="ask")
    wrong = client.views_open(trigger_id=heard.last["trigger_id"], view=modal("A title far longer than 24"))
    assert await error_of(wrong) == "invalid_arguments"
    assert len(slack.problems) == 1
    assert slack.modal(TEAM, AMIRA) is None


async def test_the_home_tab_is_published_and_pressed(slack: LocalSlack, client: AsyncWebClient, heard: Heard) -> None:
    await slack.open_home(TEAM, AMIRA)
    assert heard.last["event"]["type"] == "app_home_opened"
    await client.views_publish(user_id=AMIRA, view={"type": "home", "blocks": [section("Hello"), buttons("Ask")]})
    home = slack.home(TEAM, AMIRA)
    assert home is not None
    assert home.buttons() == ["Ask"]
    await slack.press(TEAM, AMIRA, home.id, "Ask")
    assert heard.last["view"]["type"] == "home"


async def test_bad_old_and_missing_signatures_are_not_genuine(slack: LocalSlack, heard: Heard) -> None:
    slack.spoil_signature("bad")
    slack.spoil_signature("old")
    slack.spoil_signature("missing")
    for _ in range(4):
        await slack.say(TEAM, AMIRA, "help")
    assert heard.genuine == [False, False, False, True]


async def test_a_redelivered_event_is_the_same_event_and_says_so(slack: LocalSlack, heard: Heard) -> None:
    heard.answers = [500, 500, 500, 500]
    delivered = await slack.say(TEAM, AMIRA, "help")
    while (again := await slack.redeliver(delivered, "http_error")).sent:
        delivered = again
    assert len({body["event_id"] for body in heard.bodies}) == 1
    assert heard.genuine == [True] * 4
    assert [headers.get("X-Slack-Retry-Num") for headers in heard.headers] == [None, "1", "2", "3"]
    assert heard.headers[-1]["X-Slack-Retry-Reason"] == "http_error"


async def test_faults_come_as_often_as_asked_for_and_for_one_channel_alone(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    slack.faults.next("chat.postMessage", faults.limited(after=7), channel=AMIRA)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=AMIRA, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    await client.chat_postMessage(channel=BEN, text="x")
    await client.chat_postMessage(channel=AMIRA, text="x")
    for fault in (faults.failing(), faults.empty(), faults.html(503), faults.erring("fatal_error")):
        slack.faults.next("auth.test", fault)
        with pytest.raises(SlackApiError):
            await client.auth_test()
    assert (await client.auth_test())["ok"]


async def test_a_lost_answer_has_had_its_effect_and_a_reset_has_not(slack: LocalSlack) -> None:
    async with ClientSession(headers={"Authorization": "Bearer xoxb-hmrc"}) as session:
        for fault, text in [(faults.reset(), "Never"), (faults.lost(), "Sent")]:
            slack.faults.next("chat.postMessage", fault)
            with pytest.raises((ServerDisconnectedError, ClientOSError)):
                await session.post(slack.api_url + "chat.postMessage", json={"channel": AMIRA, "text": text})
    assert [message.text for message in slack.seen(TEAM, AMIRA)] == ["Sent"]


async def test_a_slow_answer_waits_until_it_is_let_go(slack: LocalSlack, client: AsyncWebClient) -> None:
    gate, arrived = asyncio.Event(), asyncio.Event()
    slack.faults.next("auth.test", faults.held(gate, arrived))
    call = asyncio.create_task(client.auth_test())
    await arrived.wait()
    assert not call.done()
    gate.set()
    assert (await call)["ok"]


async def test_the_x_ray_finds_what_carried_a_message(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=AMIRA, text="Join?", blocks=[buttons("Join")])
    await slack.press(TEAM, AMIRA, str(posted["ts"]), "Join")
    carried = slack.carried(TEAM, str(posted["channel"]), str(posted["ts"]))
    assert ["/api/chat.postMessage" in carried[0].url, "/slack/events" in carried[1].url] == [True, True]


async def test_any_body_can_be_delivered_signed(slack: LocalSlack, heard: Heard) -> None:
    await slack.deliver(b'{"type":"event_callback"}', "application/json")
    assert heard.genuine == [True]
    assert (await slack.deliver(b"\xff", "application/json")).status == 500


async def test_a_watcher_hears_who_sees_something_new(slack: LocalSlack, client: AsyncWebClient) -> None:
    news: list[tuple[str, list[str]]] = []
    slack.watch(lambda team, users: news.append((team, sorted(users))))
    await client.chat_postMessage(channel=AMIRA, text="x")
    await client.chat_postMessage(channel=CHANNEL, text="x")
    await client.chat_postEphemeral(channel=CHANNEL, user=BEN, text="x")
    assert news == [(TEAM, [AMIRA]), (TEAM, sorted([AMIRA, BEN])), (TEAM, [BEN])]


async def test_resetting_forgets_requests_and_faults_but_no_messages(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=AMIRA, text="x")
    slack.faults.next("*", faults.failing(), times=5)
    slack.reset()
    assert slack.requests == []
    assert (await client.auth_test())["ok"]
    assert len(slack.seen(TEAM, AMIRA)) == 1
