"""A message is sent to its own conversation, and every answer of the connector means the right thing for the tray."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from adapters.teams import client
from adapters.teams.activities import Sighting
from adapters.teams.client import Teams
from adapters.teams.connector import Connector
from adapters.teams.tokens import OutgoingTokens
from bot.delivery import NotSent, Parcel, Platform, Sent, Uncertain, Undeliverable
from bot.inbound import AccountRef, Address
from bot.text import Reader, t, words
from bot.ui import Card, Field, Form, Packed, Quote
from bot.vouching import Profile
from tests.adapters.teams.microsoft import APP_ID, Microsoft

TENANT = "b8b0a4b6-3d8f-4f0e-9f5a-2b7a3f6c1d20"
GARETH = AccountRef("teams", TENANT, "0d6f1c2e-7a44-4b1e-8d0a-5f3f9c2b7e61")
SINCE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CARD = Card(t("A question from {name}", name="Amira"), (Quote("Which form?", words("Amira")),))
CHAT = "a:1Invented"
CHANNEL = "19:invented@thread.tacv2"


def parcel(theirs: Microsoft, **address: Any) -> Parcel:
    where = Address("teams", TENANT, service_url=theirs.url, **address)
    return Parcel(1, 1, where, CARD, Reader(), SINCE)


def test_teams_is_a_platform(teams: Teams) -> None:
    platform: Platform = teams
    assert platform.name == "teams"


async def test_a_message_goes_to_its_conversation_with_our_token(theirs: Microsoft, teams: Teams) -> None:
    assert await teams.send(parcel(theirs, conversation=CHAT)) == Sent("sent-1", CHAT, theirs.url)
    (request,) = theirs.requests
    assert (request.method, request.token) == ("POST", "ours-1")
    assert request.path == "/v3/conversations/a%3A1Invented/activities"
    assert request.body["from"] == {"id": f"28:{APP_ID}"}
    assert request.body["summary"].startswith("A question from Amira")
    assert "text" not in request.body


async def test_a_reply_in_a_channel_stays_in_its_thread(theirs: Microsoft, teams: Teams) -> None:
    sent = await teams.send(parcel(theirs, conversation=CHANNEL, thread="17"))
    assert sent.conversation == CHANNEL
    assert theirs.requests[0].path == "/v3/conversations/19%3Ainvented%40thread.tacv2%3Bmessageid%3D17/activities"


async def test_a_personal_chat_has_no_threads(theirs: Microsoft, teams: Teams) -> None:
    await teams.send(parcel(theirs, user=GARETH.user, conversation=CHAT, thread="17"))
    assert theirs.requests[0].path == "/v3/conversations/a%3A1Invented/activities"


async def test_an_id_cannot_name_another_path(theirs: Microsoft, teams: Teams) -> None:
    await teams.send(parcel(theirs, conversation="../../v3/x?y=1#z"))
    assert theirs.requests[0].path == "/v3/conversations/..%2F..%2Fv3%2Fx%3Fy%3D1%23z/activities"


async def test_a_message_is_redrawn_in_place(theirs: Microsoft, teams: Teams) -> None:
    theirs.answer(200, {"id": "m1"})
    assert (await teams.send(parcel(theirs, conversation=CHAT, message="m1"))).message == "m1"
    (request,) = theirs.requests
    assert (request.method, request.path) == ("PUT", "/v3/conversations/a%3A1Invented/activities/m1")


async def test_a_personal_chat_is_opened_once_and_then_used(theirs: Microsoft, teams: Teams) -> None:
    theirs.answer(201, {"id": CHAT})
    to = {"user": GARETH.user, "via": {"member": "29:gareth"}}
    assert await teams.send(parcel(theirs, **to)) == Sent("sent-1", CHAT, theirs.url)
    await teams.send(parcel(theirs, **to))
    assert [request.path for request in theirs.requests] == [
        "/v3/conversations",
        "/v3/conversations/a%3A1Invented/activities",
        "/v3/conversations/a%3A1Invented/activities",
    ]
    assert theirs.requests[0].body == {
        "bot": {"id": f"28:{APP_ID}"},
        "isGroup": False,
        "members": [{"id": "29:gareth"}],
        "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }


async def test_a_personal_chat_that_is_gone_is_opened_again_next_time(theirs: Microsoft, teams: Teams) -> None:
    theirs.answer(201, {"id": CHAT})
    theirs.answer(404, {"error": {"code": "ConversationNotFound"}})
    with pytest.raises(Undeliverable):
        await teams.send(parcel(theirs, user=GARETH.user))
    await teams.send(parcel(theirs, user=GARETH.user))
    assert [request.path for request in theirs.requests].count("/v3/conversations") == 2


async def test_someone_never_heard_is_reached_by_their_entra_id(theirs: Microsoft, teams: Teams) -> None:
    await teams.send(Parcel(1, 1, Address("teams", TENANT, user=GARETH.user), CARD, Reader(), SINCE))
    assert theirs.requests[0].body["members"] == [{"id": GARETH.user}]


async def test_a_targeted_message_names_its_only_reader(theirs: Microsoft, teams: Teams) -> None:
    where = {"conversation": CHANNEL, "thread": "17", "only_for": GARETH.user, "via": {"member": "29:gareth"}}
    await teams.send(parcel(theirs, **where))
    await teams.send(parcel(theirs, message="m1", **where))
    made, redrawn = theirs.requests
    assert made.path.endswith("/activities?isTargetedActivity=true")
    assert made.body["recipient"] == {"id": "29:gareth"}
    assert redrawn.path.endswith("/activities/m1?isTargetedActivity=true")
    assert "recipient" not in redrawn.body


@pytest.mark.parametrize("status", [400, 403])
async def test_a_refused_targeted_message_goes_to_the_personal_chat(
    status: int, theirs: Microsoft, teams: Teams
) -> None:
    theirs.answer(status, {"error": {"code": "BadArgument"}})
    theirs.answer(201, {"id": CHAT})
    sent = await teams.send(parcel(theirs, conversation=CHANNEL, thread="17", only_for=GARETH.user))
    assert sent.conversation == CHAT
    assert [request.path for request in theirs.requests][1:] == [
        "/v3/conversations",
        "/v3/conversations/a%3A1Invented/activities",
    ]
    assert "recipient" not in theirs.requests[-1].body


@pytest.mark.parametrize("status", [401, 408, 412, 429, 500, 502, 503, 504])
async def test_a_refusal_for_now_is_not_sent(status: int, theirs: Microsoft, teams: Teams) -> None:
    theirs.answer(status, {"error": {"code": "TooManyRequests", "message": "Which form?"}})
    with pytest.raises(NotSent) as refused:
        await teams.send(parcel(theirs, conversation=CHAT))
    assert (refused.value.reason, refused.value.after) == ("TooManyRequests", 0.0)


@pytest.mark.parametrize(
    ("header", "after"),
    [("7", 7.0), ("Mon, 23 Nov 2026 09:00:30 GMT", 30.0), ("99999999", 3600.0), ("soon", 0.0), ("-4", 0.0)],
)
async def test_retry_after_is_obeyed(header: str, after: float, theirs: Microsoft, teams: Teams) -> None:
    theirs.answer(429, {}, **{"Retry-After": header})
    with pytest.raises(NotSent) as refused:
        await teams.send(parcel(theirs, conversation=CHAT))
    assert (refused.value.reason, refused.value.after) == ("429", after)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (
            403,
            {"error": {"code": "BotNotInConversationRoster", "message": "Which form?"}},
            "BotNotInConversationRoster",
        ),
        (403, {"error": {"code": "Which form is it?"}}, "403"),
        (404, [], "404"),
        (413, {"error": "no object"}, "413"),
        (302, {}, "302"),
    ],
)
async def test_a_refusal_for_good_is_told_by_its_code_without_the_message(
    status: int, body: Any, code: str, theirs: Microsoft, teams: Teams
) -> None:
    theirs.answer(status, body, Location="/v3/elsewhere")
    with pytest.raises(Undeliverable) as refused:
        await teams.send(parcel(theirs, conversation=CHAT))
    assert str(refused.value) == code
    assert len(theirs.requests) == 1


async def test_a_lost_answer_leaves_a_new_message_uncertain_and_a_redrawn_one_to_try_again(
    theirs: Microsoft, teams: Teams
) -> None:
    theirs.hang_up()
    with pytest.raises(Uncertain):
        await teams.send(parcel(theirs, conversation=CHAT))
    theirs.hang_up()
    theirs.hang_up()  # redrawing is tried twice at once
    with pytest.raises(NotSent):
        await teams.send(parcel(theirs, conversation=CHAT, message="m1"))


async def test_a_connector_that_is_not_there_certainly_got_nothing(theirs: Microsoft, teams: Teams) -> None:
    gone = Address("teams", TENANT, conversation=CHAT, service_url="http://127.0.0.1:1")
    with pytest.raises(NotSent):
        await teams.send(Parcel(1, 1, gone, CARD, Reader(), SINCE))


async def test_no_answer_in_time_is_uncertain(theirs: Microsoft, teams: Teams, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is up at once; the token was fetched before, so the message itself is what ran out of time."""
    await teams.send(parcel(theirs, conversation=CHAT))
    monkeypatch.setattr(client, "PATIENCE", -1.0)
    with pytest.raises((Uncertain, NotSent)):
        await teams.send(parcel(theirs, conversation=CHAT))


