"""The house's own rules, checked over every file: sizes, names, docstrings, and the same shape on each platform."""

import ast
import re
import stat
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("bot", "adapters", "storage", "config")
EVERYWHERE = (*PRODUCT, "tests", "benchmarks")
LINES_OF_A_MODULE = 320  # 300 is the rule; the rest is room for a docstring that grows
LINES_OF_A_BODY = 34  # 30 is the rule; the rest is room for how the formatter breaks a long call
VAGUE = ("utils", "util", "helpers", "helper", "common", "manager", "base")
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
SAME_ON_EACH_PLATFORM = ("inbound.py", "render.py", "client.py", "limits.py", "rates.py")
SCRIPTS = ("scripts/demo", "scripts/test", "scripts/check", "scripts/uv", ".ci/run")
WITH_REASON = re.compile(r"# (?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])\W*\w+")
WITHOUT = re.compile(r"#\s*(?:noqa|type:\s*ignore)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*folders: str) -> Iterator[tuple[str, str]]:
    """Each Python file's path and text, but not the generated migrations."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/versions/" not in name:
                yield name, path.read_text()


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def body_lines(function: Function) -> int:
    """The lines of what it does: not its signature, not its docstring."""
    first = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - first[0].lineno + 1 if first else 0


def test_no_module_is_longer_than_one_can_keep_in_mind() -> None:
    long = [
        f"{name}: {text.count(chr(10))} lines"
        for name, text in modules(*PRODUCT)
        if text.count("\n") > LINES_OF_A_MODULE
    ]
    assert long == []


def test_no_function_holds_a_second_idea() -> None:
    long = [
        f"{name}:{function.lineno} {function.name}: {body_lines(function)} lines"
        for name, text in modules(*PRODUCT)
        for function in functions(ast.parse(text))
        if body_lines(function) > LINES_OF_A_BODY
    ]
    assert long == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        name for name, text in modules(*EVERYWHERE) if text.strip() and ast.get_docstring(ast.parse(text)) is None
    ]
    assert silent == []


def test_no_name_is_vague() -> None:
    files = [name for name, _ in modules(*EVERYWHERE) if Path(name).stem in VAGUE]
    classes = [
        f"{name}: {node.name}"
        for name, text in modules(*PRODUCT)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef) and re.split("(?=[A-Z])", node.name)[-1].lower() in VAGUE
    ]
    assert files + classes == []


def test_nothing_is_left_for_later() -> None:
    left = [
        f"{name}: {word}"
        for name, text in modules(*EVERYWHERE)
        for word in UNFINISHED
        if re.search(rf"\b{word}\b", text)
    ]
    assert left == []


def test_every_exception_from_a_check_has_its_reason_beside_it() -> None:
    bare = [
        f"{name}:{number}"
        for name, text in modules(*PRODUCT)
        for number, line in enumerate(text.splitlines(), 1)
        if WITHOUT.search(line) and not WITH_REASON.search(line)
    ]
    assert bare == []


def test_each_platform_has_the_same_shape() -> None:
    for platform in ("slack", "teams"):
        there = {path.name for path in (ROOT / "adapters" / platform).glob("*.py")}
        assert set(SAME_ON_EACH_PLATFORM) - there == set(), platform


def test_no_feature_asks_which_platform() -> None:
    asking = [
        f"{name}:{node.lineno}"
        for name, text in modules("bot/features")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and node.value in ("slack", "teams")
    ]
    assert asking == []


def test_tests_are_sentences() -> None:
    short = [
        f"{name}: {function.name}"
        for name, text in modules("tests")
        for function in functions(ast.parse(text))
        if function.name.startswith("test_") and function.name.count("_") < 3
    ]
    assert short == []


def test_no_test_waits_for_time_to_pass() -> None:
    waiting = [
        f"{name}:{node.lineno}"
        for name, text in modules("tests")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] == "sleep"
        and [ast.unparse(given) for given in node.args] != ["0"]
    ]
    assert waiting == []


def test_scripts_can_be_run_and_stop_at_what_they_did_not_expect() -> None:
    for name in SCRIPTS:
        path = ROOT / name
        assert path.stat().st_mode & stat.S_IXUSR, name
        assert path.read_text().startswith("#!/usr/bin/env bash\n"), name
        assert re.search(r"^set -e?uo pipefail$", path.read_text(), re.MULTILINE), name
