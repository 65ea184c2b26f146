"""Draws cards and forms as Adaptive Cards 1.5, inside Teams' limits whatever they hold. Pure."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal

from adapters.teams.limits import MOST_ACTIONS, MOST_BYTES, size
from adapters.teams.pen import Pen
from bot.text import Reader, Text, Value, t
from bot.ui import Button, Card, Drawable, Element, Field, Form, Item, Link, Paragraph, Quote, Table

Json = dict[str, Any]
Place = Literal["message", "here"]
"""Whether a form is a message of its own, or drawn over a card for the one who pressed it."""

ROOM_FOR_THE_ENVELOPE = 2048
FALLBACK = 1000
SUMMARY = 300

SIZES = ((6000, 100, 6), (3000, 50, 6), (1500, 30, 6), (700, 20, 6), (300, 10, 6), (120, 8, 3), (60, 5, 1))
"""Characters in a text, entries in a list and buttons, from what is liked best to what always fits."""

FIELD = "f_"
YES_NO = "y_"
"""How the ids of inputs begin, so that no field's name meets a key of ours in the data that comes back."""


def message(body: Drawable, reader: Reader, *, cause: Text | None = None, aside: bool = False) -> Json:
    """The message activity that shows this card or form; `summary` says the same in notifications.

    It has no `text`: Teams would draw that too, above the card. `cause` is a line above it that says where it
    comes from; `aside` says that one person alone sees it in a shared conversation.
    """
    card = adaptive_card(body, reader, cause=cause, aside=aside)
    return {
        "type": "message",
        "summary": Pen(reader, SUMMARY, 1, 0).cut(card["fallbackText"]),
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }


def adaptive_card(
    body: Drawable, reader: Reader, place: Place = "message", *, cause: Text | None = None, aside: bool = False
) -> Json:
    """The Adaptive Card for this reader. What does not fit is cut or left out, and the card says so."""
    drawn: Json = {}
    for letters, entries, buttons in SIZES:
        pen = Pen(reader, letters, entries, min(buttons, MOST_ACTIONS), aside)
        drawn = _form(body, pen, place) if isinstance(body, Form) else _card(body, pen)
        if cause:
            drawn["body"] = pen.block(cause, isSubtle=True, size="Small") + drawn["body"]
        if size(drawn) <= MOST_BYTES - ROOM_FOR_THE_ENVELOPE:
            break
    return drawn


class Room:
    """The buttons that one card still has room for, and those it had none for."""

    def __init__(self, buttons: int) -> None:
        self.left = buttons
        self.refused: tuple[Button, ...] = ()

    def draw(self, buttons: tuple[Button, ...], pen: Pen) -> list[Json]:
        """As many of them as fit; the others are remembered in `refused`."""
        fitting = buttons[: self.left]
        self.left -= len(fitting)
        self.refused += buttons[len(fitting) :]
        return [pen.button(button.label, button.command, button.style) for button in fitting]


def _adaptive(elements: list[Json], actions: list[Json], fallback: str, pen: Pen) -> Json:
    card: Json = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "lang": pen.reader.language,
        "fallbackText": pen.cut(fallback, min(FALLBACK, pen.letters * 4)).strip() or "Signpost",
        "body": elements,
        "msteams": {"width": "Full"},
    }
    return card | ({"actions": actions} if actions else {})


def _card(card: Card, pen: Pen) -> Json:
    room = Room(pen.buttons)
    actions = room.draw(card.buttons, pen)
    elements = _title(card.title, pen)
    for entry in pen.first(card.body):
        elements += _element(entry, pen, room)
    elements += pen.left_out(len(card.body) - len(pen.first(card.body)))
    elements += _facts(card, pen)
    if card.note:
        elements += pen.block(card.note, size="Small", isSubtle=True, separator=True)
    elements += pen.no_room_for(room.refused)
    return _adaptive(elements, actions, "\n".join(_in_words(card, pen)), pen)


def _title(title: Value, pen: Pen) -> list[Json]:
    return pen.block(title, size="Medium", weight="Bolder", style="heading")


def _element(entry: Element, pen: Pen, room: Room) -> list[Json]:
    match entry:
        case Paragraph(text):
            return pen.block(text)
        case Quote():
            return _quote(entry, pen)
        case Link(label, address):
            return [{"type": "TextBlock", "text": f"[{pen.markdown(label)}]({address})", "wrap": True}]
        case Table():
            return _table(entry, pen)
        case Item():
            return _item(entry, pen, room)


