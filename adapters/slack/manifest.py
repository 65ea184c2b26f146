"""The app's manifest: what a workspace's administrator is asked to allow, and why. A pure function of the settings.

Sources: docs.slack.dev/reference/app-manifest and /reference/scopes; the built-in commands are those Slack refuses.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

NAME: Final = "Signpost"
DESCRIPTION: Final = "Ask other departments' service teams, in Slack or Teams. Neither side changes tool."
MAIN_COMMAND: Final = "signpost"

SCOPES: Final[Mapping[str, str]] = {
    "commands": "people use /signpost, and the short commands where they are switched on",
    "chat:write": "Signpost answers, and brings questions to people's direct chats",
    "im:write": "Signpost opens a direct chat with somebody who has not written to it",
    "im:history": "Slack asks for it to deliver direct messages; it also lets us look before we send one again",
    "app_mentions:read": "people mention Signpost in channels",
    "users:read": "names, time zones and languages, and whether somebody is a guest or has left",
    "users:read.email": "an e-mail domain is one way to know which organisation somebody belongs to",
}
"""Every scope that is asked for, and what it is for. No channel's history is ever read."""

EVENTS: Final = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.im",
    "team_join",
    "tokens_revoked",
    "user_change",
)

BUILT_IN: Final = frozenset(
    [
        "archive",
        "away",
        "collapse",
        "dm",
        "dnd",
        "expand",
        "feed",
        "invite",
        "join",
        "kick",
        "leave",
        "me",
        "msg",
        "mute",
        "open",
        "pro",
        "remind",
        "search",
        "shortcuts",
        "shrug",
        "star",
        "status",
        "topic",
        "who",
    ]
)
"""Command names that Slack keeps for itself: one of them makes it refuse the whole list."""

MOST_COMMANDS: Final = 50
MOST_COMMAND_DESCRIPTION: Final = 2000
_COMMAND_NAME: Final = re.compile(r"[a-z0-9_-]{1,32}")


def manifest(public_url: str, commands: Sequence[tuple[str, str]], short_commands: Sequence[str]) -> dict[str, Any]:
    """The manifest as Slack takes it, for an app reached at this https address.

    `commands` are every verb and what it does; `short_commands` the verbs that get a slash command of their own.
    ValueError for a short command that is no verb, that Slack has built in, or that is not 1 to 32 of a-z 0-9 - _.
    """
    endpoint = f"{_checked_url(public_url)}/slack/events"
    described = dict(commands)
    for name in short_commands:
        _check_command(name, described)
    lines = [(MAIN_COMMAND, "Everything that Signpost does", "help")]
    lines += [(name, described[name], "") for name in dict.fromkeys(short_commands) if name != MAIN_COMMAND]
    if len(lines) > MOST_COMMANDS:
        raise ValueError(f"Slack takes {MOST_COMMANDS} commands at most, and there are {len(lines)}.")
    return {
        "display_information": {"name": NAME, "description": DESCRIPTION},
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [_command(endpoint, *line) for line in lines],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"request_url": endpoint, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": endpoint},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def _checked_url(public_url: str) -> str:
    if not public_url.startswith("https://"):
        raise ValueError("Slack reaches an app at an https address only.")
    return public_url.rstrip("/")


def _check_command(name: str, described: Mapping[str, str]) -> None:
    if name in BUILT_IN:
        raise ValueError(f"/{name} is built into Slack, which refuses the whole list with it.")
    if not _COMMAND_NAME.fullmatch(name):
        raise ValueError(f"/{name} is not 1 to 32 letters a to z, digits, hyphens or underscores.")
    if name not in described and name != MAIN_COMMAND:
        raise ValueError(f"/{name} is not something people can do here.")


def _command(endpoint: str, name: str, description: str, hint: str) -> dict[str, Any]:
    line = {
        "command": f"/{name}",
        "url": endpoint,
        "description": description[:MOST_COMMAND_DESCRIPTION],
        "should_escape": True,
    }
    return {**line, "usage_hint": hint} if hint else line
