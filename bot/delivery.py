"""From the tray to each recipient's own platform: lanes, pace, retries. Holds the one port, `Platform`."""

from typing import Protocol

import msgspec

from bot.inbound import AccountRef, Address
from bot.text import Reader
from bot.ui import Drawable


class Parcel(msgspec.Struct, frozen=True):
    """One message, drawn and addressed: post it, or redraw `address.message` where that is set."""

    id: int
    attempt: int
    address: Address
    body: Drawable
    reader: Reader


class Sent(msgspec.Struct, frozen=True):
    """Where the message ended up: its id, and its conversation's, as the platform names them ("" where it has none)."""

    message: str = ""
    conversation: str = ""
    service_url: str = ""


class Profile(msgspec.Struct, frozen=True):
    """What a platform says of an account. A guest is someone from another organisation than the tenant's."""

    name: str
    email: str = ""
    zone: str = ""
    language: str = ""
    guest: bool = False
    gone: bool = False


class NotSent(Exception):
    """The platform refused for now and certainly did not send it (429, 5xx with an answer): try again after `after` seconds."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after


class Uncertain(Exception):
    """No answer came (time-out, lost connection): it may have been sent. `str()` is the reason, without any content."""


class Undeliverable(Exception):
    """Trying again cannot help (not installed, blocked, left, archived). `str()` is the platform's own error code."""


class Platform(Protocol):
    """What Signpost needs of a chat platform. Every method may raise NotSent, Uncertain or Undeliverable."""

    name: str

    async def send(self, parcel: Parcel) -> Sent:
        """Posts or redraws one message; one bounded request (10 s at most for everything)."""

    async def find_sent(self, parcel: Parcel) -> Sent | None:
        """Looks whether an earlier, uncertain try of this parcel arrived. Where the platform can't be asked: None."""

    async def profile(self, account: AccountRef) -> Profile:
        """What the platform says of this account now."""
