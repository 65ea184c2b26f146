"""A payload that fits where Slack keeps it: as it is while it fits, compressed when it does not."""

import base64
import zlib

_COMPRESSED = "z:"
_LONGEST = 60_000


class Malformed(ValueError):
    """What arrived is not what Slack sends: it is refused (400) and nothing is done."""


def fitted(payload: str, most: int) -> str:
    """The payload in at most `most` characters; ValueError when even its compressed form is longer (our own fault)."""
    if len(payload) <= most and not payload.startswith(_COMPRESSED):
        return payload
    packed = _COMPRESSED + base64.urlsafe_b64encode(zlib.compress(payload.encode(), 9)).decode()
    if len(packed) > most:
        raise ValueError(f"A payload of {len(payload)} characters does not fit in {most}.")
    return packed


def opened(packed: str) -> str:
    """The payload that `fitted` made to fit; Malformed when it is not one, or opens to more than 60,000 bytes."""
    if not packed.startswith(_COMPRESSED):
        return packed
    try:
        reader = zlib.decompressobj()
        payload = reader.decompress(base64.urlsafe_b64decode(packed.removeprefix(_COMPRESSED)), _LONGEST)
        if not reader.eof:
            raise Malformed("A payload that opens to too much.")
        return payload.decode()
    except (ValueError, zlib.error) as error:
        raise Malformed("A payload that cannot be opened.") from error
