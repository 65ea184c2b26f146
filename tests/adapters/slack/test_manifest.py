"""The manifest asks for what it can justify, and for no name that Slack keeps for itself."""

from typing import Any

import pytest

from adapters.slack.manifest import BUILT_IN, EVENTS, SCOPES, manifest
from tests.adapters.slack.test_render import as_kept

COMMANDS = (("ask", "Ask a question"), ("whoknows", "Find who knows"), ("join", "Join a community"))


def made(*short: str, url: str = "https://signpost.example") -> dict[str, Any]:
    return manifest(url, COMMANDS, short)


def test_the_manifest_is_as_kept() -> None:
    as_kept("manifest", made("ask", "whoknows"))


def test_no_channel_history_is_asked_for() -> None:
    assert {scope for scope in SCOPES if scope.endswith(":history")} == {"im:history"}
    assert "message.channels" not in EVENTS
    assert all(why for why in SCOPES.values())


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_a_built_in_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="built into Slack"):
        manifest("https://a.example", [(name, "x")], [name])


@pytest.mark.parametrize("name", ["Ask", "as k", "x" * 33, "", "café"])
def test_a_name_that_slack_cannot_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not 1 to 32"):
        manifest("https://a.example", [(name, "x")], [name])


def test_a_short_command_that_does_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="not something people can do"):
        made("dance")


def test_an_address_that_slack_cannot_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        made(url="http://signpost.example")


def test_more_commands_than_slack_takes_are_refused() -> None:
    many = [(f"c{n}", "x") for n in range(50)]
    with pytest.raises(ValueError, match="50 commands at most"):
        manifest("https://a.example", many, [name for name, _ in many])
