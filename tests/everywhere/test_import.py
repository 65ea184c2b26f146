"""`signpost import` as an administrator says it: in words, a progress bar on a terminal alone, beside a running web."""

import asyncio
import os
import sys
import termios
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.everywhere.test_command_line import Line, line, organisations

__all__ = ["line"]  # a fixture: pytest finds it by its name here

HEADER = "slug,name,abbreviation,format,parent_slugs,status,closed_status,closed_at,superseded_by\n"
FERRIES = "office-of-ferries,Office of Ferries,OF,Other,,live,,,\n"


def written(line: Line, text: str | bytes) -> str:
    """The path of a file with this text."""
    file = line.folder / "list.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(file)


async def test_a_list_is_imported_and_imported_again_in_words(line: Line) -> None:
    path = written(line, "\ufeff" + HEADER + FERRIES)
    assert await line.say("import", "organisations", path) == (0, "Added 1, changed 0, the same 0, refused 0.\n", "")
    assert await line.say("import", "organisations", path) == (0, "Added 0, changed 0, the same 1, refused 0.\n", "")
    assert await organisations(line) == ["OF"]


async def test_bad_rows_are_on_the_other_channel_and_change_nothing_unless_they_are_skipped(line: Line) -> None:
    path = written(line, HEADER + FERRIES + "no-name,,,,,live,,,\n")
    code, printed, wrong = await line.say("import", "organisations", path)
    assert (code, printed) == (1, "")
    assert wrong.splitlines() == [
        "Line 3: It has no name.",
        "Nothing was changed: 1 of 2 rows cannot be taken. Mend them, or say --skip-bad to leave them out.",
    ]
    assert await organisations(line) == []
    code, printed, wrong = await line.say("import", "organisations", path, "--skip-bad")
    assert (code, printed, wrong) == (0, "Added 1, changed 0, the same 0, refused 1.\n", "Line 3: It has no name.\n")


async def test_what_is_no_file_or_in_another_encoding_is_said_in_a_sentence(line: Line) -> None:
    code, _, wrong = await line.say("import", "skills", "nowhere.csv")
    assert (code, wrong) == (1, "There is no file nowhere.csv.\n")
    path = written(line, (HEADER + "cafe,Café,,,,live,,,\n").encode("latin-1"))
    code, _, wrong = await line.say("import", "organisations", path)
    assert (code, "line 2 is not UTF-8" in wrong) == (1, True)
    code, _, wrong = await line.say("import", "planets", path)
    assert (code, "invalid choice" in wrong) == (2, True)


async def test_a_progress_bar_is_drawn_on_a_terminal_and_nowhere_else(line: Line) -> None:
    path = written(line, HEADER + "".join(f"office-{n},Office {n},,,,live,,,\n" for n in range(2000)))
    code, _, wrong = await line.say("import", "organisations", path)
    assert (code, wrong) == (0, "")
    seen = await _on_a_terminal(line, "import", "organisations", path)
    assert "100%" in seen or "B/s" in seen


async def _on_a_terminal(line: Line, *words: str) -> str:
    """All that a terminal shows of this command's complaints and progress."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SIGNPOST_", "PORT"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=line.folder,
        env={**kept, "PYTHONPATH": str(Path(__file__).parents[2]), **line.settings},
        stdout=PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    reading = asyncio.to_thread(_read_all, ours)
    (printed, _), seen = await asyncio.gather(process.communicate(), reading)
    assert "Added 0" in printed.decode(), seen
    return seen


def _read_all(terminal: int) -> str:
    shown = b""
    try:
        while part := os.read(terminal, 4096):
            shown += part
    except OSError:
        pass  # the other end was closed
    finally:
        os.close(terminal)
    return shown.decode(errors="replace")


async def test_what_is_not_one_organisation_of_today_is_not_tied_and_a_successor_is(line: Line) -> None:
    rows = (
        FERRIES,
        "office-of-fords,Office of Fords,OF,Other,,live,,,\n",
        "split,Split Office,SO,Other,,closed,split,2023-02-07,office-of-ferries|office-of-fords\n",
        "gone,Gone Office,GO,Other,,closed,no_longer_exists,2001,\n",
        "whole,Whole Office,WO,Other,,closed,replaced,2001,office-of-fords\n",
    )
    assert (await line.say("import", "organisations", written(line, HEADER + "".join(rows))))[0] == 0
    for said, why in (
        ("OF", "OF is not one organisation of today: Office of Ferries, Office of Fords."),
        ("SO", "SO is not one organisation of today: Office of Ferries, Office of Fords."),
        ("GO", "GO is not one organisation of today: nobody took over its work."),
    ):
        code, printed, wrong = await line.say("tie", "slack:T0FERRIES", said)
        assert (code, printed, why in wrong) == (1, "", True), wrong
    assert (await line.say("tie", "slack:T0FERRIES", "WO"))[1] == "People of slack:T0FERRIES are of Office of Fords.\n"
    await line.say("agree", "Office of Ferries", "Office of Fords")
    _, printed, _ = await line.say("doctor")
    assert "Between Office of Ferries and Office of Fords, questions and names cross." in printed
