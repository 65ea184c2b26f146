"""What a platform hands to dispatch, and what it gets back: the same for every platform."""

from datetime import datetime
from typing import Literal

import msgspec

from bot.text import Reader
from bot.ui import Audience, Form, Reply


class AccountRef(msgspec.Struct, frozen=True):
    """A person on one platform: its tenant (Slack team id, Entra tenant id) and the user's id there. Never a name."""

    platform: str
    tenant: str
    user: str


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a message goes on one platform. The core stores it and hands it back; only the adapter reads inside.

    `installation` is the tenant whose credentials are used. Either `user` (their direct chat with us) or
    `conversation` is set. `thread` is the platform's id of the message it belongs under, `message` the one to
    redraw instead of posting. `only_for` is the one user who may see it in a shared conversation.
    `via` holds what only the platform understands (a response URL, a view id), with `until` as its end of life.
    """

    platform: str
    installation: str
    user: str = ""
    conversation: str = ""
    thread: str = ""
    message: str = ""
    only_for: str = ""
    service_url: str = ""
    via: dict[str, str] = {}
    until: datetime | None = None


class Here(msgspec.Struct, frozen=True, omit_defaults=True):
    """The conversation, thread and message that something was said or pressed in."""

    platform: str
    tenant: str
    kind: Literal["direct", "group", "channel"]
    conversation: str = ""
    thread: str = ""
    message: str = ""
    service_url: str = ""


class Inbound(msgspec.Struct, frozen=True):
    """Something a person said, pressed or filled in. The adapter has verified who it was.

    Exactly one of `said` (typed words, the mention already taken off) and `payload` (a button's or form's
    command) is set; `answers` are a form's, by field name. `language` is that of the person's client ("cy"), where
    the platform says it with each event.
    `key` is the platform's own id of the event, the same when it is delivered again.
    `body_shows` are the audiences whose reply the platform shows from our HTTP response (a form's reply too, for
    `opens_forms`); other replies become messages to `private`, `public` or `original` (what REPLACE redraws).
    """

    key: str
    account: AccountRef
    here: Here
    private: Address
    public: Address
    original: Address | None = None
    said: str | None = None
    payload: str | None = None
    answers: dict[str, str] = {}
    name: str = ""
    language: str = ""
    body_shows: frozenset[Audience] = frozenset()
    opens_forms: bool = False


class Handled(msgspec.Struct, frozen=True):
    """What the adapter draws in its HTTP response: a reply, or a form, or nothing because it travels as a message."""

    reader: Reader
    reply: Reply | None = None
    form: Form | None = None
    repeated: bool = False
