"""Every sentence that the code says to people, found in its source: the keys of the catalogues."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "adapters")
MADE = "bot/text.py"
"""Where `t` and `tn` are defined, and may be given what is no literal."""


class Sentence(NamedTuple):
    """A key with its plural ("" where it has none), the file and line that say it, and the values that it is given.

    `checked` is whether all values are given by name; an `example` is words to type, not a sentence.
    """

    file: str
    line: int
    one: str
    many: str = ""
    given: frozenset[str] = frozenset()
    checked: bool = True
    example: bool = False


class NotLiteral(ValueError):
    """A key that is put together while the product runs would never be translated."""


def said_in(file: str, source: str) -> Iterator[Sentence]:
    """Every key of `t` and `tn` in this source, and every example of a verb, in order.

    Raises NotLiteral for a key that is no plain string.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("t", "tn"):
            yield _called(file, node, node.func.id)
        elif isinstance(node, ast.ClassDef):
            yield from (_example(file, word) for word in node.keywords if word.arg == "example")


def said_everywhere() -> list[Sentence]:
    """Every sentence of the product, by file and line."""
    found: list[Sentence] = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            found += sorted(said_in(name, path.read_text(encoding="utf-8")))
    return found


def _called(file: str, call: ast.Call, function: str) -> Sentence:
    keys = [_literal(file, argument) for argument in call.args[: 2 if function == "tn" else 1]]
    given = frozenset(word.arg for word in call.keywords if word.arg) | ({"n"} if len(call.args) > len(keys) else set())
    spread = any(word.arg is None for word in call.keywords)
    return Sentence(file, call.lineno, keys[0], keys[1] if len(keys) > 1 else "", given, not spread)


def _example(file: str, keyword: ast.keyword) -> Sentence:
    return Sentence(file, keyword.value.lineno, _literal(file, keyword.value), example=True)


def _literal(file: str, node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise NotLiteral(f"{file}:{node.lineno}: the key must be a plain string, so that it is found and translated.")
