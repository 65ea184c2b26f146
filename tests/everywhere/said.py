"""What is said on the command line, in a process that was forked from one that has loaded Signpost.

Loading takes a second of CPU, and the tests say a hundred commands. From its command line on, such a process is as
alone as any other: its settings, its folder, its output and its exit code are its own.
"""

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import bot.__main__

_context = get_context("forkserver")
_context.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Saying:
    """A command with these settings alone, in this folder; what it prints and complains of goes to the two files."""

    words: Sequence[bytes]
    settings: Mapping[str, str]
    folder: Path
    printed: Path
    wrong: Path

    def run(self) -> None:
        """Becomes `signpost`, as the script of that name does."""
        for number, file in ((1, self.printed), (2, self.wrong)):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
        os.environ.clear()
        os.environ.update(self.settings)
        os.chdir(self.folder)
        sys.argv = ["signpost", *map(os.fsdecode, self.words)]
        sys.exit(bot.__main__.main())


def said(words: Sequence[str | bytes], settings: Mapping[str, str], folder: Path) -> tuple[int, bytes, bytes]:
    """The exit code of this command, what it printed, and what it complained of. It blocks until the command ends."""
    with tempfile.TemporaryDirectory() as place:
        printed, wrong = Path(place, "printed"), Path(place, "wrong")
        saying = Saying([os.fsencode(word) for word in words], settings, folder, printed, wrong)
        process = _context.Process(target=saying.run)
        process.start()
        process.join()
        code = process.exitcode
        process.close()
        assert code is not None
        return code, printed.read_bytes(), wrong.read_bytes()
