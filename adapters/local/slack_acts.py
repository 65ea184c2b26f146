"""What people do in a local Slack, and how its app sees it: commands, messages, presses and submitted modals."""

from collections.abc import Mapping
from typing import Any

from adapters.local.seen import Json
from adapters.local.slack_blocks import Input, element, inputs, is_empty, state_of, unknown, value_of
from adapters.local.slack_replies import Replies, Source
from adapters.local.slack_state import APP_ID, Channel, Post, Refused, User, Workspace, message_json
from adapters.local.slack_views import OpenView, Views, view_json
from adapters.local.slack_wire import SlackWire, who
from adapters.local.traffic import NOT_SENT, Delivered


class Acts:
    """Each act is one signed request, held back where the real Slack holds it back, and its answer applied."""

    def __init__(self, wire: SlackWire, views: Views, replies: Replies) -> None:
        self._wire = wire
        self._views = views
        self._replies = replies

    async def command(self, space: Workspace, user: User, channel: Channel, command: str, text: str) -> Delivered:
        """A slash command. What comes back in the body is shown; a failure is shown to the person as Slack does."""
        source = Source(space, channel, user.id, said=f"{command} {text}".strip())
        fields = {
            "token": "legacy-verification-token",
            "team_id": space.id,
            "team_domain": space.domain,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": user.id,
            "user_name": user.handle,
            "command": command,
            "text": space.encoded(text),
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._replies.open(source),
            "trigger_id": self._views.triggers.new(space.id, user.id),
        }
        delivered = await self._wire.form(fields)
        self._answered(source, command, delivered)
        return delivered

    def _answered(self, source: Source, command: str, delivered: Delivered) -> None:
        if delivered.status != 200:
            error = "dispatch_failed" if delivered.status else "operation_timeout"
            self._wire.report(f"{command} was answered with {delivered.status or delivered.body}")
            self._replies.notice(source, f"{command} failed with the error “{error}”")
            return
        if not delivered.body.strip():
            return
        body = delivered.json if isinstance(delivered.json, dict) else {"text": delivered.body}
        try:
            self._replies.apply(source, body, delivered.exchange)
        except Refused as refused:
            self._wire.report(f"The answer to {command} got {refused.error}: {refused.details}")
            self._replies.notice(source, f"{command} failed with the error “{refused.error}”")

    async def say(self, space: Workspace, user: User, channel: Channel, text: str, thread: str) -> Delivered:
        """A message. Direct chats are delivered; in channels only what mentions the bot, and only where it is."""
        post = Post(space.stamp(), channel.id, user.id, space.encoded(text), thread=thread)
        space.add(channel, post)
        self._wire.redrawn(space, channel, post)
        event = _message_event(space, channel, post)
        if event is None:
            return NOT_SENT
        delivered = await self._wire.event(space, event)
        self._wire.carry(f"{space.id}/{channel.id}", post.ts, delivered.exchange)
        return delivered

    async def press(
        self, space: Workspace, user: User, channel: Channel, post: Post, pressed: tuple[str, Mapping[str, str]]
    ) -> Delivered:
        """A press of `pressed` (label or action id, and the values filled in) on a message. The body is ignored."""
        name, values = pressed
        block, part = element(post.blocks, name)
        source = Source(space, channel, user.id, original=post.ts)
        payload = self._pressed(space, user, block, part | _chosen(part, values))
        place = {"message_ts": post.ts, "channel_id": channel.id, "is_ephemeral": bool(post.only_for)}
        payload |= {
            "container": {"type": "message"} | place | ({"thread_ts": post.thread} if post.thread else {}),
            "channel": {"id": channel.id, "name": channel.name},
            "state": {"values": state_of(post.blocks, values)},
            "response_url": self._replies.open(source),
        }
        if not post.only_for:
            # Slack doesn't keep ephemeral messages, so it can't send them along.
            payload["message"] = message_json(space, post)
        delivered = await self._wire.interaction(payload)
        self._wire.carry(f"{space.id}/{channel.id}", post.ts, delivered.exchange)
        return delivered

    async def press_in_view(
        self, space: Workspace, user: User, view: OpenView, name: str, values: Mapping[str, str]
    ) -> Delivered:
        """A press on a button inside a modal or a Home tab."""
        block, part = element(view.asked["blocks"], name)
        payload = self._pressed(space, user, block, part | _chosen(part, values))
        payload |= {"container": {"type": "view", "view_id": view.id}, "view": view_json(space, view, values)}
        return await self._wire.interaction(payload)

    def _pressed(self, space: Workspace, user: User, block: Json, part: Json) -> Json:
        kept = ("action_id", "type", "text", "value", "style", "selected_option", "selected_options", "selected_date")
        action: Json = {key: part[key] for key in kept if key in part}
        action |= {"block_id": block.get("block_id", ""), "action_ts": space.stamp()}
        trigger = self._views.triggers.new(space.id, user.id)
        return {"type": "block_actions", **who(space, user), "trigger_id": trigger, "actions": [action]}

    async def submit(self, space: Workspace, user: User, answers: Mapping[str, str]) -> Delivered:
        """The top modal with these answers; Slack itself refuses what is empty, too long or not asked for."""
        view = self._views.top(space.id, user.id)
        if view is None:
            return Delivered(refused="No form is open")
        refused = _unfit(view.asked["blocks"], answers)
        if refused:
            return Delivered(refused=refused)
        payload = {
            "type": "view_submission",
            **who(space, user),
            "trigger_id": self._views.triggers.new(space.id, user.id),
            "view": view_json(space, view, answers),
            "response_urls": [],
        }
        delivered = await self._wire.interaction(payload)
        self._submitted(space, view, delivered)
        return delivered

    def _submitted(self, space: Workspace, view: OpenView, delivered: Delivered) -> None:
        if delivered.status != 200:
            self._wire.report(f"A submitted view was answered with {delivered.status or delivered.body}")
            view.errors = {"": "We had some trouble connecting. Try again?"}
            self._wire.changed(space.id, [view.user])
            return
        body: Any = delivered.json if delivered.body.strip() else {}
        action = body.get("response_action") if isinstance(body, dict) else "unreadable"
        try:
            self._act_on(space, view, action, body)
        except Refused as refused:
            self._wire.report(f"The answer to a submitted view got {refused.error}: {refused.details}")
            view.errors = {"": "We had some trouble connecting. Try again?"}

    def _act_on(self, space: Workspace, view: OpenView, action: str | None, body: Json) -> None:
        if action is None:
            self._views.drop(space.id, view.user)
        elif action == "errors":
            self._views.show_errors(space.id, view, body.get("errors", {}))
        elif action == "update":
            self._views.redraw(space, view, body.get("view"))
        elif action == "push":
            self._views.put_on_top(space, view.user, body.get("view"))
        elif action == "clear":
            self._views.drop(space.id, view.user, everything=True)
        else:
            raise Refused("invalid_response_action")

    async def close(self, space: Workspace, user: User) -> None:
        """The top modal is closed; the app hears of it only where it asked to."""
        view = self._views.top(space.id, user.id)
        if view is None:
            return
        self._views.drop(space.id, user.id)
        if view.asked.get("notify_on_close"):
            closed = {"type": "view_closed", **who(space, user), "view": view_json(space, view), "is_cleared": False}
            await self._wire.interaction(closed)


