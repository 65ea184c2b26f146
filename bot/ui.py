"""What a person sees, as plain data: only what every platform draws well.

Cards hold text by key and commands, no platform's JSON. Each platform has one renderer, a pure
function of these; what a platform lacks is a row in its `limits.py`.
"""

from enum import StrEnum
from typing import Any, Literal

import msgspec

from bot.text import Text, Value


class Audience(StrEnum):
    """Who sees a reply: only the person, everyone in the conversation, or in place of the pressed card."""

    ME = "me"
    EVERYONE = "everyone"
    REPLACE = "replace"


class Action:
    """Anything a button can carry: it packs itself into the platform's payload (2,000 characters at most)."""

    def pack(self) -> str:
        """The payload: the command's name and its fields, as compact JSON."""
        raise TypeError(f"{type(self).__name__} does not say how it is packed.")


class Packed(Action):
    """A command that is already packed, as read back from the outbox."""

    def __init__(self, payload: str) -> None:
        self.payload = payload

    def pack(self) -> str:
        return self.payload

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Action) and other.pack() == self.payload

    def __hash__(self) -> int:
        return hash(self.payload)


def _pack_command(holder: "Button | Form") -> None:
    """The command is kept packed: it is a dataclass, which msgspec would otherwise write in its own way."""
    if not isinstance(holder.command, Packed):
        msgspec.structs.force_setattr(holder, "command", Packed(holder.command.pack()))


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """A button that carries a command. Payloads come back from outside: `run` checks again what they claim."""

    label: Text
    command: Action
    style: Literal["normal", "primary", "danger"] = "normal"

    def __post_init__(self) -> None:
        _pack_command(self)


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """A line or two of our own words."""

    text: Text


class Quote(msgspec.Struct, frozen=True, tag="quote", omit_defaults=True):
    """A person's own words, drawn as a quotation and never translated, under who said them."""

    words: str
    by: Text | None = None


class Item(msgspec.Struct, frozen=True, tag="item", omit_defaults=True):
    """One entry of a list: a title, a line about it and what can be done with it."""

    title: Text
    text: Text | None = None
    buttons: tuple[Button, ...] = ()


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Rows of short texts under the heads of their columns; the first cell of a row says what it is about.

    Where no table can be drawn, each row is an entry of a list.
    """

    caption: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Value, ...], ...]


class Fact(msgspec.Struct, frozen=True):
    """A label and its value, drawn as one row of a small table."""

    label: Text
    value: Value


class Link(msgspec.Struct, frozen=True, tag="link"):
    """A page of Signpost's own, opened in a browser: `label` is what it gives. No person's words are in it."""

    label: Text
    address: str


Element = Paragraph | Quote | Item | Link | Table


class Card(msgspec.Struct, frozen=True, tag="card", omit_defaults=True):
    """One message: title, body, facts, buttons, and a note in small print, drawn in this order."""

    title: Text
    body: tuple[Element, ...] = ()
    facts: tuple[Fact, ...] = ()
    buttons: tuple[Button, ...] = ()
    note: Text | None = None


class Option(msgspec.Struct, frozen=True):
    """One choice of a field: what is sent back, and what the person reads."""

    value: str
    label: Text


FieldKind = Literal["line", "lines", "choice", "date", "time", "yes_no"]


class Field(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question of a form. Dates travel as YYYY-MM-DD, times as HH:MM, yes or no as "yes" and ""."""

    name: str
    label: Text
    kind: FieldKind = "line"
    value: str = ""
    options: tuple[Option, ...] = ()
    hint: Text | None = None
    optional: bool = False
    most: int = 3000
    error: Text | None = None


class Form(msgspec.Struct, frozen=True, tag="form", omit_defaults=True):
    """What a command still needs. `command` carries what is known; the answers are merged into it.

    A refused form comes back with what was typed in `value` and `error` beside its field, or above them all.
    """

    title: Text
    command: Action
    fields: tuple[Field, ...]
    submit: Text
    error: Text | None = None

    def __post_init__(self) -> None:
        _pack_command(self)


Drawable = Card | Form


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a command answers: a card or a form, and who sees it."""

    body: Drawable
    audience: Audience = Audience.ME


def _packed(action: Any) -> str:
    if isinstance(action, Action):
        return action.pack()
    raise TypeError(f"A card cannot hold a {type(action).__name__}.")


def _unpacked(kind: type, payload: Any) -> Any:
    if kind is Action:
        return Packed(payload)
    raise TypeError(f"A card cannot hold a {kind.__name__}.")


_encode = msgspec.json.Encoder(enc_hook=_packed)
_drawable = msgspec.json.Decoder(Drawable, dec_hook=_unpacked)
_reply = msgspec.json.Decoder(Reply, dec_hook=_unpacked)


def dump(value: Drawable | Reply) -> str:
    """The card, form or reply as JSON, as the outbox and the inbound table keep it."""
    return _encode.encode(value).decode()


def load_drawable(text: str) -> Drawable:
    """The card or form that `dump` wrote."""
    drawable: Drawable = _drawable.decode(text)
    return drawable


def load_reply(text: str) -> Reply:
    """The reply that `dump` wrote."""
    return _reply.decode(text)
