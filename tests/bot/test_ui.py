"""Cards are plain data: what the outbox writes is what it reads, whatever they hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.command import find_features, registry
from bot.text import When, listing, t, tn, words
from bot.ui import Action, Audience, Button, Card, Fact, Form, Packed, Paragraph, Quote, Reply, dump, load_drawable
from bot.ui import load_reply as load
from tests.adapters.slack.cards import FORMS, any_card
from tests.bot.platform import START

find_features()


@given(any_card, st.sampled_from(Audience))
@settings(max_examples=100, deadline=None)
def test_any_card_and_reply_come_back_as_they_were(card: Card, audience: Audience) -> None:
    assert load_drawable(dump(card)) == card
    assert load(dump(Reply(card, audience))) == Reply(card, audience)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_any_form_comes_back_as_it_was(form: Form) -> None:
    assert load_drawable(dump(form)) == form


def test_texts_inside_texts_come_back_too() -> None:
    card = Card(
        t(
            "{when} {people} {list}",
            when=When(START),
            people=tn("{n} person", "{n} people", n=2),
            list=listing(["a", 1]),
        ),
        body=(Paragraph(words("{not} a pattern")), Quote("“quoted”", by=t("Ann"))),
        facts=(Fact(t("When"), When(START, "day", until=START)),),
    )
    assert load_drawable(dump(card)) == card


def test_a_button_keeps_its_command_packed_and_compares_by_it() -> None:
    join = registry.verbs["join"].partly(community="tax")
    button = Button(t("Join"), join)
    assert isinstance(button.command, Packed)
    assert button == Button(t("Join"), Packed(join.pack()))
    assert hash(button.command) == hash(Packed(join.pack()))
    assert button.command != registry.verbs["join"].partly(community="vat")


def test_what_is_no_command_cannot_be_put_on_a_button() -> None:
    with pytest.raises(TypeError, match="does not say how it is packed"):
        Button(t("Nothing"), Action())
    with pytest.raises(TypeError, match="A card cannot hold"):
        dump(Card(t("{x}", x=object())))  # type: ignore[arg-type]  # that is what is tested
