"""From a person's words to Slack's markup and back; whatever they wrote, it cannot mention or link anyone unseen.

Source: docs.slack.dev/messaging/formatting-message-text ("Escaping text", "Retrieving messages").
"""

import re
from collections.abc import Callable, Iterator

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ADDRESS = re.compile(r"https?://[^\s<>|\"'`*]+")
_MARKED = re.compile(r"<([^<>\n]*)>")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}

Drawn = Callable[[str], str]


def clean(words: str) -> str:
    """The words without what no platform draws and no database keeps: control characters and half characters."""
    if words.isprintable():
        return words
    return _CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def escaped(words: str) -> str:
    """The words as mrkdwn shows them literally; web addresses, and nothing else, become links to what they say."""
    if "http" not in words:
        return _entities(words)
    drawn, end = [], 0
    for found in _ADDRESS.finditer(words):
        drawn += [_entities(words[end : found.start()]), "<", _entities(found.group()), ">"]
        end = found.end()
    return "".join([*drawn, _entities(words[end:])])


def quoted(words: str) -> str:
    """The words as a quotation, every line of them."""
    return "\n".join(f">{escaped(line)}" for line in words.split("\n"))


def literal(words: str) -> str:
    """The words as a plain_text object shows them, where Slack reads no markup."""
    return words


def cut(words: str, most: int, mark: str, drawn: Drawn = escaped) -> str:
    """The words drawn in at most `most` characters; the mark at the end says when some are missing."""
    whole = drawn(words)
    if len(whole) <= most:
        return whole
    return drawn(words[: _fitting(words, most - len(mark), drawn)]).rstrip() + mark


def pieces(words: str, most: int, drawn: Drawn = escaped) -> Iterator[str]:
    """All of the words, drawn in as many pieces of at most `most` characters as it takes, parted between words."""
    while len(drawn(words)) > most:
        end = _fitting(words, most, drawn)
        space = max(words.rfind(" ", end * 3 // 4, end), words.rfind("\n", end * 3 // 4, end))
        end = space + 1 if space > 0 else end
        if piece := words[:end].strip():
            yield drawn(piece)
        words = words[end:]
    if words.strip():
        yield drawn(words.strip())


def plain(text: str) -> str:
    """What a person typed, from Slack's markup: links, mentions and entities as the person saw them."""
    read = _MARKED.sub(lambda found: _seen(found.group(1)), text)
    return clean(_ENTITY.sub(lambda found: _ENTITIES[found.group(1)], read))


def without_mention(text: str, bot: str) -> str:
    """The marked-up text without the mention of us: the leading one, else the first."""
    name = re.escape(bot) if bot else r"\w+"
    leading = re.sub(rf"^\s*<@{name}(\|[^>]*)?>[\s,:]*", "", text, count=1)
    if leading != text or not bot:
        return leading
    return re.sub(rf"\s*<@{name}(\|[^>]*)?>", "", text, count=1).strip()


def _entities(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fitting(words: str, most: int, drawn: Drawn) -> int:
    """The end of the longest beginning found that fits when drawn; at least one character."""
    end = min(len(words), most)
    while end > 1 and (over := len(drawn(words[:end])) - most) > 0:
        end -= max(1, over // 5)
    return max(1, end)


def _seen(inside: str) -> str:
    target, _, label = inside.partition("|")
    if target[:1] in ("@", "#"):
        return target[0] + (label.lstrip("@#") or target[1:])
    if target[:1] == "!":
        return label or "@" + target[1:].partition("^")[0]
    address = target.removeprefix("mailto:")
    if label in ("", address, address.partition("://")[2].rstrip("/")):
        return label or address
    return f"{label} ({address})"
