"""Makes what the core understands out of a Teams activity. Pure: nothing is asked of anyone."""

from typing import Any, Literal

import msgspec
from botbuilder.schema import Activity

from adapters.teams.mentions import Mention, typed_words
from adapters.teams.pen import ASIDE
from adapters.teams.render import FIELD, YES_NO
from bot.inbound import AccountRef, Address, Here, Inbound
from bot.ui import Audience

PLATFORM = "teams"
CHANNEL = "msteams"
MEMBER = "member"
"""In `Address.via`: the user's id as the connector knows it ("29:..."), which is not their Entra id."""
SAID_IN = "said_in"
SAID_AT = "said_at"
"""In `Address.via` of a reply to what was said in a channel or group: that thread's id, and its team's name or ""."""

KINDS: dict[object, Literal["direct", "group", "channel"]] = {
    "personal": "direct",
    "groupChat": "group",
    "channel": "channel",
}


class Malformed(Exception):
    """The activity lacks what every activity of its kind has, or holds it in another shape: 400."""


class TeamsEvent(msgspec.Struct, frozen=True):
    """Something happened to us in Teams: the app came to a conversation, left it, or the conversation changed.

    `here` and `address` say where; `account` is who did it, where Teams says so.
    """

    kind: Literal["added", "removed", "changed"]
    tenant: str
    here: Here
    address: Address
    account: AccountRef | None = None


class Sighting(msgspec.Struct, frozen=True):
    """Where a person can be asked about, and the language and time zone that their client told."""

    account: AccountRef
    address: Address
    zone: str = ""
    language: str = ""


def tenant_of(activity: Activity) -> str:
    """The organisation's tenant. botbuilder's `conversation.tenant_id` is always None, so it is read here."""
    data = activity.channel_data
    tenant = data.get("tenant") if isinstance(data, dict) else None
    found = tenant.get("id") if isinstance(tenant, dict) else None
    return _text(found, "channelData.tenant.id")


def said(activity: Activity) -> Inbound:
    """A message of typed words, or of Action.Submit, where Action.Execute was not understood."""
    if isinstance(activity.value, dict) and ("signpost" in activity.value or not activity.text):
        return _pressed(activity, activity.value, opens_forms=False)
    words = typed_words(str(activity.text or ""), _mentions(activity), frozenset({_us(activity)}))
    return _inbound(activity, here(activity), said=words)


def pressed(activity: Activity) -> Inbound:
    """A button or a form: the invoke of Action.Execute."""
    action = activity.value.get("action") if isinstance(activity.value, dict) else None
    data = action.get("data") if isinstance(action, dict) else None
    if not isinstance(data, dict):
        raise Malformed("value.action.data")
    return _pressed(activity, data, opens_forms=True)


def _pressed(activity: Activity, data: dict[str, Any], opens_forms: bool) -> Inbound:
    """A form of its own message is redrawn by the reply; one drawn over a card shows the reply in its place."""
    place, packed = data.get("form"), data.get("signpost")
    pressed_in = str(activity.reply_to_id or "")
    known = here(activity)
    inbound = _inbound(activity, msgspec.structs.replace(known, message=pressed_in))
    original = msgspec.structs.replace(_conversation(activity, known), message=pressed_in) if pressed_in else None
    redrawn = original if place == "message" and known.kind == "direct" else None
    return msgspec.structs.replace(
        inbound,
        payload=packed if isinstance(packed, str) else "{}",
        answers=_answers(data),
        original=original,
        private=redrawn or inbound.private,
        public=redrawn or inbound.public,
        body_shows=frozenset({Audience.ME}) if opens_forms and place == "here" else frozenset(),
        opens_forms=opens_forms,
    )


def form_of(activity: Activity) -> Literal["message", "here"] | None:
    """Which form was sent in with this press: a message of its own, one drawn over a card, or none."""
    form = activity.value["action"]["data"].get("form")
    return form if form in ("message", "here") else None


def _inbound(activity: Activity, known: Here, said: str | None = None) -> Inbound:
    return Inbound(
        key="|".join((known.tenant, _text(activity.conversation.id, "conversation.id"), _text(activity.id, "id"))),
        account=account(activity),
        here=known,
        private=_private(activity, known),
        public=_conversation(activity, known),
        said=said,
        name=str(activity.from_property.name or ""),
        language=_language(activity),
    )


def account(activity: Activity) -> AccountRef:
    """Who did it: the Entra id where Teams gives one, else the connector's id."""
    sender = activity.from_property
    if sender is None:
        raise Malformed("from")
    return AccountRef(PLATFORM, tenant_of(activity), _text(sender.aad_object_id or sender.id, "from.id"))


def here(activity: Activity) -> Here:
    """The conversation, and in a channel the thread: a message that begins one is its own thread."""
    conversation = activity.conversation
    if conversation is None:
        raise Malformed("conversation")
    full = _text(conversation.id, "conversation.id")
    name, _, thread = full.partition(";messageid=")
    kind = KINDS.get(conversation.conversation_type, "group" if conversation.is_group else "direct")
    message = str(activity.id or "")
    return Here(
        platform=PLATFORM,
        tenant=tenant_of(activity),
        kind=kind,
        conversation=name,
        thread=(thread or message) if kind == "channel" and activity.type == "message" else thread,
        message=message,
        service_url=_text(activity.service_url, "serviceUrl"),
    )


