"""Cards as Slack's messages: exactly as kept in golden files, and within Slack's limits whatever is in them."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.slack import limits
from adapters.slack.limits import validate, validate_view
from adapters.slack.modals import Origin, card_modal, modal
from adapters.slack.packing import opened
from adapters.slack.render import message, one_message
from bot.text import Reader, t, words
from bot.ui import Button, Card, Form, Packed, Paragraph, Quote, Table
from tests.adapters.slack.cards import ANSWER, CARDS, FORMS, PASS_ON, any_card, any_form

GOLDEN = Path(__file__).parent / "golden"
READER = Reader()

arbitrary = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def as_kept(name: str, drawn: Any) -> None:
    """Equal to the golden file; with UPDATE_GOLDEN=1 in the environment the file is written anew."""
    path = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(json.dumps(drawn, indent=2, ensure_ascii=False) + "\n", "utf-8")
    assert drawn == json.loads(path.read_text("utf-8"))


def texts_of(drawn: Any) -> list[str]:
    """Every mrkdwn text in the drawn blocks."""
    if isinstance(drawn, list):
        return [text for one in drawn for text in texts_of(one)]
    if not isinstance(drawn, dict):
        return []
    own = [drawn["text"]] if drawn.get("type") == "mrkdwn" else []
    return own + [text for value in drawn.values() for text in texts_of(value)]


def buttons_of(drawn: Any) -> list[dict[str, Any]]:
    if isinstance(drawn, list):
        return [button for one in drawn for button in buttons_of(one)]
    if not isinstance(drawn, dict):
        return []
    if drawn.get("type") == "button":
        return [drawn]
    return [button for value in drawn.values() for button in buttons_of(value)]


@pytest.mark.parametrize("name", CARDS)
def test_each_element_is_drawn_as_kept(name: str) -> None:
    drawn = message(CARDS[name], READER)
    as_kept(name, drawn)
    assert validate(drawn[0]["blocks"], "message") == []


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_drawn_as_kept(name: str) -> None:
    drawn = modal(FORMS[name], READER, "{}")
    as_kept(f"form_{name}", drawn)
    assert validate_view(drawn) == []


def test_a_form_where_no_modal_opens_is_a_card_with_a_button_that_opens_it() -> None:
    (drawn,) = message(FORMS["refused"], READER)
    as_kept("form_as_card", drawn)
    (button,) = buttons_of(drawn["blocks"])
    assert button["value"] == FORMS["refused"].command.pack()


@arbitrary
@given(any_card)
def test_any_card_is_within_the_limits(card: Card) -> None:
    for drawn in message(card, READER):
        assert validate(drawn["blocks"], "message") == []
        assert limits.size(drawn["blocks"]) <= limits.MESSAGE_SIZE
        assert 1 <= len(drawn["text"]) <= limits.FALLBACK_TEXT
    assert validate(one_message(card, READER)["blocks"], "message") == []
    assert validate_view(card_modal(card, READER, "{}")) == []


@arbitrary
@given(any_form)
def test_any_form_is_within_the_limits(form: Form) -> None:
    assert validate_view(modal(form, READER, Origin("{}").written())) == []
    for drawn in message(form, READER):
        assert validate(drawn["blocks"], "message") == []


@arbitrary
@given(any_card)
def test_nothing_that_a_person_wrote_mentions_anybody_or_hides_a_link(card: Card) -> None:
    for drawn in message(card, READER):
        for text in [drawn["text"], *texts_of(drawn["blocks"])]:
            unlinked = re.sub(r"<https?://[^<>|\s]+>", "", text)
            assert "<" not in unlinked
            assert "&" not in re.sub(r"&(amp|lt|gt);", "", unlinked)
            assert all(line.startswith(">") for line in unlinked.split("\n") if ">" in line)


@arbitrary
@given(any_card)
def test_every_button_has_an_id_of_its_own_and_keeps_its_command(card: Card) -> None:
    drawn = [button for part in message(card, READER) for button in buttons_of(part["blocks"])]
    assert len({button["action_id"] for button in drawn}) == len(drawn)
    carried = [opened(button["value"]) for button in drawn]
    assert carried[len(carried) - len(card.buttons) :] == [button.command.pack() for button in card.buttons]


def test_the_text_of_a_message_says_what_its_blocks_say() -> None:
    (drawn,) = message(CARDS["quote"], READER)
    assert "Q-118" in drawn["text"]
    assert "Amira Khan, HMRC" in drawn["text"]
    assert "Is 5 &gt; 3 &amp; &lt;!channel&gt;?" in drawn["text"]


def test_a_long_answer_arrives_whole_over_several_messages_with_the_buttons_on_the_last() -> None:
    long = " ".join(f"word{n}" for n in range(5000))
    drawn = message(Card(t("Q-118"), (Quote(long),), buttons=(ANSWER, PASS_ON)), READER)
    assert len(drawn) > 1
    said = " ".join(text.removeprefix(">") for part in drawn for text in texts_of(part["blocks"]))
    assert said.split() == long.split()
    assert [len(buttons_of(part["blocks"])) for part in drawn] == [0] * (len(drawn) - 1) + [2]


def test_sixty_paragraphs_become_two_messages() -> None:
    drawn = message(Card(t("Help"), tuple(Paragraph(t("Line {n}", n=n)) for n in range(60))), READER)
    assert [len(part["blocks"]) for part in drawn] == [50, 11]


def test_where_one_message_must_do_the_middle_is_cut_visibly_and_the_buttons_stay() -> None:
    card = Card(t("Q-118"), (Quote("word " * 5000),), buttons=(ANSWER,), note=t("Yours to answer"))
    drawn = one_message(card, READER)
    assert "… (cut)" in texts_of(drawn["blocks"])
    assert len(buttons_of(drawn["blocks"])) == 1
    assert drawn["blocks"][-1]["type"] == "context"


def test_a_title_over_the_limit_is_cut_visibly() -> None:
    (drawn,) = message(Card(words("long " * 100)), READER)
    title = drawn["blocks"][0]["text"]["text"]
    assert title.endswith("… (cut)")
    assert len(title) <= limits.HEADER


def test_a_cut_never_breaks_an_entity_or_a_link() -> None:
    for padding in range(12):
        card = Card(t("Q-118"), note=words("x" * padding + "&<>" * 900))
        (drawn,) = message(card, READER)
        (note,) = texts_of(drawn["blocks"])
        assert "&" not in re.sub(r"&(amp|lt|gt);", "", note)
        assert note.endswith("… (cut)")


def test_a_card_that_says_nothing_is_still_a_message() -> None:
    (drawn,) = message(Card(words("")), READER)
    assert validate(drawn["blocks"], "message") == []
    assert drawn["text"]


def test_a_payload_over_the_limit_is_compressed_and_comes_back_as_it_was() -> None:
    payload = json.dumps({"c": "ask", "text": "Can a sole trader register before they have a number? " * 50})
    assert len(payload) > limits.VALUE
    (drawn,) = message(Card(t("Ask"), buttons=(Button(t("Ask"), Packed(payload)),)), READER)
    (button,) = buttons_of(drawn["blocks"])
    assert len(button["value"]) <= limits.VALUE
    assert opened(button["value"]) == payload


def test_a_payload_that_cannot_fit_is_our_own_fault() -> None:
    payload = os.urandom(4000).hex()
    with pytest.raises(ValueError, match="does not fit"):
        message(Card(t("Ask"), buttons=(Button(t("Ask"), Packed(payload)),)), READER)


def test_a_reader_in_another_language_is_asked_in_it_where_it_is_translated() -> None:
    drawn = modal(FORMS["line"], Reader("cy"), "{}")
    assert validate_view(drawn) == []


def test_a_card_as_the_result_of_a_modal_keeps_its_buttons() -> None:
    drawn = card_modal(CARDS["buttons"], READER, Origin(channel="C1").written())
    as_kept("card_modal", drawn)
    assert validate_view(drawn) == []
    assert "submit" not in drawn


def test_a_table_is_sections_where_none_is_shown() -> None:
    drawn = card_modal(CARDS["table"], READER, Origin(channel="C1").written())
    assert validate_view(drawn) == []
    said = "\n".join(texts_of(drawn["blocks"]))
    assert "*Amira &lt;Khan&gt;*\nRole: –\nWhy: Says they know about: R&amp;D." in said


def test_a_table_that_is_too_large_has_shorter_cells_and_every_row() -> None:
    rows = tuple((words(f"Person {n}"), words("word " * 60)) for n in range(60))
    (drawn,) = message(Card(t("Who"), (Table(t("Who"), (t("Name"), t("Why")), rows),)), READER)
    assert validate(drawn["blocks"], "message") == []
    table = drawn["blocks"][-1]
    assert len(table["rows"]) == 61
    assert "… (cut)" in table["rows"][1][1]["text"]
