"""Every statement that a version of Signpost runs, kept so that later tables are held to it.

While a new version is rolled out, processes of the one before still run on the upgraded tables. So the statements of
each version of the tables are recorded when the next one is written, and must go on running:
`python -m tests.storage.recording NUMBER` before storage/tables is changed for the next.
"""

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Float, Integer
from sqlalchemy.types import NullType, TypeEngine

import storage
from storage.compiled import Compiled, DialectName
from storage.statements import Statement

RECORDED = Path(__file__).parents[1] / "recorded" / "statements"
DIALECTS: tuple[DialectName, ...] = ("sqlite", "postgresql")


def statements() -> Iterator[tuple[str, Statement[Any]]]:
    """Each statement of the storage by its module's name and its own, also those in a list, a tuple or a dict."""
    for _, name, _ in pkgutil.iter_modules(storage.__path__):
        if name not in ("migrations", "postgres", "sqlite"):
            for attribute, found in vars(importlib.import_module(f"storage.{name}")).items():
                yield from _among(f"{name}.{attribute}", found)


def _among(name: str, found: object) -> Iterator[tuple[str, Statement[Any]]]:
    if isinstance(found, Statement):
        yield name, found
    elif isinstance(found, dict):
        for key, one in found.items():
            yield from _among(f"{name}[{key}]", one)
    elif isinstance(found, list | tuple):
        for number, one in enumerate(found):
            yield from _among(f"{name}[{number}]", one)


def with_examples(statement: Statement[Any], dialect: DialectName) -> tuple[str, tuple[Any, ...]]:
    """The text for this database, and arguments of the right kinds."""
    compiled = statement.on(dialect)
    return compiled.bound(dict(_values(compiled)))


def _values(compiled: Compiled[Any]) -> Iterator[tuple[str, object]]:
    for bound, name in compiled._compiled.bind_names.items():
        if bound.required:
            yield name, [example(bound.type)] if bound.expanding else example(bound.type)


def example(kind: TypeEngine[Any]) -> object:
    """A value of this kind of column."""
    plain = getattr(kind, "impl", kind)
    if isinstance(plain, NullType):
        return None  # whatever it is compared with
    for known, value in (
        (Boolean, True),
        (BigInteger, 1),
        (Integer, 1),
        (Float, 1.5),
        (DateTime, datetime(2026, 11, 23, tzinfo=UTC)),
        (Date, date(2026, 11, 23)),
    ):
        if isinstance(plain, known):
            return value
    return "words"


def record(version: str) -> Path:
    """A file with every statement as it is now."""
    found = {
        name: {dialect: with_examples(statement, dialect) for dialect in DIALECTS} for name, statement in statements()
    }
    file = RECORDED / f"{version}.json"
    file.write_text(json.dumps(found, indent=1, default=str) + "\n")
    return file


if __name__ == "__main__":
    print(record(sys.argv[1]))
