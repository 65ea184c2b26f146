"""What Teams accepts in a card and a message, as data, and a check of one card against it. Pure.

Sources: the Adaptive Card 1.5 schema (adaptivecards.io/explorer), "Cards in Teams" and "Teams store
validation guidelines" on learn.microsoft.com, and `platforms/teams.md`.
"""

import json
from collections.abc import Iterator
from typing import Any

NEWEST_VERSION = (1, 5)
EXECUTE_SINCE = (1, 4)
MOST_ACTIONS = 6
MOST_BYTES = 28 * 1024
"""A whole message, encoded as UTF-8."""
MOST_REFRESHED_USERS = 60
MOST_COMMANDS = 12
"""In one command list of the app's manifest."""
MOST_COMMAND_LISTS = 3

INPUTS = frozenset({"Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet"})
ELEMENTS = INPUTS | {
    "TextBlock", "RichTextBlock", "Image", "ImageSet", "Container",
    "ColumnSet", "Column", "FactSet", "Table", "ActionSet",
}  # fmt: skip
"""`Media` is in the schema, but Teams does not draw it."""
ACTIONS = frozenset({"Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility"})

Json = dict[str, Any]


def size(value: object) -> int:
    """How many bytes this value takes as compact JSON in UTF-8."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def validate(card: Json) -> list[str]:
    """What Teams would refuse or draw wrongly in this Adaptive Card, in words; nothing when it is fine."""
    elements = list(_elements(card))
    actions = list(_actions(card, elements))
    return [
        *_about_the_card(card, actions),
        *(fault for element in elements for fault in _about_an_element(element)),
        *_about_ids(elements),
        *(fault for action in actions for fault in _about_an_action(action)),
    ]


def _elements(parent: Json) -> Iterator[Json]:
    for name in ("body", "items", "columns", "rows", "cells"):
        for child in parent.get(name, ()):
            yield child
            yield from _elements(child)


def _actions(card: Json, elements: list[Json]) -> Iterator[Json]:
    for holder in (card, *elements):
        yield from holder.get("actions", ())
        if "selectAction" in holder:
            yield holder["selectAction"]


def _version(card: Json) -> tuple[int, ...]:
    parts = str(card.get("version", "")).split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else ()


def _about_the_card(card: Json, actions: list[Json]) -> Iterator[str]:
    version = _version(card)
    if card.get("type") != "AdaptiveCard":
        yield "The type is not AdaptiveCard"
    if not version or version > NEWEST_VERSION:
        yield f"Teams draws cards up to version 1.5, not {card.get('version')!r}"
    if any(action.get("type") == "Action.Execute" for action in actions) and version < EXECUTE_SINCE:
        yield "Action.Execute needs version 1.4"
    if len(actions) > MOST_ACTIONS:
        yield f"{len(actions)} actions, and Teams takes {MOST_ACTIONS}"
    if not _worded(card, "fallbackText"):
        yield "There is no fallbackText"
    if len(card.get("refresh", {}).get("userIds", ())) > MOST_REFRESHED_USERS:
        yield f"More than {MOST_REFRESHED_USERS} users to refresh for"
    if size(card) > MOST_BYTES:
        yield f"{size(card)} bytes, and Teams takes {MOST_BYTES}"


def _about_an_element(element: Json) -> Iterator[str]:
    kind = element.get("type", "Table row or cell")
    if kind not in ELEMENTS and kind not in ("TableRow", "TableCell"):
        yield f"Teams does not draw a {kind}"
    if kind == "TextBlock" and not _worded(element, "text"):
        yield "A TextBlock without text"
    if kind == "FactSet" and not all(_worded(fact, "title", "value") for fact in element.get("facts", ())):
        yield "A fact without title or value"
    if kind in INPUTS:
        yield from _about_an_input(kind, element)


def _about_an_input(kind: str, element: Json) -> Iterator[str]:
    for needed in ("id", "label", "errorMessage"):
        if not _worded(element, needed):
            yield f"An {kind} without {needed}"
    if kind == "Input.ChoiceSet" and not all(_worded(choice, "title", "value") for choice in element["choices"]):
        yield "A choice without title or value"
    if kind == "Input.Toggle" and not _worded(element, "title"):
        yield "An Input.Toggle without title"


def _about_ids(elements: list[Json]) -> Iterator[str]:
    ids = [element["id"] for element in elements if "id" in element]
    yield from (f"The id {name!r} is used twice" for name in sorted({i for i in ids if ids.count(i) > 1}))


def _about_an_action(action: Json) -> Iterator[str]:
    kind = action.get("type")
    if kind not in ACTIONS:
        yield f"Teams does not know a {kind}"
    if not _worded(action, "title"):
        yield f"An {kind} without title"
    if kind == "Action.Execute" and action.get("fallback", {}).get("type") != "Action.Submit":
        yield "An Action.Execute without Action.Submit as its fallback"


def _worded(holder: Json, *names: str) -> bool:
    return all(isinstance(holder.get(name), str) and holder[name].strip() for name in names)
