"""What a local Teams remembers: tenants, their people, chats and channels, and every message."""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from adapters.local.seen import Json, Message

Clock = Callable[[], datetime]
Kind = Literal["personal", "channel", "groupChat"]
BOT = "Signpost"


class ConnectorError(Exception):
    """An answer of this status and error code (learn.microsoft.com, "Status codes from bot conversational APIs")."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message or code


@dataclass
class Account:
    """A person in one tenant: `aad` is the Entra object id, `id` the connector's own ("29:...").

    `installed` is whether Signpost is in their personal scope, `blocked` whether they blocked it.
    """

    aad: str
    name: str
    email: str = ""
    zone: str = "Europe/London"
    guest: bool = False
    installed: bool = True
    blocked: bool = False
    locale: str = "en-GB"

    @property
    def id(self) -> str:
        """How the connector names them."""
        return f"29:{self.aad}"


@dataclass
class Post:
    """One message; `author` is a connector id. `redrawn` holds the card as single people see it after a press."""

    id: str
    author: str
    text: str = ""
    card: Json | None = None
    thread: str = ""
    only_for: str = ""
    edited: bool = False
    redrawn: dict[str, Json] = field(default_factory=dict)

    def card_for(self, aad: str) -> Json | None:
        """The card as this person sees it now."""
        return self.redrawn.get(aad, self.card)


@dataclass
class Chat:
    """A personal chat with the bot, a group chat or a channel; `members` are Entra ids."""

    id: str
    name: str
    kind: Kind
    tenant: str
    members: set[str]
    bot_in: bool = True
    posts: dict[str, Post] = field(default_factory=dict)

    def post(self, id: str) -> Post:
        """The message with this id, or 404."""
        found = self.posts.get(id)
        if found is None:
            raise ConnectorError(404, "ActivityNotFoundInConversation")
        return found

    def shown_to(self, aad: str) -> Iterator[Post]:
        """What this person sees, oldest first."""
        return (post for post in self.posts.values() if post.only_for in ("", aad))


@dataclass
class Tenant:
    """One organisation's tenant."""

    id: str
    name: str
    users: dict[str, Account] = field(default_factory=dict)

    def user(self, named: str) -> Account:
        """The person with this Entra id or connector id, or 404."""
        found = self.users.get(named.removeprefix("29:"))
        if found is None:
            raise ConnectorError(404, "MemberNotFoundInConversation")
        return found


class Directory:
    """Every tenant and every conversation, and the ids that are given out."""

    def __init__(self, app_id: str, clock: Clock) -> None:
        self.bot = f"28:{app_id}"
        self.clock = clock
        self.tenants: dict[str, Tenant] = {}
        self.chats: dict[str, Chat] = {}
        self._last = 0

    def stamp(self) -> str:
        """A new message id: milliseconds since 1970, later than every earlier one."""
        self._last = max(self._last + 1, int(self.clock().timestamp() * 1000))
        return str(self._last)

    def personal(self, tenant: str, user: str) -> Chat:
        """This person's personal chat with the bot; made when it is first asked for."""
        account = self.tenants[tenant].user(user)
        id = f"a:1{tenant}_{account.aad}"
        return self.chats.setdefault(id, Chat(id, account.name, "personal", tenant, {account.aad}))

    def chat(self, conversation: str) -> tuple[Chat, str]:
        """The conversation with this id, and the thread that a channel's id names after ";messageid="."""
        id, _, thread = conversation.partition(";messageid=")
        found = self.chats.get(id)
        if found is None:
            raise ConnectorError(404, "ConversationNotFound")
        return found, thread

    def tenant_of(self, conversation: str) -> str:
        """The tenant of the conversation with this id, "" where there is none."""
        found = self.chats.get(conversation)
        return found.tenant if found else ""

    def place(self, tenant: str, user: str, conversation: str) -> Chat:
        """The conversation that this member of it means; "" is the personal chat with the bot."""
        personal = self.personal(tenant, user)
        if conversation in ("", personal.id):
            return personal
        found, _ = self.chat(conversation)
        if found.tenant != tenant or user.removeprefix("29:") not in found.members:
            raise ConnectorError(404, "ConversationNotFound")
        return found

    def must_reach(self, chat: Chat) -> None:
        """403 where the app was removed or is blocked."""
        if not chat.bot_in:
            raise ConnectorError(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        if chat.kind == "personal":
            account = self.tenants[chat.tenant].user(next(iter(chat.members)))
            if not account.installed:
                raise ConnectorError(403, "BotNotInConversationRoster")
            if account.blocked:
                raise ConnectorError(403, "MessageWritesBlocked")

    def add(self, chat: Chat, post: Post) -> Post:
        """The message stands in the conversation; in a channel without a thread it begins one."""
        if chat.kind != "channel":
            post.thread = ""
        elif post.thread and post.thread not in chat.posts:
            raise ConnectorError(404, "ConversationNotFound", "There is no such thread")
        chat.posts[post.id] = post
        return post

    def name_of(self, tenant: str, id: str) -> str:
        """The name that is shown for this connector id."""
        return BOT if id == self.bot else self.tenants[tenant].user(id).name

    def seen(self, chat: Chat, post: Post, aad: str) -> Message:
        """The message as this person sees it."""
        return Message(
            id=post.id,
            sender=self.name_of(chat.tenant, post.author),
            text=html.unescape(post.text.replace("<at>", "@").replace("</at>", "")).strip(),
            markup=post.text,
            at=datetime.fromtimestamp(int(post.id) / 1000, UTC),
            bot=post.author == self.bot,
            mine=post.author == f"29:{aad}",
            thread=post.thread,
            edited=post.edited,
            ephemeral=bool(post.only_for),
            card=post.card_for(aad),
            conversation=chat.id,
        )
