"""Answers through a response URL, or in the body of the answer to a slash command: the same JSON, the same rules."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from adapters.local.seen import Json
from adapters.local.slack_blocks import valid
from adapters.local.slack_state import Channel, Post, Refused, Workspace
from adapters.local.slack_wire import SlackWire
from adapters.local.traffic import Exchange, exchange_of

LIFE = timedelta(minutes=30)
POSTS = 5


@dataclass
class Source:
    """What a reply belongs to: who did what where, and the message that was pressed, if one was."""

    space: Workspace
    channel: Channel
    user: str
    original: str = ""
    said: str = ""


@dataclass
class _Opened:
    source: Source
    at: datetime
    left: int = POSTS


class Replies:
    """Response URLs: 5 posts within 30 minutes each (docs.slack.dev, "Handling user interaction")."""

    def __init__(self, wire: SlackWire, public_url: str) -> None:
        self._wire = wire
        self._public_url = public_url
        self._opened: dict[str, _Opened] = {}

    def open(self, source: Source) -> str:
        """A response URL for this."""
        key = secrets.token_urlsafe(18)
        self._opened[key] = _Opened(source, self._wire.clock())
        return f"{self._public_url}/response/{source.space.id}/{key}"

    async def answer(self, request: web.Request) -> web.Response:
        """Takes one post to a response URL."""
        opened = self._opened.get(request.match_info["key"])
        if opened is None or self._wire.clock() - opened.at > LIFE:
            return _no(404, "expired_url")
        if opened.left == 0:
            return _no(404, "used_url")
        try:
            body: Any = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return _no(400, "invalid_payload")
        opened.left -= 1
        try:
            self.apply(opened.source, body, await exchange_of(request))
        except Refused as refused:
            self._wire.report(f"A response URL got {refused.error}: {refused.details}")
            return _no(400, refused.error)
        return web.Response(text="ok")

    def apply(self, source: Source, body: Json, exchange: Exchange | None) -> None:
        """The message that this JSON asks for is shown, replaced or deleted."""
        original = source.channel.posts.get(source.original)
        if body.get("delete_original"):
            self._delete(source, original)
            return
        blocks = valid(body.get("blocks"), "message")
        text = str(body.get("text") or "")
        if not text and not blocks:
            raise Refused("no_text")
        if body.get("replace_original") and original is not None:
            original.text, original.blocks, original.edited = text, blocks, source.space.stamp()
            post = original
        else:
            post = self._add(source, body, text, blocks)
        self._wire.carry(f"{source.space.id}/{source.channel.id}", post.ts, exchange)
        self._wire.redrawn(source.space, source.channel, post)

    def _add(self, source: Source, body: Json, text: str, blocks: list[Json]) -> Post:
        space, channel = source.space, source.channel
        public = body.get("response_type") == "in_channel"
        if public and source.said:
            # Slack shows the typed command too when its answer is for everyone.
            space.add(channel, Post(space.stamp(), channel.id, source.user, source.said))
        post = Post(space.stamp(), channel.id, space.bot, text, blocks, thread=str(body.get("thread_ts") or ""))
        post.only_for = "" if public else source.user
        return space.add(channel, post)

    def _delete(self, source: Source, original: Post | None) -> None:
        if original is not None:
            del source.channel.posts[original.ts]
            self._wire.redrawn(source.space, source.channel, original)

    def notice(self, source: Source, text: str) -> None:
        """Slack's own words to the person alone, where Signpost failed to answer."""
        post = Post(source.space.stamp(), source.channel.id, source.space.bot, text, only_for=source.user)
        source.channel.posts[post.ts] = post
        self._wire.redrawn(source.space, source.channel, post)


def _no(status: int, error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)
