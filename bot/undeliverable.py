"""What a platform will never take, or never said it took: why, and what follows.

The feature that sent it hears of it, and the administrators of its workspace or tenant are told in words, a quarter of
an hour after the first failure, so that many become one message.
"""

from datetime import timedelta
from enum import StrEnum

from bot.command import registry
from bot.work import Work
from storage.tray import Owed

SOON = timedelta(minutes=15)
REPORT = "undelivered"
"""The kind of the message that tells administrators. That it fails in its turn is told to nobody: it would not end."""
UNTOLD = frozenset({REPORT, "profile"})
"""Kinds that no person waits for."""


class Cause(StrEnum):
    """Why trying again cannot help, whatever the platform calls it."""

    NOT_INSTALLED = "not_installed"
    BLOCKED = "blocked"
    LEFT = "left"
    ARCHIVED = "archived"
    REFUSED = "refused"


def reason_of(cause: Cause, code: str) -> str:
    """The cause and the platform's own code as the tray keeps them: "left user_not_found"."""
    return f"{cause} {code}"


def cause_in(reason: str) -> tuple[Cause, str] | None:
    """The cause and the code of a reason that the tray kept; None where it holds no cause."""
    word, _, code = reason.partition(" ")
    return (Cause(word), code) if word in list(Cause) else None


def place_of(lane: str) -> tuple[str, str]:
    """The platform and the workspace or tenant of this lane."""
    platform, tenant, _ = lane.split(":", 2)
    return platform, tenant


def report_key(platform: str, tenant: str) -> str:
    """The key of the one timer that tells the administrators of this workspace or tenant."""
    return f"undelivered-{platform}-{tenant}"


def given_up(owed: Owed, state: str, work: Work, reason: str = "") -> None:
    """What follows from the state that a message was settled in is set for later, in the same transaction.

    Where it says that somebody left, their platform is asked whether they did.
    """
    failed = state in ("undeliverable", "dead")
    if failed and owed.person_id and reason.startswith(f"{Cause.LEFT} ") and owed.kind not in UNTOLD:
        asks = registry.verbs["ask-whether-they-left"].partly(person=owed.person_id)
        work.later(asks, work.now, key=f"left-{owed.person_id}")
    if failed and owed.otherwise:
        work.timers.add(f"otherwise-{owed.id}", owed.otherwise, work.now)
    if (failed or state == "uncertain") and owed.kind not in UNTOLD:
        platform, tenant = place_of(owed.lane)
        report = registry.verbs["tell-undelivered"].partly(platform=platform, tenant=tenant, since=work.now.isoformat())
        work.later(report, work.now + SOON, key=report_key(platform, tenant))
