"""One new file in bot/features is a new thing people can do, everywhere, with no other edit."""

import asyncio
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = '''"""Thank somebody."""

from bot.command import Command, ask
from bot.text import t
from bot.ui import Button, Card, Reply
from bot.work import Work
from storage.people import Person


class Thank(Command, name="thank", help=t("Thank somebody"), example="thank Mei"):
    """They are thanked, and it is on record."""

    who: str = ask(t("Who?"), most=80)

    def run(self, me: Person, work: Work) -> Reply:
        work.record(me, "thank", "")
        again = Button(t("Thank again"), Thank(f"{self.who} again"))
        return Reply(Card(t("You thanked {who}.", who=self.who), buttons=(again,)))
'''


async def test_a_new_file_is_in_help_and_works_typed_pressed_and_filled_in_on_both_platforms(tmp_path: Path) -> None:
    for folder in ("bot", "adapters", "storage", "config", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    assert not (ROOT / "bot/features/thank.py").exists()
    (tmp_path / "bot/features/thank.py").write_text(FILE)

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.everywhere.thanking", str(tmp_path)),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, wrong = await process.communicate()
    assert process.returncode == 0, wrong.decode()
    seen = json.loads(said)

    for key in ("amira", "gareth"):
        assert "thank" in seen[key]["help"]
        assert "You thanked Mei." in seen[key]["typed"]
        assert "You thanked Mei again." in seen[key]["pressed"]
        assert "You thanked Nadia." in seen[key]["filled"]
        assert seen[f"{key} mistyped"][0] == 200
        assert "Did you mean “thank Mei”?" in seen[f"{key} mistyped"][1]
    assert "You thanked Kofi." in seen["slash"]
    assert seen["problems"] == []
    assert seen["manifest"] == ["/signpost", "/ask", "/thank"]
