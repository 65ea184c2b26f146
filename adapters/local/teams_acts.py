"""What people do in a local Teams, and how its bot sees it: messages, the slash picker, presses, installing."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.local.seen import Json
from adapters.local.teams_cards import CARD, Pressable, filled
from adapters.local.teams_state import BOT, Account, Chat, ConnectorError, Directory, Post
from adapters.local.teams_wire import TeamsWire
from adapters.local.traffic import NOT_SENT, Delivered
from adapters.teams.limits import validate

MENTION = f"<at>{BOT}</at>"
SHOWN_AS_WORDS = "application/vnd.microsoft.activity.message"


@dataclass(frozen=True)
class Press:
    """Which action of which message, with the inputs; `old` is a client that knows no Action.Execute."""

    post: Post
    pressed: Pressable
    answers: Mapping[str, str]
    old: bool = False


class Acts:
    """Each act is one signed request, held back where the real Teams holds it back, and its answer applied."""

    def __init__(self, wire: TeamsWire, directory: Directory) -> None:
        self._wire = wire
        self._directory = directory
        self.notices: dict[tuple[str, str], list[str]] = {}

    async def say(self, account: Account, chat: Chat, text: str, thread: str) -> Delivered:
        """A message. Personal chats are delivered; channels and group chats only where the bot is mentioned."""
        wire_text, mentioned = _typed(text)
        post = Post(self._directory.stamp(), account.id, wire_text, thread=thread)
        self._directory.add(chat, post)
        self._wire.redrawn(chat, post)
        if chat.kind != "personal" and not (mentioned and chat.bot_in):
            return NOT_SENT
        if chat.kind == "personal" and not account.installed:
            return NOT_SENT
        return await self._deliver(chat, account, post, self._wire.base(chat, account, post.thread or post.id))

    async def slash(self, account: Account, chat: Chat, text: str) -> Delivered:
        """A command from the slash picker: a message that only the bot and the person see. Not in personal chats."""
        if chat.kind == "personal" or not chat.bot_in:
            return Delivered(refused="The slash picker is for channels and group chats that Signpost is in")
        activity = self._wire.base(chat, account)
        post = Post(activity["id"], account.id, html.escape(text, quote=False), only_for=account.aad)
        self._directory.add(chat, post)
        self._wire.redrawn(chat, post)
        activity["recipient"] |= {"isTargeted": True}
        return await self._deliver(chat, account, post, activity)

    async def _deliver(self, chat: Chat, account: Account, post: Post, activity: Json) -> Delivered:
        activity |= {"id": post.id, "type": "message", "text": post.text, "textFormat": "plain"}
        # Teams repeats what was typed as HTML beside every message.
        activity["attachments"] = [{"contentType": "text/html", "content": f"<p>{post.text}</p>"}]
        if MENTION in post.text:
            mentioned = {"id": self._directory.bot, "name": BOT}
            activity["entities"].append({"type": "mention", "mentioned": mentioned, "text": MENTION})
        delivered = await self._wire.activity(activity)
        if not delivered.ok:
            self._wire.report(f"A message was answered with {delivered.status or delivered.body}")
        self._wire.carry(chat.id, post.id, delivered.exchange)
        return delivered

    async def press(self, account: Account, chat: Chat, press: Press) -> Delivered:
        """A press of Action.Execute is an invoke, of Action.Submit a message with a value and no words."""
        kind = press.pressed.action["type"]
        if kind not in ("Action.Execute", "Action.Submit"):
            return Delivered(refused=f"{kind} stays in Teams: nothing is sent")
        values, refused = filled(press.pressed, press.answers)
        if refused:
            return Delivered(refused=refused)
        activity = self._wire.base(chat, account, press.post.thread or press.post.id)
        activity |= {"replyToId": press.post.id}
        action = press.pressed.action
        if kind == "Action.Execute" and not press.old:
            delivered = await self._wire.activity(activity | _invoke(action, values))
            self._invoked(account, chat, press.post, delivered)
        else:
            action = action.get("fallback", action)
            delivered = await self._wire.activity(activity | {"type": "message", "value": _data(action) | values})
        self._wire.carry(chat.id, press.post.id, delivered.exchange)
        return delivered

    def _invoked(self, account: Account, chat: Chat, post: Post, delivered: Delivered) -> None:
        """The answer is shown to the one who pressed: a card in place of the old one, or words."""
        answer: Any = delivered.json
        if not delivered.ok or not isinstance(answer, dict) or answer.get("statusCode") != 200:
            self._wire.report(f"An invoke was answered with {delivered.status}: {delivered.body[:200]}")
            self._tell(account, chat, "Something went wrong. Try again.")
            return
        value = answer.get("value")
        if answer.get("type") == CARD and isinstance(value, dict):
            problems = validate(value)
            if problems:
                self._wire.report(f"An invoke was answered with a card that Teams refuses: {problems}")
                return
            post.redrawn[account.aad] = value
            self._wire.carry(chat.id, post.id, delivered.exchange)
            self._wire.changed(chat.tenant, [account.aad])
        elif answer.get("type") == SHOWN_AS_WORDS:
            self._tell(account, chat, str(value))
        else:
            self._wire.report(f"An invoke was answered with the type {answer.get('type')}")

    def _tell(self, account: Account, chat: Chat, words: str) -> None:
        self.notices.setdefault((chat.tenant, account.aad), []).append(words)
        self._wire.changed(chat.tenant, [account.aad])

    async def install(self, account: Account, chat: Chat, here: bool) -> Delivered:
        """The app comes to this conversation, or leaves it: a conversation update, then an installation update."""
        if chat.kind == "personal":
            account.installed = here
        else:
            chat.bot_in = here
        bot = [{"id": self._directory.bot, "name": BOT}]
        came = {"type": "conversationUpdate", "membersAdded" if here else "membersRemoved": bot}
        await self._wire.activity(self._wire.base(chat, account) | came)
        installed = {"type": "installationUpdate", "action": "add" if here else "remove"}
        return await self._wire.activity(self._wire.base(chat, account) | installed)


def _typed(text: str) -> tuple[str, bool]:
    """The text as Teams sends it, and whether it mentions the bot."""
    escaped = html.escape(text, quote=False)
    marked, count = re.subn(rf"@{BOT}\b", MENTION, escaped, flags=re.IGNORECASE)
    return marked, count > 0


def _invoke(action: Json, values: Json) -> Json:
    sent = {"type": "Action.Execute", "data": _data(action) | values}
    sent |= {key: action[key] for key in ("id", "title", "verb") if key in action}
    return {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": sent, "trigger": "manual"}}


def _data(action: Json) -> Json:
    data = action.get("data") or {}
    if not isinstance(data, dict):
        raise ConnectorError(400, "BadArgument", "The data of an action is not an object")
    return data
