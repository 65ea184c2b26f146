"""One declaration makes one command, however it is given; what comes from outside must fit it."""

import dataclasses
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.command import (
    Command,
    May,
    Verb,
    ask,
    find_features,
    from_answers,
    from_payload,
    from_timer,
    kinds_of,
    questions,
    registry,
)
from bot.errors import Refusal, Stale
from bot.text import t
from bot.ui import Card, Reply
from bot.work import Work
from storage.people import Person
from tests.bot.commands import throwaway

find_features()

PRESSABLE = sorted(name for name, verb in registry.verbs.items() if verb.may is not May.SYSTEM)
KINDS: dict[type, st.SearchStrategy[Any]] = {
    int: st.integers(1 - 2**63, 2**63 - 1),
    bool: st.booleans(),
    str: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20),
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=5,
)


@st.composite
def verbs(draw: st.DrawFn) -> Verb:
    """Any command with any fields."""
    verb = registry.verbs[draw(st.sampled_from(sorted(registry.verbs)))]
    return verb(**{name: draw(KINDS[kind]) for name, kind in kinds_of(verb).items()})


@given(verbs())
@settings(max_examples=300, deadline=None)
def test_a_command_that_was_packed_comes_back_as_itself(verb: Verb) -> None:
    unpack = from_timer if verb.may is May.SYSTEM else from_payload
    assert unpack(verb.pack()) == verb


@given(st.text(max_size=60) | st.builds(lambda value: msgspec.json.encode(value).decode(), ANYTHING))
@settings(max_examples=300, deadline=None)
def test_a_payload_of_anything_is_a_command_or_stale(payload: str) -> None:
    try:
        found = from_payload(payload)
    except Stale:
        return
    assert found.may is not May.SYSTEM


@given(st.sampled_from(PRESSABLE), st.dictionaries(st.sampled_from(["text", "question", "community", "x"]), ANYTHING))
@settings(max_examples=300, deadline=None)
def test_a_command_with_any_fields_is_itself_or_stale(name: str, fields: dict[str, Any]) -> None:
    payload = msgspec.json.encode({**fields, "do": name}).decode()
    try:
        found = from_payload(payload)
    except Stale:
        return
    kinds = kinds_of(type(found))
    assert all(type(fields[field]) is kinds[field] for field in fields if field in kinds)


@given(st.sampled_from(PRESSABLE), st.dictionaries(st.sampled_from(["text", "question", "role", "x"]), st.text()))
@settings(max_examples=200, deadline=None)
def test_answers_of_any_kind_are_taken_or_refused_in_words(name: str, answers: dict[str, str]) -> None:
    try:
        found = from_answers(f'{{"do":"{name}"}}', answers)
    except Refusal:
        return
    asked = questions(type(found))
    assert all(getattr(found, field) == answers[field].strip() for field in answers if field in asked and field == "x")


def test_a_form_answers_only_what_its_command_asks() -> None:
    verb = registry.verbs["ask-back"]
    assert "to" in kinds_of(verb) and "to" not in questions(verb)
    answered = from_answers('{"do":"ask-back","question":1,"to":7}', {"text": "More?", "to": "9", "question": "2"})
    assert (getattr(answered, "question", 0), getattr(answered, "to", 0)) == (1, 7)


def test_what_a_button_holds_beyond_what_a_column_takes_is_stale() -> None:
    for fields in (f'"question":{2**63}', f'"question":{-(2**63)}', '"question":true', '"question":"1"'):
        with pytest.raises(Stale):
            from_payload(f'{{"do":"decline",{fields}}}')
    with pytest.raises(Stale):
        from_payload('{"do":"me role","role":"' + "x" * 81 + '"}')


def test_two_commands_with_one_name_are_a_mistake_of_ours() -> None:
    with throwaway(), pytest.raises(TypeError, match="both called join"):

        class Another(Command, name="join"):
            """Taken."""


def test_a_command_is_named_after_its_class_unless_it_says_otherwise() -> None:
    with throwaway():

        class OpenTheDoor(Command):
            """It has no name of its own and no help, so nobody can type it."""

            door: str = ask(t("Which door?"))

            def run(self, me: Person, work: Work) -> Reply:
                return Reply(Card(t("Open")))

        assert registry.verbs["open-the-door"] is OpenTheDoor
        assert "open-the-door" not in registry.phrases
        assert OpenTheDoor.partly().needs() == ["door"]
        assert OpenTheDoor("blue").needs() == []
        with pytest.raises(dataclasses.FrozenInstanceError):
            OpenTheDoor("blue").door = "red"  # type: ignore[misc]  # that is what is tested


def test_what_is_offered_can_be_typed_and_says_what_it_does() -> None:
    for verb in registry.offered():
        assert verb.help and verb.help.key
        assert verb.__doc__
        assert registry.phrases[verb.name] is verb
    assert all(verb.may is not May.SYSTEM for verb in registry.offered())