def _quote(quote: Quote, pen: Pen) -> list[Json]:
    """A person's words as a run of text, which Teams shows without reading markdown in it."""
    by = pen.block(quote.by, weight="Bolder", size="Small") if quote.by else []
    words = pen.words(quote.words)
    said = [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": words}]}] if words.strip() else []
    return [{"type": "Container", "style": "emphasis", "items": by + said}] if by or said else []


def _item(item: Item, pen: Pen, room: Room) -> list[Json]:
    inside = pen.block(item.title, weight="Bolder") + (pen.block(item.text, spacing="Small") if item.text else [])
    actions = room.draw(item.buttons, pen)
    if actions:
        inside.append({"type": "ActionSet", "actions": actions})
    return [{"type": "Container", "separator": True, "items": inside}] if inside else []


def _table(table: Table, pen: Pen) -> list[Json]:
    """An entry for each row, with a line for each of its cells: a chat is too narrow for columns of sentences."""
    rows = pen.first(table.rows)
    drawn = [_entry(table.columns, row, pen) for row in rows]
    return [*drawn, *pen.left_out(len(table.rows) - len(rows))]


def _entry(heads: tuple[Value, ...], row: tuple[Value, ...], pen: Pen) -> Json:
    inside = pen.block(row[0], weight="Bolder") or pen.block("–")
    for head, cell in list(zip(heads, row, strict=True))[1:]:
        if pen.words(cell).strip():
            inside += pen.block(t("{label}: {value}", label=head, value=cell), spacing="None")
    return {"type": "Container", "separator": True, "items": inside}


def _facts(card: Card, pen: Pen) -> list[Json]:
    rows = [(pen.markdown(fact.label), pen.markdown(fact.value)) for fact in pen.first(card.facts)]
    facts = [{"title": label or "–", "value": value or "–"} for label, value in rows]
    drawn: list[Json] = [{"type": "FactSet", "facts": facts}] if facts else []
    return drawn + pen.left_out(len(card.facts) - len(facts))


def _in_words(card: Card, pen: Pen) -> Iterable[str]:
    yield pen.words(card.title)
    for entry in pen.first(card.body):
        yield from _entry_in_words(entry, pen)
    for fact in pen.first(card.facts):
        yield f"{pen.words(fact.label)}: {pen.words(fact.value)}"
    if card.note:
        yield pen.words(card.note)
    yield from (f"[{pen.words(button.label)}]" for button in card.buttons)


def _entry_in_words(entry: Element, pen: Pen) -> Iterable[str]:
    match entry:
        case Paragraph(text):
            yield pen.words(text)
        case Quote(words, by):
            yield f"{pen.words(by)}: {pen.words(words)}" if by else pen.words(words)
        case Link(label, address):
            yield f"{pen.words(label)}: {address}"
        case Table(rows=rows):
            yield from (", ".join(pen.words(cell) for cell in row if cell) for row in pen.first(rows))
        case Item(title, text):
            yield f"{pen.words(title)}: {pen.words(text)}" if text else pen.words(title)


def _form(form: Form, pen: Pen, place: Place) -> Json:
    fields = pen.first(form.fields)
    elements = _title(form.title, pen) + _what_is_wrong(form, pen)
    for field in fields:
        elements += _field(field, pen)
    elements += pen.left_out(len(form.fields) - len(fields))
    said = (form.title, form.error, *(field.label for field in fields))
    words = [pen.words(text) for text in said if text]
    submit = pen.button(form.submit, form.command, "primary", form=place)
    return _adaptive(elements, [submit], "\n".join(words), pen)


def _what_is_wrong(form: Form, pen: Pen) -> list[Json]:
    if form.error:
        return pen.block(form.error, color="Attention", weight="Bolder")
    if any(field.error for field in form.fields):
        return pen.block(t("Check what is marked below"), color="Attention", weight="Bolder")
    return []


def _field(field: Field, pen: Pen) -> list[Json]:
    wrong = pen.block(t("Error: {what}", what=field.error), color="Attention") if field.error else []
    # Below: the label is part of the input, and above it a hint would read as one of the field before.
    hint = pen.block(field.hint, isSubtle=True) if field.hint else []
    label = t("{label} (optional)", label=field.label) if field.optional else field.label
    name = pen.words(field.label).strip() or field.name
    asked: Json = {
        "id": FIELD + field.name,
        "label": pen.words(label).strip() or field.name,
        "errorMessage": pen.words(t("Fill in: {label}", label=name)),
        "isRequired": not field.optional,
    }
    return [*wrong, asked | INPUTS[field.kind](field, pen), *hint]


def _line(field: Field, pen: Pen) -> Json:
    value = pen.cut(field.value)
    return {"type": "Input.Text", "maxLength": field.most} | ({"value": value} if value else {})


def _lines(field: Field, pen: Pen) -> Json:
    return _line(field, pen) | {"isMultiline": True}


def _choice(field: Field, pen: Pen) -> Json:
    """The chosen option is always among those drawn, however many are cut."""
    chosen = tuple(option for option in field.options if option.value == field.value)
    others = tuple(option for option in field.options if option.value != field.value)
    drawn = {option.value for option in pen.first(chosen + others)}
    choices = [
        {"title": pen.words(option.label).strip() or option.value, "value": option.value}
        for option in field.options
        if option.value in drawn and option.value.strip()
    ]
    return {"type": "Input.ChoiceSet", "choices": choices} | ({"value": field.value} if chosen else {})


def _date(field: Field, pen: Pen) -> Json:
    known = re.fullmatch(r"\d{4}-\d\d-\d\d", field.value, re.ASCII)
    return {"type": "Input.Date"} | ({"value": field.value} if known else {})


def _time(field: Field, pen: Pen) -> Json:
    known = re.fullmatch(r"\d\d:\d\d", field.value, re.ASCII)
    return {"type": "Input.Time"} | ({"value": field.value} if known else {})


def _yes_no(field: Field, pen: Pen) -> Json:
    """Never required: Teams would take that as "must be yes"."""
    return {
        "type": "Input.Toggle",
        "id": YES_NO + field.name,
        "title": pen.words(t("Yes")),
        "valueOn": "yes",
        "valueOff": "no",
        "value": "yes" if field.value == "yes" else "no",
        "isRequired": False,
    }


INPUTS: dict[str, Callable[[Field, Pen], Json]] = {
    "line": _line,
    "lines": _lines,
    "choice": _choice,
    "date": _date,
    "time": _time,
    "yes_no": _yes_no,
}
