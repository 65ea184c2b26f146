"""Who knows about something: what a topic is, and what is a reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.knowing import About, plain_topic


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("someone who has done user research with sole traders", "user research with sole traders"),
        ("Is there anyone who knows about VAT?", "VAT"),
        ("people who worked on letters", "letters"),
        ("anybody with experience of forms", "forms"),
        ("somebody else", ""),
        ("Who can help me with call handover?", "call handover"),
        ("does anyone know about accessibility", "accessibility"),
        ("who knows about letters", "letters"),
        ("who decides what a new business is?", "who decides what a new business is"),
        ("people management", "people management"),
        ("letters to everybody", "letters to everybody"),
        ("someonewho", "someonewho"),
        ("  data   sharing ?", "data sharing"),
    ],
)
def test_a_topic_is_what_is_left_of_a_sentence_about_somebody(said: str, topic: str) -> None:
    assert plain_topic(said) == topic


@settings(deadline=None)
@given(some.text(max_size=200))
def test_whatever_is_typed_leaves_an_end_of_it(said: str) -> None:
    assert plain_topic(said) in " ".join(said.split())


def test_a_word_of_the_topic_fits_and_of_what_is_meant_two_or_the_only_one() -> None:
    dwp = About(frozenset({"dwp"}), frozenset({"depart", "work", "pension"}))
    assert dwp.fits("DWP letters")
    assert dwp.fits("Work and Pensions")
    assert not dwp.fits("working with operations")
    assert About(frozenset({"nino"}), frozenset({"insur"})).fits("Insurance")
    assert not About(frozenset({"letter"}), frozenset()).fits("forms")
