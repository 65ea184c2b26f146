"""Hears Teams: believes no request before its token is checked, hands what was said or pressed to the core.

Built on botbuilder-core's BotAdapter and TeamsActivityHandler; its own transport, token check and invoke
responses are not used (`platforms/teams.md` has the defects, each with a test here).
"""

import logging
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from azure.core.exceptions import DeserializationError
from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity

from adapters.answer import Answer
from adapters.teams import activities
from adapters.teams.activities import Malformed
from adapters.teams.keys import KeysUnavailable
from adapters.teams.listener import ANSWER, Handle, Listener, OnEvent, Saw
from adapters.teams.tokens import IncomingTokens, TokenRefused
from bot.errors import Unavailable

log = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 64


class Rejected(Exception):
    """The request is answered with this status and nothing else; `reason` is for the log and holds no content."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class TeamsInbound(BotAdapter):
    """The one door for requests of Teams.

    Every refused token is a 401; a tenant outside `allowed_tenants` (empty: any) is a 403; what is no activity a
    400, over 1 MiB a 413; a core without its database, or Microsoft's keys out of reach, a 503.
    """

    def __init__(
        self,
        tokens: IncomingTokens,
        handle: Handle,
        allowed_tenants: Collection[str] = (),
        on_event: OnEvent | None = None,
        saw: Saw | None = None,
    ) -> None:
        super().__init__()
        self._tokens = tokens
        self._allowed_tenants = frozenset(allowed_tenants)
        self._listener = Listener(handle, on_event, saw)

    async def handle(self, body: bytes, headers: Mapping[str, str], /) -> Answer:
        """The answer to one HTTP request, as its bytes arrived; header names in any case."""
        try:
            activity = await self._believed(body, headers)
            context = TurnContext(self, activity)
            await self.run_pipeline(context, self._listener.on_turn)
        except Rejected as rejected:
            log.info("A Teams request was answered %s: %s", rejected.status, rejected.reason)
            return Answer(rejected.status, {"WWW-Authenticate": "Bearer"} if rejected.status == 401 else {})
        except Malformed as missing:
            log.info("A Teams activity was answered 400: %s", missing)
            return Answer(400)
        except Unavailable:
            return Answer(503, {"Retry-After": "5"})
        status, answer = context.turn_state.get(ANSWER, (200, None))
        if answer is None:
            return Answer(status)
        return Answer(status, {"Content-Type": "application/json; charset=utf-8"}, msgspec.json.encode(answer))

    async def _believed(self, body: bytes, headers: Mapping[str, str]) -> Activity:
        """The activity, once the token and everything it vouches for is checked."""
        authorization = headers.get("Authorization") or headers.get("authorization") or ""
        try:
            claims = await self._tokens.check(authorization)
            activity = read(body)
            claims.must_cover(activity.service_url, activity.channel_id)
        except TokenRefused as refused:
            raise Rejected(401, str(refused)) from None
        except KeysUnavailable as unavailable:
            raise Rejected(503, str(unavailable)) from None
        if activity.channel_id != activities.CHANNEL:
            raise Rejected(403, "The channel is not Teams.")
        if self._allowed_tenants and activities.tenant_of(activity) not in self._allowed_tenants:
            raise Rejected(403, "The tenant is not among those allowed.")
        return activity

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[Any]:
        """Refused: a reply that is a message goes through the tray, so that it survives us."""
        raise RuntimeError("Replies are sent from the tray.")

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        """Refused, as sending is."""
        raise RuntimeError("Replies are sent from the tray.")

    async def delete_activity(self, context: TurnContext, reference: object) -> None:
        """Refused, as sending is."""
        raise RuntimeError("Replies are sent from the tray.")


def read(body: bytes) -> Activity:
    """The activity in a request's body. Raises Rejected (413, 400)."""
    if len(body) > MOST_BYTES:
        raise Rejected(413, "Over 1 MiB.")
    try:
        found = msgspec.json.decode(body, type=dict[str, Any])
        if _is_deeper(found, MOST_DEPTH):
            raise Rejected(400, "Nested too deep.")
        activity = Activity().deserialize(found)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Rejected(400, "Not a JSON object.") from None
    except DeserializationError:
        raise Rejected(400, "Not an activity.") from None
    if not isinstance(activity.type, str):
        raise Rejected(400, "An activity without a type.")
    return activity


def _is_deeper(found: object, most: int) -> bool:
    """Level by level, so that no depth of the body becomes a depth of ours."""
    level = [found]
    for _ in range(most):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(parent: object) -> list[Any]:
    if isinstance(parent, dict):
        return [child for child in parent.values() if isinstance(child, dict | list)]
    return [child for child in parent if isinstance(child, dict | list)] if isinstance(parent, list) else []
