"""Slack's limits as one table, and `validate`, which finds what Slack would refuse.

Sources: docs.slack.dev/reference/block-kit (blocks, elements, composition objects) and
docs.slack.dev/reference/views. The size of a whole message is measured: posts fail near 13,200 characters.
Lengths are in characters, counts in items.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec

Block = dict[str, Any]
Surface = Literal["message", "modal", "home"]

HEADER: Final = 150
SECTION: Final = 3000
FIELDS: Final = 10
FIELD: Final = 2000
NOTE: Final = 2000
BUTTONS: Final = 25
BUTTON: Final = 75
VALUE: Final = 2000
LABEL: Final = 2000
INPUT: Final = 3000
OPTIONS: Final = 100
FEW_OPTIONS: Final = 10
OPTION: Final = 75
OPTION_VALUE: Final = 150
VIEW_WORD: Final = 24
METADATA: Final = 3000
TABLE_ROWS: Final = 201
TABLE_COLUMNS: Final = 20
ID: Final = 255
MESSAGE_SIZE: Final = 12_000
MESSAGE_REFUSED: Final = 13_200
FALLBACK_TEXT: Final = 4000
BLOCKS: Final[Mapping[Surface, int]] = {"message": 50, "modal": 100, "home": 100}

_EVERYWHERE: Final[frozenset[Surface]] = frozenset({"message", "modal", "home"})
_MESSAGES: Final[frozenset[Surface]] = frozenset({"message"})


class Capability(NamedTuple):
    """A kind of block: the surfaces that show it, and whether we send it (what is off has a plain form instead)."""

    surfaces: frozenset[Surface]
    on: bool = True


CAPABILITIES: Final[Mapping[str, Capability]] = {
    "header": Capability(_EVERYWHERE),
    "section": Capability(_EVERYWHERE),
    "context": Capability(_EVERYWHERE),
    "actions": Capability(_EVERYWHERE),
    "divider": Capability(_EVERYWHERE),
    "image": Capability(_EVERYWHERE),
    "input": Capability(_EVERYWHERE),
    "rich_text": Capability(_EVERYWHERE, on=False),
    "markdown": Capability(_MESSAGES, on=False),
    "table": Capability(_MESSAGES, on=False),
    "data_table": Capability(_MESSAGES),
    "card": Capability(_MESSAGES, on=False),
    "alert": Capability(_EVERYWHERE, on=False),
    "plan": Capability(_MESSAGES, on=False),
    "task_card": Capability(_MESSAGES, on=False),
}


class Limit(NamedTuple):
    """The least and most of one part, found by its path: its characters, its items, or its number."""

    path: str
    most: int
    least: int = 1


_SELECT: Final = (
    Limit("options[].text.text", OPTION),
    Limit("options[].value", OPTION_VALUE),
    Limit("options[].description.text", 75),
    Limit("placeholder.text", 150),
)

LIMITS: Final[Mapping[str, tuple[Limit, ...]]] = {
    "header": (Limit("text.text", HEADER),),
    "section": (Limit("text.text", SECTION), Limit("fields", FIELDS), Limit("fields[].text", FIELD)),
    "context": (Limit("elements", 10), Limit("elements[].text", NOTE)),
    "actions": (Limit("elements", BUTTONS),),
    "input": (Limit("label.text", LABEL), Limit("hint.text", LABEL)),
    "image": (Limit("alt_text", 2000), Limit("image_url", 3000)),
    "data_table": (
        Limit("rows", TABLE_ROWS, least=2),
        Limit("rows[]", TABLE_COLUMNS),
        Limit("page_size", 100),
        Limit("row_header_column_index", TABLE_COLUMNS - 1, least=0),
    ),
    "button": (
        Limit("text.text", BUTTON),
        Limit("value", VALUE),
        Limit("url", 3000),
        Limit("accessibility_label", BUTTON),
        Limit("confirm.title.text", 100),
        Limit("confirm.text.text", 300),
        Limit("confirm.confirm.text", 30),
        Limit("confirm.deny.text", 30),
    ),
    "static_select": (Limit("options", OPTIONS), *_SELECT),
    "overflow": (Limit("options", 5), *_SELECT),
    "radio_buttons": (Limit("options", FEW_OPTIONS), *_SELECT),
    "checkboxes": (Limit("options", FEW_OPTIONS), *_SELECT),
    "plain_text_input": (
        Limit("max_length", INPUT),
        Limit("initial_value", INPUT, least=0),
        Limit("placeholder.text", 150),
    ),
    "datepicker": (Limit("placeholder.text", 150),),
    "timepicker": (Limit("placeholder.text", 150),),
    "mrkdwn": (),
    "plain_text": (),
    "modal": (
        Limit("title.text", VIEW_WORD),
        Limit("submit.text", VIEW_WORD),
        Limit("close.text", VIEW_WORD),
        Limit("private_metadata", METADATA, least=0),
        Limit("callback_id", ID, least=0),
    ),
    "home": (Limit("private_metadata", METADATA, least=0), Limit("callback_id", ID, least=0)),
}

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "header": ("text",),
    "context": ("elements",),
    "actions": ("elements",),
    "input": ("label", "element"),
    "image": ("alt_text",),
    "data_table": ("caption", "rows"),
    "button": ("text", "action_id"),
    "static_select": ("options", "action_id"),
    "overflow": ("options", "action_id"),
    "radio_buttons": ("options", "action_id"),
    "checkboxes": ("options", "action_id"),
    "plain_text_input": ("action_id",),
    "datepicker": ("action_id",),
    "timepicker": ("action_id",),
    "modal": ("title", "blocks"),
    "home": ("blocks",),
}

PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "header": ("text",),
    "button": ("text",),
    "input": ("label", "hint"),
    "modal": ("title", "submit", "close"),
}

_PRESSED: Final = frozenset({"button", "static_select", "overflow", "radio_buttons", "checkboxes"})
_PICKED: Final = frozenset({"datepicker", "timepicker"})
HOLDS: Final[Mapping[str, frozenset[str]]] = {
    "actions": _PRESSED | _PICKED,
    "section": _PRESSED | _PICKED | {"image"},
    "input": (_PRESSED - {"button", "overflow"}) | _PICKED | {"plain_text_input"},
    "context": frozenset({"mrkdwn", "plain_text", "image"}),
}


def shows(kind: str, surface: Surface) -> bool:
    """Whether this surface shows this kind of block, and we send it."""
    capability = CAPABILITIES[kind]
    return capability.on and surface in capability.surfaces


def size(blocks: object) -> int:
    """The characters of these blocks as Slack receives them."""
    return len(msgspec.json.encode(blocks).decode())


def validate(blocks: Sequence[Any], surface: Surface) -> list[str]:
    """What Slack would refuse in these blocks, one line each naming where; nothing when all is well."""
    found: list[str] = []
    if not 1 <= len(blocks) <= BLOCKS[surface]:
        found.append(f"blocks: {len(blocks)}, where 1 to {BLOCKS[surface]} may be on a {surface}")
    if surface == "message" and size(blocks) > MESSAGE_REFUSED:
        found.append(f"blocks: {size(blocks)} characters in all, where {MESSAGE_REFUSED} may be")
    for number, block in enumerate(blocks):
        found.extend(f"blocks[{number}] {problem}" for problem in _in_block(block, surface))
    return found + _repeated(blocks)


def validate_view(view: Any) -> list[str]:
    """What Slack would refuse in this modal or home view, its blocks included."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return ["view: neither a modal nor a home view"]
    surface: Surface = view["type"]
    blocks = view.get("blocks")
    found = [f"view {problem}" for problem in _in_element(view)]
    asks = [block for block in blocks or () if isinstance(block, dict) and block.get("type") == "input"]
    if surface == "modal" and asks and "submit" not in view:
        found.append("view submit: missing, where there is an input")
    return found + (validate(blocks, surface) if isinstance(blocks, list) else ["view blocks: not a list"])


