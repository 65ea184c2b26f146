"""Pure: what follows a try to deliver a message: whether it is tried again, and how long that waits."""

import random
from datetime import timedelta

from storage.tray import TRIES, Owed

TRIED_AGAIN = ("waiting", "sending")
"""The states of what is not settled: nothing was sent, or something may have been."""
AT_MOST_ONCE = frozenset({"reminder", "announcement"})
"""Kinds that are worse twice than never: an uncertain one is not sent again but listed."""
LONGEST = 600.0
"""Seconds between two tries, at most."""


def after_a_try(owed: Owed, state: str) -> str:
    """An earlier uncertain try stays uncertain until the message is settled; after the last try it is dead."""
    if state not in TRIED_AGAIN:
        return state
    if owed.attempt % TRIES == 0:
        return "dead"
    return "sending" if owed.uncertain else state


def backoff(attempt: int) -> timedelta:
    """Twice as long after each try, from 1 second to 10 minutes, with jitter so that many do not return together."""
    longest = min(LONGEST, 2.0 ** min((attempt - 1) % TRIES + 1, 10))
    return timedelta(seconds=longest * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
