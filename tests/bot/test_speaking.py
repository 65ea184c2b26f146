"""Pure: languages by what people call them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.speaking import called, code_of, languages_of, read_languages
from bot.text import Reader, say
from bot.work import SIGNPOST


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Welsh, French", ["cy", "fr"]),
        ("Cymraeg a Ffrangeg", ["cy", "fr"]),
        ("Welsh and French & Polish", ["cy", "fr", "pl"]),
        ("Deutsch; FRANÇAIS, اردو", ["de", "fr", "ur"]),
        ("cy", ["cy"]),
        ("BSL, bsl, British Sign Language", ["bfi"]),
        ("English and Welsh", ["cy"]),
        ("none", []),
        ("dim", []),
    ],
)
def test_languages_are_known_by_every_name_of_theirs(said: str, codes: list[str]) -> None:
    assert read_languages(said) == (codes, [])


def test_what_is_no_language_is_given_back_as_it_was_said() -> None:
    assert read_languages("Welsh, Elvish, 12") == (["cy"], ["Elvish", "12"])
    assert read_languages(", ,") == ([], [", ,"])


@given(some.text(max_size=60))
def test_nothing_that_is_typed_as_languages_is_an_error(said: str) -> None:
    read_languages(said)


@pytest.mark.parametrize("code", ["cy", "fr", "bfi", "gd", "zh"])
@pytest.mark.parametrize("reader", ["en", "cy", ""])
def test_what_a_language_is_called_names_it_again(code: str, reader: str) -> None:
    assert code_of(say(called(code, reader), Reader(reader or "en"))) == code


def test_english_goes_without_saying() -> None:
    speaks = SIGNPOST._replace(languages="cy bfi")
    assert say(languages_of(speaks, "en"), Reader()) == "English, Welsh and British Sign Language"
