"""What reaches us from Slack is checked on its raw bytes before anything reads it: size, signature, shape.

Source: docs.slack.dev/authentication/verifying-requests-from-slack.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from adapters.slack.packing import Malformed

LARGEST = 1024 * 1024
OLDEST = 300
_DEEPEST = 64
_STRINGS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")

Payload = dict[str, Any]


def is_signed(secret: bytes, body: bytes, headers: Mapping[str, str], now: float) -> bool:
    """Whether Slack signed exactly these bytes within 300 seconds of `now`; header names in lower case."""
    stamp = headers.get("x-slack-request-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or abs(now - int(stamp)) > OLDEST:
        return False
    expected = "v0=" + hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    given = headers.get("x-slack-signature", "")
    return hmac.compare_digest(expected.encode(), given.encode(errors="replace"))


def parsed(body: bytes, content_type: str) -> Payload:
    """The payload of a body that has been verified: an event's JSON, or a form, or the JSON in a form's `payload`.

    Malformed when it is not what its content type says, not a mapping, nested more than 64 deep, or not UTF-8.
    """
    kind = content_type.partition(";")[0].strip().lower()
    try:
        text = body.decode()
        if kind == "application/json":
            return _mapping(text)
        if kind == "application/x-www-form-urlencoded":
            fields = dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100))
            return _mapping(fields["payload"]) if "payload" in fields else dict(fields)
    except ValueError as error:
        raise Malformed("A body that does not parse.") from error
    raise Malformed("A content type that Slack does not send.")


def _mapping(text: str) -> Payload:
    if _is_too_deep(text):
        raise Malformed("A payload nested too deep.")
    payload = json.loads(text)
    if not isinstance(payload, dict):
        raise Malformed("A payload that is not a mapping.")
    return payload


def _is_too_deep(text: str) -> bool:
    if text.count("{") + text.count("[") <= _DEEPEST:
        return False
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > _DEEPEST:
            return True
    return False
