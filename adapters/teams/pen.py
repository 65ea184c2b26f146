"""Writes a card's text for one reader, cut where it would not fit, with the cut to be seen. Pure."""

from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from adapters.teams.plain import escaped, shown_as_typed
from bot.command import registry
from bot.text import Reader, Value, listing, say, t, tn
from bot.ui import Action, Button

T = TypeVar("T")
Json = dict[str, Any]

LABEL = 80
"""Characters of a button's label: more does not fit on a phone."""
ASIDE = "aside"
MOST_NAMED = 12
"""Commands that are named in one line."""


@dataclass(frozen=True)
class Pen:
    """How much may be written: characters in one text, entries in one list, buttons in the whole card."""

    reader: Reader
    letters: int
    entries: int
    buttons: int
    aside: bool = False
    """Whether only one person sees the card: its buttons then say so, since Teams does not when they are pressed."""

    def words(self, value: Value) -> str:
        """The words as they are, for places where Teams reads no markdown."""
        return self.cut(shown_as_typed(say(value, self.reader)))

    def markdown(self, value: Value) -> str:
        """The words for a place where Teams reads markdown, so that they show as they are."""
        return escaped(self.words(value))

    def cut(self, text: str, most: int | None = None) -> str:
        """At most this many characters, the mark "… (cut)" among them."""
        most = most or self.letters
        mark = " " + say(t("… (cut)"), self.reader)
        return text if len(text) <= most else text[: max(0, most - len(mark))] + mark

    def first(self, things: tuple[T, ...]) -> tuple[T, ...]:
        """As many of them as may be drawn."""
        return things[: self.entries]

    def block(self, value: Value, **style: object) -> list[Json]:
        """A TextBlock, or nothing where there are no words to draw."""
        text = self.markdown(value)
        return [{"type": "TextBlock", "text": text, "wrap": True, **style}] if text else []

    def left_out(self, number: int) -> list[Json]:
        """The line that says how much is not shown."""
        if not number:
            return []
        return self.block(tn("{n} more is not shown here", "{n} more are not shown here", n=number), isSubtle=True)

    def no_room_for(self, buttons: tuple[Button, ...]) -> list[Json]:
        """The line in place of buttons that Teams has no room for: what to type instead."""
        if not buttons:
            return []
        different = dict.fromkeys(typed(button.command) or self.words(button.label) for button in buttons)
        named = [self.cut(f"“{one}”") for one in different][:MOST_NAMED]
        line = t("There is no room for every button. You can type: {words}.", words=listing(named))
        return self.block(line, isSubtle=True)

    def button(self, label: Value, command: Action, style: str = "normal", form: str = "") -> Json:
        """Action.Execute, with Action.Submit for clients that lack it; both carry the packed command."""
        data = {"signpost": command.pack()} | ({"form": form} if form else {}) | ({ASIDE: True} if self.aside else {})
        looks = {"primary": {"style": "positive"}, "danger": {"style": "destructive"}}.get(style, {})
        title = self.cut(self.words(label), min(LABEL, self.letters)).strip() or "…"
        common = {"title": title, "data": data, **looks}
        return {
            "type": "Action.Execute",
            "verb": "signpost",
            **common,
            "fallback": {"type": "Action.Submit", **common},
        }


def typed(command: Action) -> str:
    """What to type instead of pressing: the command's name and what it is about; "" where it can't be typed."""
    try:
        fields = msgspec.json.decode(command.pack(), type=dict[str, str | int])
    except (msgspec.DecodeError, UnicodeError):
        return ""
    name = fields.pop("do", "")
    known = registry.verbs.get(str(name))
    if known is not None and not known.typed:
        return ""
    return " ".join(map(str, (name, *fields.values()))) if name and len(fields) <= 1 else str(name)