def _in_block(block: Any, surface: Surface) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    capability = CAPABILITIES.get(str(kind))
    if capability is None or not capability.on:
        yield f"type: {kind} is not a block that we send"
        return
    if surface not in capability.surfaces:
        yield f"type: {kind} is not shown on a {surface}"
    if kind == "section" and "text" not in block and "fields" not in block:
        yield "section: neither text nor fields"
    if kind == "data_table" and len({len(row) for row in block.get("rows", ()) if isinstance(row, list)}) > 1:
        yield "data_table.rows: not all of one length"
    yield from _in_element(block)
    for element in _inside(block):
        yield from _held(element, str(kind))


def _held(element: Any, holder: str) -> Iterator[str]:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in HOLDS.get(holder, frozenset()):
        yield f"{holder}: cannot hold {kind}"
    else:
        yield from _in_element(element)


def _in_element(element: Block) -> Iterator[str]:
    kind = str(element["type"])
    for name in NEEDED.get(kind, ()):
        if name not in element:
            yield f"{kind}.{name}: missing"
    for name in PLAIN.get(kind, ()):
        if name in element and (not isinstance(element[name], dict) or element[name].get("type") != "plain_text"):
            yield f"{kind}.{name}: not plain_text"
    common = (Limit("block_id", ID), Limit("action_id", ID))
    for limit in (*LIMITS[kind], *common) if kind in LIMITS else common:
        for part in _at(element, limit.path):
            yield from _measured(part, limit, kind)
    yield from _chosen(element, kind)


