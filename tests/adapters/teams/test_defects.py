"""What is wrong in botbuilder 4.17.1, a test for each row of the table in `platforms/teams.md`: none of it is ours.

The last row, jsonpickle in its state and storage, is proved in test_botbuilder.
"""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from adapters.teams.activities import tenant_of
from adapters.teams.client import Teams
from adapters.teams.inbound import read
from bot.delivery import Parcel
from bot.inbound import Address, Handled
from bot.text import Reader, t
from bot.ui import Card, Field, Form, Packed, Reply
from tests.adapters.teams.conftest import Door, recorded
from tests.adapters.teams.microsoft import Microsoft, published
from tests.adapters.teams.test_tokens import FAULTS

HELLO = Card(t("Hello"))
FORM = Form(t("Your answer"), Packed('{"do":"send"}'), (Field("text", t("Answer")),), t("Send"))
CHANNEL = "19:inventedChannel@thread.tacv2"


async def in_the_channel(teams: Teams, theirs: Microsoft, number: int, only_for: str = "") -> None:
    tenant = "b8b0a4b6-3d8f-4f0e-9f5a-2b7a3f6c1d20"
    address = Address("teams", tenant, conversation=CHANNEL, service_url=theirs.url, only_for=only_for)
    await teams.send(Parcel(number, 1, address, HELLO, Reader(), datetime.now(UTC)))


@pytest.mark.parametrize("handled", [Handled(Reader(), form=FORM), Handled(Reader(), Reply(HELLO)), Handled(Reader())])
async def test_every_invoke_with_a_body_was_answered_500(handled: Handled, door: Door) -> None:
    door.core.answer = handled
    status, answer = await door.receive(recorded("execute_personal"))
    assert (status, answer["statusCode"]) == (200, 200)


async def test_a_token_was_fetched_for_each_reply(theirs: Microsoft, teams: Teams) -> None:
    await asyncio.gather(*(in_the_channel(teams, theirs, number) for number in range(20)))
    assert len(theirs.requests) == 20
    assert len(theirs.tokens_asked) == 1


async def test_two_http_clients_were_made_for_each_turn(theirs: Microsoft, teams: Teams) -> None:
    for number in range(5):
        await in_the_channel(teams, theirs, number)
    assert len(theirs.connections) == 1


async def test_a_rotated_signing_key_was_refused_for_a_day(door: Door) -> None:
    await door.receive(recorded("message_personal"))
    door.theirs.keys = [published("key-2", 1)]
    rotated = door.theirs.sign(1, "key-2")
    door.theirs.moment += timedelta(minutes=5)
    assert (await door.receive(recorded("message_personal", id="2"), rotated))[0] == 200


async def test_downloading_keys_blocked_everyone(door: Door) -> None:
    await door.receive(recorded("message_personal"))
    door.theirs.moment += timedelta(minutes=5)
    door.theirs.held = asyncio.Event()
    waiting = asyncio.create_task(door.receive(recorded("message_personal", id="2"), door.theirs.sign(1, "key-2")))
    try:
        assert (await door.receive(recorded("message_personal", id="3")))[0] == 200
        assert not waiting.done()
    finally:
        door.theirs.held.set()
    assert (await waiting)[0] == 401


@pytest.mark.parametrize("fault", ["expired", "wrong key with the same id", "unknown id", "alg none"])
async def test_refused_tokens_were_answered_500_so_that_the_channel_tried_again(fault: str, door: Door) -> None:
    assert (await door.receive(recorded("message_personal"), FAULTS[fault](door.theirs)))[0] == 401


async def test_the_bots_name_was_deleted_everywhere_in_the_text(door: Door) -> None:
    text = "<at>Signpost</at> ask Is Signpost, or another <at>Signpost</at>, open at night?"
    heard = await door.hears(recorded("message_channel", text=text))
    assert heard.said == "ask Is Signpost, or another <at>Signpost</at>, open at night?"


def test_the_tenant_of_a_conversation_was_always_none() -> None:
    activity = read(json.dumps(recorded("message_personal")).encode())
    assert activity.conversation.tenant_id is None
    assert tenant_of(activity) == recorded("message_personal")["channelData"]["tenant"]["id"]


async def test_unknown_keys_were_dropped_on_output(door: Door, teams: Teams) -> None:
    heard = await door.hears(recorded("message_targeted"))
    assert heard.private.only_for == heard.account.user
    await in_the_channel(teams, door.theirs, 1, only_for=heard.account.user)
    assert door.theirs.requests[-1].path.endswith("?isTargetedActivity=true")
    assert door.theirs.requests[-1].body["recipient"] == {"id": heard.account.user}
    assert door.theirs.requests[-1].body["attachments"][0]["content"]["fallbackText"] == "Hello"
