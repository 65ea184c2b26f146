"""The app manifests, from the same commands that help lists."""

from collections.abc import Sequence
from typing import Any

from adapters.slack import manifest as slack
from adapters.teams import manifest as teams

FIRST = (
    "ask",
    "answer",
    "whoknows",
    "join",
    "communities",
    "members",
    "me",
    "questions",
    "showcase",
    "leave",
    "create",
)


def made(
    platform: str, address: str, said: Sequence[tuple[str, str]], short: Sequence[str], app_id: str | None
) -> dict[str, Any]:
    """The manifest of one platform for Signpost at this https address; ValueError says what is wrong."""
    if platform == "slack":
        return slack.manifest(address, said, short)
    known = dict(said)
    first = [teams.Said(name, known[name]) for name in (*FIRST, "help") if name in known]
    return teams.manifest(teams.App(app_id or "", address, "Signpost"), first)
