"""`signpost import`: lists of organisations, e-mail domains, skills, bank holidays and services, from CSV files.

A file is read from beginning to end, never held: first every row is checked and each that cannot be taken is told with
its line; then, if all are well or the bad ones are to be left out, the rows are written, 500 in a transaction.
"""

import csv
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, TypeVar

from bot.administration import Wrong
from bot.lists import FORMATS, Entry, Format
from storage.database import Database, Transaction
from storage.importing import Imports

T = TypeVar("T")

PART = 500
"""Rows in one transaction: a web process beside it waits for some milliseconds."""
PASSES = 3
"""How often a file is read: each row alone, with what it refers to, and to write it."""
LONGEST_FIELD = 10_000
"""Characters of the longest value that any of the lists has, generously."""


@dataclass(frozen=True)
class Watch:
    """Where an import reports: each row it refuses as it is found, and how many bytes of the file are behind it."""

    refused: Callable[[str], None]
    read: Callable[[int], object] = lambda _: None


@dataclass
class Result:
    """What came of an import, in rows."""

    outcomes: Counter[str] = field(default_factory=Counter)
    refused: int = 0

    def in_words(self) -> str:
        """What is true now: "Added 663, changed 0, the same 0, refused 0." """
        of = self.outcomes
        return f"Added {of['added']}, changed {of['changed']}, the same {of['same']}, refused {self.refused}."


async def bring_in(
    database: Database, kind: str, path: Path, watch: Watch, now: datetime, *, skip_bad: bool = False
) -> Result:
    """The file's rows are in the database; or nothing is changed, and Wrong says why."""
    with closing(_Seen()) as seen:
        form, total = await _checked(database, kind, path, seen, watch)
        refused = seen.refused()
        if refused and not skip_bad:
            raise Wrong(
                f"Nothing was changed: {refused} of {total} rows cannot be taken."
                " Mend them, or say --skip-bad to leave them out."
            )
        result = Result(refused=refused)
        for step in filter(None, (form.write, form.link)):
            with path.open("rb") as file:
                for part in _parts(good for good in entries(file, form, watch.read) if not seen.is_refused(good.line)):
                    outcomes = await database.write(lambda tx, part=part, step=step: _each(tx, step, part, now, watch))  # type: ignore[misc]
                    result.outcomes.update(outcomes)
        return result


async def _checked(database: Database, kind: str, path: Path, seen: "_Seen", watch: Watch) -> tuple[Format, int]:
    """Every row was looked at, alone and then with what it refers to; what form the file has, and its rows."""
    total = 0

    def refuse(entry: Entry, why: str) -> None:
        watch.refused(f"Line {entry.line}: {why}")
        seen.refuse(entry.line)

    with path.open("rb") as file:
        form = form_of(kind, file)
    with path.open("rb") as file:
        for entry in entries(file, form, watch.read):
            total += 1
            why = entry.wrong or form.wrong(entry)
            if not why and not seen.add(form.key(entry)):
                why = f"“{form.key(entry)}” is in an earlier line too."
            if why:
                refuse(entry, why)
    with path.open("rb") as file:
        for part in _parts(good for good in entries(file, form, watch.read) if not seen.is_refused(good.line)):
            found = await database.read(lambda tx, part=part: _dangling(tx, form, part, seen))  # type: ignore[misc]
            for entry, why in found:
                refuse(entry, why)
    return form, total


def _dangling(tx: Transaction, form: Format, part: list[Entry], seen: "_Seen") -> list[tuple[Entry, str]]:
    """Those of these rows that refer to what is neither in the file nor in the database, and why."""
    known = Imports(tx)
    return [(entry, why) for entry in part if (why := form.dangling(entry, known, seen.has))]


def _each(
    tx: Transaction, step: Callable[[Imports, Entry, datetime], str], part: list[Entry], now: datetime, watch: Watch
) -> Counter[str]:
    known, outcomes = Imports(tx), Counter[str]()
    for entry in part:
        outcomes[step(known, entry, now)] += 1
    return outcomes


def form_of(kind: str, file: IO[bytes]) -> Format:
    """The form of this kind that the file's first line fits. Raises Wrong where it fits none."""
    header = next(csv.reader(_lines(file, lambda _: None)), [])
    there = {name.strip() for name in header}
    for form in FORMATS[kind]:
        if there.issuperset(form.columns):
            return form
    forms = " or ".join(", ".join(form.columns) for form in FORMATS[kind])
    raise Wrong(f"A file of {kind} has the columns {forms}. This one has: {', '.join(header) or 'none'}.")


def entries(file: IO[bytes], form: Format, read: Callable[[int], object]) -> Iterator[Entry]:
    """The rows of the file, each with the line that it ends in. Raises Wrong where the file is no CSV in UTF-8."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_lines(file, read), strict=True)
    try:
        names = [name.strip() for name in next(reader)]
        if len(set(names)) < len(names):
            raise Wrong("Two columns of the file have the same name.")
        for values in reader:
            if values:
                wrong = "" if len(values) == len(names) else f"It has {len(values)} values for {len(names)} columns."
                said = dict(zip(names, (" ".join(value.split()) for value in values), strict=False))
                yield Entry(reader.line_num, said, wrong)
    except csv.Error as error:
        raise Wrong(f"Nothing was changed: line {reader.line_num} is no CSV: {error}.") from None


def _lines(file: IO[bytes], read: Callable[[int], object]) -> Iterator[str]:
    """The lines as text, without a byte-order mark."""
    for number, line in enumerate(file, 1):
        read(len(line))
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise Wrong(
                f"Nothing was changed: line {number} is not UTF-8. Save the file as UTF-8 first: “CSV UTF-8” in Excel."
            )
        yield text


def _parts(items: Iterable[T]) -> Iterator[list[T]]:
    going = iter(items)
    while part := list(islice(going, PART)):
        yield part


class _Seen:
    """Keys that were seen and lines that were refused, on disk once they are many."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("")
        self._kept.execute("CREATE TABLE key (key TEXT PRIMARY KEY) WITHOUT ROWID")
        self._kept.execute("CREATE TABLE refused (line INTEGER PRIMARY KEY)")

    def add(self, key: str) -> bool:
        """Whether it is new."""
        return self._kept.execute("INSERT OR IGNORE INTO key VALUES (?)", (key,)).rowcount == 1

    def has(self, key: str) -> bool:
        """Whether the file has it."""
        return self._kept.execute("SELECT 1 FROM key WHERE key = ?", (key,)).fetchone() is not None

    def refuse(self, line: int) -> None:
        self._kept.execute("INSERT OR IGNORE INTO refused VALUES (?)", (line,))

    def is_refused(self, line: int) -> bool:
        return self._kept.execute("SELECT 1 FROM refused WHERE line = ?", (line,)).fetchone() is not None

    def refused(self) -> int:
        """How many lines were refused."""
        return int(self._kept.execute("SELECT count(*) FROM refused").fetchone()[0])

    def close(self) -> None:
        self._kept.close()
