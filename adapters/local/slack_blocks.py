"""Slack blocks as a person meets them: what can be pressed, what can be filled in, and whether they are valid."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from adapters.local.seen import Json, plain
from adapters.local.slack_state import Refused
from adapters.slack.limits import validate

Surface = Literal["message", "modal", "home"]

CHOICES = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
}


@dataclass(frozen=True)
class Input:
    """One input of a modal: its block and the element in it."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The id that answers and errors go by."""
        return str(self.block["block_id"])

    @property
    def label(self) -> str:
        """The words above it."""
        return plain(str(self.block["label"]["text"]))

    @property
    def optional(self) -> bool:
        """Whether Slack lets it stay empty."""
        return bool(self.block.get("optional"))


def valid(blocks: Any, surface: Surface) -> list[Json]:
    """The blocks as Slack keeps them; `invalid_blocks` when they break its rules."""
    decoded = decode(blocks, "invalid_blocks_format") or []
    if not isinstance(decoded, list):
        raise Refused("invalid_blocks_format")
    details = validate(decoded, surface) if decoded else []
    if details:
        raise Refused("invalid_blocks", details)
    return with_ids(decoded)


def with_ids(blocks: list[Json]) -> list[Json]:
    """Slack gives an id to each block that has none."""
    return [{**block, "block_id": block.get("block_id") or f"b{at}"} for at, block in enumerate(blocks)]


def decode(value: Any, otherwise: str) -> Any:
    """JSON arguments travel as JSON, or as text that holds JSON; `otherwise` is the error for what is neither."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise Refused(otherwise) from None


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each interactive element with its block, in the order in which they are drawn."""
    for block in blocks:
        inside = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        yield from ((block, part) for part in inside if isinstance(part, dict) and "action_id" in part)


def element(blocks: list[Json], label_or_id: str) -> tuple[Json, Json]:
    """The element with this action id or label; KeyError names what there is instead."""
    several = list(elements(blocks))
    for block, part in several:
        if label_or_id in (part["action_id"], label_of(part)):
            return block, part
    raise KeyError(f"Nothing here is called {label_or_id!r}: there is {[label_of(part) for _, part in several]}")


def label_of(part: Json) -> str:
    """What stands on the button, or in an empty choice."""
    label = part.get("text") or part.get("placeholder") or {}
    return plain(str(label.get("text", "")))


def inputs(blocks: list[Json]) -> list[Input]:
    """The inputs in the order in which they are drawn."""
    return [Input(block, block["element"]) for block in blocks if block.get("type") == "input"]


def value_of(part: Json, answer: str | None) -> Json:
    """The element's state as Slack sends it: the answer, or what it began with when there is none (None)."""
    kind = str(part["type"])
    if kind not in CHOICES:
        return {"type": kind, "value": part.get("initial_value") if answer is None else answer or None}
    key = CHOICES[kind]
    initial = part.get(key.replace("selected", "initial"))
    if answer is None:
        return {"type": kind, key: initial if initial is not None else ([] if key == "selected_options" else None)}
    if key == "selected_options":
        return {"type": kind, key: [_option(part, value) for value in answer.split(",") if value]}
    chosen: Any = _option(part, answer) if key == "selected_option" and answer else answer or None
    return {"type": kind, key: chosen}


def is_empty(state: Json) -> bool:
    """Whether nothing was filled in or chosen."""
    return not any(value for key, value in state.items() if key != "type")


def state_of(blocks: list[Json], answers: Mapping[str, str]) -> dict[str, dict[str, Json]]:
    """The values of every input, by block id and action id. Answers go by block id, action id or label."""
    values: dict[str, dict[str, Json]] = {}
    for block, part in elements(blocks):
        if part["type"] in ("button", "overflow"):
            continue
        names = [block.get("block_id", ""), part["action_id"], *_label(block)]
        answer = next((answers[name] for name in names if name in answers), None)
        values.setdefault(str(block["block_id"]), {})[part["action_id"]] = value_of(part, answer)
    return values


def unknown(blocks: list[Json], answers: Mapping[str, str]) -> list[str]:
    """The answers that belong to no input."""
    known = {
        name for block, part in elements(blocks) for name in (block["block_id"], part["action_id"], *_label(block))
    }
    return [name for name in answers if name not in known]


def _label(block: Json) -> list[str]:
    return [plain(block["label"]["text"])] if "label" in block else []


def _option(part: Json, wanted: str) -> Json:
    options: list[Json] = part.get("options") or [
        option for group in part.get("option_groups", ()) for option in group["options"]
    ]
    for option in options:
        if wanted in (option["value"], plain(option["text"]["text"])):
            return option
    raise KeyError(f"There is no choice {wanted!r}: there is {[option['text']['text'] for option in options]}")
