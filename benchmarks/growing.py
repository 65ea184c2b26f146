"""The commands whose cost must not grow, given to one Signpost over one database with a history.

Everything goes through the product's own road: dispatch with what adapters hand in, delivery to platforms that say yes,
the schedule. Who acts is of the history: people and communities from all over it, which have as much behind them as
their database is old. A community has 30 members, and each question goes to three of them.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar

from adapters.slack import rates as slack_rates
from adapters.teams import rates as teams_rates
from benchmarks import history
from bot.command import find_features
from bot.delivery import Delivery, Parcel, Sent
from bot.dispatch import Dispatch
from bot.features.answer import Answer
from bot.features.showcase import RemindOfShowcase
from bot.inbound import AccountRef, Address, Handled, Here, Inbound
from bot.schedule import Schedule
from bot.text import Reader, say
from bot.ui import Audience, Card
from bot.vouching import Profile
from bot.work import Work
from storage.database import Database, Transaction
from storage.questions import Questions
from storage.rates import Limit, Rate
from storage.tray import Tray

T = TypeVar("T")

COMMUNITIES = 100
"""As many as the smallest history has; where there are more, these are evenly spread over them."""
WEEK = timedelta(days=7)
find_features()


class Wrong(Exception):
    """Signpost did not do what it was measured for, so the figure would mean nothing."""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = history.NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Yes:
    """A platform that takes every message at once, at that platform's own pace; `sent` counts them."""

    name: str
    pace: Rate
    limits: Mapping[str, Limit]
    sent: int = 0

    async def send(self, parcel: Parcel) -> Sent:
        """Posted, or redrawn where it was."""
        self.sent += 1
        return Sent(parcel.address.message or f"1800{parcel.id}.000100", parcel.address.conversation)

    async def find_sent(self, parcel: Parcel) -> Sent | None:
        """Nothing is ever uncertain here."""
        raise Wrong("A message was sent twice")

    async def profile(self, account: AccountRef, chat: Address) -> Profile:
        """Nobody is new here."""
        raise Wrong("Somebody was taken for new")