async def test_a_message_without_a_token_is_not_sent(theirs: Microsoft, teams: Teams) -> None:
    theirs.token_answers.append((401, {"error": "invalid_client"}))
    with pytest.raises(NotSent) as refused:
        await teams.send(parcel(theirs, conversation=CHAT))
    assert (refused.value.reason, refused.value.after) == ("no token: invalid_client", 30.0)
    assert theirs.requests == []


async def test_a_token_that_the_connector_refuses_is_not_used_again(theirs: Microsoft, teams: Teams) -> None:
    theirs.answer(401)
    with pytest.raises(NotSent):
        await teams.send(parcel(theirs, conversation=CHAT))
    await teams.send(parcel(theirs, conversation=CHAT))
    assert [request.token for request in theirs.requests] == ["ours-1", "ours-2"]


async def test_one_token_serves_many_replies(theirs: Microsoft, teams: Teams) -> None:
    """Where the stock SDK fetches a token for every reply."""
    await asyncio.gather(*(teams.send(parcel(theirs, conversation=CHAT)) for _ in range(10)))
    assert len(theirs.tokens_asked) == 1


async def test_a_form_that_travels_as_a_message_knows_that_it_is_one(theirs: Microsoft, teams: Teams) -> None:
    form = Form(t("Ask"), Packed("{}"), (Field("text", t("Question")),), t("Send"))
    await teams.send(Parcel(1, 1, parcel(theirs, conversation=CHAT).address, form, Reader(), SINCE))
    (attachment,) = theirs.requests[0].body["attachments"]
    assert attachment["content"]["actions"][0]["data"] == {"signpost": "{}", "form": "message"}


