"""A local Teams as its bot meets it over REST: tokens, conversations, messages, members, faults."""

from typing import get_args

import pytest
from aiohttp import ClientError

from adapters.local import faults
from adapters.local.clock import MovableClock
from adapters.local.teams import LocalTeams
from adapters.local.teams_tokens import TokenFault
from tests.adapters.local.conftest import Heard, minutes
from tests.adapters.local.small_bot import APP, CHANNEL, GARETH, GROUP, GUEST, HANA, TENANT, Bot, message


async def test_a_personal_message_arrives_with_a_token_that_can_be_believed(
    teams: LocalTeams, heard: Heard, bot: Bot
) -> None:
    await teams.say(TENANT, GARETH, "ask R&D <soon>?")
    got = heard.last
    assert (got["type"], got["text"]) == ("message", "ask R&amp;D &lt;soon&gt;?")
    assert got["from"] == {"id": f"29:{GARETH}", "name": "Gareth Lloyd", "aadObjectId": GARETH}
    assert got["conversation"]["conversationType"] == "personal"
    assert got["channelData"]["tenant"]["id"] == TENANT
    assert got["recipient"]["id"] == f"28:{APP}"
    assert await bot.believes(heard.headers[0], got["serviceUrl"])
    assert teams.seen(TENANT, GARETH)[0].text == "ask R&D <soon>?"


@pytest.mark.parametrize("fault", get_args(TokenFault))
async def test_each_token_fault_is_a_reason_not_to_believe(
    teams: LocalTeams, heard: Heard, bot: Bot, fault: TokenFault
) -> None:
    teams.spoil_token(fault)
    await teams.say(TENANT, GARETH, "help")
    await teams.say(TENANT, GARETH, "help")
    believed = [await bot.believes(headers, teams.service_url) for headers in heard.headers]
    assert believed == [False, True]


async def test_a_rotated_key_is_another_key(teams: LocalTeams, heard: Heard, bot: Bot) -> None:
    await teams.say(TENANT, GARETH, "help")
    teams.rotate_key(keep_old=True)
    await teams.say(TENANT, GARETH, "help")
    assert [await bot.believes(headers, teams.service_url) for headers in heard.headers] == [True, True]
    teams.rotate_key()
    assert not await bot.believes(heard.headers[0], teams.service_url)
    await teams.say(TENANT, GARETH, "help")
    assert await bot.believes(heard.headers[-1], teams.service_url)


async def test_channels_and_group_chats_deliver_mentions_only(teams: LocalTeams, heard: Heard) -> None:
    assert not (await teams.say(TENANT, GARETH, "Anyone?", channel=CHANNEL)).sent
    assert not (await teams.say(TENANT, GARETH, "Anyone?", channel=GROUP)).sent
    root = teams.seen(TENANT, GARETH, CHANNEL)[0].id
    await teams.say(TENANT, HANA, "@Signpost ask How?", channel=CHANNEL, thread=root)
    reply = heard.last
    assert reply["text"] == "<at>Signpost</at> ask How?"
    assert reply["conversation"]["id"] == f"{CHANNEL};messageid={root}"
    mention = next(entity for entity in reply["entities"] if entity["type"] == "mention")
    assert mention["mentioned"]["id"] == reply["recipient"]["id"]
    await teams.say(TENANT, HANA, "@Signpost help", channel=GROUP)
    assert heard.last["conversation"] == {
        "conversationType": "groupChat",
        "tenantId": TENANT,
        "id": GROUP,
        "isGroup": True,
    }
    assert len(heard.bodies) == 2


async def test_a_first_post_in_a_channel_names_its_own_thread(teams: LocalTeams, heard: Heard) -> None:
    await teams.say(TENANT, GARETH, "@Signpost help", channel=CHANNEL)
    assert heard.last["conversation"]["id"] == f"{CHANNEL};messageid={heard.last['id']}"


async def test_the_slash_picker_is_seen_by_the_person_and_the_bot_alone(
    teams: LocalTeams, heard: Heard, bot: Bot
) -> None:
    await teams.slash(TENANT, GARETH, "/ask How?", channel=CHANNEL)
    assert heard.last["recipient"]["isTargeted"] is True
    assert teams.seen(TENANT, HANA, CHANNEL) == []
    private = message("Only you") | {"recipient": {"id": f"29:{GARETH}"}}
    path = ("conversations", CHANNEL, "activities")
    status, answer = await bot.call("POST", *path, body=private, query="?isTargetedActivity=true")
    assert status == 201
    assert [one.text for one in teams.seen(TENANT, GARETH, CHANNEL)] == ["/ask How?", "Only you"]
    assert teams.seen(TENANT, HANA, CHANNEL) == []
    assert (await bot.call("PUT", *path, answer["id"], body=message("x")))[0] == 404
    assert (await bot.call("PUT", *path, answer["id"], body=message("x"), query="?isTargetedActivity=true"))[0] == 200
    assert (await teams.slash(TENANT, GARETH, "/ask How?", channel="")).refused
    chat = await bot.chat()
    personal = await bot.call(
        "POST", "conversations", chat, "activities", body=private, query="?isTargetedActivity=true"
    )
    assert personal[0] == 400


async def test_a_person_is_written_to_first_redrawn_and_deleted(teams: LocalTeams, bot: Bot) -> None:
    chat = await bot.chat()
    assert chat == await bot.chat(f"29:{GARETH}") == teams.direct(TENANT, GARETH)
    _, sent = await bot.call("POST", "conversations", chat, "activities", body=message("Before"))
    path = ("conversations", chat, "activities", sent["id"])
    assert (await bot.call("PUT", *path, body=message("After")))[0] == 200
    shown = teams.seen(TENANT, GARETH)[0]
    assert (shown.id, shown.text, shown.sender, shown.edited) == (sent["id"], "After", "Signpost", True)
    assert (await bot.call("DELETE", *path))[0] == 200
    assert teams.seen(TENANT, GARETH) == []
    assert (await bot.call("PUT", *path, body=message("x")))[0] == 404


