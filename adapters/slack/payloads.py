"""The shapes of what Slack sends, as far as we read them; what does not fit them is Malformed.

Sources: docs.slack.dev/interactivity/implementing-slash-commands, /reference/interaction-payloads, /apis/events-api.
"""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct, field

from adapters.slack.packing import Malformed

Identifier = Annotated[str, Meta(min_length=1, max_length=255)]


class SlashCommand(Struct, frozen=True):
    """Somebody typed a slash command."""

    command: Identifier
    team_id: Identifier
    user_id: Identifier
    channel_id: Identifier
    trigger_id: Identifier
    text: str = ""
    user_name: str = ""
    channel_name: str = ""
    response_url: str = ""


class Named(Struct, frozen=True):
    """A user, team or channel inside another payload."""

    id: Identifier
    name: str = ""
    username: str = ""
    team_id: str | None = None


class Container(Struct, frozen=True):
    """Where the pressed thing stands."""

    type: str = ""
    message_ts: str = ""
    thread_ts: str = ""
    channel_id: str = ""
    is_ephemeral: bool = False


class Holding(Struct, frozen=True):
    """The message that holds what was pressed."""

    ts: str = ""
    thread_ts: str = ""


class Pressed(Struct, frozen=True):
    """The one thing pressed; only buttons have a value."""

    action_id: str
    type: str = ""
    value: str | None = None


class Chosen(Struct, frozen=True):
    """An option that somebody chose."""

    value: str


class Given(Struct, frozen=True):
    """What one field of a modal holds."""

    type: str = ""
    value: str | None = None
    selected_option: Chosen | None = None
    selected_options: list[Chosen] | None = None
    selected_date: str | None = None
    selected_time: str | None = None


class State(Struct, frozen=True):
    """The fields of a modal, by block id and action id."""

    values: dict[str, dict[str, Given]] = field(default_factory=dict)


class View(Struct, frozen=True):
    """An open modal."""

    id: Identifier
    type: Identifier
    callback_id: str = ""
    private_metadata: str = ""
    state: State | None = None
    app_installed_team_id: str | None = None


class BlockActions(Struct, frozen=True):
    """Somebody pressed something in a message or a modal."""

    user: Named
    trigger_id: Identifier
    actions: Annotated[list[Pressed], Meta(min_length=1)]
    team: Named | None = None
    enterprise: Named | None = None
    container: Container = Container()
    channel: Named | None = None
    message: Holding | None = None
    view: View | None = None
    response_url: str = ""


class ViewSubmission(Struct, frozen=True):
    """Somebody submitted a modal."""

    user: Named
    view: View
    trigger_id: Identifier
    team: Named | None = None
    enterprise: Named | None = None


class Authorization(Struct, frozen=True):
    """The installation that an event is delivered for; its user is our bot."""

    team_id: str | None = None
    enterprise_id: str | None = None
    user_id: str | None = None


class Event(Struct, frozen=True):
    """What happened. `user` is an id, or the whole user in `user_change` and `team_join`."""

    type: Identifier
    user: str | Named | None = None
    text: str | None = None
    channel: str | Named | None = None
    channel_type: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    ts: str = ""
    thread_ts: str | None = None
    team: str | None = None
    user_team: str | None = None
    tokens: dict[str, Any] | None = None


class EventCallback(Struct, frozen=True):
    """One delivery of the Events API."""

    event_id: Identifier
    event: Event
    team_id: str | None = None
    enterprise_id: str | None = None
    context_team_id: str | None = None
    authorizations: list[Authorization] | None = None


Shape = TypeVar("Shape")


def shaped(payload: object, shape: type[Shape]) -> Shape:
    """The payload in this shape, Malformed when it does not fit; the message names the place, never the content."""
    try:
        return msgspec.convert(payload, shape)
    except msgspec.ValidationError as error:
        raise Malformed(str(error)) from None
