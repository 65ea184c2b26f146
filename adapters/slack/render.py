"""From cards to Slack's blocks: pure functions, the same card and reader always give the same messages.

Everything a person wrote is escaped (`markup`). What is longer than Slack takes is split over several blocks or
messages, or cut with a visible mark; nothing is sent that Slack would refuse. Sizes come from `limits`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import NamedTuple, TypedDict, TypeVar

from adapters.slack import limits
from adapters.slack.limits import Block
from adapters.slack.markup import clean, cut, escaped, literal, pieces, quoted
from adapters.slack.packing import fitted
from bot.text import Reader, Value, say, t
from bot.ui import Button, Card, Drawable, Element, Fact, Form, Item, Link, Paragraph, Quote, Table

Thing = TypeVar("Thing")

NOTHING = "–"
_PART_SIZE = 5000
_CELLS = (300, 150, 80, 40, 20)
"""Characters of a cell, from what is liked best to what always fits."""
_PAGE = 10
"""Rows of a table that are shown at once."""
_BLOCKS_SIZE = limits.MESSAGE_SIZE - 1000


class Message(TypedDict):
    """One message: its blocks, and the text that says the same where blocks are not shown."""

    text: str
    blocks: list[Block]


class Part(NamedTuple):
    """A block with its words; `last` marks what stays at the end of a card (its buttons and its note)."""

    block: Block
    words: str = ""
    last: bool = False


class Room(NamedTuple):
    """How much one message or view holds: so many blocks, so many characters."""

    blocks: int
    size: int


MESSAGE_ROOM = Room(limits.BLOCKS["message"], _BLOCKS_SIZE)
VIEW_ROOM = Room(limits.BLOCKS["modal"] - 1, 100_000)


def message(body: Drawable, reader: Reader) -> list[Message]:
    """The card as one or more messages, in order; its own buttons and note come at the end of the last.

    A form becomes a card with a button that opens it. ValueError for a button whose command cannot fit (our own fault).
    """
    groups: list[list[Part]] = []
    waiting = list(Drawing(reader).parts(_as_card(body)))
    while waiting:
        group = _first_that_fit(waiting, MESSAGE_ROOM)
        waiting = waiting[len(group) :]
        groups.append(group)
    return [_message(group, reader) for group in groups or [[]]]


def one_message(body: Drawable, reader: Reader) -> Message:
    """The card as a single message, its middle cut with a visible mark when it is too long; its buttons are kept."""
    drawing = Drawing(reader)
    return _message(cut_to(list(drawing.parts(_as_card(body))), MESSAGE_ROOM, drawing.mark), reader)


def cut_to(parts: Sequence[Part], room: Room, mark: str) -> list[Part]:
    """As many of the parts as there is room for, the mark in place of those left out, what stays last at the end."""
    if _fits(parts, room):
        return list(parts)
    last = _first_that_fit([part for part in parts if part.last], Room(room.blocks // 2, room.size // 2))
    left = Room(room.blocks - len(last) - 1, room.size - limits.size([part.block for part in last]) - 100)
    first = _first_that_fit([part for part in parts if not part.last], left)
    return [*first, Part(_section(mark), mark), *last]


class Drawing:
    """Draws the parts of one card for one reader; every button in it gets an id of its own."""

    def __init__(self, reader: Reader, surface: limits.Surface = "message") -> None:
        self._reader = reader
        self._surface = surface
        self._presses = count(1)
        self.mark = say(t("… (cut)"), reader)

    def parts(self, card: Card) -> Iterator[Part]:
        """The card's parts in the order they are read: title, body, facts, buttons, note."""
        if title := self._said(card.title):
            yield Part(_header(self.short(title, limits.HEADER)), escaped(title))
        for element in card.body:
            yield from self._element(element)
        yield from self._facts(card.facts)
        yield from self._buttons(card.buttons, last=True)
        if card.note is not None and (note := self._said(card.note)):
            words = cut(note, limits.NOTE, self.mark)
            yield Part({"type": "context", "elements": [_mrkdwn(words)]}, words, last=True)

    def paragraph(self, words: str) -> Iterator[Part]:
        """The words as sections, as many as it takes."""
        for piece in pieces(words, limits.SECTION):
            yield Part(_section(piece), piece)

    def short(self, words: str, most: int) -> str:
        """The words as plain text of at most `most` characters, on one line."""
        return cut(" ".join(words.split()) or NOTHING, most, self.mark, literal)

    def button(self, button: Button, about: str = "") -> Block:
        """The button, which carries its packed command; one of a list is read aloud with what it is `about`."""
        label = self._said(button.label)
        drawn: Block = {
            "type": "button",
            "action_id": f"press-{next(self._presses)}",
            "text": _plain(self.short(label, limits.BUTTON)),
            "value": fitted(button.command.pack(), limits.VALUE),
        }
        if about:
            drawn["accessibility_label"] = self.short(f"{label}: {about}", limits.BUTTON)
        return drawn if button.style == "normal" else {**drawn, "style": button.style}

    def _element(self, element: Element) -> Iterator[Part]:
        if isinstance(element, Paragraph):
            yield from self.paragraph(self._said(element.text))
        elif isinstance(element, Quote):
            yield from self._quote(element)
        elif isinstance(element, Link):
            yield from self.paragraph(f"{self._said(element.label)}: {element.address}")
        elif isinstance(element, Table):
            yield from self._table(element)
        else:
            yield from self._item(element)

    def _quote(self, quote: Quote) -> Iterator[Part]:
        by = self._said(quote.by) if quote.by is not None else ""
        if by:
            words = cut(by, limits.SECTION - 2, self.mark)
            yield Part(_section(f"*{words}*"), words)
        for piece in pieces(clean(quote.words), limits.SECTION, quoted):
            yield Part(_section(piece), piece)

    def _item(self, item: Item) -> Iterator[Part]:
        about = self._said(item.title)
        title = cut(about or NOTHING, limits.SECTION // 2, self.mark)
        text = self._said(item.text) if item.text is not None else ""
        more = "\n" + cut(text, limits.SECTION // 2 - 3, self.mark) if text else ""
        section = _section(f"*{title}*{more}")
        if len(item.buttons) == 1:
            section["accessory"] = self.button(item.buttons[0], about)
        yield Part(section, title + more)
        if len(item.buttons) > 1:
            yield from self._buttons(item.buttons, last=False, about=about)

    def _table(self, table: Table) -> Iterator[Part]:
        """A table where the surface shows one, else a section for each row."""
        heads = [self._said(head) for head in table.columns]
        rows = [[self._said(cell) or NOTHING for cell in row] for row in table.rows[: limits.TABLE_ROWS - 1]]
        lines = [[f"{head}: {cell}" for head, cell in zip(heads, row, strict=True)] for row in rows]
        if rows and limits.shows("data_table", self._surface):
            words = "\n".join(escaped(", ".join(row)) for row in rows)
            yield Part(self._data_table(self._said(table.caption), [heads, *rows]), words)
            return
        for row, line in zip(rows, lines, strict=True):
            title = cut(row[0], limits.SECTION // 2, self.mark)
            words = f"*{title}*\n" + cut("\n".join(line[1:]), limits.SECTION // 2 - 3, self.mark)
            yield Part(_section(words), words)

    def _data_table(self, caption: str, rows: list[list[str]]) -> Block:
        """The rows with their heads first, each cell as long as the message has room for."""
        tried = (self._of_cells(caption, rows, most) for most in _CELLS)
        return next(drawn for drawn in tried if limits.size(drawn) <= _BLOCKS_SIZE - 2000)

    def _of_cells(self, caption: str, rows: list[list[str]], most: int) -> Block:
        return {
            "type": "data_table",
            "caption": self.short(caption, limits.HEADER),
            "page_size": _PAGE,
            "row_header_column_index": 0,
            "rows": [[{"type": "raw_text", "text": cut(one, most, self.mark, str)} for one in row] for row in rows],
        }

    def _facts(self, facts: Iterable[Fact]) -> Iterator[Part]:
        drawn = []
        for fact in facts:
            label = cut(self._said(fact.label) or NOTHING, limits.FIELD // 4, self.mark)
            value = cut(self._said(fact.value) or NOTHING, limits.FIELD // 2, self.mark)
            drawn.append((_mrkdwn(f"*{label}*\n{value}"), f"{label}: {value}"))
        for group in _grouped(drawn, limits.FIELDS, lambda facts: limits.size([field for field, _ in facts])):
            words = "\n".join(words for _, words in group)
            yield Part({"type": "section", "fields": [field for field, _ in group]}, words)

    def _buttons(self, buttons: Iterable[Button], last: bool, about: str = "") -> Iterator[Part]:
        for group in _grouped([self.button(button, about) for button in buttons], limits.BUTTONS, limits.size):
            yield Part({"type": "actions", "elements": group}, last=last)

    def _said(self, value: Value) -> str:
        return clean(say(value, self._reader)).strip()


def _as_card(body: Drawable) -> Card:
    """A form where no modal can be opened: its title, what is wrong with it, and a button that opens it."""
    if isinstance(body, Card):
        return body
    wrong = [text for text in (body.error, *(field.error for field in body.fields)) if text is not None]
    fill_in = Button(t("Fill in"), body.command, "primary")
    return Card(body.title, tuple(Paragraph(text) for text in wrong), buttons=(fill_in,))


def _message(parts: Sequence[Part], reader: Reader) -> Message:
    blocks = [part.block for part in parts] or [_section(NOTHING)]
    words = "\n".join(part.words for part in parts if part.words) or NOTHING
    most = min(limits.FALLBACK_TEXT, limits.MESSAGE_SIZE - limits.size(blocks))
    if len(words) > most:
        words = _shortened(words, most, say(t("… (cut)"), reader))
    return {"text": words, "blocks": blocks}


def _shortened(words: str, most: int, mark: str) -> str:
    """Drawn words cut where neither an entity nor a link is broken."""
    end = most - len(mark)
    for opens, closes in (("&", ";"), ("<", ">")):
        start = words.rfind(opens, 0, end)
        if start >= 0 and closes not in words[start:end]:
            end = start
    return words[:end].rstrip() + mark


def _fits(parts: Sequence[Part], room: Room) -> bool:
    return len(parts) <= room.blocks and limits.size([part.block for part in parts]) <= room.size


def _first_that_fit(parts: Sequence[Part], room: Room) -> list[Part]:
    kept, used = 0, 2
    for part in parts[: room.blocks]:
        used += limits.size(part.block) + 1
        if used > room.size:
            break
        kept += 1
    return list(parts[:kept])


def _grouped(things: Sequence[Thing], most: int, size: Callable[[Sequence[Thing]], int]) -> Iterator[list[Thing]]:
    """The things in order, in groups of at most `most` that stay within the size of one part."""
    if 0 < len(things) <= most and size(things) <= _PART_SIZE:
        yield list(things)
        return
    group: list[Thing] = []
    for thing in things:
        if group and (len(group) == most or size([*group, thing]) > _PART_SIZE):
            yield group
            group = []
        group.append(thing)
    if group:
        yield group


def _header(text: str) -> Block:
    return {"type": "header", "text": _plain(text)}


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Block:
    """Markup that is ours alone: `verbatim` keeps Slack from finding names, channels and links in it by itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


__all__ = ["Block", "Drawing", "Form", "Message", "Part", "Room", "cut_to", "message", "one_message"]
