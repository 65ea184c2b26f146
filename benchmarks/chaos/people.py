"""What people do: they ask, send, answer, ask back, write back, accept and edit, and join and leave clubs.

They react to what arrives in their chats, as real people would, and do each thing once. What they write has a word of
its own, so that it is known wherever it turns up; what they did is kept as `acts`.
"""

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from adapters.local.slack_state import Refused
from adapters.local.teams_state import ConnectorError
from adapters.local.traffic import Delivered
from benchmarks.chaos.platforms import Platforms, Post
from benchmarks.chaos.world import CLUBS, MEMBERS, Member, club, slug

LOOK_EVERY = 0.05
MOST_AT_ONCE = 150
MODAL_LOOKS = 60
"""A trigger opens a modal within 3 seconds or never."""
NUMBER = re.compile(r"Q-(\d+)")


@dataclass
class Act:
    """Something that a person did. `token` is in what they wrote, or names what they did it to.

    `acknowledged` is when Signpost said yes, in seconds since 1970; 0 where it never did. `about` is a question's
    number. `said` is the answer that an HTTP response showed.
    """

    who: Member
    verb: str
    token: str
    about: int = 0
    acknowledged: float = 0.0
    said: str = ""


@dataclass
class Topic:
    """A question as those who react to it know it: how many still think about it, and whether it is answered."""

    thinking: int = 0
    closed: bool = False


@dataclass(frozen=True)
class Form:
    """A form behind a button: its one field, and what is written there."""

    button: str
    label: str
    text: str


