"""Says things in Teams: sends, redraws, opens personal chats, and asks who a member is."""

import asyncio
import logging
from collections import OrderedDict
from typing import Any

import msgspec

from adapters.teams.activities import MEMBER, PLATFORM, SAID_AT, SAID_IN, Sighting
from adapters.teams.connector import Call, Connector, Refused
from adapters.teams.rates import LIMITS, PACE
from adapters.teams.render import message
from bot.delivery import NotSent, Parcel, Sent, Uncertain, Undeliverable
from bot.inbound import AccountRef, Address
from bot.text import Reader, Text, t, words
from bot.ui import Card, Drawable, Paragraph
from bot.vouching import Profile

log = logging.getLogger(__name__)

SERVICE_URL = "https://smba.trafficmanager.net/teams"
"""The connector of the public cloud, for someone whose own was never seen."""
PATIENCE = 9.0
"""Seconds for everything that one send takes: less than delivery's 10, so that we say what became of it."""
REMEMBERED = 10_000
TARGETED_REFUSED = (400, 403)
NO_SUCH_CHAT = "ConversationNotFound"
NOT_ADDED = Card(
    t("Signpost has a reply for you, and may not write to you yet."),
    (Paragraph(t("In Teams, open Apps, find Signpost and choose Add. Then say that again.")),),
)


