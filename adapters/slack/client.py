"""Slack as the tray sees it: posts, redraws, private replies, modals, and what Slack says of a person."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from adapters.slack.modals import Origin, View, card_modal, modal
from adapters.slack.rates import LIMITS, PACE
from adapters.slack.render import message, one_message
from adapters.slack.web_api import TokenFor, WebApi
from bot.delivery import NotSent, Parcel, Sent, Uncertain, Undeliverable
from bot.inbound import AccountRef, Address
from bot.text import Reader
from bot.ui import Card, Drawable
from bot.vouching import Profile

SLACK_API_URL = "https://slack.com/api/"
LONGEST = 9.0
"""Seconds for everything one send does: under the tray's 10, so that what ran out of time is named here."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""As much as Slack lets a signature differ: its clock and ours."""
_PAGES = 10
_REMEMBERED = 1000
_EVENT_TYPE = "signpost"


class Slack:
    """The Slack side of `bot.delivery.Platform`. What was posted carries its parcel's id as metadata."""

    name = "slack"
    pace = PACE
    limits = LIMITS

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token_for: TokenFor,
        base_url: str = SLACK_API_URL,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api = WebApi(session, token_for, base_url)
        self._now = now
        self._posted: dict[int, list[str]] = {}
        """The ids of a parcel's first messages, while its later ones are not yet posted."""

    async def send(self, parcel: Parcel) -> Sent:
        """Posts, redraws or shows one card; a long one as several messages, of which the first is named."""
        async with _in_time(again_is_harmless=bool(parcel.address.message)):
            return await self._send(parcel.address, parcel.body, parcel.reader, parcel.id)

    async def post(self, address: Address, body: Drawable, reader: Reader) -> Sent:
        """Sends what is not in the tray, once: nobody looks for it afterwards."""
        async with _in_time():
            return await self._send(address, body, reader, 0)

    async def find_sent(self, parcel: Parcel) -> Sent | None:
        """The parcel's message in its direct chat, where every part of it arrived; None where Slack can't be asked."""
        address = parcel.address
        if not address.user or address.message or "response_url" in address.via or "view" in address.via:
            return None
        async with _in_time(again_is_harmless=True):
            channel = await self._channel(address)
            found = sorted([ts async for ts in self._with_outbox(parcel, channel)], key=float)
        if not found:
            return None
        if len(found) < len(message(parcel.body, parcel.reader)):
            self._remember(parcel.id, found)
            return None
        return Sent(found[0], channel)

    async def profile(self, account: AccountRef, chat: Address) -> Profile:
        """What users.info says: a guest is restricted, or from another workspace than the account's."""
        async with _in_time(again_is_harmless=True):
            arguments = {"user": account.user, "include_locale": True}
            answer = await self._api.call(account.tenant, "users.info", arguments, reads=True)
        return _profile(_mapping(answer.get("user")))

    async def open_view(self, installation: str, trigger_id: str, view: View) -> None:
        """Opens a modal for whoever caused the trigger, within 3 seconds of it and once."""
        async with _in_time():
            await self._api.call(installation, "views.open", {"trigger_id": trigger_id, "view": view})

    async def update_view(self, installation: str, view_id: str, view: View) -> None:
        """Redraws an open modal."""
        async with _in_time(again_is_harmless=True):
            await self._api.call(installation, "views.update", {"view_id": view_id, "view": view})

    async def _send(self, address: Address, body: Drawable, reader: Reader, outbox: int) -> Sent:
        alive = address.until is None or address.until > self._now()
        if alive and (address.via.get("view") or address.via.get("response_url")):
            try:
                return await self._show(address, body, reader)
            except Undeliverable:
                if not address.user:
                    raise
                # The modal was closed or the URL is used up: the person's direct chat remains.
        if address.message:
            return await self._redraw(address, body, reader)
        if address.only_for:
            return await self._whisper(address, body, reader)
        return await self._post(address, body, reader, outbox)

    async def _show(self, address: Address, body: Drawable, reader: Reader) -> Sent:
        """In the open modal, or through the response URL; neither leaves anything that can be redrawn."""
        if view_id := address.via.get("view"):
            view = drawn_view(body, reader, address.via.get("origin") or Origin().written())
            await self._api.call(address.installation, "views.update", {"view_id": view_id, "view": view})
            return Sent()
        replace = address.via.get("replace") == "yes"
        drawn: dict[str, Any] = {**one_message(body, reader), "response_type": "ephemeral", "replace_original": replace}
        thread = address.thread or address.via.get("thread")
        if thread and not replace:
            drawn["thread_ts"] = thread
        await self._api.respond(address.via["response_url"], drawn)
        return Sent()

    async def _redraw(self, address: Address, body: Drawable, reader: Reader) -> Sent:
        channel = await self._channel(address)
        arguments = {"channel": channel, "ts": address.message, **one_message(body, reader)}
        await self._api.call(address.installation, "chat.update", arguments)
        return Sent(address.message, channel)

    async def _whisper(self, address: Address, body: Drawable, reader: Reader) -> Sent:
        arguments: dict[str, Any] = {
            "channel": address.conversation,
            "user": address.only_for,
            **one_message(body, reader),
            **_under(address),
        }
        await self._api.call(address.installation, "chat.postEphemeral", arguments)
        return Sent(conversation=address.conversation)

    async def _post(self, address: Address, body: Drawable, reader: Reader, outbox: int) -> Sent:
        """Every part in order. A part that was posted before an earlier try failed is not posted again."""
        channel = address.conversation or address.via.get("channel") or address.user
        parts = message(body, reader)
        posted = self._posted.get(outbox, []) if outbox else []
        for part in parts[len(posted) :]:
            arguments = {"channel": channel, **part, **_under(address), "unfurl_links": False, "unfurl_media": False}
            if outbox:
                arguments["metadata"] = {"event_type": _EVENT_TYPE, "event_payload": {"outbox": outbox}}
            answer = await self._api.call(address.installation, "chat.postMessage", arguments)
            channel = str(answer.get("channel") or channel)
            posted = [*posted, str(answer.get("ts") or "")]
            if outbox and len(posted) < len(parts):
                self._remember(outbox, posted)
        self._posted.pop(outbox, None)
        return Sent(posted[0], channel)

    async def _channel(self, address: Address) -> str:
        """The conversation's id; a direct chat that we only know by its user is opened, which changes nothing."""
        known = address.conversation or address.via.get("channel")
        if known:
            return known
        try:
            answer = await self._api.call(address.installation, "conversations.open", {"users": address.user})
        except Uncertain as error:
            raise NotSent(str(error)) from None
        return str(_mapping(answer.get("channel")).get("id") or address.user)

    async def _with_outbox(self, parcel: Parcel, channel: str) -> AsyncIterator[str]:
        """The messages of this parcel among all that its conversation has had since the parcel was added."""
        address = parcel.address
        method = "conversations.replies" if address.thread else "conversations.history"
        oldest = (parcel.since - CLOCKS_DIFFER).timestamp()
        asked: dict[str, Any] = {
            "channel": channel,
            "limit": 100,
            "include_all_metadata": True,
            "oldest": f"{oldest:f}",
        }
        if address.thread:
            asked["ts"] = address.thread
        for _ in range(_PAGES):
            answer = await self._api.call(address.installation, method, asked, reads=True)
            for found in answer.get("messages") or ():
                if _outbox_of(_mapping(found)) == parcel.id:
                    yield str(found.get("ts"))
            cursor = _mapping(answer.get("response_metadata")).get("next_cursor")
            if not cursor:
                return
            asked["cursor"] = cursor

    def _remember(self, outbox: int, posted: list[str]) -> None:
        self._posted[outbox] = posted
        while len(self._posted) > _REMEMBERED:
            self._posted.pop(next(iter(self._posted)))


