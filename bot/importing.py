"""`signpost import`: lists of organisations, e-mail domains, skills, bank holidays and services, from CSV files.

A file is read from beginning to end, several times, never held: first every row is checked and each that cannot be
taken is told with its line; then, if all are well or the bad ones are to be left out, the rows are written, 500 in a
transaction.
"""

import asyncio
import csv
import sqlite3
from _csv import Reader
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, TypeVar

from bot.administration import Wrong
from bot.lists import FORMATS, Entry, Format, Reason
from bot.text import Reader as Person
from bot.text import say, t
from storage.database import Database, Transaction
from storage.importing import Imports

T = TypeVar("T")

PART = 500
"""Rows in one transaction, whose organisations are found and kept together: a web process beside it waits for some
milliseconds."""
LONGEST_FIELD = 10_000
"""Characters of the longest value that any of the lists has, generously."""
LONGEST_LINE = 1_000_000
"""Bytes of the longest line: more is no line of such a list, and would have to be held."""
WORKBOOK = b"PK\x03\x04"
"""How a spreadsheet's own file begins: it is a zip."""


@dataclass(frozen=True)
class Watch:
    """Where an import reports: each row it refuses as it is found, all the bytes to read, and those behind it.

    `told` has each line as it is printed, `refused` its number and the reason. `writes` is awaited once, with how many
    rows are good, before the first of them is written: what it raises ends the import, and nothing is changed.
    """

    told: Callable[[str], object]
    begins: Callable[[int], object] = lambda _: None
    read: Callable[[int], object] = lambda _: None
    refused: Callable[[int, Reason], object] = lambda _, __: None
    writes: Callable[[int], Awaitable[object]] | None = None


class BadRows(Wrong):
    """Rows of the file cannot be taken, and nobody said that these are to be left out."""

    def __init__(self, refused: int, total: int) -> None:
        super().__init__(
            f"Nothing was changed: {refused} of {total} rows cannot be taken."
            " Mend them, or say --skip-bad to leave them out."
        )
        self.refused = refused
        self.total = total


@dataclass(frozen=True)
class Result:
    """What came of an import, in rows."""

    outcomes: Counter[str]
    refused: int

    def in_words(self) -> str:
        """What is true now: "Added 663, changed 0, the same 0, refused 0." """
        of, gone = self.outcomes, self.outcomes["archived"]
        said = f"Added {of['added']}, changed {of['changed']}, the same {of['same']}, refused {self.refused}."
        return f"{said} Archived {gone} that the list no longer has." if gone else said


async def bring_in(  # noqa: PLR0913 - the last two are options, given by name
    database: Database,
    kind: str,
    path: Path,
    watch: Watch,
    now: datetime,
    *,
    skip_bad: bool = False,
    forms: Mapping[str, tuple[Format, ...]] = FORMATS,
) -> Result:
    """The file's rows are in the database; or nothing is changed, and Wrong says why.

    The file is read in threads, so that whatever else this process does goes on.
    """
    form = await asyncio.to_thread(_begun, kind, path, watch, forms)
    with closing(_Seen()) as seen:
        coming = _Import(database, path, form, seen, watch, now)
        total = await coming.check()
        refused = seen.refused()
        if refused and not skip_bad:
            raise BadRows(refused, total)
        if watch.writes is not None:
            await watch.writes(total - refused)
        return Result(await coming.write(), refused)


def _begun(kind: str, path: Path, watch: Watch, forms: Mapping[str, tuple[Format, ...]]) -> Format:
    """The form of the file, which is there."""
    if not path.is_file():
        raise Wrong(f"There is no file {path}.")
    with path.open("rb") as file:
        form = form_of(kind, file, forms)
    watch.begins(path.stat().st_size * form.passes)
    return form


@dataclass(frozen=True)
class _Import:
    """One file on its way into the database."""

    database: Database
    path: Path
    form: Format
    seen: "_Seen"
    watch: Watch
    now: datetime

    async def check(self) -> int:
        """How many rows there are. Each was looked at alone, and then with what it refers to; the bad are told."""
        total = await asyncio.to_thread(self._check_alone)
        if self.form.dangling:
            async for part in _parts(self._good()):
                for entry, why in await self._dangling(part):
                    self._refuse(entry, why)
        return total

    def _check_alone(self) -> int:
        total = 0
        for entry in self._rows():
            total += 1
            why = entry.wrong or self.form.wrong(entry)
            if not why and not self.seen.add(self.form.key(entry)):
                why = f"“{self.form.key(entry)}” is in an earlier line too."
            if why:
                self._refuse(entry, why)
        return total

    async def write(self) -> Counter[str]:
        """What became of the good rows. Organisations that one refers to and that there are not are told."""
        outcomes = Counter[str]()
        async for part in _parts(self._good()):
            outcomes.update(await self._written(part))
        if self.form.link:
            async for part in _parts(self._good()):
                for entry, missing in await self._linked(part):
                    names = ", ".join(f"“{slug}”" for slug in missing)
                    self.watch.told(f"Line {entry.line}: It is kept without {names}, which nobody here knows yet.")
        if (ends := self.form.ends) and not self.seen.refused():
            outcomes["archived"] = await self.database.write(lambda tx: ends(Imports(tx), self.now))
        return outcomes

    async def _dangling(self, part: list[Entry]) -> list[tuple[Entry, Reason]]:
        dangling = self.form.dangling

        def look(tx: Transaction) -> list[tuple[Entry, Reason]]:
            known = self._known(tx, part)
            return [(entry, why) for entry in part if dangling and (why := dangling(entry, known))]

        return await self.database.read(look)

    async def _written(self, part: list[Entry]) -> list[str]:
        def write(tx: Transaction) -> list[str]:
            known = self._known(tx, part)
            outcomes = [self.form.write(known, entry, self.now) for entry in part]
            known.keep()
            return outcomes

        return await self.database.write(write)

    async def _linked(self, part: list[Entry]) -> list[tuple[Entry, list[str]]]:
        link = self.form.link

        def write(tx: Transaction) -> list[tuple[Entry, list[str]]]:
            known = self._known(tx, part)
            without = [(entry, missing) for entry in part if link and (missing := [*link(known, entry)])]
            known.keep()
            return without

        return await self.database.write(write)

    def _known(self, tx: Transaction, part: list[Entry]) -> Imports:
        known = Imports(tx)
        known.look(self.form.about(entry) for entry in part)
        return known

    def _refuse(self, entry: Entry, why: Reason) -> None:
        self.watch.told(f"Line {entry.line}: {say(why, Person())}")
        self.watch.refused(entry.line, why)
        self.seen.refuse(entry.line)

    def _rows(self) -> Iterator[Entry]:
        with self.path.open("rb") as file:
            yield from entries(file, self.watch.read, self.form.long)

    def _good(self) -> Iterator[Entry]:
        return (entry for entry in self._rows() if not self.seen.is_refused(entry.line))


