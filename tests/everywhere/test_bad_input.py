"""What comes in wrong, through the real endpoints of both platforms: refused in words or by status, nothing changed."""

import json
from datetime import timedelta
from typing import get_args

import pytest

from adapters.local.slack_wire import FORM_TYPE, JSON_TYPE, SignatureFault
from adapters.local.teams_tokens import TokenFault
from adapters.local.traffic import Delivered
from tests.everywhere.forging import fills_forged, presses_forged, remembered, shown
from tests.town import Town

LARGE = 1024 * 1024 + 1
EARLIER = "This button is from an earlier version of Signpost."
NOT_OURS = [
    "",
    "{}",
    "[]",
    "null",
    '"join"',
    "not json",
    '{"do": "join"',
    '{"do": null}',
    '{"do": 5}',
    '{"do": ["join"]}',
    '{"do": "fly-to-the-moon"}',
    '{"do": "remind-of-showcase", "showcase": 1}',
    '{"do": "route-again", "question": 1, "person": 1}',
    '{"do": "accept"}',
    '{"do": "accept", "answer": "1"}',
    '{"do": "accept", "answer": true}',
    '{"do": "accept", "answer": 1.5}',
    '{"do": "accept", "answer": null}',
    '{"do": "accept", "answer": {"$gt": 0}}',
    '{"do": "accept", "answer": 9223372036854775808}',
    '{"do": "accept", "answer": ' + "9" * 400 + "}",
    '{"do": "join", "community": "starting-a-business\\u0000"}',
    '{"do": "join", "community": 7}',
    '{"do": "join", "community": "starting-a-business", "role": "' + "x" * 100 + '"}',
    "[" * 1000 + "]" * 1000,
    '{"a":' * 1000 + "1" + "}" * 1000,
    '{"do": "\\ud800"}',
]
"""Payloads that no button of ours carries."""
OTHERS = [
    '{"do": "accept", "answer": 1}',
    '{"do": "edit", "answer": 1, "text": "changed"}',
    '{"do": "withdraw", "answer": 1}',
    '{"do": "send-question", "question": 1}',
    '{"do": "drop-question", "question": 1}',
    '{"do": "decline", "question": 1}',
    '{"do": "accept", "answer": 9223372036854775807}',
    '{"do": "answer", "question": -1, "text": "mine"}',
    '{"do": "come-to-showcase", "showcase": 99, "going": true}',
    '{"do": "kept", "draft": 1}',
]
"""What is well made, but not this person's to do."""


@pytest.mark.parametrize("fault", get_args(SignatureFault))
async def test_what_slack_did_not_sign_is_refused_unread(town: Town, fault: SignatureFault) -> None:
    before, arrived = await remembered(town), await town.counts("inbound")
    slack = town.platforms.slack
    slack.spoil_signature(fault, times=2)
    command = await town.says("amira", "/signpost join services-in-welsh")
    event = await town.says("amira", "join services-in-welsh")
    assert [command.status, event.status] == [401, 401]
    assert await remembered(town) == before
    assert await town.counts("inbound") == arrived
    assert slack.requests == []


async def test_every_fault_of_a_teams_token_is_refused_unread(town: Town) -> None:
    before, arrived = await remembered(town), await town.counts("inbound")
    teams = town.platforms.teams
    for fault in get_args(TokenFault):
        teams.spoil_token(fault)
        assert (await town.says("gareth", "join services-in-welsh")).status == 401, fault
    assert await remembered(town) == before
    assert await town.counts("inbound") == arrived
    assert {request.method for request in teams.requests} <= {"metadata", "keys"}


@pytest.mark.filterwarnings("ignore:Sending a large body")
async def test_a_body_that_is_not_what_it_says_is_refused(town: Town) -> None:
    before = await remembered(town)
    slack, teams = town.platforms.slack, town.platforms.teams
    deep = (b'{"a":' * 1000) + b"1" + (b"}" * 1000)
    bodies = [b"", b"\xff\xfe", b"[]", b"null", b'"words"', b"{", b"{}", deep, b"[" * 1000 + b"]" * 1000]
    for body in bodies:
        for kind in (JSON_TYPE, FORM_TYPE, "text/plain"):
            assert (await slack.deliver(body, kind)).status == 400, (body[:20], kind)
        assert (await slack.deliver(b"payload=" + body, FORM_TYPE)).status == 400, body[:20]
        assert (await teams.deliver(body)).status in (400, 401), body[:20]
    assert (await slack.deliver(b" " * LARGE, JSON_TYPE)).status == 413
    assert (await teams.deliver(b" " * LARGE)).status == 413
    assert await remembered(town) == before
    assert await town.counts("inbound") == 0


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_a_payload_that_no_button_of_ours_carries_is_refused_in_words(town: Town, key: str) -> None:
    await town.says(key, "me")
    before = await remembered(town)
    for payload in NOT_OURS:
        pressed = await presses_forged(town, key, payload)
        filled = await fills_forged(town, key, payload, {"community": "starting-a-business", "question": "1"})
        for delivered in (pressed, filled):
            assert delivered.status == 200, (payload[:80], delivered)
        assert EARLIER in filled.body + town.last(key), payload[:80]
        assert "Something went wrong" not in shown(town, key, filled), payload[:80]
        assert await remembered(town) == before, payload[:80]
    assert town.platforms.slack.problems == []


@pytest.mark.parametrize("key", ["kofi", "tom"])
async def test_what_is_not_yours_is_refused_in_words_however_it_is_asked(town: Town, key: str) -> None:
    await town.says(key, "me")
    before = await remembered(town)
    for payload in OTHERS:
        answered = len(town.sees(key))
        delivered = await presses_forged(town, key, payload)
        assert delivered.status == 200
        assert len(town.sees(key)) == answered + 1, payload
        assert town.sees(key)[-1].buttons() == ["Help"], payload  # as every refusal has
        assert await remembered(town) == before, payload