class People:
    """Everyone at once. `rate` is how many questions are asked a second."""

    def __init__(self, platforms: Platforms, rate: float, chance: Random) -> None:
        self.acts: list[Act] = []
        self.board: list[Post] = []
        self.skipped: Counter[str] = Counter()
        self._platforms = platforms
        self._rate = rate
        self._chance = chance
        self._tokens: Counter[str] = Counter()
        self._turns: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._topics: dict[int, Topic] = defaultdict(Topic)
        self._doing: set[asyncio.Task[None]] = set()
        self._visits = [(member, number) for member in MEMBERS for number in range(CLUBS) if member.number != number]
        chance.shuffle(self._visits)
        self._met: set[tuple[str, ...]] = set()
        self._quiet = False

    async def live(self, seconds: float) -> None:
        """So many seconds of asking and reacting; what is begun then is still finished, see `busy`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(self._doing) < MOST_AT_ONCE:
                self._begin(self._ask(self._chance.choice(MEMBERS)))
                self._begin(self._visit(*self._visits.pop()))
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) / self._rate)
        self._quiet = True

    async def look(self) -> None:
        """Sees what arrives, for ever; until life ends it is reacted to."""
        while True:
            news = self._platforms.news()
            self.board += news
            for post in news:
                member, known = self._platforms.chats.get(post.chat), (post.chat, *post.identity)
                if member is not None and known not in self._met and not self._quiet:
                    self._met.add(known)  # what is posted twice is met once
                    self._react(member, post)
            await asyncio.sleep(LOOK_EVERY)

    @property
    def busy(self) -> int:
        """How many things people are still doing."""
        return len(self._doing)

    async def finish(self) -> None:
        """Nobody does anything any more."""
        await asyncio.gather(*self._doing)

    def give_up(self) -> None:
        """What is still being done is dropped, unfinished."""
        for task in self._doing:
            task.cancel()

    def _begin(self, doing: Awaitable[None]) -> None:
        task = asyncio.ensure_future(doing)
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    def _token(self, letter: str) -> str:
        self._tokens[letter] += 1
        return f"z{letter}{self._tokens[letter]:05}z"

    def _react(self, member: Member, post: Post) -> None:
        chance, title = self._chance.random(), post.title
        if "Send" in post.buttons and title.startswith("Check your question"):
            self._begin(self._send(member, post))
        elif "Answer" in post.buttons and " from " in title and chance < 0.85:
            topic = self._topics[_number(title)]
            if not topic.closed:
                topic.thinking += 1
                self._begin(self._consider(member, post, topic, back=chance > 0.75))
        elif "This answers it" in post.buttons:
            topic = self._topics[_number(title)]
            if chance < 0.5 and not topic.thinking and not topic.closed:
                topic.closed = True
                self._begin(self._accept(member, post))
        elif "Write back" in post.buttons and " asks back " in title and chance < 0.5:
            form = Form("Write back", "What do you want to say?", self._token("b"))
            self._begin(self._fill_in(member, post, form, "write back"))
        elif title.startswith("You answered") and chance < 0.2:
            form = Form("Edit", "Your answer", f"{post.token} {self._token('e')}")
            self._begin(self._fill_in(member, post, form, "edit"))

    async def _ask(self, member: Member) -> None:
        """It goes to those whose skills it names, anyone but the asker, of the asker's community."""
        others = [one for one in MEMBERS if one.community == member.community and one is not member]
        known = ", ".join(one.skill for one in self._chance.sample(others, 3))
        token = self._token("q")
        text = f"ask {token} Who can help with {known}? community: {slug(member.community)}"
        await self._type(Act(member, "ask", token), text, "Check your question")

    async def _send(self, member: Member, post: Post) -> None:
        await self._think()
        await self._do(Act(member, "send", post.token), lambda: self._press(member, post, "Send"))

    async def _consider(self, member: Member, post: Post, topic: Topic, *, back: bool) -> None:
        """A question that was brought to this person is answered, or they ask back."""
        number = _number(post.title)
        try:
            await self._think()
            if back:
                form = Form("Ask back", "What do you want to say?", self._token("b"))
                await self._fill_in(member, post, form, "ask back")
            else:
                token = self._token("a")
                act = Act(member, "answer", token, number)
                await self._type(act, f"answer {number} {token} It is done within ten days.", "is on its way")
        finally:
            topic.thinking -= 1

    async def _accept(self, member: Member, post: Post) -> None:
        await self._think()
        act = Act(member, "accept", post.token, _number(post.title))
        await self._do(act, lambda: self._press(member, post, "This answers it"))

    async def _visit(self, member: Member, number: int) -> None:
        """A club is joined, and by most left again."""
        name = club(number)
        await self._type(Act(member, "join", name), f"join {name}", f"Welcome to {name}")
        if self._chance.random() < 0.6 and not self._quiet:
            await self._think()
            await self._type(Act(member, "leave", name), f"leave {name}", f"You have left {name}")

    async def _type(self, act: Act, text: str, shown: str) -> None:
        """Typed in the direct chat. On Slack half of it are slash commands, whose response shows the reply."""
        slash = act.who.space.platform == "slack" and self._chance.random() < 0.5
        await self._do(act, lambda: self._platforms.say(act.who, text, slash=slash))
        if slash and act.acknowledged and shown not in act.said:
            act.verb = f"{act.verb}, answered otherwise"

    async def _fill_in(self, member: Member, post: Post, form: Form, verb: str) -> None:
        """The button is pressed, and the form that it opens is sent in. One that never opened was not filled in."""
        await self._think()
        act = Act(member, verb, form.text.split()[-1], _number(post.title))
        filling = self._in_modal if member.space.platform == "slack" else self._in_card
        await self._do(act, lambda: filling(member, post, form))

    async def _in_modal(self, member: Member, post: Post, form: Form) -> Delivered:
        slack, where = self._platforms.slack, (member.space.tenant, member.user)
        while slack.modal(*where) is not None:
            await slack.close(*where)
        await slack.press(*where, post.message, form.button)
        for _ in range(MODAL_LOOKS):
            if slack.modal(*where) is not None:
                return await slack.submit(*where, {form.label: form.text})
            await asyncio.sleep(LOOK_EVERY)
        return Delivered(refused="The form did not open")

    async def _in_card(self, member: Member, post: Post, form: Form) -> Delivered:
        teams, where = self._platforms.teams, (member.space.tenant, member.user)
        await teams.press(*where, post.message, form.button)
        return await teams.submit(*where, post.message, {form.label: form.text})

    async def _press(self, member: Member, post: Post, label: str) -> Delivered:
        return await self._platforms.of(member).press(member.space.tenant, member.user, post.message, label)

    async def _do(self, act: Act, doing: Callable[[], Awaitable[Delivered]]) -> None:
        """One thing at a time for each person. What the platform itself holds back was not done."""
        async with self._turns[act.who.number]:
            try:
                delivered = await doing()
            except (LookupError, Refused, ConnectorError) as gone:
                self.skipped[f"{act.verb}: {type(gone).__name__}"] += 1
                return
            if not delivered.sent:
                self.skipped[f"{act.verb}: {delivered.refused}"] += 1
                return
            act.acknowledged = time.time() if delivered.ok else 0.0
            act.said = delivered.body
            self.acts.append(act)

    async def _think(self) -> None:
        await asyncio.sleep(self._chance.uniform(0.2, 1.0))


def _number(title: str) -> int:
    found = NUMBER.search(title)
    return int(found[1]) if found else 0
