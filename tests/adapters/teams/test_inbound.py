"""What people say and press in Teams reaches the core whole, once, from the right person; nothing else does."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.teams.inbound import TeamsInbound
from adapters.teams.limits import validate
from adapters.teams.tokens import IncomingTokens
from bot.inbound import AccountRef, Address, Handled, Here
from bot.text import Reader, t
from bot.ui import Audience, Card, Field, Form, Packed, Reply
from tests.adapters.teams.conftest import Door, recorded
from tests.adapters.teams.microsoft import Microsoft

TENANT = "b8b0a4b6-3d8f-4f0e-9f5a-2b7a3f6c1d20"
GARETH = "0d6f1c2e-7a44-4b1e-8d0a-5f3f9c2b7e61"
MEMBER = {"member": "29:1Qz7vGarethInventedMemberIdForTestsOnly"}
PERSONAL = "a:1InventedPersonalConversation"
CHANNEL = "19:inventedChannel@thread.tacv2"
THREAD = "1795424400000"
PRESSED = "1795424300000"
ACCOUNT = AccountRef("teams", TENANT, GARETH)


def in_personal_chat(theirs: Microsoft, message: str = "") -> Address:
    return Address("teams", TENANT, conversation=PERSONAL, message=message, service_url=theirs.url, via=MEMBER)


async def test_words_in_a_personal_chat_are_answered_there(door: Door) -> None:
    heard = await door.hears(recorded("message_personal"))
    assert heard.said == "ask Who decides the SIC code & why?"
    assert heard.key == f"{TENANT}|{PERSONAL}|1795424400001"
    assert (heard.account, heard.name) == (ACCOUNT, "Gareth Pugh")
    assert heard.here == Here("teams", TENANT, "direct", PERSONAL, message="1795424400001", service_url=door.theirs.url)
    assert heard.private == heard.public == in_personal_chat(door.theirs)
    assert (heard.payload, heard.body_shows, heard.opens_forms) == (None, frozenset(), False)


async def test_words_in_a_group_are_answered_to_all_there_or_in_the_senders_own_chat(door: Door) -> None:
    heard = await door.hears(recorded("message_group"))
    assert (heard.said, heard.here.kind) == ("communities", "group")
    assert heard.public.conversation == "19:5f0c2b7ainvented@thread.v2"
    cause = {"said_in": "19:5f0c2b7ainvented@thread.v2", "said_at": ""}
    assert heard.private == Address("teams", TENANT, user=GARETH, service_url=door.theirs.url, via=MEMBER | cause)


async def test_words_in_a_channel_are_answered_in_their_thread(door: Door) -> None:
    heard = await door.hears(recorded("message_channel"))
    assert (heard.said, heard.here.kind) == ("ask Which form comes first?", "channel")
    assert (heard.here.conversation, heard.here.thread) == (CHANNEL, THREAD)
    assert (heard.public.conversation, heard.public.thread) == (CHANNEL, THREAD)
    assert heard.private.user == GARETH
    assert heard.key == f"{TENANT}|{CHANNEL};messageid={THREAD}|{THREAD}"


async def test_a_command_from_the_picker_is_answered_to_the_sender_alone(door: Door) -> None:
    heard = await door.hears(recorded("message_targeted"))
    assert heard.said == "/ask Which form comes first?"
    assert (heard.private.conversation, heard.private.thread, heard.private.only_for) == (CHANNEL, THREAD, GARETH)


async def test_someone_without_an_entra_id_is_known_by_the_connectors(door: Door) -> None:
    sender = {"id": "29:someone", "name": "Someone"}
    heard = await door.hears(recorded("message_personal", **{"from": sender}))
    assert heard.account == AccountRef("teams", TENANT, "29:someone")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<at>Signpost</at> who is Signpost for?", "who is Signpost for?"),
        ("hello <at>Signpost</at>", "hello"),
        ("<AT>Signpost</AT>  help", "help"),
        ("<at>Signpost</at> ask <at>Amira Khan</at> too", "ask Amira Khan too"),
        ("<at>Signpost</at> what does &lt;at&gt;Signpost&lt;/at&gt; mean?", "what does <at>Signpost</at> mean?"),
        ("<at>Signpost</at>\nask a\nb", "ask a\nb"),
        ("/help", "/help"),
        ("<at>Signpost</at>", ""),
        ("", ""),
        ("<at>Stranger</at> hi", "<at>Stranger</at> hi"),
    ],
)
async def test_only_our_own_mention_is_taken_off(text: str, said: str, door: Door) -> None:
    """Where botbuilder's `remove_recipient_mention` takes the name out everywhere."""
    us = recorded("message_group")["entities"][0]
    amira = {"type": "mention", "text": "<at>Amira Khan</at>", "mentioned": {"id": "29:amira"}}
    changed = recorded("message_group", text=text, entities=[us, amira, {"type": "mention", "text": 3}])
    assert (await door.hears(changed)).said == said


