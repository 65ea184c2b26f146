"""Run in a process of its own, in a copy of Signpost that has one file more: prints what people see of it, as JSON.

`python -m tests.everywhere.thanking FOLDER`, where the folder is for the database.
"""

import asyncio
import json
import sys
from pathlib import Path

from adapters.manifests import made
from bot.command import find_features, registry
from bot.text import Reader, say
from storage.schema import upgrade
from tests.town import running_town

SHORT = ("ask", "thank")
ADDRESS = "https://signpost.example.gov.uk"


async def main(folder: str) -> dict[str, object]:
    """Everything that the new file should have changed, as it is now."""
    url = f"sqlite:///{Path(folder) / 'signpost.db'}"
    upgrade(url)
    seen: dict[str, object] = {}
    async with running_town(url) as town:
        for key in ("amira", "gareth"):
            await town.says(key, "help")
            helped = town.last(key)
            await town.says(key, "thank Mei")
            typed = town.last(key)
            await town.presses(key, "Thank again")
            pressed = town.last(key)
            await town.says(key, "thank")
            if key == "amira":
                await town.presses(key, "Fill in")
                assert town.signpost.slack is not None
                await town.signpost.slack.drain()
            await town.fills(key, {"Who?": "Nadia"})
            filled = "\n".join(town.reads(key)) + str(town.modal(key) if key == "amira" else "")
            mistyped = await town.says(key, "thnk Mei")
            seen[key] = {"help": helped, "typed": typed, "pressed": pressed, "filled": filled}
            seen[f"{key} mistyped"] = [mistyped.status, town.last(key)]
        await town.says("amira", "/signpost thank Kofi")
        seen["slash"] = town.last("amira")
        seen["problems"] = town.platforms.slack.problems + town.platforms.teams.problems
    seen["manifest"] = _manifest()
    return seen


def _manifest() -> list[str]:
    find_features()
    said = [(verb.name, say(verb.help, Reader())) for verb in registry.offered() if verb.help]
    slack = made("slack", ADDRESS, said, SHORT, None)
    return [command["command"] for command in slack["features"]["slash_commands"]]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(sys.argv[1]))))
