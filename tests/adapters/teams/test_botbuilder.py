"""botbuilder stays in its one folder, and we use of it what was found sound."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from botbuilder.core import TurnContext
from botbuilder.schema import Activity

from tests.adapters.teams.conftest import Door

ROOT = Path(__file__).parents[3]
SOUND = {
    ("botbuilder.core", "BotAdapter"),
    ("botbuilder.core", "TurnContext"),
    ("botbuilder.core.teams", "TeamsActivityHandler"),
    ("botbuilder.schema", "Activity"),
}


def imports(folder: str) -> Iterator[tuple[str, str, str]]:
    """File, package and name of everything that is imported from Microsoft's SDK."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("bot" + "builder", "botframework")):
                yield from ((file.parent.name, node.module or "", alias.name) for alias in node.names)
            elif isinstance(node, ast.Import):
                named = (alias.name for alias in node.names)
                yield from (
                    (file.parent.name, one, "") for one in named if one.startswith(("botbuilder", "jsonpickle"))
                )


def test_its_state_its_storage_and_its_own_adapter_are_not_used() -> None:
    """They keep Python objects as pickled JSON, or answer as the table in the platform's notes says."""
    assert {(package, name) for _, package, name in imports("adapters/teams")} == SOUND


@pytest.mark.parametrize("folder", ["adapters", "bot", "storage", "config"])
def test_nobody_else_knows_it(folder: str) -> None:
    assert {where for where, _, _ in imports(folder)} <= {"teams"}


async def test_nothing_is_sent_past_the_tray(door: Door) -> None:
    activity = Activity(type="message", conversation=None, service_url="", channel_id="msteams")
    with pytest.raises(RuntimeError, match="tray"):
        await TurnContext(door.inbound, activity).send_activity("hello")