async def test_a_person_with_our_name_is_not_us(door: Door) -> None:
    us = recorded("message_group")["entities"][0]
    namesake = {"type": "mention", "text": "<at>Signpost</at>", "mentioned": {"id": "29:namesake"}}
    text = "<at>Signpost</at> tell <at>Signpost</at>"
    assert (await door.hears(recorded("message_group", text=text, entities=[us, namesake]))).said == "tell Signpost"


async def test_a_pressed_button_carries_its_command_and_where_it_was(door: Door) -> None:
    heard = await door.hears(recorded("execute_personal"))
    assert (heard.payload, heard.said, heard.answers) == ('{"join":"starting-a-business"}', None, {})
    assert heard.original == in_personal_chat(door.theirs, PRESSED)
    assert heard.here.message == PRESSED
    assert (heard.opens_forms, heard.body_shows) == (True, frozenset())


async def test_a_client_without_execute_submits_the_same_command(door: Door) -> None:
    heard = await door.hears(recorded("submit_personal"))
    assert (heard.payload, heard.said) == ('{"join":"starting-a-business"}', None)
    assert heard.original == in_personal_chat(door.theirs, PRESSED)
    assert (heard.opens_forms, heard.body_shows) == (False, frozenset())


async def test_a_button_in_a_channel_is_redrawn_for_everyone_by_an_edit(door: Door) -> None:
    heard = await door.hears(recorded("execute_channel"))
    assert heard.original is not None
    assert (heard.original.conversation, heard.original.thread, heard.original.message) == (
        CHANNEL,
        THREAD,
        "1795424400010",
    )
    assert (heard.public.message, heard.public.thread) == ("", THREAD)


async def test_a_form_drawn_over_a_card_gives_way_to_its_answer(door: Door) -> None:
    heard = await door.hears(recorded("execute_form_here"))
    assert heard.answers == {"text": "Send form CH01 first.", "named": "yes", "again": ""}
    assert heard.body_shows == {Audience.ME}
    assert heard.private.message == ""


async def test_a_form_that_is_a_message_is_redrawn_by_its_answer_so_that_it_cannot_be_sent_twice(door: Door) -> None:
    heard = await door.hears(recorded("execute_form_message"))
    assert heard.private.message == heard.public.message == "1795424300001"
    assert heard.body_shows == frozenset()


@pytest.mark.parametrize("packed", [None, 7, ["join"], {"join": 1}])
async def test_a_payload_of_another_shape_is_still_handed_over_to_be_refused_in_words(
    packed: object, door: Door
) -> None:
    value = {"action": {"type": "Action.Execute", "data": {"signpost": packed}}}
    assert (await door.hears(recorded("execute_personal", value=value))).payload == "{}"


async def test_a_form_is_the_answer_to_a_press(door: Door) -> None:
    """Where the stock SDK answers 500 to every invoke with a body."""
    form = Form(t("Answer"), Packed('{"answer":118}'), (Field("text", t("Your answer")),), t("Send"))
    door.core.answer = Handled(Reader(), form=form)
    status, body = await door.receive(recorded("execute_personal"))
    assert (status, body["statusCode"], body["type"]) == (200, 200, "application/vnd.microsoft.card.adaptive")
    assert validate(body["value"]) == []
    assert body["value"]["actions"][0]["data"] == {"signpost": '{"answer":118}', "form": "here"}


async def test_a_refused_form_stays_the_message_it_was(door: Door) -> None:
    form = Form(t("Ask"), Packed("{}"), (Field("text", t("Question"), value="x", error=t("Too short")),), t("Send"))
    door.core.answer = Handled(Reader(), form=form)
    _, body = await door.receive(recorded("execute_form_message"))
    assert body["value"]["actions"][0]["data"]["form"] == "message"


async def test_a_reply_in_the_response_replaces_what_was_pressed(door: Door) -> None:
    door.core.answer = Handled(Reader(), reply=Reply(Card(t("Sent"))))
    _, body = await door.receive(recorded("execute_form_here"))
    assert body["type"] == "application/vnd.microsoft.card.adaptive"
    assert body["value"]["fallbackText"] == "Sent"


