"""How fast the local platforms take requests, where they are asked to hold Signpost to it.

Sources: docs.slack.dev, "Rate limits"; learn.microsoft.com, "Rate limiting for bots in Teams".
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple


class Window(NamedTuple):
    """At most `most` requests in any stretch of `seconds`."""

    most: int
    seconds: float


Counted = Callable[[Mapping[str, Any], str], str]
"""From the arguments and the token of a request to what it counts for: a conversation, a workspace; "" for nothing."""


class Limit(NamedTuple):
    """What the requests of these methods share that count for the same."""

    methods: frozenset[str]
    of: Counted
    windows: Sequence[Window]


class Rates:
    """The limits of one platform, by its own clock. A request that is refused does not count."""

    def __init__(self, limits: Sequence[Limit], clock: Callable[[], datetime]) -> None:
        self._limits = limits
        self._clock = clock
        self._taken: dict[tuple[int, str], list[float]] = defaultdict(list)

    def take(self, method: str, arguments: Mapping[str, Any], token: str) -> int:
        """0 where the request is within every limit, else the seconds after which it would be, as Retry-After."""
        now = self._clock().timestamp()
        counted = []
        for number, limit in enumerate(self._limits):
            key = limit.of(arguments, token) if method in limit.methods else ""
            if key:
                counted.append((limit, self._taken[(number, key)]))
        wait = max((_wait(limit, taken, now) for limit, taken in counted), default=0)
        if not wait:
            for _, taken in counted:
                taken.append(now)
        return wait


def _wait(limit: Limit, taken: list[float], now: float) -> int:
    waits = [0]
    for most, seconds in limit.windows:
        within = len(taken) - bisect_right(taken, now - seconds)
        if within >= most:
            waits.append(max(1, math.ceil(taken[-most] + seconds - now)))
    return max(waits)


CHANNEL = (Window(5, 1), Window(14, 10), Window(64, 60))
"""One message a second, and bursts of four."""
CONVERSATION = (Window(7, 1), Window(8, 2), Window(60, 30), Window(1800, 3600))
TENANT = (Window(30, 1),)
TIERS = {
    "chat.postMessage": 300,
    "chat.postEphemeral": 100,
    "chat.update": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "users.info": 100,
}
"""Requests a minute in one workspace: tiers 3 and 4, and "several hundred" for what posts in channels."""
SENDING = frozenset({"create", "send", "reply", "update", "delete"})
ASKING = frozenset({"members", "pagedmembers", "member"})


def slack_limits() -> list[Limit]:
    """One message a second in a channel; each method in a workspace as its tier says."""
    each = [Limit(frozenset({name}), _workspace, (Window(most, 60),)) for name, most in TIERS.items()]
    return [Limit(frozenset({"chat.postMessage"}), _channel, CHANNEL), *each]


def _workspace(_: Mapping[str, Any], token: str) -> str:
    return token


def _channel(arguments: Mapping[str, Any], token: str) -> str:
    """A direct chat may be named by its user too."""
    named = str(arguments.get("channel") or "")
    return f"{token} {'D' + named[1:] if named.startswith('U') else named}"


def teams_limits(tenant: Callable[[str], str]) -> list[Limit]:
    """7 in 1 s, 8 in 2 s, 60 in 30 s, 1,800 in 1 h in a conversation; 30 in 1 s in the `tenant` of a conversation."""

    def tenant_of(arguments: Mapping[str, Any], _: str) -> str:
        asked = arguments.get("body")
        named = asked.get("tenantId") if isinstance(asked, dict) else ""
        return str(named or tenant(_conversation(arguments, "")))

    return [Limit(SENDING, _conversation, CONVERSATION), Limit(SENDING | ASKING, tenant_of, TENANT)]


def _conversation(arguments: Mapping[str, Any], _: str) -> str:
    return str(arguments.get("conversation") or "").partition(";")[0]
