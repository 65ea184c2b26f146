"""Typed words become commands by one grammar, and whatever is typed is at worst refused in words."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.command import Verb, find_features, kinds_of, questions, registry
from bot.errors import Refusal
from bot.words import close_to, from_words, greeting, starts_with_slash

find_features()

WORDS = st.text(max_size=60)
PIECES = st.lists(
    st.sampled_from(sorted(registry.phrases))
    | st.sampled_from(
        ["as", "on", "at", "community:", "service:", "outcome:", "zone:", '"', "“", "”", "Q-118", "118", ","]
    )
    | st.text(max_size=8),
    max_size=8,
).map(" ".join)
SAID = WORDS | PIECES | st.tuples(st.sampled_from(sorted(registry.phrases)), WORDS).map(" ".join)


def said(words: str) -> Verb:
    found = from_words(words)
    assert found is not None, words
    return found


@given(SAID)
@settings(max_examples=400, deadline=None)
def test_whatever_is_typed_is_a_command_no_command_or_refused_in_words(words: str) -> None:
    with suppress(Refusal):
        verb = from_words(words)
        assert verb is None or _is_whole(verb)
    meant = close_to(words)
    assert meant is None or starts_with_slash(words) or meant.split()
    greeting(words)


def _is_whole(verb: Verb) -> bool:
    """Each field that is given is of its own kind; one that is missing is empty."""
    given = {name: getattr(verb, name) for name in kinds_of(type(verb))}
    return all(value == "" or type(value) is kinds_of(type(verb))[name] for name, value in given.items())


@pytest.mark.parametrize("verb", registry.offered(), ids=lambda verb: verb.name)
def test_the_example_in_help_gives_its_own_command(verb: type[Verb]) -> None:
    assert type(said(verb.example)) is verb
    for phrase in (verb.name, *verb.also):
        assert type(said(phrase)) is verb
        assert type(said(f"/{phrase.upper()}")) is verb
        assert type(said(f"  Signpost {phrase} ")) is verb


@pytest.mark.parametrize("verb", registry.offered(), ids=lambda verb: verb.name)
def test_the_fields_of_an_example_are_all_given(verb: type[Verb]) -> None:
    if verb.example != verb.name:
        made = said(verb.example)
        choosable = {name for name, question in questions(verb).items() if question.choices}
        assert set(made.needs()) <= choosable


@pytest.mark.parametrize(
    ("typed", "community", "role"),
    [
        ("join starting-a-business", "starting-a-business", ""),
        ("join starting-a-business as policy adviser", "starting-a-business", "policy adviser"),
        ("join Starting a business as policy adviser", "Starting a business", "policy adviser"),
        ('join "Working as one" as policy adviser', "Working as one", "policy adviser"),
        ('join "Working as one"', "Working as one", ""),
        ("join “Working as one” AS lead", "Working as one", "lead"),
        ("join assets", "assets", ""),
        ("JOIN assets", "assets", ""),
    ],
)
def test_a_field_with_a_word_before_it_stands_after_that_word_and_quotes_are_not_split(
    typed: str, community: str, role: str
) -> None:
    made = said(typed)
    assert (getattr(made, "community", None), getattr(made, "role", None)) == (community, role)


@pytest.mark.parametrize(
    ("typed", "question", "text"),
    [
        ("answer 118 Yes, if they registered", 118, "Yes, if they registered"),
        ("answer Q-118 Yes", 118, "Yes"),
        ("answer #118 Yes", 118, "Yes"),
        ("answer Yes, it is", 0, "Yes, it is"),
        ("answer 118", 118, ""),
        ("answer", 0, ""),
        ('answer 118 "Yes"', 118, "Yes"),
        ("answer 9999999999999999999 Yes", 0, "9999999999999999999 Yes"),
    ],
)
def test_a_number_may_be_written_as_people_write_it_or_left_out(typed: str, question: int, text: str) -> None:
    made = said(typed)
    if typed == "answer 118":
        assert getattr(made, "question", None) in (118, 0)
        return
    assert (getattr(made, "question", None) or 0, getattr(made, "text", None)) == (question, text)


def test_a_long_field_is_refused_with_its_length_and_the_limit() -> None:
    with pytest.raises(Refusal) as refused:
        from_words(f"me role {'x' * 81}")
    assert dict(refused.value.text.values) == {"length": 81, "most": 80}
    assert refused.value.field == "role"


@pytest.mark.parametrize(
    "typed", ["", " ", "/", "asking for a friend", "joint work", "meet me", "helpful", "signposting"]
)
def test_words_that_only_begin_like_a_verb_are_no_command(typed: str) -> None:
    assert from_words(typed) is None


@pytest.mark.parametrize(("typed", "meant"), [("hepl", "help"), ("comunities business", "communities business")])
def test_a_mistyped_verb_is_close_to_the_right_one(typed: str, meant: str) -> None:
    assert close_to(typed) == meant


def test_what_is_like_no_verb_is_close_to_none() -> None:
    assert close_to("zzzz zzzz") is None
    assert close_to("") is None
