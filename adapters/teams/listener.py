"""What each kind of Teams activity becomes, and what the response to a pressed button shows."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from botbuilder.core import TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity

from adapters.teams import activities
from adapters.teams.activities import Malformed, Sighting, TeamsEvent
from adapters.teams.render import Place, adaptive_card
from bot.inbound import Handled, Inbound
from bot.text import say, t
from bot.ui import Card

ANSWER = "signpost.answer"
"""Where a turn keeps the status and body of its invoke's response."""
CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"

Handle = Callable[[Inbound], Awaitable[Handled]]
OnEvent = Callable[[TeamsEvent], Awaitable[None]]
Saw = Callable[[Sighting], None]


class Listener(TeamsActivityHandler):
    """What each kind of activity becomes. Kinds that Signpost has no use for are received and let be."""

    def __init__(self, handle: Handle, on_event: OnEvent | None, saw: Saw | None) -> None:
        self._handle = handle
        self._on_event = on_event
        self._saw = saw

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Typed words, or Action.Submit; Teams shows nothing of our response, so the reply is a message."""
        activity = turn_context.activity
        if activities.is_from_a_bot(activity):
            return
        inbound = activities.said(activity)
        self._remember(activity)
        await self._handle(inbound)

    async def on_invoke_activity(self, turn_context: TurnContext) -> None:
        """Action.Execute; 501 to every other invoke, as the Bot Framework expects of a bot that lacks it.

        The response is kept beside the turn, since botbuilder answers 500 to an invoke response with a body.
        """
        activity = turn_context.activity
        if activity.name != "adaptiveCard/action":
            turn_context.turn_state[ANSWER] = (501, None)
            return
        try:
            inbound = activities.pressed(activity)
        except Malformed as missing:
            value = {"code": "BadRequest", "message": f"{missing} is missing"}
            turn_context.turn_state[ANSWER] = (400, {"statusCode": 400, "type": ERROR, "value": value})
            return
        self._remember(activity)
        handled = await self._handle(inbound)
        drawn = invoke_response(handled, activities.form_of(activity), aside=activities.is_targeted(activity))
        turn_context.turn_state[ANSWER] = (200, drawn)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """We came or left, or the conversation changed; botbuilder's own would ask the connector about members."""
        activity = turn_context.activity
        if activities.concerns_us(activity, activity.members_added):
            await self._tell(activity, "added")
        elif activities.concerns_us(activity, activity.members_removed):
            await self._tell(activity, "removed")
        elif not activity.members_added and not activity.members_removed:
            await self._tell(activity, "changed")

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        """The app was installed, upgraded or removed."""
        activity = turn_context.activity
        await self._tell(activity, "removed" if str(activity.action).startswith("remove") else "added")

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        """An edited message changes nothing; botbuilder's own would fail on channel data of another shape."""

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        """A deleted message changes nothing, as above."""

    async def on_event_activity(self, turn_context: TurnContext) -> None:
        """Meetings and read receipts are not ours, as above."""

    async def _tell(self, activity: Activity, kind: Literal["added", "removed", "changed"]) -> None:
        if self._on_event is not None:
            await self._on_event(activities.event(activity, kind))

    def _remember(self, activity: Activity) -> None:
        if self._saw is not None:
            self._saw(activities.sighting(activity))


def invoke_response(handled: Handled, pressed: Place | None, *, aside: bool) -> dict[str, Any]:
    """What Teams shows where the button was: a form, a reply, or a word when the reply is a message.

    Only the one who pressed sees it, in that client, until the message is edited ("User specific views",
    learn.microsoft.com). So what must last is an edit from the tray; forms and private replies need not.
    `pressed` is the form that was sent in, if one was: drawn over a card, it gives way to a card. `aside` says that
    the message was this person's alone before.
    """
    shown = handled.form or (handled.reply.body if handled.reply else None)
    if shown is None and pressed == "here":
        shown = Card(t("Done. The answer is a message from Signpost."))
    if shown is None:
        return {"statusCode": 200, "type": MESSAGE, "value": say(t("Done"), handled.reader)}
    place: Place = "message" if pressed == "message" else "here"
    return {"statusCode": 200, "type": CARD, "value": adaptive_card(shown, handled.reader, place, aside=aside)}
