"""What is in hand, by ids: whatever is logged meanwhile carries them. Never a text, a name or a token.

`with about(request=...)` opens a trail, `note(person=...)` adds to it what becomes known later. Tasks that begin inside
share it, and so does what the database does for them in its own threads.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

Id = str | int

_TRAIL: ContextVar[dict[str, Id] | None] = ContextVar("trail", default=None)


def ids() -> Mapping[str, Id]:
    """The ids of what is in hand here; none outside any trail."""
    return _TRAIL.get() or {}


@contextmanager
def about(**known: Id | None) -> Iterator[None]:
    """Until the end of the block these ids are in hand too, and afterwards those from before. None adds nothing."""
    outside = _TRAIL.set({**ids(), **_given(known)})
    try:
        yield
    finally:
        _TRAIL.reset(outside)


def note(**known: Id | None) -> None:
    """These ids are in hand until the innermost `about` ends, for all that share it. Outside one nothing happens."""
    trail = _TRAIL.get()
    if trail is not None:
        trail.update(_given(known))


def _given(known: Mapping[str, Id | None]) -> dict[str, Id]:
    return {name: found for name, found in known.items() if found is not None}
