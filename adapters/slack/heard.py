"""From what Slack delivers to what a person said, pressed or filled in: pure functions of a payload and the time."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from adapters.slack.markup import clean, plain, without_mention
from adapters.slack.modals import FORM, NOT_CHOSEN, Origin, read_origin
from adapters.slack.packing import opened
from adapters.slack.payloads import BlockActions, Event, EventCallback, Given, Named, SlashCommand, ViewSubmission
from bot.inbound import AccountRef, Address, Here, Inbound
from bot.ui import Audience

SLACK = "slack"
RESPONSE_URL_LIVES = timedelta(minutes=30)
_SPOKEN = (None, "file_share", "thread_broadcast")

Kind = Literal["direct", "group", "channel"]


class WorkspaceEvent(NamedTuple):
    """Something happened to a workspace or an account; `key` is Slack's event id, `user` the account's, if any.

    `kind` is one of app_home_opened, app_uninstalled, tokens_revoked (the bot's), user_change, team_join.
    """

    kind: str
    key: str
    installation: str
    account: AccountRef | None = None


class Place(NamedTuple):
    """A conversation as one installation knows it, and the person in it who acts."""

    installation: str
    kind: Kind
    user: str
    channel: str = ""
    thread: str = ""

    def shared(self, thread: str = "", message: str = "") -> Address:
        """The conversation itself; a direct chat with us is addressed by its user."""
        thread = thread or self.thread
        if self.kind == "direct":
            via = {"channel": self.channel} if self.channel else {}
            return Address(SLACK, self.installation, self.user, thread=thread, message=message, via=via)
        return Address(SLACK, self.installation, conversation=self.channel, thread=thread, message=message)

    def unseen(self) -> Address:
        """Where only this person sees it, in the same conversation."""
        if self.kind == "direct":
            return self.shared()
        return Address(SLACK, self.installation, conversation=self.channel, thread=self.thread, only_for=self.user)

    def answered(self, response_url: str, now: datetime, replace: bool = False) -> Address:
        """Through the response URL while it lives (30 minutes), then the person's direct chat."""
        via = {"response_url": response_url} | ({"replace": "yes"} if replace else {})
        direct = self.kind == "direct"
        if self.thread and not direct:
            via["thread"] = self.thread  # a thread of this conversation, which the direct chat does not have
        thread = self.thread if direct else ""
        return Address(SLACK, self.installation, self.user, thread=thread, via=via, until=now + RESPONSE_URL_LIVES)

    def here(self, message: str = "") -> Here:
        """The conversation as the core keeps it: it belongs to the installation, wherever the person comes from."""
        return Here(SLACK, self.installation, self.kind, self.channel, self.thread, message)


def from_command(typed: SlashCommand, main: str, now: datetime) -> Inbound:
    """A slash command as the words it stands for: `/ask x` and `/signpost ask x` are both "ask x"."""
    name = typed.command.removeprefix("/")
    words = plain(typed.text).strip()
    said = words if name == main else f"{name} {words}".strip()
    kind = _kind(typed.channel_id, typed.channel_name)
    # A command typed in a direct chat may be in one with a colleague, which we can't post to: only the user is ours.
    channel = "" if kind == "direct" else typed.channel_id
    place = Place(typed.team_id, kind, typed.user_id, channel)
    return Inbound(
        key=typed.trigger_id,
        account=AccountRef(SLACK, typed.team_id, typed.user_id),
        here=place.here(),
        private=place.answered(typed.response_url, now) if typed.response_url else place.unseen(),
        public=place.shared(),
        said=said,
        name=typed.user_name,
        body_shows=frozenset({Audience.ME, Audience.EVERYONE}),
        opens_forms=True,
    )


def from_action(pressed: BlockActions, now: datetime) -> Inbound | None:
    """A pressed button as the command it carries; None for anything else that can be pressed."""
    payload = pressed.actions[0].value
    if payload is None or pressed.actions[0].type not in ("", "button"):
        return None
    tenant = pressed.user.team_id or _installation(pressed)
    place, message = _pressed_at(pressed)
    private, original = _replies(pressed, place, now)
    return Inbound(
        key=pressed.trigger_id,
        account=AccountRef(SLACK, tenant, pressed.user.id),
        here=place.here(message),
        private=private,
        public=place.shared(place.thread or ("" if place.kind == "direct" else message)),
        original=original,
        payload=opened(payload),
        name=_name(pressed.user),
        opens_forms=True,
    )


def from_submission(submitted: ViewSubmission) -> Inbound | None:
    """A filled-in modal as the command it completes with its answers; None for a modal that is not ours."""
    if submitted.view.callback_id != FORM:
        return None
    origin = read_origin(submitted.view.private_metadata)
    installation = _installation(submitted)
    tenant = submitted.user.team_id or installation
    place = Place(installation, origin.kind, submitted.user.id, origin.channel, origin.thread)
    unread = frozenset[Audience]() if origin.kind == "direct" else frozenset({Audience.EVERYONE})
    return Inbound(
        key=submitted.trigger_id,
        account=AccountRef(SLACK, tenant, submitted.user.id),
        here=place.here(origin.message),
        private=place.unseen(),
        public=place.shared(),
        original=place.shared(message=origin.message) if origin.message else None,
        payload=origin.command,
        answers=_answers(submitted),
        name=_name(submitted.user),
        body_shows=frozenset(Audience) - unread,  # a modal shows it to one person, not to the channel
        opens_forms=True,
    )


def from_message(delivered: EventCallback) -> Inbound | None:
    """Words in the direct chat with us, or a mention of us elsewhere; None for what no person said to us."""
    event = delivered.event
    user, channel = event.user, event.channel
    bot = delivered.authorizations[0].user_id or "" if delivered.authorizations else ""
    mentioned = event.type == "app_mention"
    if not mentioned and (event.type != "message" or event.channel_type != "im"):
        return None
    if event.bot_id or event.subtype not in _SPOKEN or not isinstance(user, str) or not isinstance(channel, str):
        return None
    if user in ("", bot, "USLACKBOT") or not channel:
        return None
    installation = event_installation(delivered)
    tenant = _tenant(delivered, installation)
    place = Place(installation, "channel" if mentioned else "direct", user, channel, event.thread_ts or "")
    return Inbound(
        key=delivered.event_id,
        account=AccountRef(SLACK, tenant, user),
        here=place.here(event.ts),
        private=place.unseen(),
        public=place.shared(place.thread or (event.ts if mentioned else "")),
        said=_said(event, bot, mentioned),
    )


def from_workspace(delivered: EventCallback) -> WorkspaceEvent | None:
    """What happened to the workspace or to an account; None when it does not concern us."""
    event = delivered.event
    if event.type == "tokens_revoked" and not (event.tokens or {}).get("bot"):
        return None
    if event.type not in ("app_home_opened", "app_uninstalled", "tokens_revoked", "user_change", "team_join"):
        return None
    installation = event_installation(delivered)
    account = None
    if isinstance(event.user, Named):
        account = AccountRef(SLACK, event.user.team_id or installation, event.user.id)
    elif event.user:
        account = AccountRef(SLACK, _tenant(delivered, installation), event.user)
    return WorkspaceEvent(event.type, delivered.event_id, installation, account)


def event_installation(delivered: EventCallback) -> str:
    """The installation an event is for: with Slack Connect, not the workspace that it happened in."""
    first = delivered.authorizations[0] if delivered.authorizations else None
    found = (first.team_id or first.enterprise_id) if first else None
    return found or delivered.team_id or delivered.enterprise_id or ""


def origin_of(inbound: Inbound) -> Origin:
    """What a modal opened now must remember."""
    here = inbound.here
    return Origin("", here.kind, here.conversation, here.thread, here.message)


def _pressed_at(pressed: BlockActions) -> tuple[Place, str]:
    """Where the button stands, or where its modal was opened from, and the message there."""
    installation = _installation(pressed)
    container, channel = pressed.container, pressed.channel
    if pressed.view is not None:
        origin = read_origin(pressed.view.private_metadata)
        return Place(installation, origin.kind, pressed.user.id, origin.channel, origin.thread), origin.message
    name = channel.name if channel is not None else ""
    place = channel.id if channel is not None else container.channel_id
    kind = _kind(place, name)
    if kind == "direct" and container.is_ephemeral:
        place = ""  # A direct chat with a colleague, perhaps: only the user is surely ours.
    thread = container.thread_ts or (pressed.message.thread_ts if pressed.message is not None else "")
    return Place(installation, kind, pressed.user.id, place, thread), container.message_ts


def _replies(pressed: BlockActions, place: Place, now: datetime) -> tuple[Address, Address | None]:
    """Where a private reply goes, and what REPLACE redraws: the modal, the ephemeral message, or the message."""
    if pressed.view is not None:
        thread = place.thread if place.kind == "direct" else ""
        via = {"view": pressed.view.id, "origin": pressed.view.private_metadata}
        shown = Address(SLACK, place.installation, pressed.user.id, thread=thread, via=via)
        return shown, shown
    url = pressed.response_url
    private = place.answered(url, now) if url and place.kind != "direct" else place.unseen()
    if pressed.container.is_ephemeral:
        return private, place.answered(url, now, replace=True) if url else None
    message = pressed.container.message_ts
    return private, place.shared(message=message) if message else None


def _answers(submitted: ViewSubmission) -> dict[str, str]:
    values = submitted.view.state.values if submitted.view.state is not None else {}
    return {name: _answer(given) for name, held in values.items() for given in held.values()}


def _answer(given: Given) -> str:
    if given.type == "checkboxes":
        return "yes" if given.selected_options else ""
    if given.selected_option is not None:
        return "" if given.selected_option.value == NOT_CHOSEN else given.selected_option.value
    return clean(given.value or given.selected_date or given.selected_time or "")


def _said(event: Event, bot: str, mentioned: bool) -> str:
    text = event.text or ""
    if mentioned or (bot and f"<@{bot}" in text):
        text = without_mention(text, bot)
    return plain(text).strip()


def _kind(channel: str, name: str) -> Kind:
    if name == "directmessage" or channel.startswith("D"):
        return "direct"
    return "group" if name.startswith("mpdm-") else "channel"


def _name(user: Named) -> str:
    return user.name or user.username


def _installation(payload: BlockActions | ViewSubmission) -> str:
    """The workspace whose installation this came through; an organisation-wide one names no team."""
    if payload.view is not None and payload.view.app_installed_team_id:
        return payload.view.app_installed_team_id
    if payload.team is not None:
        return payload.team.id
    return payload.user.team_id or (payload.enterprise.id if payload.enterprise is not None else "")


def _tenant(delivered: EventCallback, installation: str) -> str:
    """The person's own workspace. One from another organisation is never taken for one of ours."""
    own = delivered.event.user_team or delivered.event.team or delivered.team_id or installation
    if not own.startswith("E"):
        return own
    if own == delivered.enterprise_id:
        return delivered.team_id or installation
    return own
