"""Does everything that can be done: says every verb, then presses every button and fills in every form it is shown."""

import itertools
from collections import Counter, deque
from datetime import timedelta

import msgspec

from bot.command import find_features, registry
from bot.delivery import Delivery, Parcel
from bot.dispatch import Dispatch
from bot.inbound import AccountRef, Address, Here, Inbound
from bot.schedule import Schedule
from bot.ui import Audience, Button, Card, Drawable, Form, Item, dump
from storage.database import Database
from tests.bot.platform import Clock, Recorder

SAMPLE = {"date": "2026-12-03", "time": "14:00", "yes_no": "yes", "line": "Sole traders", "lines": "What about them?"}
MOST = 8
"""How often each person does each thing: buttons lead to buttons without end."""


class Crawler:
    """Everybody named, on any platform; `seen` is each different card and form that anybody was shown."""

    def __init__(self, database: Database, clock: Clock, people: dict[str, AccountRef]) -> None:
        find_features()
        self._people = people
        self._recorders = {"slack": Recorder(), "teams": Recorder()}
        self._delivery = Delivery(database, clock, dict(self._recorders))
        self._dispatch = Dispatch(database, clock, lambda: None)
        self._schedule = Schedule(database, clock, lambda: None, standing=registry.standing)
        self._clock = clock
        self._keys = itertools.count(1)
        self._waiting: deque[tuple[str, str, dict[str, str]]] = deque()
        self._pressed: set[tuple[str, str, str]] = set()
        self._taken = dict.fromkeys(self._recorders, 0)
        self.seen: dict[str, Drawable] = {}
        self.done: Counter[tuple[str, str]] = Counter()

    async def say(self, key: str, words: str, *, thread: str = "", place: str = "") -> None:
        """The person types this in their direct chat, or in a channel, and all that it leads to is done."""
        await self._hear(key, said=words, thread=thread, place=place)
        await self._finish()

    async def pass_time(self, length: timedelta) -> None:
        """So much later, timers have fired and what they sent was seen."""
        self._clock.at += length
        await self._schedule.tick()
        await self._finish()

    async def _finish(self) -> None:
        while True:
            await self._deliver()
            if not self._waiting:
                return
            key, payload, answers = self._waiting.popleft()
            await self._hear(key, payload=payload, answers=answers)

    async def _hear(
        self,
        key: str,
        *,
        said: str | None = None,
        payload: str | None = None,
        answers: dict[str, str] | None = None,
        thread: str = "",
        place: str = "",
    ) -> None:
        account = self._people[key]
        chat = Address(account.platform, account.tenant, user=account.user)
        here = Here(account.platform, account.tenant, "direct", f"D{account.user}", thread)
        if place:
            here = Here(account.platform, account.tenant, "channel", place)
        inbound = Inbound(
            key=f"k{next(self._keys)}",
            account=account,
            here=here,
            private=chat,
            public=chat,
            said=said,
            payload=payload,
            answers=answers or {},
            body_shows=frozenset(Audience),
            opens_forms=True,
        )
        self._clock.at += timedelta(seconds=20)
        handled = await self._dispatch.handle(inbound)
        if handled.form is not None:
            self._look_at(key, handled.form)
        if handled.reply is not None:
            self._look_at(key, handled.reply.body)

    async def _deliver(self) -> None:
        await self._delivery.settled()
        for name, recorder in self._recorders.items():
            new = recorder.sent[self._taken[name] :]
            self._taken[name] = len(recorder.sent)
            for parcel in new:
                self._look_at(self._whose(parcel), parcel.body)

    def _whose(self, parcel: Parcel) -> str:
        return next(key for key, account in self._people.items() if account.user == parcel.address.user)

    def _look_at(self, key: str, body: Drawable) -> None:
        self.seen.setdefault(dump(body), body)
        if isinstance(body, Form):
            self._fill_in(key, body)
            return
        for button in _buttons(body):
            self._do(key, button.command.pack(), {})

    def _fill_in(self, key: str, form: Form) -> None:
        good = {field.name: field.options[0].value if field.options else SAMPLE[field.kind] for field in form.fields}
        if not any(field.error for field in form.fields) and form.error is None:
            self._do(key, form.command.pack(), dict.fromkeys(good, "?!"))
        self._do(key, form.command.pack(), good)

    def _do(self, key: str, payload: str, answers: dict[str, str]) -> None:
        mark = (key, payload, str(sorted(answers.items())))
        verb = str(msgspec.json.decode(payload)["do"])
        if mark not in self._pressed and self.done[key, verb] < MOST:
            self._pressed.add(mark)
            self.done[key, verb] += 1
            self._waiting.append((key, payload, answers))


def _buttons(card: Card) -> list[Button]:
    held = [button for element in card.body if isinstance(element, Item) for button in element.buttons]
    return [*card.buttons, *held]
