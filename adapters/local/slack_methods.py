"""The Web API methods that need a bot token: messages, direct chats, users. Each gives what Slack adds to `ok`."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from adapters.local.seen import Json
from adapters.local.slack_blocks import decode, valid
from adapters.local.slack_state import Channel, Post, Refused, User, Workspace, message_json
from adapters.local.slack_wire import SlackWire

LONGEST_TEXT = 40_000
PAGE = 100

Method = Callable[[Workspace, Json], Json]


class Messages:
    """chat.*, conversations.*, users.* and auth.test (docs.slack.dev, "Web API methods")."""

    def __init__(self, wire: SlackWire) -> None:
        self._wire = wire
        self.methods: dict[str, Method] = {
            "api.test": lambda space, arguments: {"args": arguments},
            "auth.test": _auth_test,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "conversations.open": _open,
            "conversations.info": _info,
            "conversations.history": _history,
            "conversations.replies": _replies,
            "users.info": _user_info,
            "users.lookupByEmail": _user_by_email,
        }

    def _post(self, space: Workspace, arguments: Json) -> Json:
        channel = _writable(space, _named(arguments, "channel"))
        post = _drafted(space, channel, arguments)
        post.metadata = _metadata(arguments)
        space.add(channel, post)
        self._wire.redrawn(space, channel, post)
        shown = message_json(space, post) | ({"metadata": post.metadata} if post.metadata else {})
        return {"channel": channel.id, "ts": post.ts, "message": shown}

    def _post_ephemeral(self, space: Workspace, arguments: Json) -> Json:
        channel = _writable(space, _named(arguments, "channel"))
        user = space.user(_named(arguments, "user")).id
        if user not in channel.members:
            raise Refused("user_not_in_channel")
        post = _drafted(space, channel, arguments)
        post.only_for = user
        space.add(channel, post)
        self._wire.redrawn(space, channel, post)
        return {"message_ts": post.ts}

    def _update(self, space: Workspace, arguments: Json) -> Json:
        channel = space.channel(_named(arguments, "channel"))
        post = _own(space, channel, arguments, "cant_update_message")
        text = str(arguments.get("text") or "")
        if not text and arguments.get("blocks") is None:
            raise Refused("no_text")
        # What is left out stays as it was; an empty list takes the blocks away.
        if arguments.get("blocks") is not None:
            post.blocks = valid(arguments["blocks"], "message")
        post.text = _short_enough(text) or post.text
        post.metadata = _metadata(arguments) or post.metadata
        post.edited = space.stamp()
        self._wire.redrawn(space, channel)
        return {"channel": channel.id, "ts": post.ts, "text": post.text, "message": message_json(space, post)}

    def _delete(self, space: Workspace, arguments: Json) -> Json:
        channel = space.channel(_named(arguments, "channel"))
        post = _own(space, channel, arguments, "cant_delete_message")
        del channel.posts[post.ts]
        self._wire.redrawn(space, channel)
        return {"channel": channel.id, "ts": post.ts}


def _auth_test(space: Workspace, arguments: Json) -> Json:
    return {
        "url": f"https://{space.domain}.slack.com/",
        "team": space.name,
        "user": "signpost",
        "team_id": space.id,
        "user_id": space.bot,
        "bot_id": space.bot_id,
        "is_enterprise_install": False,
    }


def _open(space: Workspace, arguments: Json) -> Json:
    if arguments.get("channel"):
        channel = space.channel(str(arguments["channel"]))
    else:
        users = _named(arguments, "users").split(",")
        if len(users) > 1:
            raise Refused("missing_scope")
        channel = space.direct(users[0])
    full = _is(arguments, "return_im")
    return {"channel": _channel_json(channel) if full else {"id": channel.id}}


def _info(space: Workspace, arguments: Json) -> Json:
    return {"channel": _channel_json(_readable(space, arguments))}


def _history(space: Workspace, arguments: Json) -> Json:
    """Newest first, without the replies in threads, and with metadata only when it is asked for."""
    channel = _readable(space, arguments)
    posts = [post for post in channel.shown_to("") if not post.thread and _between(post, arguments)]
    return _page(space, posts[::-1], arguments)


def _replies(space: Workspace, arguments: Json) -> Json:
    """The thread's first message, then its replies, oldest first."""
    channel = _readable(space, arguments)
    first = _named(arguments, "ts")
    if first not in channel.posts:
        raise Refused("thread_not_found")
    posts = [post for post in channel.shown_to("") if first in (post.ts, post.thread)]
    return _page(space, [post for post in posts if post.ts == first or _between(post, arguments)], arguments)


