"""The tray as whoever runs Signpost sees it and decides on: listed by numbers alone, tried again, dropped.

Every decision is in the audit. What a message says, and to whom, is shown nowhere here.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.administration import Wrong
from bot.tries import AT_MOST_ONCE
from bot.undeliverable import Cause, cause_in, place_of
from storage.arrivals import Arrivals
from storage.database import Database, Transaction
from storage.letters import UNDECIDED, Letter, Letters
from storage.tray import Tray

STATES = ("waiting", "sending", "sent", *UNDECIDED, "dropped")
LISTED = 50
PART = 500
"""How many messages one transaction decides on, where all of a state are meant: a longer one would hold up others."""
IN_WORDS = {
    Cause.NOT_INSTALLED: "Signpost is not installed there",
    Cause.BLOCKED: "Signpost is blocked there",
    Cause.LEFT: "they left, or the conversation is gone",
    Cause.ARCHIVED: "the channel is archived",
    Cause.REFUSED: "the platform refused it",
}
COLUMNS = ("ID", "STATE", "KIND", "WHERE", "PERSON", "TRIES", "ADDED", "SETTLED OR DUE", "WHY")
NOTHING = "There is nothing to decide."
HOW = "To send again: signpost tray retry ID. To give up for good: signpost tray drop ID."

Decision = Literal["retry", "drop"]


@dataclass(frozen=True)
class Chosen:
    """The messages that are meant: by number, or all that are in these states."""

    ids: Sequence[int] = ()
    states: Sequence[str] = ()


@dataclass(frozen=True)
class Listing:
    """How many messages are in each state, and the oldest of each; the newest in these states; how many more."""

    states: Sequence[str]
    counts: list[tuple[str, int, datetime]]
    letters: list[Letter]
    more: int


def listing(tx: Transaction, states: Sequence[str]) -> Listing:
    """The newest 50 messages in these states."""
    counts, letters = Tray(tx).counts(), Letters(tx).listed(states, LISTED)
    asked = sum(count for state, count, _ in counts if state in states)
    return Listing(states, sorted(counts), letters, asked - len(letters))


def in_words(found: Listing) -> str:
    """The listing for a terminal."""
    lines = [f"Messages {state}: {count}, the oldest of {_at(since)} UTC." for state, count, since in found.counts]
    if not found.letters:
        return "\n".join([*lines, NOTHING if found.states == UNDECIDED else f"No message is {found.states[0]}."])
    rows = [COLUMNS, *(_row(letter) for letter in found.letters)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    more = [f"{found.more} more, all older."] if found.more else []
    decide = ["", HOW] if any(letter.state in UNDECIDED for letter in found.letters) else []
    return "\n".join([*lines, "", *table, *more, *decide])


def as_json(found: Listing) -> str:
    """The listing for a program."""
    counts = {state: {"count": count, "oldest": since.isoformat()} for state, count, since in found.counts}
    messages = [_fields(letter) for letter in found.letters]
    return json.dumps({"counts": counts, "messages": messages, "more": found.more}, indent=2)


def why(letter: Letter) -> str:
    """The reason in words, with the platform's own code."""
    known, reason = cause_in(letter.reason), _plain(letter.reason)
    if known is not None:
        return f"{IN_WORDS[known[0]]} ({_plain(known[1])})"
    before = {"dead": "every try was in vain, the last: ", "uncertain": "it may have arrived: "}
    return f"{before.get(letter.state, '')}{reason}"


async def decide(database: Database, decision: Decision, chosen: Chosen, now: datetime) -> str:
    """The chosen messages are tried again, or never sent; a sentence of how many.

    Raises Wrong, and changes nothing, where one that is named does not need anybody.
    """
    if chosen.ids:
        ids = sorted(set(chosen.ids))
        await database.write(_named(decision, ids, now))
        return _said(decision, len(ids))
    decided = after = 0
    while part := await database.write(_next(decision, chosen.states, now, after)):
        decided, after = decided + len(part), part[-1]
    return _said(decision, decided)


def _next(decision: Decision, states: Sequence[str], now: datetime, after: int) -> Callable[[Transaction], list[int]]:
    """Decides on the next part of all that were in these states before now, so that none is met twice."""

    def write(tx: Transaction) -> list[int]:
        ids = Letters(tx).those(states, now, after=after, most=PART)
        if ids:
            _do(tx, decision, ids, now)
        return ids

    return write


def _named(decision: Decision, ids: Sequence[int], now: datetime) -> Callable[[Transaction], None]:
    """Decides on exactly these."""

    def write(tx: Transaction) -> None:
        states = Letters(tx).states(ids)
        wrong = [f"{one} is {states.get(one, 'not there')}" for one in ids if states.get(one) not in UNDECIDED]
        if wrong:
            raise Wrong(f"Nothing was done: {', '.join(wrong)}. Say signpost tray to see what needs a decision.")
        _do(tx, decision, ids, now)

    return write


def _do(tx: Transaction, decision: Decision, ids: Sequence[int], now: datetime) -> None:
    if decision == "retry":
        Letters(tx).retry(ids, AT_MOST_ONCE, now)
    else:
        Letters(tx).drop(ids, now)
    Arrivals(tx).audit(None, f"{decision} message", " ".join(str(one) for one in ids), now)


def _said(decision: Decision, count: int) -> str:
    if not count:
        return "There is no such message, so nothing was done."
    messages = "1 message is" if count == 1 else f"{count} messages are"
    return f"{messages} {'tried again now' if decision == 'retry' else 'dropped and never sent'}."


def _row(letter: Letter) -> tuple[str, ...]:
    return (
        str(letter.id),
        letter.state,
        letter.kind,
        ":".join(place_of(letter.lane)),
        str(letter.person_id or "-"),
        str(letter.attempt),
        _at(letter.created_at),
        _at(letter.due_at),
        why(letter),
    )


def _fields(letter: Letter) -> dict[str, Any]:
    """What is kept of it but its lane, which names whose chat it is."""
    platform, tenant = place_of(letter.lane)
    return {
        "id": letter.id,
        "state": letter.state,
        "kind": letter.kind,
        "platform": platform,
        "tenant": tenant,
        "person": letter.person_id,
        "tries": letter.attempt,
        "added": letter.created_at.isoformat(),
        "settled_or_due": letter.due_at.isoformat(),
        "why": why(letter),
    }


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _plain(words: str) -> str:
    """Without what could move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in words)


def number(said: str) -> int:
    """The number of a row, which has 64 bits."""
    if said.isascii() and said.isdigit() and len(said) <= 18:
        return int(said)
    raise argparse.ArgumentTypeError(f"{said} is no number of a message")
