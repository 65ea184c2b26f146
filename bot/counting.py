"""What the core reports to whoever counts, as plain callables: it knows no metrics. Nobody counts unless told to."""

from collections.abc import Callable

Accepted = Callable[[str, float], None]
"""What each inbound came to (done, repeated, refused, unavailable or failed), and how many seconds that took."""

Delivered = Callable[[str, str, float], None]
"""Of each try to deliver: its platform ("" where nothing was left to show), its state, seconds since it was owed."""


def uncounted(*_: object) -> None:
    """Nobody counts."""
