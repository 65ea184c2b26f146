"""What a person typed, out of the text of a Teams message: our own mention taken off, the markup undone. Pure.

Teams writes a mention as `<at>Name</at>` in the text and as an entity beside it, in the same order
("Channel and group conversations with a bot", learn.microsoft.com). Only such pairs are mentions:
our name in the middle of a sentence stays.
"""

import html
import re
from collections.abc import Iterable
from typing import NamedTuple

_MARK = re.compile(r"<at(?:\s[^<>]*)?>(.*?)</at>", re.DOTALL | re.IGNORECASE)


class Mention(NamedTuple):
    """An entity of a message: who is mentioned, and as what text."""

    account: str
    text: str


def typed_words(text: str, mentions: Iterable[Mention], us: frozenset[str]) -> str:
    """The words without the mention of one of `us`; the "/" of the command picker stays, as the core reads it."""
    waiting = list(mentions)

    def undone(found: re.Match[str]) -> str:
        for mention in waiting:
            if _name(mention.text) == _name(found.group()):
                waiting.remove(mention)
                return " " if mention.account in us else found.group(1)
        return found.group()

    return html.unescape(_MARK.sub(undone, text)).replace("\xa0", " ").strip()


def _name(marked: str) -> str:
    """The name inside the tags, however they are written."""
    found = _MARK.fullmatch(marked.strip())
    return html.unescape(found.group(1)) if found else ""