def _measured(part: Any, limit: Limit, kind: str) -> Iterator[str]:
    if isinstance(part, str | list):
        count = len(part)
    elif isinstance(part, int):
        count = part
    else:
        yield f"{kind}.{limit.path}: not a text, list or number"
        return
    if not limit.least <= count <= limit.most:
        yield f"{kind}.{limit.path}: {count}, where {limit.least} to {limit.most} may be"


def _chosen(element: Block, kind: str) -> Iterator[str]:
    options = element.get("options")
    chosen = [
        *element.get("initial_options", ()),
        *([element["initial_option"]] if "initial_option" in element else []),
    ]
    if isinstance(options, list) and any(choice not in options for choice in chosen):
        yield f"{kind}: what is chosen first is not one of the options"
    if kind == "button" and element.get("style") not in (None, "primary", "danger"):
        yield "button.style: neither primary nor danger"
    typed, most = element.get("initial_value"), element.get("max_length")
    if isinstance(typed, str) and isinstance(most, int) and len(typed) > most:
        yield f"{kind}.initial_value: longer than max_length"


def _inside(block: Block) -> Iterator[Any]:
    for name in ("element", "accessory"):
        if name in block:
            yield block[name]
    elements = block.get("elements")
    if isinstance(elements, list):
        yield from elements


def _at(part: Any, path: str) -> Iterator[Any]:
    """Every value at a path like `options[].text.text`, None where it leads through no mapping; nothing if missing."""
    if not path:
        yield part
        return
    name, _, rest = path.partition(".")
    each = name.endswith("[]")
    name = name.removesuffix("[]")
    if not isinstance(part, dict):
        yield None
        return
    if part.get(name) is None:
        return
    found = part[name] if each else [part[name]]
    for one in found if isinstance(found, list) else ():
        yield from _at(one, rest)


def _repeated(blocks: Sequence[Any]) -> list[str]:
    mappings = [block for block in blocks if isinstance(block, dict)]
    places = Counter(str(block["block_id"]) for block in mappings if "block_id" in block)
    presses = Counter(
        str(element["action_id"])
        for block in mappings
        for element in _inside(block)
        if isinstance(element, dict) and "action_id" in element
    )
    found = [f"block_id: {name} is used {times} times" for name, times in places.items() if times > 1]
    return found + [f"action_id: {name} is used {times} times" for name, times in presses.items() if times > 1]