def _user_info(space: Workspace, arguments: Json) -> Json:
    return {"user": _user_json(space, space.user(_named(arguments, "user")))}


def _user_by_email(space: Workspace, arguments: Json) -> Json:
    wanted = _named(arguments, "email").lower()
    for user in space.users.values():
        if user.email.lower() == wanted:
            return {"user": _user_json(space, user)}
    raise Refused("users_not_found")


def _drafted(space: Workspace, channel: Channel, arguments: Json) -> Post:
    blocks = valid(arguments.get("blocks"), "message")
    text = _short_enough(str(arguments.get("text") or ""))
    if not text and not blocks:
        raise Refused("no_text")
    return Post(space.stamp(), channel.id, space.bot, text, blocks, thread=str(arguments.get("thread_ts") or ""))


def _short_enough(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Refused("msg_too_long")
    return text


def _metadata(arguments: Json) -> Json | None:
    metadata = decode(arguments.get("metadata"), "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    return metadata


def _writable(space: Workspace, id: str) -> Channel:
    """The channel of that id, or the direct chat with that user; the bot must be in it."""
    if id in space.users:
        return space.direct(id)
    channel = space.channel(id)
    if channel.archived:
        raise Refused("is_archived")
    if not channel.bot_in:
        raise Refused("not_in_channel")
    return channel


def _readable(space: Workspace, arguments: Json) -> Channel:
    """Direct chats only: the app has no scope for the history of channels, and must not."""
    channel = space.channel(_named(arguments, "channel"))
    if not channel.direct:
        raise Refused("missing_scope")
    return channel


def _own(space: Workspace, channel: Channel, arguments: Json, otherwise: str) -> Post:
    """Our own message with this timestamp. Ephemeral ones can't be named by it."""
    post = channel.post(_named(arguments, "ts"))
    if post.only_for:
        raise Refused("message_not_found")
    if post.author != space.bot:
        raise Refused(otherwise)
    return post


def _named(arguments: Json, name: str) -> str:
    value = arguments.get(name)
    if not value:
        raise Refused("channel_not_found" if name == "channel" else "invalid_arguments", [f"{name} is missing"])
    return str(value)


def _is(arguments: Json, name: str) -> bool:
    return str(arguments.get(name, "")).lower() in ("1", "true")


def _between(post: Post, arguments: Json) -> bool:
    oldest, latest = _number(arguments, "oldest", 0.0), _number(arguments, "latest", float("inf"))
    if _is(arguments, "inclusive"):
        return oldest <= float(post.ts) <= latest
    return oldest < float(post.ts) < latest


def _number(arguments: Json, name: str, otherwise: float) -> float:
    try:
        return float(arguments.get(name) or otherwise)
    except ValueError:
        raise Refused("invalid_arguments", [f"{name} is not a number"]) from None


def _page(space: Workspace, posts: list[Post], arguments: Json) -> Json:
    start, size = int(_number(arguments, "cursor", 0)), int(_number(arguments, "limit", PAGE))
    with_metadata = _is(arguments, "include_all_metadata")
    shown: list[Json] = []
    for post in posts[start : start + size]:
        more: Json = {"metadata": post.metadata} if with_metadata and post.metadata else {}
        shown.append(message_json(space, post) | more)
    more_left = start + size < len(posts)
    following = {"response_metadata": {"next_cursor": str(start + size)}} if more_left else {}
    return {"messages": shown, "has_more": more_left, **following}


def _channel_json(channel: Channel) -> Json:
    if channel.direct:
        return {"id": channel.id, "is_im": True, "user": next(iter(channel.members)), "is_archived": False}
    return {"id": channel.id, "name": channel.name, "is_channel": True, "is_archived": channel.archived}


def _user_json(space: Workspace, user: User) -> Json:
    here = space.clock().astimezone(ZoneInfo(user.zone))
    offset = here.utcoffset()
    profile: dict[str, Any] = {"real_name": user.name, "display_name": user.name, "team": space.id}
    if user.email:
        profile["email"] = user.email
    return {
        "id": user.id,
        "team_id": space.id,
        "name": user.handle,
        "deleted": False,
        "real_name": user.name,
        "tz": user.zone,
        "tz_label": here.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_admin": False,
        "is_restricted": user.guest,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "locale": user.locale,
    }