def event(activity: Activity, kind: Literal["added", "removed", "changed"]) -> TeamsEvent:
    """What happened to us, with the conversation it happened in."""
    known = here(activity)
    sender = activity.from_property
    person = account(activity) if sender is not None and sender.aad_object_id else None
    return TeamsEvent(kind, known.tenant, known, _conversation(activity, known), person)


def sighting(activity: Activity) -> Sighting:
    """The sender's conversation with us; for a channel its team, since the members are the team's."""
    known = here(activity)
    team = (activity.channel_data or {}).get("team")
    address = _private(activity, known) if known.kind == "channel" else _conversation(activity, known)
    if known.kind == "channel" and isinstance(team, dict) and isinstance(team.get("id"), str):
        address = msgspec.structs.replace(address, user="", conversation=team["id"], thread="")
    zone = str(_client(activity).get("timezone") or "")
    return Sighting(account(activity), address, zone=zone, language=_language(activity))


def _client(activity: Activity) -> dict[str, Any]:
    """What the sender's client tells of itself: its time zone and language."""
    return next((found for found in _extras(activity) if found.get("type") == "clientInfo"), {})


def _language(activity: Activity) -> str:
    return str(_client(activity).get("locale") or activity.locale or "")[:2].lower()


def concerns_us(activity: Activity, accounts: list[Any] | None) -> bool:
    """Whether we are among those who came or left."""
    return any(found is not None and found.id == _us(activity) for found in accounts or ())


def is_from_a_bot(activity: Activity) -> bool:
    """A bot's message, ours among them: nobody asks anything with it."""
    sender = activity.from_property
    return sender is not None and (sender.role == "bot" or str(sender.id or "").startswith("28:"))


def _conversation(activity: Activity, known: Here) -> Address:
    return Address(
        platform=PLATFORM,
        installation=known.tenant,
        conversation=known.conversation,
        thread=known.thread,
        only_for=account(activity).user if is_targeted(activity) else "",
        service_url=known.service_url,
        via=_member(activity) | (_cause(activity, known) if is_targeted(activity) else {}),
    )


def _private(activity: Activity, known: Here) -> Address:
    """In a personal chat that chat; to a targeted message a targeted reply; else the sender's personal chat."""
    if known.kind == "direct" or is_targeted(activity):
        return _conversation(activity, known)
    return Address(
        platform=PLATFORM,
        installation=known.tenant,
        user=account(activity).user,
        service_url=known.service_url,
        via=_member(activity) | _cause(activity, known),
    )


def _cause(activity: Activity, known: Here) -> dict[str, str]:
    """Where it was said: a personal message that is caused elsewhere says so (Teams store validation guidelines)."""
    team = (activity.channel_data or {}).get("team")
    name = team.get("name") if isinstance(team, dict) and known.kind == "channel" else ""
    thread = f";messageid={known.thread}" if known.thread else ""
    return {SAID_IN: known.conversation + thread, SAID_AT: name if isinstance(name, str) else ""}


def _member(activity: Activity) -> dict[str, str]:
    sender = activity.from_property
    return {MEMBER: str(sender.id)} if sender is not None and sender.id else {}


def is_targeted(activity: Activity) -> bool:
    """Whether only the sender and we see it. botbuilder has no field for it, and keeps what it has no field for.

    A press does not say so; our buttons do. Who forges that only hides the reply from the others.
    """
    recipient = activity.recipient
    if recipient is not None and recipient.additional_properties.get("isTargeted") is True:
        return True
    value = activity.value if isinstance(activity.value, dict) else {}
    action = value.get("action")
    data = action.get("data") if isinstance(action, dict) else value
    return isinstance(data, dict) and data.get(ASIDE) is True


def _us(activity: Activity) -> str:
    return str(activity.recipient.id) if activity.recipient is not None else ""


def _extras(activity: Activity) -> list[dict[str, Any]]:
    known = (entity for entity in activity.entities or () if entity is not None)
    return [{"type": entity.type, **entity.additional_properties} for entity in known]


def _mentions(activity: Activity) -> list[Mention]:
    found = []
    for entity in _extras(activity):
        mentioned = entity.get("mentioned")
        if entity["type"] == "mention" and isinstance(mentioned, dict):
            found.append(Mention(str(mentioned.get("id", "")), str(entity.get("text", ""))))
    return found


def _answers(data: dict[str, Any]) -> dict[str, str]:
    """The inputs by field name; what Teams sends for a toggle becomes "yes" or ""."""
    answers = {}
    for name, value in data.items():
        if name.startswith(FIELD) and isinstance(value, str | int | float):
            answers[name.removeprefix(FIELD)] = str(value)
        elif name.startswith(YES_NO):
            answers[name.removeprefix(YES_NO)] = "yes" if value == "yes" else ""
    return answers


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise Malformed(name)
    return value