async def test_a_reply_in_a_channel_stays_in_its_thread(teams: LocalTeams, bot: Bot) -> None:
    await teams.say(TENANT, GARETH, "@Signpost help", channel=CHANNEL)
    root = teams.seen(TENANT, GARETH, CHANNEL)[0].id
    await bot.call("POST", "conversations", CHANNEL, "activities", root, body=message("One"))
    await bot.call("POST", "conversations", f"{CHANNEL};messageid={root}", "activities", body=message("Two"))
    opened = {"channelData": {"channel": {"id": CHANNEL}}, "isGroup": True, "activity": message("New")}
    _, created = await bot.call("POST", "conversations", body=opened)
    assert [one.thread for one in teams.seen(TENANT, HANA, CHANNEL)] == ["", root, root, ""]
    assert created["id"] == f"{CHANNEL};messageid={created['activityId']}"
    lost = await bot.call("POST", "conversations", f"{CHANNEL};messageid=1", "activities", body=message("x"))
    assert lost[0] == 404


async def test_members_are_told_with_role_and_tenant(bot: Bot) -> None:
    _, roster = await bot.call("GET", "conversations", CHANNEL, "members")
    assert [one["name"] for one in roster] == ["Gareth Lloyd", "Hana Ito"]
    _, page = await bot.call("GET", "conversations", CHANNEL, "pagedmembers", query="?pageSize=50")
    assert page["members"] == roster
    chat = await bot.chat(GUEST)
    _, guest = await bot.call("GET", "conversations", chat, "members", f"29:{GUEST}")
    assert (guest["userRole"], guest["tenantId"], guest["aadObjectId"]) == ("guest", TENANT, GUEST)
    assert (await bot.call("GET", "conversations", chat, "members", HANA))[0] == 404


async def test_tokens_are_given_for_the_right_secret_and_last_an_hour(bot: Bot, clock: MovableClock) -> None:
    assert (await bot.log_in(client_secret="wrong")).status == 401
    assert (await bot.log_in(scope="https://graph.example/.default")).status == 400
    bot.token = "nobody's"
    body = {"members": [{"id": GARETH}], "tenantId": TENANT}
    assert (await bot.call("POST", "conversations", body=body))[0] == 401
    await bot.log_in()
    assert (await bot.call("POST", "conversations", body=body))[0] == 201
    clock.move_by(minutes(61))
    assert (await bot.call("POST", "conversations", body=body))[0] == 401


async def test_bad_cards_empty_messages_and_large_ones_are_refused_and_noted(teams: LocalTeams, bot: Bot) -> None:
    chat = await bot.chat()
    path = ("conversations", chat, "activities")
    statuses = [
        (await bot.call("POST", *path, body=message(drawn={"type": "AdaptiveCard", "version": "1.6"})))[0],
        (await bot.call("POST", *path, body=message()))[0],
        (await bot.call("POST", *path, body=message("x" * 29_000)))[0],
    ]
    assert statuses == [400, 400, 413]
    assert len(teams.problems) == 3
    assert teams.seen(TENANT, GARETH) == []


async def test_who_took_the_app_away_or_blocked_it_cannot_be_reached(teams: LocalTeams, bot: Bot, heard: Heard) -> None:
    await teams.install(TENANT, GARETH)
    kinds = [(body["type"], body.get("action")) for body in heard.bodies]
    assert kinds == [("conversationUpdate", None), ("installationUpdate", "add")]
    chat = await bot.chat()
    await teams.uninstall(TENANT, GARETH)
    assert heard.last["action"] == "remove"
    status, answer = await bot.call("POST", "conversations", chat, "activities", body=message("x"))
    assert (status, answer["error"]["code"]) == (403, "BotNotInConversationRoster")
    teams.block(TENANT, HANA)
    body = {"members": [{"id": HANA}], "tenantId": TENANT}
    assert (await bot.call("POST", "conversations", body=body))[1]["error"]["code"] == "MessageWritesBlocked"
    await teams.uninstall(TENANT, HANA, channel=CHANNEL)
    assert not (await teams.say(TENANT, GARETH, "@Signpost help", channel=CHANNEL)).sent


async def test_faults_answer_in_place_of_the_connector(teams: LocalTeams, bot: Bot) -> None:
    chat = await bot.chat()
    path = ("conversations", chat, "activities")
    teams.faults.next("send", faults.limited(after=3))
    teams.faults.next("send", faults.refusing(412, "PreconditionFailed"))
    teams.faults.next("send", faults.refusing(403, "BotNotInConversationRoster"), conversation=chat)
    statuses = [(await bot.call("POST", *path, body=message("x")))[0] for _ in range(4)]
    assert statuses == [429, 412, 403, 201]
    teams.faults.next("send", faults.lost())
    with pytest.raises(ClientError):
        await bot.call("POST", *path, body=message("Sent"))
    assert [one.text for one in teams.seen(TENANT, GARETH)] == ["x", "Sent"]
    assert [one.method for one in teams.requests if one.method == "send"] == ["send"] * 5


async def test_the_same_activity_comes_again_with_the_same_id(teams: LocalTeams, heard: Heard, bot: Bot) -> None:
    heard.answers = [500]
    delivered = await teams.say(TENANT, GARETH, "help")
    await teams.redeliver(delivered)
    assert heard.bodies[0] == heard.bodies[1]
    assert await bot.believes(heard.headers[1], teams.service_url)