class Teams:
    """Teams as a chat platform (`bot.delivery.Platform`)."""

    name = PLATFORM
    pace = PACE
    limits = LIMITS

    def __init__(self, connector: Connector, app_id: str, service_url: str = SERVICE_URL) -> None:
        self._connector = connector
        self._us = {"id": f"28:{app_id}"}
        self._service_url = service_url
        self._chats: OrderedDict[tuple[str, str, str], str] = OrderedDict()
        self._sightings: OrderedDict[AccountRef, Sighting] = OrderedDict()

    def saw(self, sighting: Sighting) -> None:
        """Remembers where a person was last heard, which `profile` needs; the last 10,000 people are kept."""
        _keep(self._sightings, sighting.account, sighting)

    async def send(self, parcel: Parcel) -> Sent:
        """Posts the message, or redraws it where the address names one; 9 seconds at most.

        A targeted message that Teams refuses (400, 403) goes to the person's personal chat. Where a reply may not go
        there either, since the person has not added the app, they are told so where they spoke.
        """
        deadline = asyncio.get_running_loop().time() + PATIENCE
        try:
            return await self._send(parcel, deadline)
        except Refused as refused:
            if refused.status == 403 and SAID_IN in parcel.address.via:
                await self._say_how_to_add_us(parcel, deadline)
            raise

    async def _send(self, parcel: Parcel, deadline: float) -> Sent:
        address = parcel.address
        try:
            return await self._deliver(address, self._drawn(parcel.body, parcel.reader, address), deadline)
        except Refused as refused:
            if not address.only_for or address.message or refused.status not in TARGETED_REFUSED:
                raise
        aside = msgspec.structs.replace(address, user=address.only_for, conversation="", thread="", only_for="")
        return await self._deliver(aside, self._drawn(parcel.body, parcel.reader, aside), deadline)

    async def _say_how_to_add_us(self, parcel: Parcel, deadline: float) -> None:
        """In the thread that the person spoke in, seen by all: so it holds nothing of the reply."""
        where = msgspec.structs.replace(parcel.address, user="", only_for="", conversation=parcel.address.via[SAID_IN])
        try:
            await self._deliver(where, self._drawn(NOT_ADDED, parcel.reader, where), deadline)
        except (NotSent, Uncertain, Undeliverable) as error:
            log.warning("nobody could be told how to add the app", extra={"reason": str(error)})

    def _drawn(self, body: Drawable, reader: Reader, to: Address) -> dict[str, Any]:
        """The message activity; what goes to a personal chat says where it was caused, if that was elsewhere."""
        cause = _cause(to) if to.user and SAID_IN in to.via else None
        return message(body, reader, cause=cause, aside=bool(to.only_for)) | {"from": self._us}

    async def find_sent(self, parcel: Parcel) -> Sent | None:
        """Always None: Teams can't be asked what we sent."""
        return None

    async def profile(self, account: AccountRef, chat: Address) -> Profile:
        """What Teams says of a member, asked where this process last heard them, else in their personal chat.

        A guest is a member of another tenant, or one that Teams calls a guest or anonymous.
        """
        deadline = asyncio.get_running_loop().time() + PATIENCE
        seen = self._sightings.get(account)
        address = seen.address if seen else chat
        try:
            place = await self._chat(address, deadline)
            path = ("conversations", place, "members", address.via.get(MEMBER, account.user))
            found = await self._connector.make(Call("GET", self._service(address), path, harmless=True), deadline)
        except Refused as refused:
            if refused.status == 404 and str(refused) != NO_SUCH_CHAT:
                return Profile(name="", gone=True)
            raise
        return _profile(found, account, seen)

    async def _deliver(self, address: Address, drawn: dict[str, Any], deadline: float) -> Sent:
        chat = await self._chat(address, deadline)
        call = self._call(address, chat, drawn)
        try:
            answer = await self._connector.make(call, deadline)
        except Refused as refused:
            if refused.status == 404:
                self._chats.pop(self._place(address), None)
            raise
        return Sent(
            message=str(answer.get("id") or address.message),
            conversation=chat.partition(";")[0],
            service_url=call.service_url,
        )

    def _call(self, address: Address, chat: str, drawn: dict[str, Any]) -> Call:
        """Redrawing twice does no harm. A recipient is named when a targeted message is made, never when redrawn."""
        service, path, targeted = self._service(address), ("conversations", chat, "activities"), bool(address.only_for)
        if address.message:
            body = drawn | {"id": address.message}
            return Call("PUT", service, (*path, address.message), body, targeted, harmless=True)
        recipient = {"recipient": {"id": address.via.get(MEMBER, address.only_for)}} if targeted else {}
        return Call("POST", service, path, drawn | recipient, targeted)

    async def _chat(self, address: Address, deadline: float) -> str:
        """The conversation's id, with the thread in a channel; a personal chat is opened, or found open.

        A personal chat has no threads: what belongs under a message there comes after it.
        """
        if address.conversation:
            threaded = address.thread and not address.user
            return f"{address.conversation};messageid={address.thread}" if threaded else address.conversation
        place = self._place(address)
        if place not in self._chats:
            _keep(self._chats, place, await self._open(address, deadline))
        return self._chats[place]

    async def _open(self, address: Address, deadline: float) -> str:
        """Teams answers the same chat for the same person, so opening it twice does no harm."""
        body = {
            "bot": self._us,
            "isGroup": False,
            "members": [{"id": address.via.get(MEMBER, address.user)}],
            "tenantId": address.installation,
            "channelData": {"tenant": {"id": address.installation}},
        }
        call = Call("POST", self._service(address), ("conversations",), body, harmless=True)
        opened = (await self._connector.make(call, deadline)).get("id")
        if not isinstance(opened, str) or not opened:
            raise NotSent("no conversation id")
        return opened

    def _service(self, address: Address) -> str:
        return address.service_url or self._service_url

    def _place(self, address: Address) -> tuple[str, str, str]:
        return (self._service(address), address.installation, address.user)


def _cause(address: Address) -> Text:
    place = address.via.get(SAID_AT)
    if not place:
        return t("This answers what you did in a group chat.")
    return t("This answers what you did in {place}.", place=words(place))


def _keep(kept: OrderedDict[Any, Any], key: object, value: object) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)


def _profile(found: dict[str, Any], account: AccountRef, seen: Sighting | None) -> Profile:
    tenant = found.get("tenantId")
    guest = found.get("userRole") in ("guest", "anonymous") or (bool(tenant) and tenant != account.tenant)
    return Profile(
        name=str(found.get("name") or ""),
        domain="" if guest else _proved(str(found.get("userPrincipalName") or "")),
        zone=seen.zone if seen else "",
        language=seen.language if seen else "",
        guest=guest,
    )


def _proved(sign_in_name: str) -> str:
    """The domain of the name that they sign in with.

    A tenant can write any address into `email`; the domain of a sign-in name it has proved to own
    ("Migrate away from using email claims for user identification", learn.microsoft.com). A guest's holds "#EXT#".
    """
    return "" if "#EXT#" in sign_in_name.upper() else sign_in_name.rpartition("@")[2].lower()
