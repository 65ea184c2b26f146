"""What is left of a card when all that people wrote is taken out of it: our own words."""

from collections.abc import Iterator
from typing import Any

import msgspec

from bot.ui import Drawable, dump, load_drawable

BLANK = "0"
SEEN = frozenset(
    "text title label errorMessage fallbackText placeholder hint close submit summary altText alt_text".split()
)
"""Under these names both platforms keep what people read."""


def without_what_people_wrote(body: Drawable) -> Drawable:
    """The same card or form with a mark in place of every value, quotation and filled-in field."""
    return load_drawable(msgspec.json.encode(_blanked(msgspec.json.decode(dump(body)))).decode())


def keys_of(body: Drawable) -> set[str]:
    """The keys of every text in it, but that which stands for a person's own words."""
    return {key for key in _keys(msgspec.json.decode(dump(body))) if key != "{words}"}


def visible(drawn: Any) -> Iterator[str]:
    """Every piece of text that a platform would show of this."""
    if isinstance(drawn, list | tuple):
        for part in drawn:
            yield from visible(part)
    elif isinstance(drawn, dict):
        for name, part in drawn.items():
            seen = name in SEEN or (name == "value" and drawn.keys() == {"title", "value"})
            if isinstance(part, str) and seen:
                yield part
            elif not isinstance(part, str):
                yield from visible(part)


def _blanked(node: Any) -> Any:
    if isinstance(node, list):
        return [_blanked(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {name: _blanked(part) for name, part in node.items()}
    if node.get("type") == "text":
        kept["values"] = [[name, _value(value)] for name, value in node.get("values", ())]
    elif node.get("type") == "listing":
        kept["items"] = [_value(item) for item in node["items"]]
    elif node.get("type") == "quote":
        kept["words"] = BLANK
    elif isinstance(node.get("value"), str):
        kept["value"] = BLANK
    return kept


def _value(value: Any) -> Any:
    return BLANK if isinstance(value, str) else _blanked(value)


def _keys(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for part in node:
            yield from _keys(part)
    elif isinstance(node, dict):
        if node.get("type") == "text":
            yield node["key"]
        for part in node.values():
            yield from _keys(part)
