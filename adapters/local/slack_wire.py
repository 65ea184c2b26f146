"""Signed deliveries from a local Slack to Signpost, and the triggers that they carry."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from adapters.local.seen import Json
from adapters.local.slack_state import APP_ID, Channel, Post, Refused, User, Workspace
from adapters.local.traffic import Delivered, Wire

SignatureFault = Literal["bad", "old", "missing"]
DEADLINE = 3.0
TRIGGER_LIFE = timedelta(seconds=3)
RETRIES = 3
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


class SlackWire(Wire):
    """Signs and posts what Slack sends (docs.slack.dev, "Verifying requests from Slack")."""

    def __init__(self, signing_secret: str, events_url: str, clock: Callable[[], datetime]) -> None:
        super().__init__(DEADLINE)
        self.events_url = events_url
        self.clock = clock
        self.spaces: dict[str, Workspace] = {}
        self.spoilt: list[SignatureFault] = []
        self._secret = signing_secret.encode()

    async def signed(self, body: bytes, kind: str, more: Mapping[str, str] | None = None) -> Delivered:
        """The body is delivered as it is, signed, unless the next signature is to be spoilt."""
        fault = self.spoilt.pop(0) if self.spoilt else None
        at = int(self.clock().timestamp()) - (301 if fault == "old" else 0)
        secret = b"somebody else's" if fault == "bad" else self._secret
        digest = hmac.new(secret, b"v0:%d:%b" % (at, body), hashlib.sha256).hexdigest()
        headers = {"Content-Type": kind, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        if fault != "missing":
            headers |= {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}
        return await self.post(self.events_url, headers | dict(more or {}), body)

    async def form(self, fields: Mapping[str, str]) -> Delivered:
        """A slash command: fields of a form."""
        return await self.signed(urlencode(fields).encode(), FORM_TYPE)

    async def interaction(self, payload: Json) -> Delivered:
        """A press, a submitted or closed view: one form field that holds JSON."""
        return await self.form({"payload": json.dumps(payload)})

    async def event(self, space: Workspace, event: Json) -> Delivered:
        """An event of the Events API in its envelope, with an id of its own."""
        event_id = f"Ev{secrets.token_hex(5).upper()}"
        at = int(self.clock().timestamp())
        # `authorizations` names the installation; with Slack Connect the outer team_id can be another one.
        granted = {"enterprise_id": None, "team_id": space.id, "user_id": space.bot, "is_bot": True}
        body = {
            "token": "legacy-verification-token",
            "team_id": space.id,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": at,
            "authorizations": [granted | {"is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": f"4-{event_id}",
        }
        delivered = await self.signed(json.dumps(body).encode(), JSON_TYPE)
        return replace(delivered, event_id=event_id)

    async def again(self, earlier: Delivered, reason: str) -> Delivered:
        """The same event again: the same body and id, a new signature, and which retry it is and why."""
        if earlier.exchange is None or earlier.retries >= RETRIES or earlier.headers.get("X-Slack-No-Retry") == "1":
            return Delivered(refused="Slack does not send this again")
        number = earlier.retries + 1
        more = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        kind = earlier.exchange.headers["Content-Type"]
        delivered = await self.signed(earlier.exchange.body.encode(), kind, more)
        return replace(delivered, event_id=earlier.event_id, retries=number)

    def redrawn(self, space: Workspace, channel: Channel, post: Post | None = None) -> None:
        """Tells those who see this channel, or this message in it, that it changed."""
        self.changed(space.id, [post.only_for] if post and post.only_for else channel.members)

    def report(self, problem: str) -> None:
        """Notes what the real Slack would have refused or not shown."""
        self.problems.append(problem)


@dataclass
class _Trigger:
    team: str
    user: str
    at: datetime
    used: bool = False


class Triggers:
    """Trigger ids: each opens one view, within 3 seconds (docs.slack.dev, "views.open")."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._made: dict[str, _Trigger] = {}

    def new(self, team: str, user: str) -> str:
        """A trigger for what this user just did."""
        id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._made[id] = _Trigger(team, user, self._clock())
        return id

    def redeem(self, id: str, team: str) -> str:
        """The user who pulled it; it can't be redeemed again."""
        found = self._made.get(id)
        if found is None or found.team != team:
            raise Refused("invalid_trigger_id")
        if found.used:
            raise Refused("exchanged_trigger_id")
        if self._clock() - found.at > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        found.used = True
        return found.user


def who(space: Workspace, user: User) -> Json:
    """The part of every interaction that says who and where."""
    return {
        "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": space.id},
        "team": {"id": space.id, "domain": space.domain},
        "api_app_id": APP_ID,
        "token": "legacy-verification-token",
        "enterprise": None,
        "is_enterprise_install": False,
    }
