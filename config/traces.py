"""An exception as a trace that can be kept: places and kinds in full, messages only where they can't hold content.

An exception's message can hold what a person wrote (`int("their words")`), a statement's parameters (SQLAlchemy,
psycopg) or a whole request (HTTP clients). Locals are never printed.
"""

import re
import sqlite3
import traceback
from collections.abc import Iterator

MOST_FRAMES = 40
MOST_LINKS = 8
OURS = ("bot", "adapters", "storage", "config", "benchmarks", "__main__")
CODE = re.compile(r"[\w.:-]{1,60}", re.ASCII)
# Python writes these messages itself, from names in the code.
ABOUT_CODE = (AttributeError, ImportError, NameError, NotImplementedError, RecursionError, TypeError)


def trace(error: BaseException) -> str:
    """The exception, what caused it and, for a group, each of its parts; the outermost last, as Python prints it."""
    return "\n".join(_lines(error, MOST_LINKS))


def _lines(error: BaseException, links: int) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and links:
        yield from _lines(before, links - 1)
        yield "which led to:"
    for frame in traceback.extract_tb(error.__traceback__, -MOST_FRAMES):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}: {frame.line}"
    yield f"{_kind(error)}{_facts(error)}"
    if isinstance(error, BaseExceptionGroup) and links:
        for number, part in enumerate(error.exceptions, 1):
            yield f"part {number} of {len(error.exceptions)}:"
            yield from _lines(part, links - 1)


def _kind(error: BaseException) -> str:
    module = type(error).__module__
    return type(error).__qualname__ if module == "builtins" else f"{module}.{type(error).__qualname__}"


def _facts(error: BaseException) -> str:
    """What may be said beside the kind: our own errors' words, Python's about the code, and codes."""
    if type(error).__module__.partition(".")[0] in OURS or isinstance(error, ABOUT_CODE):
        return f": {error}"
    if isinstance(error, OSError):
        return f": {error.strerror}" if error.errno else ""
    if isinstance(error, sqlite3.Error):
        return f": {getattr(error, 'sqlite_errorname', '')}"
    found = [getattr(error, "sqlstate", None), getattr(error, "status", None), getattr(error, "code", None)]
    diagnosis = getattr(error, "diag", None)
    found += [getattr(diagnosis, "table_name", None), getattr(diagnosis, "constraint_name", None)]
    said = " ".join(str(one) for one in found if isinstance(one, str | int) and CODE.fullmatch(str(one)))
    return f": {said}" if said else ""
