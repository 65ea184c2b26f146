"""What is not signed by Slack, or is not what it says, goes no further."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from adapters.slack.inbound import SlackInbound
from tests.adapters.slack.conftest import FORM, JSON, NOW, SECRET, Core, Door, encoded, recorded, signed

BODY, KIND = encoded(recorded("slash_signpost"))


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in signed(BODY, KIND).items() if key != name}


UNSIGNED: dict[str, dict[str, str]] = {
    "no signature": without("X-Slack-Signature"),
    "no timestamp": without("X-Slack-Request-Timestamp"),
    "another secret": signed(BODY, KIND, secret="another"),
    "another body": signed(BODY + b"&x=1", KIND),
    "too old": signed(BODY, KIND, at=NOW.timestamp() - 301),
    "from the future": signed(BODY, KIND, at=NOW.timestamp() + 301),
    "a timestamp that is no number": signed(BODY, KIND) | {"X-Slack-Request-Timestamp": "soon"},
    "a timestamp in other digits": signed(BODY, KIND) | {"X-Slack-Request-Timestamp": "١٧٩٥٤٤٦٠٠٠"},
    "a timestamp of 5,000 digits": signed(BODY, KIND) | {"X-Slack-Request-Timestamp": "1" * 5000},
    "a changed timestamp": signed(BODY, KIND) | {"X-Slack-Request-Timestamp": str(int(NOW.timestamp()) + 1)},
    "an empty signature": signed(BODY, KIND) | {"X-Slack-Signature": ""},
    "a signature that is not ASCII": signed(BODY, KIND) | {"X-Slack-Signature": "v0=é"},
    "half a signature": signed(BODY, KIND) | {"X-Slack-Signature": signed(BODY, KIND)["X-Slack-Signature"][:40]},
}


@pytest.mark.parametrize("fault", UNSIGNED)
async def test_what_slack_did_not_sign_is_refused_before_it_is_read(door: Door, fault: str) -> None:
    answer = await door.inbound.handle(BODY, UNSIGNED[fault])
    assert answer.status == 401
    assert door.core.heard == []


@pytest.mark.parametrize("seconds", [-300, 300])
async def test_five_minutes_are_still_in_time(door: Door, seconds: int) -> None:
    answer = await door.inbound.handle(BODY, signed(BODY, KIND, at=NOW.timestamp() + seconds))
    assert answer.status == 200
    assert len(door.core.heard) == 1


async def test_header_names_may_be_in_any_case(door: Door) -> None:
    headers = {name.upper(): value for name, value in signed(BODY, KIND).items()}
    assert (await door.inbound.handle(BODY, headers)).status == 200


async def test_an_unsigned_ssl_check_runs_nothing(door: Door) -> None:
    body = BODY + b"&ssl_check=1"
    assert (await door.inbound.handle(body, {"Content-Type": FORM})).status == 401
    assert door.core.heard == []


async def test_a_signed_ssl_check_is_answered_and_runs_nothing(door: Door) -> None:
    body = BODY + b"&ssl_check=1"
    assert (await door.inbound.handle(body, signed(body, FORM))).status == 200
    assert door.core.heard == []


async def test_the_url_verification_is_answered_when_it_is_signed(door: Door) -> None:
    body, kind = encoded(recorded("url_verification"))
    answer = await door.inbound.handle(body, signed(body, kind))
    assert json.loads(answer.body) == {"challenge": recorded("url_verification")["challenge"]}
    assert (await door.inbound.handle(body, {"Content-Type": kind})).status == 401


async def test_a_body_over_a_mebibyte_is_refused_unread(door: Door) -> None:
    body = b"x" * (1024 * 1024 + 1)
    assert (await door.inbound.handle(body, signed(body, JSON))).status == 413


DEEP = "[" * 1000 + "]" * 1000
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"{", JSON),
    "a list": (b"[]", JSON),
    "a number": (b"1", JSON),
    "nothing": (b"", JSON),
    "an empty form": (b"", FORM),
    "not UTF-8": (b'{"type": "\xff"}', JSON),
    "a form that is not UTF-8": (b"command=%ff&text=%ff", FORM),
    "nested 1,000 deep": (DEEP.encode(), JSON),
    "nested 1,000 deep inside": (b'{"type":"event_callback","event":' + DEEP.encode() + b"}", JSON),
    "nested deep behind a string": (b'{"a":"]}\\"","b":' + DEEP.encode() + b"}", JSON),
    "nested deep in a form": (urlencode({"payload": '{"a":' + DEEP + "}"}).encode(), FORM),
    "a payload that is not JSON": (b"payload=x", FORM),
    "a payload that is a list": (b"payload=[]", FORM),
    "JSON that says it is a form": (b'{"type":"event_callback"}', FORM),
    "a form that says it is JSON": (BODY, JSON),
    "no content type": (BODY, ""),
    "another content type": (BODY, "text/plain"),
    "too many fields": ("&".join(f"a{n}=1" for n in range(200)).encode(), FORM),
    "a mapping of no kind": (b"{}", JSON),
    "a kind that is no text": (b'{"type":5}', JSON),
    "an enterprise that is a number": (b'{"type":"url_verification","enterprise":5}', JSON),
}


@pytest.mark.parametrize("fault", UNREADABLE)
async def test_what_does_not_parse_is_refused_and_not_asked_for_again(door: Door, fault: str) -> None:
    body, kind = UNREADABLE[fault]
    answer = await door.inbound.handle(body, signed(body, kind))
    assert answer.status == 400
    assert answer.headers["X-Slack-No-Retry"] == "1"
    assert door.core.heard == []


KINDS = [
    "slash_signpost",
    "press_in_direct",
    "press_in_channel",
    "press_on_ephemeral",
    "press_in_modal",
    "view_submission",
    "message_im",
    "app_mention_connect",
    "user_change",
    "tokens_revoked",
]


def broken(payload: Any) -> list[Any]:
    """The payload with each of its values in turn left out, or of another type, two levels down."""
    found: list[Any] = []
    for name, value in payload.items():
        found.append({key: kept for key, kept in payload.items() if key != name})
        found += [payload | {name: wrong} for wrong in (None, 7, "x", [], {}, [7], {"id": 7})]
        if isinstance(value, dict):
            found += [payload | {name: one} for one in broken(value)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            found += [payload | {name: [one]} for one in broken(value[0])]
    return found


@pytest.mark.parametrize("kind", KINDS)
async def test_a_payload_with_anything_missing_or_of_another_type_is_refused_or_passed_over(
    door: Door, kind: str
) -> None:
    for payload in broken(recorded(kind)):
        if "command" in payload and not all(isinstance(value, str) for value in payload.values()):
            continue  # a form holds text only
        answer = await door.deliver(payload)
        assert answer.status in (200, 400), payload


async def test_a_secret_is_needed() -> None:
    with pytest.raises(ValueError, match="signing secret"):
        SlackInbound(" ", Core().handle, None)  # type: ignore[arg-type]  # refused before it is looked at


async def test_neither_secret_nor_words_are_in_what_is_logged(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await door.deliver(recorded("slash_signpost"))
    await door.deliver(recorded("message_im") | {"event": {"type": "message", "user": 5, "text": "a secret question"}})
    logged = "\n".join(record.getMessage() + repr(record.__dict__) for record in caplog.records)
    assert "sole trader" not in logged
    assert "a secret question" not in logged
    assert SECRET not in logged
