"""Every sentence that people read keeps the house's rules; and each rule finds a fault that was put there."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.everywhere.wording import Sentence, faults, sentences

ROOT = Path(__file__).parents[2]


def everything() -> Iterator[Sentence]:
    for folder in ("bot", "adapters"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from sentences(path.relative_to(ROOT).as_posix(), path.read_text())


def test_every_sentence_on_screen_keeps_the_rules() -> None:
    said = list(everything())
    assert len(said) > 150
    wrong = [f"{sentence.place}: “{sentence.key}” {fault}" for sentence in said for fault in faults(sentence)]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('t("Please say join.")', "says please"),
        ('t("You are in!")', "says an exclamation mark"),
        ('t("You don’t need to.")', "says a contraction"),
        ('t("You can\'t go there.")', "says a contraction"),
        ('t("It’s there.")', "says a contraction"),
        ('t("Click here to join.")', "says click here"),
        ('t("Say a word, e.g. join.")', "says Latin"),
        (f't("{"word " * 25}word.")', "has a sentence of 26 words"),
        ('t("Ask the SRO of the service.")', "does not spell out SRO"),
        ('t("Hello {name}.")', "does not fill in name"),
        ('t("Hello.", name=name)', "fills in name, which it does not have"),
        ('tn("{n} person", "{count} people", n=n)', "does not fill in count"),
        ('t("Hello {}.")', "has a place without a plain name"),
        ('t("Hello {name!r}.", name=name)', "has a place without a plain name"),
        ('t("Hello. ")', "has spaces at its ends or twice"),
        ("t('Say \"join\".')", "has straight quotation marks, or two dots"),
    ],
)
def test_each_rule_finds_what_breaks_it(source: str, fault: str) -> None:
    found = [fault for sentence in sentences("planted", source) for fault in faults(sentence)]
    assert fault in found


def test_a_good_sentence_has_no_fault() -> None:
    good = 't("Welcome to {community}. Its members’ questions come to you, up to {n} a week.", community=c, n=3)'
    assert [fault for sentence in sentences("good", good) for fault in faults(sentence)] == []


def test_no_sentence_on_screen_is_built_outside_the_catalogue() -> None:
    """A button, title, note or paragraph that is a plain string would never be translated."""
    holders = {"Card", "Button", "Paragraph", "Fact", "Item", "Form", "Field", "Option"}
    plain = [
        f"{path.name}:{node.lineno}"
        for path in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in holders
        for given in node.args[:1]
        if node.func.id not in ("Field", "Option") and isinstance(given, ast.Constant) and given.value
    ]
    assert plain == []
