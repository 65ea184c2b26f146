"""Adaptive Cards as a person meets them: what can be pressed, and what is filled in when it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.local.seen import Json
from adapters.local.teams_state import ConnectorError
from adapters.teams.limits import validate

CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True)
class Pressable:
    """An action, where it stands in the card ("actions.0"), and the inputs that go with it."""

    path: str
    action: Json
    inputs: list[Json]

    def named(self, name: str) -> bool:
        """Whether a person, or a page, means this one."""
        return name in (self.action.get("id"), self.path, self.action.get("title"))


def card_of(activity: Json) -> tuple[Json | None, list[str]]:
    """The Adaptive Card of a message, None where it has none, and what is wrong with it."""
    for attachment in activity.get("attachments") or ():
        if attachment.get("contentType") == CARD:
            card = attachment.get("content")
            if not isinstance(card, dict):
                raise ConnectorError(400, "BadArgument", "The card has no content")
            return card, validate(card)
    return None, []


def pressable(card: Json) -> Iterator[Pressable]:
    """Every action in the order in which it is drawn, those of cards that unfold too."""
    yield from _pressable(card, "", [])


def _pressable(card: Json, path: str, outer: list[Json]) -> Iterator[Pressable]:
    inputs = [*outer, *(part for _, part in _walk(card, path) if str(part.get("type", "")).startswith("Input."))]
    for place, part in _walk(card, path):
        if str(part.get("type", "")).startswith("Action."):
            yield Pressable(place, part, inputs)
        if part.get("type") == "Action.ShowCard":
            yield from _pressable(part["card"], f"{place}.card", inputs)


def _walk(value: Any, path: str) -> Iterator[tuple[str, Json]]:
    """Every object with its path, without payloads, fallbacks and the cards that unfold."""
    if isinstance(value, dict):
        yield path, value
        skipped = ("data", "fallback", "card") if str(value.get("type", "")).startswith("Action.") else ()
        for key, inside in value.items():
            if key not in skipped:
                yield from _walk(inside, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, inside in enumerate(value):
            yield from _walk(inside, f"{path}.{at}")


def find(card: Json, name: str) -> Pressable:
    """The action with this title, id or path; KeyError names what there is instead."""
    several = list(pressable(card))
    for one in several:
        if one.named(name):
            return one
    raise KeyError(f"Nothing here is called {name!r}: there is {[one.action.get('title') for one in several]}")


def sender(card: Json) -> Pressable:
    """The first action that sends the card's inputs."""
    for one in pressable(card):
        if one.inputs and one.action["type"] in ("Action.Execute", "Action.Submit"):
            return one
    raise KeyError("This card asks for nothing")


def filled(pressed: Pressable, answers: Mapping[str, str]) -> tuple[Json, str]:
    """The inputs as Teams sends them, by id; and why Teams would not send them, "" when it would.

    Answers go by id or label; what is not answered keeps what it began with.
    """
    if str(pressed.action.get("associatedInputs", "auto")).lower() == "none":
        return {}, ""
    known = {name for part in pressed.inputs for name in (part["id"], part.get("label"))}
    strange = [name for name in answers if name not in known]
    if strange:
        return {}, f"The card does not ask for {strange}"
    values: Json = {}
    for part in pressed.inputs:
        given = answers.get(part["id"], answers.get(str(part.get("label"))))
        value = _value(part, given)
        if part.get("isRequired") and not value:
            return {}, str(part.get("errorMessage") or f"“{part.get('label')}” is required")
        if len(value) > int(part.get("maxLength", len(value))):
            return {}, f"“{part.get('label')}” is too long"
        values[part["id"]] = value
    return values, ""


def _value(part: Json, given: str | None) -> str:
    started = str(part.get("value", ""))
    if part["type"] == "Input.Toggle":
        on, off = str(part.get("valueOn", "true")), str(part.get("valueOff", "false"))
        return on if (started if given is None else given) == on else off
    if given is None:
        return started
    if part["type"] == "Input.ChoiceSet":
        titles = {choice["title"]: choice["value"] for choice in part["choices"]}
        return ",".join(titles.get(one, one) for one in given.split(",")) if given not in titles else titles[given]
    return given