def _message_event(space: Workspace, channel: Channel, post: Post) -> Json | None:
    """The event that the app gets, if any. A mention inside a direct chat is `message.im` and nothing else."""
    event: Json = {"user": post.author, "ts": post.ts, "text": post.text, "team": space.id}
    event |= {"channel": channel.id, "event_ts": post.ts} | ({"thread_ts": post.thread} if post.thread else {})
    if channel.direct:
        return event | {"type": "message", "channel_type": "im"}
    if channel.bot_in and f"<@{space.bot}" in post.text:
        return event | {"type": "app_mention"}
    return None


def _chosen(part: Json, values: Mapping[str, str]) -> Json:
    """What was chosen in a menu, date picker or group of boxes; nothing for a button."""
    if part["type"] == "button":
        return {}
    return value_of(part, values.get(str(part["action_id"])))


def _unfit(blocks: list[Json], answers: Mapping[str, str]) -> str:
    """Why Slack's own form would not be sent: an input is empty, or its text too short or too long."""
    strange = unknown(blocks, answers)
    if strange:
        return f"The form does not ask for {strange}"
    values = state_of(blocks, answers)
    return next((wrong for field in inputs(blocks) if (wrong := _wrong(field, values))), "")


def _wrong(field: Input, values: Mapping[str, Mapping[str, Json]]) -> str:
    state = values[field.block_id][field.element["action_id"]]
    if is_empty(state):
        return "" if field.optional else f"“{field.label}” is required"
    text = state.get("value") or ""
    if len(text) > int(field.element.get("max_length", 3000)):
        return f"“{field.label}” is too long"
    return f"“{field.label}” is too short" if 0 < len(text) < int(field.element.get("min_length", 0)) else ""
