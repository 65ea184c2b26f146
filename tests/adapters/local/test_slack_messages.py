"""Messages in a local Slack: who sees what, what is delivered, and what the Web API takes and refuses."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.local.slack import LocalSlack
from tests.adapters.local.conftest import AMIRA, BEN, CAROL, CHANNEL, TEAM, TOKEN, Heard


def section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def buttons(*labels: str) -> dict[str, object]:
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": f"a{at}",
                "value": label.lower(),
                "text": {"type": "plain_text", "text": label},
            }
            for at, label in enumerate(labels)
        ],
    }


async def error_of(call: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call  # type: ignore[misc]  # any awaitable call of the SDK
    return str(caught.value.response["error"])


async def test_a_direct_message_reaches_the_app_signed_and_escaped(slack: LocalSlack, heard: Heard) -> None:
    delivered = await slack.say(TEAM, AMIRA, "R&D <soon>, @Signpost?")
    assert delivered.ok
    assert heard.genuine == [True]
    event = heard.last["event"]
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", AMIRA)
    assert event["text"] == f"R&amp;D &lt;soon&gt;, <@{slack.bot_user(TEAM)}>?"
    assert heard.last["authorizations"][0]["team_id"] == TEAM
    assert heard.last["event_id"] == delivered.event_id
    assert slack.seen(TEAM, AMIRA)[0].text == "R&D <soon>, @Signpost?"


async def test_a_channel_message_without_a_mention_is_not_delivered(slack: LocalSlack, heard: Heard) -> None:
    first = await slack.say(TEAM, AMIRA, "Anyone?", channel=CHANNEL)
    thread = slack.seen(TEAM, AMIRA, CHANNEL)[0].id
    assert not first.sent
    assert not (await slack.say(TEAM, BEN, "Me", channel=CHANNEL, thread=thread)).sent
    assert (await slack.say(TEAM, BEN, "@Signpost help", channel=CHANNEL, thread=thread)).ok
    assert [body["event"]["type"] for body in heard.bodies] == ["app_mention"]
    assert heard.last["event"]["thread_ts"] == thread


async def test_the_bot_hears_no_mention_where_it_was_not_invited(slack: LocalSlack) -> None:
    slack.add_channel(TEAM, "C0OTHER", "other", [AMIRA], bot=False)
    assert not (await slack.say(TEAM, AMIRA, "@Signpost help", channel="C0OTHER")).sent


async def test_a_post_to_a_user_id_lands_in_the_direct_chat(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=AMIRA, text="Hello", blocks=[section("Hello"), buttons("Join")])
    assert posted["channel"] == slack.direct(TEAM, AMIRA)
    message = slack.seen(TEAM, AMIRA)[0]
    assert (message.id, message.sender, message.buttons()) == (posted["ts"], "Signpost", ["Join"])
    assert message.words() == "Hello\nJoin"
    assert slack.requests[-1].method == "chat.postMessage"
    assert slack.requests[-1].token == TOKEN


async def test_a_reply_stays_in_its_thread_and_replies_to_replies_are_flattened(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    await slack.say(TEAM, AMIRA, "A question")
    first = slack.seen(TEAM, AMIRA)[0].id
    reply = await client.chat_postMessage(channel=AMIRA, text="An answer", thread_ts=first)
    await client.chat_postMessage(channel=AMIRA, text="Another", thread_ts=str(reply["ts"]))
    assert [message.thread for message in slack.seen(TEAM, AMIRA)] == ["", first, first]
    gone = client.chat_postMessage(channel=AMIRA, text="?", thread_ts="1.000001")
    assert await error_of(gone) == "thread_not_found"


async def test_an_update_redraws_and_a_delete_removes(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=AMIRA, text="Before", blocks=[section("Before")])
    place, stamp = str(posted["channel"]), str(posted["ts"])
    await client.chat_update(channel=place, ts=stamp, text="After", blocks=[section("After")])
    message = slack.seen(TEAM, AMIRA)[0]
    assert (message.words(), message.edited) == ("After", True)
    assert await error_of(client.chat_update(channel=AMIRA, ts=stamp, text="x")) == "channel_not_found"
    await client.chat_delete(channel=place, ts=stamp)
    assert slack.seen(TEAM, AMIRA) == []
    assert await error_of(client.chat_update(channel=place, ts=stamp, text="x")) == "message_not_found"


async def test_nobody_can_redraw_what_a_person_said(slack: LocalSlack, client: AsyncWebClient) -> None:
    await slack.say(TEAM, AMIRA, "Mine")
    mine = slack.seen(TEAM, AMIRA)[0]
    assert await error_of(client.chat_update(channel=mine.conversation, ts=mine.id, text="x")) == "cant_update_message"


async def test_an_ephemeral_message_is_seen_by_its_user_alone(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postEphemeral(channel=CHANNEL, user=AMIRA, text="Only you")
    assert [message.ephemeral for message in slack.seen(TEAM, AMIRA, CHANNEL)] == [True]
    assert slack.seen(TEAM, BEN, CHANNEL) == []
    update = client.chat_update(channel=CHANNEL, ts=str(posted["message_ts"]), text="x")
    assert await error_of(update) == "message_not_found"
    assert await error_of(client.chat_postEphemeral(channel=CHANNEL, user=CAROL, text="x")) == "user_not_in_channel"


async def test_history_is_for_direct_chats_only_and_shows_metadata_when_asked(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"id": 7}}
    posted = await client.chat_postMessage(channel=AMIRA, text="One", metadata=metadata)
    await client.chat_postMessage(channel=AMIRA, text="In the thread", thread_ts=str(posted["ts"]), metadata=metadata)
    await client.chat_postMessage(channel=AMIRA, text="Two")
    place = str(posted["channel"])
    plainly = (await client.conversations_history(channel=place))["messages"]
    assert [(message["text"], "metadata" in message) for message in plainly] == [("Two", False), ("One", False)]
    page = await client.conversations_history(channel=place, limit=1, include_all_metadata=True)
    assert page["has_more"]
    cursor = page["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=place, limit=1, cursor=cursor, include_all_metadata=True)
    assert second["messages"][0]["metadata"] == metadata
    replies = await client.conversations_replies(channel=place, ts=str(posted["ts"]), include_all_metadata=True)
    assert [message["text"] for message in replies["messages"]] == ["One", "In the thread"]
    assert await error_of(client.conversations_history(channel=CHANNEL)) == "missing_scope"


async def test_people_are_found_by_id_and_by_email(client: AsyncWebClient) -> None:
    info = (await client.users_info(user=CAROL))["user"]
    assert (info["real_name"], info["is_restricted"], info["tz"]) == ("Carol Smith", True, "Europe/London")
    found = await client.users_lookupByEmail(email="Amira.Khan@hmrc.example")
    assert found["user"]["id"] == AMIRA
    assert await error_of(client.users_info(user="U0NOBODY")) == "user_not_found"
    assert await error_of(client.users_lookupByEmail(email="x@y.example")) == "users_not_found"


async def test_tokens_and_methods_are_checked(slack: LocalSlack, client: AsyncWebClient) -> None:
    test = await client.auth_test()
    assert (test["team_id"], test["user_id"]) == (TEAM, slack.bot_user(TEAM))
    stranger = AsyncWebClient(token="xoxb-nobody", base_url=slack.api_url)
    assert await error_of(stranger.auth_test()) == "invalid_auth"
    assert await error_of(AsyncWebClient(base_url=slack.api_url).auth_test()) == "not_authed"
    assert await error_of(client.api_call("chat.shout")) == "unknown_method"


async def test_posts_are_refused_where_they_cannot_stand(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.add_channel(TEAM, "C0OTHER", "other", [AMIRA], bot=False)
    slack.add_channel(TEAM, "C0OLD", "old", [AMIRA])
    slack.archive(TEAM, "C0OLD")
    for channel, error in [("C0OTHER", "not_in_channel"), ("C0OLD", "is_archived"), ("C0NONE", "channel_not_found")]:
        assert await error_of(client.chat_postMessage(channel=channel, text="x")) == error
    assert await error_of(client.api_call("chat.postMessage", json={"channel": AMIRA})) == "no_text"
    assert await error_of(client.chat_postMessage(channel=AMIRA, text="x" * 40_001)) == "msg_too_long"


async def test_broken_blocks_are_refused_and_noted(slack: LocalSlack, client: AsyncWebClient) -> None:
    broken = [section("x" * 3001)]
    assert await error_of(client.chat_postMessage(channel=AMIRA, text="x", blocks=broken)) == "invalid_blocks"
    assert len(slack.problems) == 1
    assert slack.seen(TEAM, AMIRA) == []


async def test_the_bots_own_message_comes_back_as_an_event(
    slack: LocalSlack, client: AsyncWebClient, heard: Heard
) -> None:
    posted = await client.chat_postMessage(channel=AMIRA, text="Hello")
    await slack.echo(TEAM, AMIRA, str(posted["ts"]))
    assert heard.last["event"]["bot_id"].startswith("B")
    assert heard.last["event"]["user"] == slack.bot_user(TEAM)