async def test_a_payload_with_more_than_its_command_knows_does_only_what_the_command_does(town: Town) -> None:
    forged = '{"do": "join", "community": "services-in-welsh", "owner": true, "me": 1, "person_id": 1, "may": "system"}'
    await presses_forged(town, "amira", forged)
    await presses_forged(town, "gareth", forged)
    assert "Welcome to Services in Welsh" in town.last("amira") or "already in" in town.last("amira")
    rows = (await remembered(town))["membership"]
    await presses_forged(town, "amira", forged.replace('"join"', '"members"'))
    assert (await remembered(town))["membership"] == rows


async def test_answers_that_a_form_did_not_ask_for_are_not_believed(town: Town) -> None:
    before = await remembered(town)
    for key in ("kofi", "gareth"):
        await fills_forged(town, key, '{"do": "accept", "answer": 1}', {"answer": "2", "me": "1"})
        filled = await fills_forged(town, key, '{"do": "answer", "text": "x"}', {"question": "9" * 30, "to": "1"})
        assert "That is not a number" in shown(town, key, filled)
        filled = await fills_forged(town, key, '{"do": "me role"}', {"role": "x" * 5000})
        assert "Use 80 or fewer" in shown(town, key, filled)
    assert await remembered(town) == before


async def test_characters_that_no_database_keeps_are_left_out(town: Town) -> None:
    await town.says("amira", "/signpost me role content\0 designer")
    await town.says("gareth", "me role operations\0 lead")
    event = {"type": "message", "channel_type": "im", "text": "me role plain \ud800 text", "ts": "1700000000.1"}
    person = town.people["kofi"]
    channel = town.platforms.slack.direct(person.tenant, person.user)
    sent = await town.platforms.slack.event(person.tenant, event | {"user": person.user, "channel": channel})
    await town.quiet()
    assert sent.status == 200
    assert "content designer" in town.last("amira")
    assert "operations lead" in town.last("gareth")
    assert "Something went wrong" not in town.last("kofi")


async def test_what_slack_delivers_again_is_done_once_and_answered_the_same(town: Town) -> None:
    slack = town.platforms.slack
    first = await town.says("amira", "/signpost create Home repairs service: Grants outcome: Homes are warm")
    assert first.exchange is not None
    again = await slack.deliver(first.exchange.body.encode(), FORM_TYPE)
    assert (again.status, again.body) == (first.status, first.body)
    said = await town.says("amira", "create Home extensions service: Planning outcome: Homes have room")
    seen = town.reads("amira")
    assert (await slack.redeliver(said)).status == 200
    await town.quiet()
    assert town.reads("amira") == seen
    assert await _communities(town, "home-") == 2


async def test_what_teams_delivers_again_is_done_once_and_answered_the_same(town: Town) -> None:
    teams = town.platforms.teams
    said = await town.says("gareth", "create Home repairs service: Grants outcome: Homes are warm")
    seen = town.reads("gareth")
    assert (await teams.redeliver(said)).status == 200
    await town.quiet()
    assert town.reads("gareth") == seen
    assert await _communities(town, "home-") == 1


async def test_a_press_in_teams_that_comes_again_is_answered_with_the_same_form(town: Town) -> None:
    await town.says("amira", "/signpost ask What did callers say about the new letter?")
    await town.presses("amira", "Send")
    first = await town.presses("gareth", "Answer")
    again = await town.platforms.teams.redeliver(first)
    assert "Your answer" in first.body
    assert again.body == first.body


async def test_a_refusal_that_is_asked_for_again_is_refused_the_same(town: Town) -> None:
    first = await town.says("amira", "/signpost leave no-such-community")
    assert "There is no community called" in first.body
    again = await _again(town, first)
    assert (again.status, again.body) == (200, first.body)


async def test_a_reply_is_kept_for_an_hour_and_its_key_for_seven_days(town: Town) -> None:
    first = await town.says("amira", "/signpost create Home repairs service: Grants outcome: Homes are warm")
    await _later(town, timedelta(minutes=59))
    assert (await _again(town, first)).body == first.body
    await _later(town, timedelta(minutes=2))
    assert (await _again(town, first)).body == ""
    await _later(town, timedelta(days=6, hours=22))
    assert (await _again(town, first)).body == ""
    assert await _communities(town, "home-") == 1
    await _later(town, timedelta(hours=1, minutes=2))
    assert "already" in (await _again(town, first)).body


async def test_a_button_of_an_earlier_time_says_so_and_changes_nothing(town: Town) -> None:
    await town.says("amira", "/signpost ask What did callers say about the new letter?")
    preview = town.sees("amira")[-1]
    await town.presses("amira", "Send")
    before = await remembered(town)
    await presses_forged(town, "amira", '{"do": "send-question", "question": 21}')
    assert "sent before" in town.last("amira")
    await presses_forged(town, "amira", '{"do": "drop-question", "question": 21}')
    assert "sent before" in town.last("amira")
    assert await remembered(town) == before
    assert preview.ephemeral


async def _again(town: Town, first: Delivered) -> Delivered:
    assert first.exchange is not None
    return await town.platforms.slack.deliver(first.exchange.body.encode(), FORM_TYPE)


async def _later(town: Town, length: timedelta) -> None:
    town.clock.move_by(length)
    await town.signpost.schedule.forget()


async def _communities(town: Town, start: str) -> int:
    rows = (await remembered(town))["community"]
    return sum(start in json.dumps(row, default=str) for row in rows)
