"""What people see on a local platform: messages and open modals, with the platform's own JSON inside."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """One message as one person sees it now.

    `text` is what the platform would read out: entities decoded, mentions by name. `blocks` (Slack) or `card`
    (Teams) is the JSON that was sent. `markup` is the text in the platform's own markup, with names for ids.
    `thread` is the id of the message it hangs under, "" for none.
    `ephemeral` means that only this person sees it.
    """

    id: str
    sender: str
    text: str
    at: datetime
    bot: bool = False
    mine: bool = False
    thread: str = ""
    edited: bool = False
    ephemeral: bool = False
    blocks: list[Json] | None = None
    card: Json | None = None
    conversation: str = ""
    markup: str = ""

    def buttons(self) -> list[str]:
        """The labels of everything that can be pressed, in the order in which it is drawn."""
        return list(labels(self.blocks if self.blocks is not None else self.card or {}))

    def words(self) -> str:
        """Every word of the card in order, one piece a line; the text alone where there is no card."""
        drawn = self.blocks if self.blocks is not None else self.card
        return plain("\n".join(pieces(drawn))) if drawn else self.text


@dataclass(frozen=True)
class View:
    """A Slack modal that is open for one person: Slack's own JSON, and the errors beside its fields by block id."""

    id: str
    title: str
    json: Json
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """The blocks that are shown."""
        blocks: list[Json] = self.json.get("blocks", [])
        return blocks

    def buttons(self) -> list[str]:
        """The labels of the buttons inside it; its own submit and close are not among them."""
        return list(labels(self.blocks))

    def words(self) -> str:
        """Every word in it, with the errors, one piece a line."""
        return plain("\n".join([self.title, *pieces(self.blocks), *self.errors.values()]))


BUTTON_TYPES = frozenset({"button", "Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ShowCard"})
WORD_KEYS = frozenset({"text", "title", "label", "placeholder", "hint", "errorMessage", "altText", "alt_text"})
# What a button carries, and what is drawn only where the first form is not understood, is not seen.
UNSEEN_KEYS = frozenset({"data", "fallback", "msteams", "state", "metadata"})


def labels(drawn: Any) -> Iterator[str]:
    """The label of each button in Slack blocks or an Adaptive Card."""
    for part in parts(drawn):
        if part.get("type") in BUTTON_TYPES:
            label = part.get("text", part.get("title", ""))
            yield plain(label["text"] if isinstance(label, dict) else str(label))


def parts(drawn: Any) -> Iterator[Json]:
    """Every JSON object inside that is drawn, outermost first, in the order in which it is written."""
    if isinstance(drawn, dict):
        yield drawn
        for key, value in drawn.items():
            if key not in UNSEEN_KEYS:
                yield from parts(value)
    elif isinstance(drawn, list):
        for value in drawn:
            yield from parts(value)


def pieces(drawn: Any, inside: str = "") -> Iterator[str]:
    """The words that are drawn, piece by piece. A `value` is words in a row of facts and a payload elsewhere."""
    if isinstance(drawn, list):
        for value in drawn:
            yield from pieces(value, inside)
    elif isinstance(drawn, dict):
        for key, value in drawn.items():
            if not isinstance(value, str):
                yield from pieces(value, key) if key not in UNSEEN_KEYS else ()
            elif key in WORD_KEYS or (key == "value" and inside == "facts"):
                yield value


def plain(text: str) -> str:
    """The text with the three entities of Slack's mrkdwn decoded (docs.slack.dev, "Formatting message text")."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
