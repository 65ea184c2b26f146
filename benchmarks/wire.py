"""Ready-made requests as the platforms send them: signed Slack commands and presses, Teams messages with a token."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from benchmarks.load import HOST

SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
SLACK_TOKEN = "xoxb-0-bench"
SLACK_TEAM = "T0BENCH"
APP_ID = "11111111-2222-4333-8444-555555555555"
APP_PASSWORD = "a-client-secret-for-this-bench"
TEAMS_TENANT = "66666666-7777-4888-8999-000000000000"
ISSUER = "https://api.botframework.com"
KEY_ID = "bench-key"


def slack_command(number: int, user: str, text: str, outside: int) -> bytes:
    """`/signpost <text>` said by this user; `number` makes its trigger_id its own."""
    fields = {
        "token": "unused",
        "team_id": SLACK_TEAM,
        "team_domain": "bench",
        "channel_id": "C0BENCH",
        "channel_name": "general",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/signpost",
        "text": text,
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
        "response_url": f"http://{HOST}:{outside}/response/{number}",
        "trigger_id": f"{number}.{time.time_ns()}",
    }
    return _slack(urlencode(fields).encode())


def button(answer: bytes, label: str) -> dict[str, str]:
    """The button with this label in a Slack answer, as its press names it. Raises LookupError where there is none."""
    for block in json.loads(answer).get("blocks", []):
        for element in block.get("elements", []):
            if element.get("type") == "button" and element["text"]["text"] == label:
                known = {name: element[name] for name in ("action_id", "value")}
                return {"block_id": block.get("block_id", "from-slack"), **known}
    raise LookupError(label)


def slack_press(number: int, user: str, action: dict[str, str], outside: int) -> bytes:
    """The press of this button by this user, on a message that they alone see."""
    payload = {
        "type": "block_actions",
        "team": {"id": SLACK_TEAM, "domain": "bench"},
        "user": {"id": user, "username": user.lower(), "team_id": SLACK_TEAM},
        "api_app_id": "A0BENCH",
        "token": "unused",
        "container": {"type": "message", "message_ts": "1700000000.000100", "is_ephemeral": True},
        "channel": {"id": "C0BENCH", "name": "general"},
        "trigger_id": f"{number}.{time.time_ns()}",
        "response_url": f"http://{HOST}:{outside}/response/{number}",
        "actions": [{"type": "button", "action_ts": f"{time.time():.6f}", **action}],
    }
    return _slack(urlencode({"payload": json.dumps(payload)}).encode())


def _slack(body: bytes) -> bytes:
    """Signed as docs.slack.dev/authentication/verifying-requests-from-slack says; good for five minutes."""
    moment = str(int(time.time()))
    signature = hmac.new(SIGNING_SECRET.encode(), b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
    return _post(
        "/slack/events",
        body,
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": f"v0={signature}",
        },
    )


class Channel:
    """The Bot Framework channel: its signing key, its key set, and messages with a token of their own each."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def key_set(self) -> bytes:
        """The public key as a JSON Web Key Set, endorsed for Teams."""
        key = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return json.dumps({"keys": [{**key, "kid": KEY_ID, "use": "sig", "endorsements": ["msteams"]}]}).encode()

    def message(self, number: int, user: str, text: str, outside: int) -> bytes:
        """What the person with this Entra object id types in their chat; the activity's id is `number`'s own."""
        service = f"http://{HOST}:{outside}"
        activity = {
            "type": "message",
            "id": f"{time.time_ns()}{number}",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "serviceUrl": service,
            "channelId": "msteams",
            "from": {"id": f"29:bench-{user}", "name": "Bench", "aadObjectId": user},
            "conversation": {"conversationType": "personal", "tenantId": TEAMS_TENANT, "id": f"a:bench-{user}"},
            "recipient": {"id": f"28:{APP_ID}", "name": "Signpost"},
            "channelData": {"tenant": {"id": TEAMS_TENANT}},
            "entities": [{"locale": "en-GB", "country": "GB", "platform": "Web", "type": "clientInfo"}],
            "textFormat": "plain",
            "locale": "en-GB",
            "text": text,
        }
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": APP_ID, "nbf": now, "exp": now + 3600, "serviceurl": service, "n": number}
        token = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": KEY_ID})
        head = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {token}"}
        return _post("/api/messages", json.dumps(activity).encode(), head)


def _post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
