"""What a platform does wrong: on demand for the next few requests of one method, by chance, or where it is hurried."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from adapters.local.rates import Rates


@dataclass(frozen=True)
class Fault:
    """One way for a request to go wrong. With `effect` it takes effect first and only its answer is lost or wrong.

    `cut` closes the connection without an answer. `until` holds the answer back until the event is set, and
    answers as usual then when no status is given; `arrived` is set when the request begins to wait. `wait` holds
    it back for so many seconds.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    content_type: str = "application/json"
    cut: bool = False
    effect: bool = False
    until: asyncio.Event | None = None
    arrived: asyncio.Event | None = None
    wait: float = 0.0


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


def slow(seconds: float, effect: bool = False) -> Fault:
    """The answer is right, and comes so much later; with `effect` only the answer is late."""
    return Fault(wait=seconds, effect=effect)


@dataclass(frozen=True)
class Odds:
    """How often each thing goes wrong by chance, as shares of all requests: in sum 1 at most.

    `slow` takes 1 to 3 seconds; half of those take effect at once, the others at the end.
    """

    failing: float = 0.0
    lost: float = 0.0
    slow: float = 0.0
    limited: float = 0.0

    def draw(self, chance: Random) -> tuple[str, Fault] | None:
        """What goes wrong with one request, by its name here; None for most of them."""
        drawn = chance.random()
        late = slow(chance.uniform(1, 3), effect=chance.random() < 0.5)
        for name, fault in (("failing", failing()), ("lost", lost()), ("slow", late), ("limited", limited())):
            drawn -= getattr(self, name)
            if drawn < 0:
                return name, fault
        return None


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
    """The faults that are armed: each is used up by the requests that meet it, the first armed first.

    `rates` are the platform's own limits, where they are to hold. `counts` says how often each fault of chance came,
    and as "over" how often a limit was broken; `answers_lost` has the arguments of requests that took effect without
    an answer.
    """

    def __init__(self) -> None:
        self.rates: Rates | None = None
        self.counts: Counter[str] = Counter()
        self.answers_lost: list[Mapping[str, Any]] = []
        self._armed: list[_Armed] = []
        self._odds: tuple[Odds, Random] | None = None

    def next(self, method: str, fault: Fault, times: int = 1, **where: str) -> None:
        """The next `times` requests of this method ("*" for any) go wrong; `where` narrows it to arguments."""
        self._armed.append(_Armed(method, fault, times, where))

    def by_chance(self, odds: Odds, chance: Random) -> None:
        """From now on any request may go wrong."""
        self._odds = (odds, chance)

    def take(self, method: str, arguments: Mapping[str, Any], token: str = "") -> Fault | None:
        """The fault that this request meets, if any; it counts as used."""
        fault = self._first_armed(method, arguments) or self._too_fast(method, arguments, token) or self._drawn()
        if fault is not None and fault.effect and fault.cut:
            self.answers_lost.append(arguments)
        return fault

    def _first_armed(self, method: str, arguments: Mapping[str, Any]) -> Fault | None:
        for armed in self._armed:
            if armed.meets(method, arguments):
                armed.left -= 1
                return armed.fault
        return None

    def _too_fast(self, method: str, arguments: Mapping[str, Any], token: str) -> Fault | None:
        wait = self.rates.take(method, arguments, token) if self.rates else 0
        if not wait:
            return None
        self.counts["over"] += 1
        return limited(wait)

    def _drawn(self) -> Fault | None:
        drawn = self._odds[0].draw(self._odds[1]) if self._odds else None
        if drawn is None:
            return None
        self.counts[drawn[0]] += 1
        return drawn[1]

    def clear(self) -> None:
        """Everything goes right again; the platform's own limits hold as before."""
        self._armed.clear()
        self._odds = None