def form_of(kind: str, file: IO[bytes], known: Mapping[str, tuple[Format, ...]] = FORMATS) -> Format:
    """The form of this kind that the file's first line fits. Raises Wrong where it fits none."""
    _, names = _header(file, lambda _: None)
    for form in known[kind]:
        if set(names).issuperset(form.columns):
            return form
    forms = " or ".join(", ".join(form.columns) for form in known[kind])
    found = ", ".join(names)[:300] or t("none")
    raise Wrong(t("The file needs the columns {columns}. This one has: {names}.", columns=forms, names=found))


def entries(file: IO[bytes], read: Callable[[int], object], long: frozenset[str] = frozenset()) -> Iterator[Entry]:
    """The rows of the file, each with the line that it ends in; every value is one line, but in the `long` columns.

    Raises Wrong where the file is no CSV in UTF-8.
    """
    reader, names = _header(file, read)
    for values in _each(reader):
        if values:
            counts = {"values": len(values), "columns": len(names)}
            wrong = t("It has {values} values for {columns} columns.", **counts) if len({*counts.values()}) > 1 else ""
            said = {name: _tidy(value, name in long) for name, value in zip(names, values, strict=False)}
            yield Entry(reader.line_num, said, wrong)


def _tidy(value: str, long: bool) -> str:
    lines = [" ".join(line.split()) for line in value.splitlines()]
    return "\n".join(lines).strip() if long else " ".join(filter(None, lines))


def _header(file: IO[bytes], read: Callable[[int], object]) -> tuple[Reader, list[str]]:
    """The reader of what follows the names of the columns, and these."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_lines(file, read), strict=True)
    names = [name.strip() for name in next(_each(reader), [])]
    if len(set(names)) < len(names):
        raise Wrong(t("Nothing was changed: two columns of the file have the same name."))
    return reader, names


def _each(reader: Reader) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        line, said = reader.line_num, str(error)
        raise Wrong(t("Nothing was changed: line {line} is no CSV: {error}.", line=line, error=said)) from None


def _lines(file: IO[bytes], read: Callable[[int], object]) -> Iterator[str]:
    """The lines as text, without a byte-order mark."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        read(len(line))
        if len(line) == LONGEST_LINE:
            long = {"line": number, "most": LONGEST_LINE}
            raise Wrong(t("Nothing was changed: line {line} is longer than {most} bytes.", **long))
        if number == 1 and line.startswith(WORKBOOK):
            raise Wrong(t("Nothing was changed: this is a workbook. Save it as “CSV UTF-8” in Excel first."))
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise Wrong(
                t(
                    "Nothing was changed: line {line} is not UTF-8."
                    " Save the file as UTF-8 first: “CSV UTF-8” in Excel.",
                    line=number,
                )
            )
        yield text


async def _parts(items: Iterable[T]) -> AsyncIterator[list[T]]:
    """The items, 500 at a time, each part read in a thread."""
    going = iter(items)
    while part := await asyncio.to_thread(lambda: list(islice(going, PART))):
        yield part


class _Seen:
    """Keys that were seen and lines that were refused: on disk once they are many.

    One thread after another uses it, never two at once.
    """

    def __init__(self) -> None:
        self._kept = sqlite3.connect("", check_same_thread=False)
        self._kept.execute("CREATE TABLE key (key TEXT PRIMARY KEY) WITHOUT ROWID")
        self._kept.execute("CREATE TABLE refused (line INTEGER PRIMARY KEY)")

    def add(self, key: str) -> bool:
        """Whether it is new."""
        return self._kept.execute("INSERT OR IGNORE INTO key VALUES (?)", (key,)).rowcount == 1

    def refuse(self, line: int) -> None:
        """The row that ends in this line is left out."""
        self._kept.execute("INSERT OR IGNORE INTO refused VALUES (?)", (line,))

    def is_refused(self, line: int) -> bool:
        """Whether the row that ends in this line is left out."""
        return self._kept.execute("SELECT 1 FROM refused WHERE line = ?", (line,)).fetchone() is not None

    def refused(self) -> int:
        """How many rows are left out."""
        return int(self._kept.execute("SELECT count(*) FROM refused").fetchone()[0])

    def close(self) -> None:
        """What was kept is gone."""
        self._kept.close()
