"""What the documents name is there: paths, commands and settings; and their example is the code as it stands."""

import inspect
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import _parser as parser
from bot.__main__ import main
from config.settings import PREFIX, Settings
from tests.town import Town

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
MAP = ROOT / "docs" / "index.md"
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"\.?\w[\w.-]*(/[\w.-]+)+/?|[\w.-]+/|[\w-]+\.(py|md|toml|lock)|Procfile|\.env\.example")


def said(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def fenced(page: Path) -> list[tuple[str, str]]:
    """The language and text of each block of code."""
    return FENCED.findall(said(page))


def inline(page: Path) -> list[str]:
    """What stands between backticks in the page's sentences."""
    return INLINE.findall(FENCED.sub("", said(page)))


def names(page: Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, said(page)))


def commands(page: Path) -> Iterator[str]:
    """Each line of a block of code that starts `signpost`, without what the shell does with its output."""
    for _, block in fenced(page):
        for line in block.splitlines():
            if line.strip().startswith("signpost "):
                yield line.strip().partition(" > ")[0].removeprefix("signpost ")


def slugs(page: Path) -> set[str]:
    """The headings of a page as addresses name them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", said(page)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    missing = [name for name in inline(page) if PATH.fullmatch(name) and not (ROOT / name).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_house_leads_somewhere(page: Path) -> None:
    lost = []
    for link in LINK.findall(said(page)):
        if not link.startswith("https://"):
            path, _, heading = link.partition("#")
            target = page.parent / path if path else page
            if not target.exists() or (heading and heading not in slugs(target)):
                lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_can_be_given(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in commands(page):
        assert parser().parse_args(shlex.split(line, comments=True)).run, line
    for verb in {name.split()[1] for name in inline(page) if re.match(r"signpost [a-z]", name)}:
        with pytest.raises(SystemExit) as stopped:
            main([verb, "--help"])
        assert stopped.value.code == 0, f"signpost {verb}: {capsys.readouterr().err}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_that_a_page_names_is_one(page: Path) -> None:
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    assert names(page, r"\bSIGNPOST_[A-Z_]+\b") - known == set()


def test_every_setting_is_in_the_table() -> None:
    rows = names(ROOT / "docs" / "operating.md", r"(?m)^\| `(SIGNPOST_[A-Z_]+)` \|")
    assert rows == {PREFIX + field.upper() for field in Settings.model_fields}


def test_every_setting_is_in_the_example_to_copy() -> None:
    lines = names(ROOT / ".env.example", r"(?m)^(SIGNPOST_[A-Z_]+)=")
    assert lines == {PREFIX + field.upper() for field in Settings.model_fields}


def test_the_map_shows_every_module_that_is_no_feature_and_no_noun() -> None:
    shown = set(inline(MAP))
    modules = [
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "adapters", "config")
        for path in sorted((ROOT / folder).glob("*.py"))
        if path.name != "__init__.py"
    ]
    assert [name for name in modules if name not in shown] == []


def test_every_package_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    packages = {re.split(r"[\[<>=]", line)[0] for line in wanted}
    rows = re.findall(r"(?m)^\| ([a-z][a-z, -]*?)(?: \([^)]*\))? \|", said(ROOT / "docs" / "decisions.md"))
    assert packages == {name.strip() for row in rows for name in row.split(",")}


def test_the_example_of_the_conventions_is_the_feature_as_it_stands() -> None:
    feature, test = [block for kind, block in fenced(ROOT / "docs" / "conventions.md") if kind == "python"]
    as_it_stands = (ROOT / "bot" / "features" / "leave.py").read_text(encoding="utf-8")
    assert feature == as_it_stands, "bot/features/leave.py has changed: copy it into docs/conventions.md"
    assert test.endswith(inspect.getsource(test_who_leaves_is_no_member_and_can_join_again))


async def test_who_leaves_is_no_member_and_can_join_again(town: Town) -> None:
    before = await town.counts("membership")
    await town.says("gareth", "leave starting-a-business")
    assert "You have left Starting a business." in town.last("gareth")
    assert await town.counts("membership") == before - 1

    await town.presses("gareth", "Join again")
    assert "Welcome to Starting a business" in town.last("gareth")
    assert await town.counts("membership") == before


def test_pages_are_wrapped_and_name_no_machine() -> None:
    wrong = [
        f"{page.name}:{number}"
        for page in PAGES
        for number, line in enumerate(said(page).splitlines(), 1)
        if (len(line) > 180 and not line.startswith("|")) or re.search(r"(?:^|[\s`(])/(?:work|home|root)/", line)
    ]
    assert wrong == []
