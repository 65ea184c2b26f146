"""A Slack on your own machine: it speaks the real wire protocol to the real adapter over HTTP.

It signs what it sends, checks what it gets, and holds back what the real one holds back: a channel message
without a mention, the history of channels, an ephemeral message from everyone else.
The behaviour follows docs.slack.dev as of late 2026.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aiohttp import web

from adapters.local.faults import Faults
from adapters.local.rates import Rates, slack_limits
from adapters.local.seen import Json, Message, View
from adapters.local.slack_acts import Acts
from adapters.local.slack_api import WebApi
from adapters.local.slack_replies import Replies
from adapters.local.slack_state import Channel, Refused, User, Workspace, message_json
from adapters.local.slack_views import Views
from adapters.local.slack_wire import SignatureFault, SlackWire
from adapters.local.traffic import Delivered, Exchange, Request

COMMANDS = ("/signpost", "/ask", "/whoknows", "/showcase")


class LocalSlack:
    """Many workspaces in one. People act through its methods; Signpost calls it back over HTTP.

    `commands` are the slash commands that the app has registered.
    `wire.deadline` is how long Slack waits for an answer: 3 seconds. `stop` closes its connections.
    """

    def __init__(self, *, signing_secret: str, events_url: str, public_url: str, clock: Callable[[], datetime]) -> None:
        self.public_url = public_url.rstrip("/")
        self.faults = Faults()
        self.commands = set(COMMANDS)
        self.wire = SlackWire(signing_secret, events_url, clock)
        self._views = Views(self.wire)
        self._replies = Replies(self.wire, self.public_url)
        self._acts = Acts(self.wire, self._views, self._replies)
        self._api = WebApi(self.wire, self._views, self._replies, self.faults)

    @property
    def api_url(self) -> str:
        """The base of the Web API, as the SDK's `base_url` wants it."""
        return f"{self.public_url}/api/"

    @property
    def requests(self) -> list[Request]:
        """Every request that Signpost made, oldest first; `response_url` is the method of posts to those."""
        return self.wire.requests

    @property
    def problems(self) -> list[str]:
        """What Signpost did that the real Slack would not have shown or accepted, in sentences."""
        return self.wire.problems

    def reset(self) -> None:
        """Requests, deliveries, problems and faults are forgotten; messages stay."""
        for kept in (self.wire.requests, self.wire.deliveries, self.wire.problems, self.wire.spoilt):
            kept.clear()
        self.faults.clear()

    def routes(self) -> list[web.RouteDef]:
        """What to serve under the public URL."""
        return self._api.routes(self.public_url)

    async def stop(self) -> None:
        """The connections to Signpost are closed."""
        await self.wire.stop()

    def watch(self, watcher: Callable[[str, Iterable[str]], None]) -> None:
        """`watcher(team, users)` is called whenever these users see something new."""
        self.wire.watchers.append(watcher)

    def keep_limits(self) -> None:
        """From now on Slack's own rate limits hold: what is too fast is answered 429."""
        self.faults.rates = Rates(slack_limits(), self.wire.clock)

    def add_workspace(self, team: str, name: str, bot_token: str) -> None:
        """A workspace where the app is installed. The bot's user id is another one in each."""
        self.wire.spaces[team] = Workspace(team, name, bot_token, f"U0SIGNPOST{team[1:]}", self.wire.clock)

    def add_user(
        self, team: str, user: str, name: str, *, email: str = "", zone: str = "Europe/London", guest: bool = False
    ) -> None:
        """A person in a workspace."""
        self._space(team).users[user] = User(user, name, email, zone, guest)

    def set_locale(self, team: str, user: str, locale: str) -> None:
        """The person's client is set to this language and country: "cy-GB"."""
        space = self._space(team)
        space.users[user] = replace(space.users[user], locale=locale)

    def add_channel(self, team: str, channel: str, name: str, members: Sequence[str], *, bot: bool = True) -> None:
        """A channel with these members; the bot is in it unless told otherwise."""
        self._space(team).channels[channel] = Channel(channel, name, set(members), bot_in=bot)

    def archive(self, team: str, channel: str) -> None:
        """The channel is archived: nothing can be posted there."""
        self._space(team).channel(channel).archived = True

    def bot_user(self, team: str) -> str:
        """The bot's user id in this workspace."""
        return self._space(team).bot

    def direct(self, team: str, user: str) -> str:
        """The id of this user's direct chat with the bot."""
        return self._space(team).direct(user).id

    def people(self, team: str) -> list[User]:
        """Everyone in this workspace."""
        return list(self._space(team).users.values())

    def channels(self, team: str) -> list[Channel]:
        """Its channels, without the direct chats."""
        return [channel for channel in self._space(team).channels.values() if not channel.direct]

    async def command(
        self, team: str, user: str, command: str = "/signpost", text: str = "", channel: str = ""
    ) -> Delivered:
        """A slash command; "" is the direct chat with the bot. The answer in the body is shown."""
        space = self._space(team)
        return await self._acts.command(space, space.user(user), space.place(user, channel), command, text)

    async def say(self, team: str, user: str, text: str, *, channel: str = "", thread: str = "") -> Delivered:
        """A message: delivered as `message.im`, or as `app_mention` if it mentions the bot, else not at all."""
        space = self._space(team)
        return await self._acts.say(space, space.user(user), space.place(user, channel), text, thread)

    async def press(
        self,
        team: str,
        user: str,
        message_id: str,
        label_or_action_id: str,
        *,
        channel: str = "",
        values: Mapping[str, str] | None = None,
    ) -> Delivered:
        """A press on a message that this person sees, or on the open view with that id; `values` by action id."""
        space = self._space(team)
        person = space.user(user)
        for view in (self._views.top(team, user), self._views.homes.get((team, user))):
            if view is not None and view.id == message_id:
                return await self._acts.press_in_view(space, person, view, label_or_action_id, values or {})
        place = space.place(user, channel)
        post = place.post(message_id)
        if post.only_for not in ("", user):
            raise Refused("message_not_found")
        return await self._acts.press(space, person, place, post, (label_or_action_id, values or {}))

    async def submit(self, team: str, user: str, answers: Mapping[str, str]) -> Delivered:
        """The open modal with these answers, by block id, action id or label. Its answer is applied.

        Several choices are joined by commas. Nothing is sent where Slack's own form would object: see `refused`.
        """
        space = self._space(team)
        return await self._acts.submit(space, space.user(user), answers)

    async def close(self, team: str, user: str) -> None:
        """The open modal is closed."""
        space = self._space(team)
        await self._acts.close(space, space.user(user))

    def seen(self, team: str, user: str, channel: str = "") -> list[Message]:
        """What this user sees there now, oldest first, threads included."""
        space = self._space(team)
        place = space.place(user, channel)
        return [space.seen(place, post, user) for post in place.shown_to(user)]

    def modal(self, team: str, user: str) -> View | None:
        """The modal on top of this user's screen."""
        view = self._views.top(team, user)
        return view.shown() if view else None

    def home(self, team: str, user: str) -> View | None:
        """This user's Home tab."""
        view = self._views.homes.get((team, user))
        return view.shown() if view else None

    async def open_home(self, team: str, user: str) -> Delivered:
        """The Home tab is opened, and the app hears of it."""
        space = self._space(team)
        at = space.stamp()
        event = {"type": "app_home_opened", "user": user, "tab": "home", "event_ts": at}
        return await self.event(team, event | {"channel": space.direct(user).id})

    async def event(self, team: str, event: Json) -> Delivered:
        """Any event of the Events API in its envelope: `app_uninstalled`, `user_change` and the like."""
        return await self.wire.event(self._space(team), event)

    async def echo(self, team: str, user: str, message_id: str) -> Delivered:
        """The bot's own message in this user's direct chat comes back to it as an event, as with the real Slack."""
        space = self._space(team)
        channel = space.direct(user)
        shown = message_json(space, channel.post(message_id))
        return await self.event(team, shown | {"channel": channel.id, "channel_type": "im", "event_ts": message_id})

    async def redeliver(self, earlier: Delivered, reason: str = "http_timeout") -> Delivered:
        """The same event again with the same id, at most 3 times, and not if the answer said no retry."""
        return await self.wire.again(earlier, reason)

    async def deliver(self, body: bytes, content_type: str) -> Delivered:
        """Any body at all, signed as Slack signs: what is malformed too."""
        return await self.wire.signed(body, content_type)

    def spoil_signature(self, fault: SignatureFault, times: int = 1) -> None:
        """The next deliveries have a bad, an old (over 300 s) or a missing signature."""
        self.wire.spoilt += [fault] * times

    def carried(self, team: str, conversation: str, message: str) -> list[Exchange]:
        """The requests that caused or carried this message, oldest first."""
        return self.wire.carried.get((f"{team}/{conversation}", message), [])

    def _space(self, team: str) -> Workspace:
        return self.wire.spaces[team]
