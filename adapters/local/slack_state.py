"""What a local Slack remembers: workspaces, their people and channels, and every message with its thread."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from adapters.local.seen import Json, Message, plain

Clock = Callable[[], datetime]


class Refused(Exception):
    """Slack's own error code, given with ok false. `details` are its messages about blocks."""

    def __init__(self, error: str, details: Iterable[str] = ()) -> None:
        super().__init__(error)
        self.error = error
        self.details = list(details)


@dataclass(frozen=True)
class User:
    """A person's account in one workspace."""

    id: str
    name: str
    email: str = ""
    zone: str = "Europe/London"
    guest: bool = False
    locale: str = "en-GB"

    @property
    def handle(self) -> str:
        """The short name that Slack sends as `user_name`."""
        return re.sub(r"[^a-z0-9]+", ".", self.name.lower()).strip(".")


@dataclass
class Post:
    """One message. `only_for` is the one user who sees it; `author` is a user id, the bot's own for ours."""

    ts: str
    channel: str
    author: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread: str = ""
    only_for: str = ""
    edited: str = ""
    metadata: Json | None = None


@dataclass
class Channel:
    """A channel, or a direct chat with the bot (`direct`). `bot_in` is whether the bot was invited."""

    id: str
    name: str
    members: set[str]
    direct: bool = False
    bot_in: bool = True
    archived: bool = False
    posts: dict[str, Post] = field(default_factory=dict)

    def post(self, ts: str) -> Post:
        """The message with this timestamp, or `message_not_found`."""
        found = self.posts.get(ts)
        if found is None:
            raise Refused("message_not_found")
        return found

    def shown_to(self, user: str) -> Iterator[Post]:
        """What this user sees, oldest first."""
        return (post for post in self.posts.values() if post.only_for in ("", user))


@dataclass
class Workspace:
    """One workspace where the app is installed, with the bot's token and ids there."""

    id: str
    name: str
    token: str
    bot: str
    clock: Clock
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    _last: int = 0

    @property
    def domain(self) -> str:
        """The first part of its address."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def bot_id(self) -> str:
        """The bot's id as a sender (B...), which is not its user id (U...)."""
        return "B" + self.bot[1:]

    def user(self, user: str) -> User:
        """The account with this id, or `user_not_found`."""
        found = self.users.get(user)
        if found is None:
            raise Refused("user_not_found")
        return found

    def direct(self, user: str) -> Channel:
        """The direct chat of this user and the bot; made when it is first asked for."""
        self.user(user)
        id = "D" + user[1:]
        return self.channels.setdefault(id, Channel(id, "directmessage", {user}, direct=True))

    def channel(self, id: str) -> Channel:
        """The channel or direct chat with this id, as the bot sees it, or `channel_not_found`."""
        found = self.channels.get(id)
        if found is None:
            raise Refused("channel_not_found")
        return found

    def place(self, user: str, channel: str) -> Channel:
        """The channel that this member of it means; "" is the direct chat with the bot."""
        if not channel or channel == "D" + user[1:]:
            return self.direct(user)
        found = self.channel(channel)
        if user not in found.members:
            raise Refused("not_in_channel")
        return found

    def stamp(self) -> str:
        """A new timestamp, later than every earlier one of this workspace."""
        self._last = max(self._last + 1, int(self.clock().timestamp() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add(self, channel: Channel, post: Post) -> Post:
        """The post stands in the channel; a thread that doesn't exist is refused as Slack does."""
        if post.thread and post.thread not in channel.posts:
            raise Refused("thread_not_found")
        parent = channel.posts.get(post.thread)
        # Slack flattens: a reply to a reply hangs under the thread's first message.
        post.thread = (parent.thread or parent.ts) if parent else ""
        channel.posts[post.ts] = post
        return post

    def name_of(self, user: str) -> str:
        """The name that is shown for this user id."""
        return "Signpost" if user == self.bot else self.users[user].name

    def encoded(self, text: str) -> str:
        """What a person typed as Slack sends it: entities, and the people whom they mention by name."""
        wire = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        wire = re.sub(r"&lt;@(U[A-Z0-9]+)&gt;", r"<@\1>", wire)
        wire = re.sub(r"@signpost\b", f"<@{self.bot}>", wire, flags=re.IGNORECASE)
        for user in sorted(self.users.values(), key=lambda user: -len(user.name)):
            wire = wire.replace(f"@{user.name}", f"<@{user.id}>")
        return wire

    def named(self, text: str) -> str:
        """The text in Slack's markup, with names for the ids of people."""

        def name(found: re.Match[str]) -> str:
            known = found[1] == self.bot or found[1] in self.users
            return f"@{self.name_of(found[1])}" if known else found[0]

        return re.sub(r"<@([A-Z0-9]+)(?:\|[^>]*)?>", name, text)

    def seen(self, channel: Channel, post: Post, by: str) -> Message:
        """The message as this user sees it."""
        return Message(
            id=post.ts,
            sender=self.name_of(post.author),
            text=plain(self.named(post.text)),
            markup=self.named(post.text),
            at=datetime.fromtimestamp(float(post.ts), UTC),
            bot=post.author == self.bot,
            mine=post.author == by,
            thread=post.thread,
            edited=bool(post.edited),
            ephemeral=bool(post.only_for),
            blocks=post.blocks or None,
            conversation=channel.id,
        )


def message_json(space: Workspace, post: Post) -> Json:
    """The message as the Web API and the payloads show it."""
    shown: Json = {"type": "message", "user": post.author, "ts": post.ts, "text": post.text, "team": space.id}
    if post.author == space.bot:
        shown |= {"bot_id": space.bot_id, "app_id": APP_ID}
    if post.blocks:
        shown["blocks"] = post.blocks
    if post.thread:
        shown |= {"thread_ts": post.thread, "parent_user_id": post.author}
    if post.edited:
        shown["edited"] = {"user": post.author, "ts": post.edited}
    return shown


APP_ID = "A0SIGNPOST"