def drawn_view(body: Drawable, reader: Reader, private_metadata: str) -> View:
    """The card or form as a modal."""
    if isinstance(body, Card):
        return card_modal(body, reader, private_metadata)
    return modal(body, reader, private_metadata)


@asynccontextmanager
async def _in_time(*, again_is_harmless: bool = False) -> AsyncIterator[None]:
    """Within 9 seconds. What may be repeated without harm is refused for now, never uncertain."""
    try:
        async with asyncio.timeout(LONGEST):
            yield
    except TimeoutError:
        raise (NotSent if again_is_harmless else Uncertain)("timeout") from None
    except Uncertain as error:
        if again_is_harmless:
            raise NotSent(str(error)) from None
        raise


def _under(address: Address) -> dict[str, str]:
    return {"thread_ts": address.thread} if address.thread else {}


def _outbox_of(found: Mapping[str, Any]) -> object:
    metadata = _mapping(found.get("metadata"))
    return _mapping(metadata.get("event_payload")).get("outbox") if metadata.get("event_type") == _EVENT_TYPE else None


def _profile(user: Mapping[str, Any]) -> Profile:
    shown = _mapping(user.get("profile"))
    name = user.get("real_name") or shown.get("real_name") or shown.get("display_name") or user.get("name") or ""
    guest = any(bool(user.get(sign)) for sign in ("is_restricted", "is_ultra_restricted", "is_stranger"))
    return Profile(
        name=str(name),
        domain="" if guest else str(shown.get("email") or "").rpartition("@")[2].lower(),
        zone=str(user.get("tz") or ""),
        language=str(user.get("locale") or "").partition("-")[0],
        guest=guest,
        gone=bool(user.get("deleted")),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
