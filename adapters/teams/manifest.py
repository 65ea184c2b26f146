"""The manifest of the Teams app: what an administrator uploads so that their organisation has Signpost. Pure.

Source: "App manifest schema for Teams" v1.29, learn.microsoft.com, the first that carries slash commands
with private replies (`supportsTargetedMessages`, `commandLists[].triggers`).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from adapters.teams.limits import MOST_COMMANDS

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json"
TITLE, DESCRIPTION = 128, 4000
"""Characters of a command's title and description."""


class Said(NamedTuple):
    """A command as people type it, and one line about it."""

    title: str
    description: str


class App(NamedTuple):
    """Who offers the app, and where: https addresses that anyone in the organisation can open."""

    app_id: str
    public_url: str
    developer: str
    version: str = "0.1.0"
    name: str = "Signpost"


def manifest(app: App, commands: Sequence[Said]) -> dict[str, Any]:
    """The manifest with the first twelve commands, each offered after a mention and, where others read, after "/".

    Refused with ValueError: a name with "Teams" in it (store rule), an address that is not https.
    """
    address = urlsplit(app.public_url)
    if "teams" in app.name.lower():
        raise ValueError("The app's name may not contain “Teams”.")
    if address.scheme != "https" or not address.hostname:
        raise ValueError("The public address must start with https://.")
    base = app.public_url.rstrip("/")
    return {
        "$schema": SCHEMA,
        "manifestVersion": "1.29",
        "version": app.version,
        "id": app.app_id,
        "developer": {
            "name": app.developer,
            "websiteUrl": base,
            "privacyUrl": f"{base}/privacy",
            "termsOfUseUrl": f"{base}/terms",
        },
        "name": {"short": app.name, "full": f"{app.name}: questions across departments"},
        "description": {
            "short": "Ask people who run the same service in other departments.",
            "full": "Join the community of a service, ask a question and get an answer from someone who runs "
            "the same service in another department. Type “help” to see what you can do.",
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#1D70B8",
        "bots": [_bot(app, [_command(said) for said in commands[:MOST_COMMANDS]])],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [address.hostname],
        "defaultInstallScope": "personal",
    }


def _bot(app: App, commands: list[dict[str, str]]) -> dict[str, Any]:
    """In a personal chat nobody else reads along, so "/" is offered only where others do."""
    return {
        "botId": app.app_id,
        "scopes": ["personal", "team", "groupChat"],
        "isNotificationOnly": False,
        "supportsFiles": False,
        "supportsTargetedMessages": True,
        "commandLists": [
            {"scopes": ["personal"], "commands": commands},
            {"scopes": ["team", "groupChat"], "triggers": ["mention", "slash"], "commands": commands},
        ],
    }


def _command(said: Said) -> dict[str, str]:
    return {"title": said.title[:TITLE], "description": said.description[:DESCRIPTION]}