async def test_teams_cannot_be_asked_what_was_sent(theirs: Microsoft, teams: Teams) -> None:
    assert await teams.find_sent(parcel(theirs, conversation=CHAT)) is None


MEMBER = {
    "id": "29:gareth",
    "name": "Gareth Pugh",
    "email": "gareth.pugh@dwp.example.gov.uk",
    "userPrincipalName": "gpugh@dwp.example.gov.uk",
    "tenantId": TENANT,
    "userRole": "user",
}


UNKNOWN_CHAT = Address("teams", TENANT, user=GARETH.user)


async def test_a_member_is_asked_about_where_they_were_heard(theirs: Microsoft, teams: Teams) -> None:
    address = Address("teams", TENANT, conversation=CHAT, service_url=theirs.url, via={"member": "29:gareth"})
    teams.saw(Sighting(GARETH, address, zone="Europe/London", language="cy"))
    theirs.answer(200, MEMBER)
    assert await teams.profile(GARETH, UNKNOWN_CHAT) == Profile(
        "Gareth Pugh", "dwp.example.gov.uk", "Europe/London", "cy"
    )
    assert theirs.requests[0].path == "/v3/conversations/a%3A1Invented/members/29%3Agareth"


async def test_a_member_heard_by_another_process_is_asked_about_in_the_stored_chat(
    theirs: Microsoft, session: aiohttp.ClientSession, outgoing: OutgoingTokens
) -> None:
    teams = Teams(Connector(session, outgoing, theirs.clock), APP_ID, "http://127.0.0.1:1")
    stored = Address("teams", TENANT, user=GARETH.user, conversation=CHAT, service_url=theirs.url)
    theirs.answer(200, MEMBER)
    assert (await teams.profile(GARETH, stored)).name == "Gareth Pugh"
    assert [request.path for request in theirs.requests] == [
        f"/v3/conversations/a%3A1Invented/members/{GARETH.user}",
    ]


