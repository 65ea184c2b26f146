"""Every sentence that people read keeps the house's rules, in both languages; each rule finds a fault put there."""

import ast
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.command import find_features, kinds_of
from bot.locales import TRANSLATED
from bot.locales.sentences import NotLiteral, said_everywhere, said_in
from bot.words import from_words
from tests.everywhere import welsh
from tests.everywhere.welsh import catalogue_of
from tests.everywhere.wording import faults

ROOT = Path(__file__).parents[2]


def forms_in(catalogue: Catalog, one: str) -> tuple[str, ...]:
    """The translations of this key: one, or one for each plural form; none where it is not there."""
    found = catalogue.get(one)
    if found is None:
        return ("",)
    return tuple(found.string) if isinstance(found.string, tuple | list) else (str(found.string),)


def test_every_sentence_on_screen_keeps_the_rules() -> None:
    said = said_everywhere()
    assert len(said) > 150
    wrong = [f"{one.file}:{one.line}: “{one.one}” {fault}" for one in said for fault in faults(one)]
    assert wrong == []


def test_every_sentence_has_its_welsh_and_it_keeps_the_rules() -> None:
    catalogue = catalogue_of("cy")
    wrong = {
        f"“{one.one}” {fault}"
        for one in said_everywhere()
        for said in [forms_in(catalogue, one.one)]
        for fault in (welsh.example_faults(said[0]) if one.example else welsh.faults(one.one, one.many, said))
    }
    assert sorted(wrong) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_catalogue_holds_a_sentence_that_nobody_says(language: str) -> None:
    said = {(one.one, one.many) for one in said_everywhere()}
    held = {message.id if isinstance(message.id, tuple) else (message.id, "") for message in catalogue_of(language)}
    assert {key for key in held if key[0]} - said == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_waits_to_be_looked_at(language: str) -> None:
    """One that is marked as fuzzy would be left out where it is read."""
    assert [message.id for message in catalogue_of(language) if message.fuzzy and message.id] == []


@pytest.mark.parametrize("example", sorted({one.one for one in said_everywhere() if one.example}))
def test_what_a_welsh_reader_is_shown_to_type_does_the_same(example: str) -> None:
    find_features()
    english, translated = from_words(example), from_words(forms_in(catalogue_of("cy"), example)[0])
    assert english is not None and type(translated) is type(english)
    for name in kinds_of(type(english)):
        assert bool(getattr(translated, name)) == bool(getattr(english, name)), name


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
        ('t("Say who and/or when.")', "says and/or"),
        ('t("Choose the community(s).")', "says and/or"),
        (f't("{"word " * 25}word.")', "has a sentence of 26 words"),
        ('t("Ask the SRO of the service.")', "does not spell out SRO"),
        ('t("This is VERY IMPORTANT to you.")', "shouts VERY IMPORTANT"),
        ('t("It begins on 3 December.")', "has a date or a time written by hand"),
        ('t("It begins on 2026-12-03.")', "has a date or a time written by hand"),
        ('t("It begins at 2pm.")', "has a date or a time written by hand"),
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
    assert fault in [fault for sentence in said_in("planted", source) for fault in faults(sentence)]


@pytest.mark.parametrize(
    "source",
    [
        't("Welcome to {community}. Its members’ questions come to you, up to {n} a week.", community=c, n=3)',
        't("Write it like Thursday 3 December or 2026-12-03.")',
        't("Send a file of comma-separated values (CSV). A CSV has one row for each.")',
        'tn("{n} person of {community}", "{n} people of {community}", n=n, community=c)',
        't("It is marked OFFICIAL-SENSITIVE.")',
    ],
)
def test_a_good_sentence_has_no_fault(source: str) -> None:
    assert [fault for sentence in said_in("good", source) for fault in faults(sentence)] == []


@pytest.mark.parametrize(
    ("english", "said", "fault"),
    [
        ("Join", "", "has no Welsh"),
        ("Hello {name}", "Helo", "has other places than “Hello {name}”"),
        ("Hello", "Helo {name}", "has other places than “Hello”"),
        ("You are in.", "Rydych yn aelod", "ends with “”, not with “.”"),
        ("Who", "Pwy?", "ends with “?”, not with “”"),
        ("Done", "Wedi’i wneud!", "says an exclamation mark"),
        ("See the answer", "Gweld the ateb", "leaves “the” in English"),
        ("Say questions.", "Teipiwch questions.", "leaves “questions” in English"),
        ("You are in", "Rwyt ti yn aelod", "says “ti” to somebody it should call chi"),
        ("Your role", "Eich rol", "writes “rol” for “rôl”"),
        ("Withdraw", "Tynnu’n ol", "writes “ol” for “ôl”"),
        ("Withdraw", "Tynnu'n ôl", "has a straight apostrophe or quotation mark"),
        ("Say “join”", "Teipiwch “join", "opens a quotation that it does not close"),
        ("In {community}", "Yn {community}", "would need a mutation in “Yn {community}”"),
        ("{one} and {two}", "{one} a {two}", "would need a mutation in “a {two}”"),
        ("Words", "gair " * 30 + "gair", "has a sentence of 31 words"),
        ("Words", "Geiriau ", "has spaces at its ends or twice"),
    ],
)
def test_each_rule_of_welsh_finds_what_breaks_it(english: str, said: str, fault: str) -> None:
    assert fault in welsh.faults(english, "", (said,))


def test_each_plural_form_of_welsh_is_wanted_and_looked_at() -> None:
    one, many = "{n} person", "{n} people"
    good = ("{n} o bobl", "{n} person", "{n} berson", "{n} pherson", "{n} pherson", "{n} o bobl")
    assert welsh.faults(one, many, good) == []
    assert welsh.faults(one, many, (*good[:5], "")) == ["lacks a plural form"]
    assert welsh.faults(one, many, good[:2]) == ["has 2 plural forms, not 6"]
    assert welsh.faults(one, many, ("neb", *good[1:])) == ["has other places than “{n} person”"]


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("Say questions to see them.", "Teipiwch “questions” i’w gweld."),
        ("To leave, say: leave {slug}", "I adael, teipiwch: leave {slug}"),
        ("Welcome to {community}", "Croeso i gymuned {community}"),
        ("{start} to {end}", "{start} i {end}"),
    ],
)
def test_good_welsh_has_no_fault(english: str, said: str) -> None:
    assert welsh.faults(english, "", (said,)) == []


def test_a_key_that_is_put_together_is_refused() -> None:
    with pytest.raises(NotLiteral, match=r"planted:1: the key must be a plain string"):
        list(said_in("planted", 't(f"Hello {name}")'))


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