async def test_a_press_whose_reply_is_a_message_is_answered_with_a_word(door: Door) -> None:
    assert await door.receive(recorded("execute_personal")) == (
        200,
        {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Done"},
    )


async def test_a_form_over_a_card_goes_away_when_its_reply_is_a_message(door: Door) -> None:
    _, body = await door.receive(recorded("execute_form_here"))
    assert body["type"] == "application/vnd.microsoft.card.adaptive"
    assert "actions" not in body["value"]


@pytest.mark.parametrize("value", [None, {}, [], "x", {"action": 1}, {"action": {"data": []}}])
async def test_a_press_without_data_is_a_400_in_the_form_of_invokes(value: object, door: Door) -> None:
    status, body = await door.receive(recorded("execute_personal", value=value))
    assert (status, body["statusCode"], body["type"]) == (400, 400, "application/vnd.microsoft.error")
    assert door.core.heard == []


@pytest.mark.parametrize("name", ["task/fetch", "composeExtension/query", "signin/verifyState", None, 5])
async def test_an_invoke_that_we_do_not_have_is_a_501(name: object, door: Door) -> None:
    assert await door.receive(recorded("task_fetch") | {"name": name}) == (501, None)


@pytest.mark.parametrize(
    ("name", "kind", "conversation"),
    [
        ("install_personal", "added", PERSONAL),
        ("added_to_team", "added", "19:inventedTeam@thread.tacv2"),
        ("uninstall_team", "removed", "19:inventedTeam@thread.tacv2"),
        ("channel_renamed", "changed", "19:inventedTeam@thread.tacv2"),
    ],
)
async def test_coming_and_going_is_told_with_where_it_was(name: str, kind: str, conversation: str, door: Door) -> None:
    assert await door.receive(recorded(name)) == (200, None)
    (event,) = door.core.events
    assert (event.kind, event.tenant, event.here.conversation) == (kind, TENANT, conversation)
    assert (event.address.installation, event.address.service_url) == (TENANT, door.theirs.url)
    assert event.account == ACCOUNT


async def test_a_member_who_joins_a_team_is_not_greeted(door: Door) -> None:
    await door.receive(recorded("member_added_to_team"))
    assert (door.core.events, door.core.heard) == ([], [])


@pytest.mark.parametrize("name", ["reaction", "message_edited"])
async def test_what_we_have_no_use_for_is_received_and_let_be(name: str, door: Door) -> None:
    assert await door.receive(recorded(name)) == (200, None)
    assert (door.core.events, door.core.heard) == ([], [])


@pytest.mark.parametrize("sender", [{"id": "28:another-bot"}, {"id": "29:x", "role": "bot"}])
async def test_bots_are_not_answered(sender: dict[str, str], door: Door) -> None:
    assert (await door.receive(recorded("message_personal", **{"from": sender})))[0] == 200
    assert door.core.heard == []


async def test_the_language_and_zone_of_a_client_are_remembered_with_where_to_ask(door: Door) -> None:
    await door.receive(recorded("message_personal"))
    await door.receive(recorded("message_channel"))
    personal, channel = door.core.seen
    assert (personal.account, personal.zone, personal.language) == (ACCOUNT, "Europe/London", "en")
    assert personal.address.conversation == PERSONAL
    assert channel.address.conversation == "19:inventedTeam@thread.tacv2"


async def test_a_tenant_that_is_not_allowed_is_a_403(incoming: IncomingTokens, theirs: Microsoft, door: Door) -> None:
    """The tenant of the channel data: botbuilder's `conversation.tenant_id` is always None."""
    for allowed, status in (("another",), 403), ((TENANT,), 200):
        strict = Door(TeamsInbound(incoming, door.core.handle, allowed), theirs, door.core)
        assert (await strict.receive(recorded("message_personal")))[0] == status
    assert len(door.core.heard) == 1


async def test_a_core_without_its_database_is_a_503(door: Door) -> None:
    door.core.down = True
    for name in ("message_personal", "execute_personal", "install_personal"):
        assert (await door.receive(recorded(name)))[0] == 503


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b'"text"', 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"type":"message"}', 401),
        (b"\xff\xfe", 400),
        (b'{"a":' * 1000 + b"1" + b"}" * 1000, 400),
        (b'{"value":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        (b'{"text":"' + b"x" * 1024 * 1024 + b'"}', 413),
        (b'{"text":"\\ud800"}', 400),
    ],
)
async def test_a_body_that_is_not_what_it_says_is_refused(body: bytes, status: int, door: Door) -> None:
    assert (await door.receive(body))[0] == status
    assert door.core.heard == []


@pytest.mark.parametrize("missing", ["id", "from", "conversation", "channelData", "type"])
@pytest.mark.parametrize("name", ["message_personal", "execute_personal"])
async def test_an_activity_without_what_all_have_is_a_400(name: str, missing: str, door: Door) -> None:
    status, _ = await door.receive(recorded(name, **{missing: None}))
    assert status == 400
    assert door.core.heard == []


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted({key for name in ("message_channel", "execute_form_here", "added_to_team") for key in recorded(name)})
INSIDE = ["tenant", "team", "id", "aadObjectId", "data", "action", "signpost", "form", "type", "isTargeted", "f_text"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["message_channel", "execute_form_here", "added_to_team", "submit_personal"]),
    changes=st.dictionaries(
        st.sampled_from(NAMES).filter(lambda key: key not in ("serviceUrl", "channelId")),
        anything | st.dictionaries(st.sampled_from(INSIDE), anything, max_size=4),
        max_size=3,
    ),
)
@example(name="message_channel", changes={"entities": [None]})
@example(name="added_to_team", changes={"membersAdded": [None]})
@example(name="execute_form_here", changes={"channelData": {"tenant": {"id": "x"}, "team": []}, "recipient": None})
async def test_no_activity_however_odd_is_our_fault(name: str, changes: dict[str, Any], door: Door) -> None:
    activity = json.loads(json.dumps(recorded(name) | changes | {"serviceUrl": door.theirs.url}))
    status, _ = await door.receive(activity)
    assert status in (200, 400, 403, 501)