async def test_a_chat_that_is_not_found_makes_nobody_gone(theirs: Microsoft, teams: Teams) -> None:
    stored = Address("teams", TENANT, user=GARETH.user, conversation=CHAT, service_url=theirs.url)
    theirs.answer(404, {"error": {"code": "ConversationNotFound"}})
    with pytest.raises(Undeliverable, match="ConversationNotFound"):
        await teams.profile(GARETH, stored)


async def test_a_member_never_heard_is_asked_about_in_their_personal_chat(theirs: Microsoft, teams: Teams) -> None:
    theirs.answer(201, {"id": CHAT})
    theirs.answer(200, MEMBER)
    assert (await teams.profile(GARETH, UNKNOWN_CHAT)).name == "Gareth Pugh"


@pytest.mark.parametrize(
    ("changes", "domain", "guest"),
    [
        ({"email": "minister@hmrc.example.gov.uk"}, "dwp.example.gov.uk", False),
        ({"userPrincipalName": "GPugh@DWP.example.gov.uk"}, "dwp.example.gov.uk", False),
        ({"userPrincipalName": "g_dwp#EXT#@hmrc.onmicrosoft.com", "userRole": "guest"}, "", True),
        ({"userPrincipalName": "g_dwp#EXT#@hmrc.onmicrosoft.com"}, "", False),
        ({"tenantId": "another"}, "", True),
        ({"userPrincipalName": None}, "", False),
    ],
)
async def test_the_domain_is_that_which_the_member_signs_in_with_and_a_guest_has_none(
    changes: dict[str, Any], domain: str, guest: bool, theirs: Microsoft, teams: Teams
) -> None:
    theirs.answer(201, {"id": CHAT})
    theirs.answer(200, MEMBER | changes)
    found = await teams.profile(GARETH, UNKNOWN_CHAT)
    assert (found.domain, found.guest) == (domain, guest)


async def test_a_member_who_left_is_gone(theirs: Microsoft, teams: Teams) -> None:
    theirs.answer(201, {"id": CHAT})
    theirs.answer(404, {"error": {"code": "MemberNotFoundInConversation"}})
    assert (await teams.profile(GARETH, UNKNOWN_CHAT)).gone


async def test_no_token_follows_a_redirect(
    theirs: Microsoft, session: aiohttp.ClientSession, outgoing: OutgoingTokens
) -> None:
    teams = Teams(Connector(session, outgoing, theirs.clock), APP_ID, theirs.url)
    theirs.answer(307, {}, Location=f"{theirs.url}/v3/elsewhere")
    with pytest.raises(Undeliverable):
        await teams.send(parcel(theirs, conversation=CHAT))
    assert [request.path for request in theirs.requests] == ["/v3/conversations/a%3A1Invented/activities"]