@dataclass
class Signpost:
    """One Signpost with its own clock. Each method does one thing once in each of the round's communities.

    They are called in this order: `week_passes`, `join`, `ask`, `send`, `answer`, `fire`; `claim` after any of them.
    Each returns how many times it did it, and raises Wrong where it did not.
    """

    database: Database
    size: history.Size
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self._slack = Yes("slack", slack_rates.PACE, slack_rates.LIMITS)
        self._teams = Yes("teams", teams_rates.PACE, teams_rates.LIMITS)
        platforms = {platform.name: platform for platform in (self._slack, self._teams)}
        self._dispatch = Dispatch(self.database, self.clock, lambda: None)
        self._delivery = Delivery(self.database, self.clock, platforms)
        self._schedule = Schedule(self.database, self.clock, lambda: None)
        self._keys = count(1)
        self._round = 0
        self._here: Sequence[int] = ()
        self._drafts: list[tuple[int, str]] = []
        self._asked: list[int] = []

    async def week_passes(self, turn: int, communities: int) -> None:
        """It is a week later, so that everyone may be brought questions again; a reminder is due in each community."""
        self.clock.at += WEEK
        self._round = turn
        numbers = (number % COMMUNITIES for number in range(turn * communities, (turn + 1) * communities))
        self._here = [number * (self.size.communities // COMMUNITIES) for number in numbers]

        def remind(work: Work) -> None:
            for community in self._here:
                reminder = RemindOfShowcase(history.coming_showcase(self.size, community))
                work.later(reminder, work.now, key=f"round-{turn}-{community}")

        await self._write(remind)

    async def join(self) -> int:
        """Somebody of another community joins."""
        apart = self.size.communities // COMMUNITIES
        for community in self._here:
            other = (community + apart * (1 + self._round)) % (apart * COMMUNITIES)
            handled = await self._says(history.member(self.size, other, 2), f"join {history.slug(community)}")
            self._expect(handled, "Welcome to")
        return len(self._here)

    async def ask(self) -> int:
        """A member drafts a question, and sees the three people it would be brought to."""
        self._drafts = []
        for community in self._here:
            asker = history.member(self.size, community, 1 + 3 * (self._round % 10))
            said = f"ask Who decides on company names, and when? community: {history.slug(community)}"
            handled = await self._says(asker, said)
            self._expect(handled, "Check your question")
            self._drafts.append((asker, _first_button(handled)))
        return len(self._here)

    async def send(self) -> int:
        """They press Send, in a message that the platform does not let us answer in the response."""
        for asker, payload in self._drafts:
            await self._presses(asker, payload)
        self._asked = [json.loads(payload)["question"] for _, payload in self._drafts]
        return len(self._asked)

    async def answer(self) -> int:
        """Who was brought the question first fills in the form under it."""
        answerers = [await self._first_brought(number) for number in self._asked]
        for number, answerer in zip(self._asked, answerers, strict=True):
            answers = {"text": "The team for company names does, within ten days."}
            handled = await self._hears(answerer, payload=Answer.partly(question=number).pack(), answers=answers)
            self._expect(handled, "Your answer to")
        return len(self._asked)

    async def claim(self) -> int:
        """Everything that is owed is taken from the tray, sent and settled; a clock jumps to when the next is due."""
        before = self._slack.sent + self._teams.sent
        while (due := await self.database.read(self._next_due)) is not None:
            self.clock.at = max(self.clock.at, due)
            await self._delivery.settled()
        return self._slack.sent + self._teams.sent - before

    async def fire(self) -> int:
        """Every timer that is due has run, each in a transaction of its own."""
        fired = 0
        while await self._schedule.fire():
            fired += 1
        if fired != len(self._here):
            raise Wrong(f"{fired} timers fired, not {len(self._here)}")
        return fired

    def _next_due(self, tx: Transaction) -> datetime | None:
        return Tray(tx).next_due(self._delivery.limit_of)

    async def _first_brought(self, question: int) -> int:
        brought = await self.database.read(lambda tx: Questions(tx).brought(question))
        if [someone.state for someone in brought] != ["offered"] * 3:
            raise Wrong(f"A question was brought to {brought}")
        return brought[0].person_id

    async def _write(self, change: Callable[[Work], T]) -> T:
        return await self.database.write(lambda tx: change(Work(tx, self.clock())))

    async def _says(self, person: int, said: str) -> Handled:
        return await self._hears(person, said=said)

    async def _presses(self, person: int, payload: str) -> None:
        handled = await self._hears(person, payload=payload, shown=False)
        if handled.reply is not None or handled.form is not None:
            raise Wrong(f"A press was answered with {handled}")

    async def _hears(
        self,
        person: int,
        *,
        said: str | None = None,
        payload: str | None = None,
        answers: dict[str, str] | None = None,
        shown: bool = True,
    ) -> Handled:
        platform, tenant, user = history.account(person)
        chat = Address(platform, tenant, user=user, conversation=f"D{person}")
        inbound = Inbound(
            key=f"{platform}:{hash((person, next(self._keys))) & 0xFFFFFFFF:08x}-{next(self._keys)}",
            account=AccountRef(platform, tenant, user),
            here=Here(platform, tenant, "direct", f"D{person}"),
            private=chat,
            public=chat,
            original=None if shown else Address(platform, tenant, user=user, message=f"1900{next(self._keys)}.000100"),
            said=said,
            payload=payload,
            answers=answers or {},
            body_shows=frozenset(Audience) if shown else frozenset(),
            opens_forms=shown,
        )
        return await self._dispatch.handle(inbound)

    def _expect(self, handled: Handled, title: str) -> None:
        shown = say(handled.reply.body.title, Reader()) if handled.reply is not None else str(handled)
        if not shown.startswith(title):
            raise Wrong(f"Instead of “{title}” it said: {shown}")


def _first_button(handled: Handled) -> str:
    """What the first button of this card carries."""
    if handled.reply is None or not isinstance(handled.reply.body, Card):
        raise Wrong(f"There is no button in {handled}")
    return handled.reply.body.buttons[0].command.pack()
