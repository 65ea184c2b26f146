"""Faults on demand: what a platform does wrong for the next few requests of one method."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One way for a request to go wrong. With `effect` it takes effect first and only its answer is lost or wrong.

    `cut` closes the connection without an answer. `until` holds the answer back until the event is set, and
    answers as usual then when no status is given; `arrived` is set when the request begins to wait.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    content_type: str = "application/json"
    cut: bool = False
    effect: bool = False
    until: asyncio.Event | None = None
    arrived: asyncio.Event | None = None


def limited(after: int = 1) -> Fault:
    """429, with Retry-After in seconds."""
    return Fault(429, {"Retry-After": str(after)}, '{"ok":false,"error":"ratelimited"}')


def failing(status: int = 500, effect: bool = False) -> Fault:
    """An answer with this status and no useful body."""
    return Fault(status, effect=effect)


def refusing(status: int, code: str) -> Fault:
    """The connector's error of this status and code, such as 403 and BotNotInConversationRoster."""
    return Fault(status, body=f'{{"error":{{"code":"{code}","message":"{code}"}}}}')


def erring(error: str) -> Fault:
    """Slack's own refusal: 200 with ok false and this error."""
    return Fault(200, body=f'{{"ok":false,"error":"{error}"}}')


def empty(effect: bool = False) -> Fault:
    """200 with nothing in it."""
    return Fault(200, effect=effect)


def html(status: int = 200) -> Fault:
    """A page for people where JSON was expected, as a proxy or a load balancer gives."""
    return Fault(status, body="<!doctype html><title>Down</title><p>Back soon.", content_type="text/html")


def reset() -> Fault:
    """The connection breaks before anything happens."""
    return Fault(cut=True)


def lost() -> Fault:
    """It happens, and then the connection breaks: the caller can't know."""
    return Fault(cut=True, effect=True)


def held(until: asyncio.Event, arrived: asyncio.Event | None = None, effect: bool = False) -> Fault:
    """Slow: the answer waits for the event."""
    return Fault(until=until, arrived=arrived, effect=effect)


@dataclass
class _Armed:
    method: str
    fault: Fault
    left: int
    where: Mapping[str, str]

    def meets(self, method: str, arguments: Mapping[str, Any]) -> bool:
        """Whether this request is one of those that it was armed for."""
        same = all(str(arguments.get(name, "")) == value for name, value in self.where.items())
        return self.left > 0 and self.method in (method, "*") and same


class Faults:
    """The faults that are armed. Each is used up by the requests that meet it, the first armed first."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []

    def next(self, method: str, fault: Fault, times: int = 1, **where: str) -> None:
        """The next `times` requests of this method ("*" for any) go wrong; `where` narrows it to arguments."""
        self._armed.append(_Armed(method, fault, times, where))

    def take(self, method: str, arguments: Mapping[str, Any]) -> Fault | None:
        """The fault that this request meets, if any; it counts as used."""
        for armed in self._armed:
            if armed.meets(method, arguments):
                armed.left -= 1
                return armed.fault
        return None

    def clear(self) -> None:
        """Everything goes right again."""
        self._armed.clear()
