"""From forms and cards to Slack's modal views: pure functions, as in `render`."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

import msgspec

from adapters.slack import limits
from adapters.slack.limits import Block
from adapters.slack.markup import clean, cut, literal
from adapters.slack.packing import Malformed, fitted, opened
from adapters.slack.render import NOTHING, VIEW_ROOM, Drawing, Part, cut_to
from bot.text import Reader, Text, Value, say, t
from bot.ui import Card, Field, Form

View = dict[str, Any]

FORM = "form"
CARD = "card"
NOT_CHOSEN = "(none)"
_RADIO_MOST = 5
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a modal remembers: the command it completes, and the conversation, thread and card it was opened from."""

    command: str = ""
    kind: Literal["direct", "group", "channel"] = "direct"
    channel: str = ""
    thread: str = ""
    message: str = ""

    def written(self) -> str:
        """As private metadata, at most 3,000 characters; ValueError when the command is too long for it."""
        # Slack hands some strings back with &, < and > as entities; without these characters it cannot.
        text = msgspec.json.encode(self).decode()
        for character in "&<>":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return fitted(text, limits.METADATA)


def read_origin(private_metadata: str) -> Origin:
    """What `Origin.written` wrote; nothing remembered for a view without metadata; Malformed for anything else."""
    if not private_metadata:
        return Origin()
    try:
        return msgspec.json.decode(opened(private_metadata), type=Origin)
    except msgspec.MsgspecError as error:
        raise Malformed("Private metadata that is not ours.") from error


def modal(form: Form, reader: Reader, private_metadata: str) -> View:
    """The form as a modal: what was typed is kept, a field's error stands above it, the form's own above them all."""
    drawing = Drawing(reader, "modal")
    parts = [*_title(form.title, drawing, reader)]
    if form.error is not None:
        parts += drawing.paragraph(_warning(form.error, reader))
    for field in form.fields:
        if field.error is not None:
            parts += drawing.paragraph(_warning(field.error, reader))
        parts.append(Part(_input(field, drawing, reader)))
    view = _view(FORM, form.title, parts, reader, private_metadata)
    view["close"] = _plain(_word(t("Cancel"), reader))
    return {**view, "submit": _plain(_word(form.submit, reader))}


def card_modal(card: Card, reader: Reader, private_metadata: str) -> View:
    """The card as a modal, as the result of another modal; its buttons still carry their commands."""
    drawing = Drawing(reader, "modal")
    parts = list(drawing.parts(card)) or list(drawing.paragraph(NOTHING))
    view = _view(CARD, card.title, cut_to(parts, VIEW_ROOM, drawing.mark), reader, private_metadata)
    return {**view, "close": _plain(_word(t("Close"), reader))}


def field_errors(form: Form, reader: Reader) -> dict[str, str]:
    """The errors beside fields by block id, as `response_action: errors` takes them."""
    return {field.name: _said(field.error, reader) or NOTHING for field in form.fields if field.error is not None}


def _view(kind: str, title: Text, parts: list[Part], reader: Reader, private_metadata: str) -> View:
    return {
        "type": "modal",
        "callback_id": kind,
        "title": _plain(_word(title, reader)),
        "private_metadata": private_metadata,
        "blocks": [part.block for part in parts],
    }


def _title(title: Text, drawing: Drawing, reader: Reader) -> Iterator[Part]:
    """A title too long for the modal's own stands whole above the fields."""
    words = _said(title, reader)
    if len(words) > limits.VIEW_WORD:
        yield Part({"type": "header", "text": _plain(drawing.short(words, limits.HEADER))})


def _word(text: Text, reader: Reader) -> str:
    return cut(" ".join(_said(text, reader).split()) or NOTHING, limits.VIEW_WORD, "…", literal)


def _warning(error: Text, reader: Reader) -> str:
    return _said(t("Error: {error}", error=error), reader)


def _input(field: Field, drawing: Drawing, reader: Reader) -> Block:
    element, whole = _element(field, drawing, reader)
    hints = [_said(field.hint, reader) if field.hint is not None else "", "" if whole else drawing.mark]
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(drawing.short(_said(field.label, reader), limits.LABEL)),
        "element": {**element, "action_id": field.name},
        "optional": field.optional or field.kind == "yes_no",
    }
    if hint := " ".join(filter(None, hints)):
        block["hint"] = _plain(drawing.short(hint, limits.LABEL))
    return block


def _element(field: Field, drawing: Drawing, reader: Reader) -> tuple[Block, bool]:
    """The field's own control, and whether it holds all that it was given."""
    if field.kind == "yes_no":
        return _yes_no(field, drawing, reader), True
    if field.kind == "choice" and field.options:
        return _choice(field, drawing, reader), len(field.options) <= limits.OPTIONS
    if field.kind == "date":
        return {"type": "datepicker"} | ({"initial_date": field.value} if _is_date(field.value) else {}), True
    if field.kind == "time":
        return {"type": "timepicker"} | ({"initial_time": field.value} if _CLOCK.fullmatch(field.value) else {}), True
    return _typed(field)


def _typed(field: Field) -> tuple[Block, bool]:
    most = max(1, min(field.most, limits.INPUT))
    value = clean(field.value)
    element: Block = {"type": "plain_text_input", "multiline": field.kind == "lines", "max_length": most}
    if value:
        element["initial_value"] = value[:most]
    return element, len(value) <= most


def _choice(field: Field, drawing: Drawing, reader: Reader) -> Block:
    options = [_option(option.value, option.label, drawing, reader) for option in field.options[: limits.OPTIONS]]
    element: Block = {"type": "radio_buttons" if len(options) <= _RADIO_MOST else "static_select", "options": options}
    chosen = [option for option in options if option["value"] == (field.value or NOT_CHOSEN)]
    return {**element, "initial_option": chosen[0]} if chosen else element


def _yes_no(field: Field, drawing: Drawing, reader: Reader) -> Block:
    option = _option("yes", t("Yes"), drawing, reader)
    element: Block = {"type": "checkboxes", "options": [option]}
    return {**element, "initial_options": [option]} if field.value == "yes" else element


def _option(value: str, label: Text, drawing: Drawing, reader: Reader) -> Block:
    if len(value) > limits.OPTION_VALUE:
        raise ValueError(f"An option's value has {len(value)} characters, where {limits.OPTION_VALUE} may be.")
    return {"text": _plain(drawing.short(_said(label, reader), limits.OPTION)), "value": value or NOT_CHOSEN}


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _said(value: Value, reader: Reader) -> str:
    return clean(say(value, reader)).strip()


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


__all__ = ["CARD", "FORM", "NOT_CHOSEN", "Origin", "View", "card_modal", "field_errors", "modal", "read_origin"]
