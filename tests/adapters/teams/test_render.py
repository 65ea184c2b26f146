"""Every element looks as agreed (the golden files), and no card, however odd, is one that Teams would refuse.

`SIGNPOST_GOLDEN=write` writes the golden files anew; read the difference before you keep it.
"""

import html
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.teams.limits import MOST_ACTIONS, MOST_BYTES, size, validate
from adapters.teams.plain import escaped, shown_as_typed
from adapters.teams.render import adaptive_card, message
from bot.command import find_features
from bot.text import Reader, Text, When, listing, t, words
from bot.ui import (
    Button,
    Card,
    Drawable,
    Element,
    Fact,
    Field,
    FieldKind,
    Form,
    Item,
    Link,
    Option,
    Packed,
    Paragraph,
    Quote,
    Table,
)

GOLDEN = Path(__file__).parent / "golden"
READER = Reader()


def pressed(label: str, number: int = 1, **style: Any) -> Button:
    return Button(t(label), Packed(f'{{"do":"{label.lower()}","id":{number}}}'), **style)


EXAMPLES: dict[str, Drawable] = {
    "title": Card(t("Welcome to {community}", community="Starting a business")),
    "paragraph": Card(t("Help"), (Paragraph(t("Say {word}.", word="*stars* and [links](http://example.org)")),)),
    "quote": Card(
        t("Q-118"), (Quote("Which *form*?\n\n1. CH01\n2. [SH01](x)", words("Amira Khan, HMRC")), Quote("No name"))
    ),
    "items": Card(
        t("Communities"),
        (
            Item(t("Starting a business"), t("12 members"), (pressed("Join", 1), pressed("Members", 1))),
            Item(t("Bereavement"), None, (pressed("Join", 2),)),
        ),
    ),
    "table": Card(
        t("Who may know"),
        (
            Table(
                t("Who may know about letters"),
                (t("Name"), t("Role"), t("Why")),
                (
                    (words("Amira *Khan*"), words(""), t("Says so.")),
                    (words("Gareth"), words("Lead"), t("Their role is close to this.")),
                ),
            ),
        ),
    ),
    "link": Card(t("Your data"), (Link(t("Get [your] file"), "https://signpost.example/data/a-b_c"),)),
    "facts": Card(
        t("Showcase"),
        facts=(
            Fact(t("When"), When(datetime(2026, 12, 3, 14, tzinfo=UTC))),
            Fact(t("From"), listing(["HMRC", "DWP"])),
            Fact(t("Members"), 12),
        ),
    ),
    "buttons": Card(
        t("Leave?"),
        buttons=(pressed("Stay", style="primary"), pressed("Leave", style="danger"), pressed("Help")),
        note=t("You can come back."),
    ),
    "too_many_buttons": Card(
        t("Communities"),
        tuple(Item(words(f"Community {n}"), None, (pressed(f"Join {n}", n),)) for n in range(8)),
        buttons=(pressed("Create"),),
    ),
    "form": Form(
        t("Ask a question"),
        Packed('{"do":"ask"}'),
        (
            Field("community", t("Community"), "choice", "b", (Option("a", t("One")), Option("b", t("Two")))),
            Field("text", t("Question"), "lines", hint=t("In a sentence or two."), most=2000),
            Field("title", t("Title"), "line", optional=True),
            Field("day", t("Day"), "date", "2026-12-03"),
            Field("hour", t("Time"), "time", "14:00"),
            Field("named", t("May we name you?"), "yes_no", "yes"),
        ),
        t("Send"),
    ),
    "refused_form": Form(
        t("Ask a question"),
        Packed('{"do":"ask"}'),
        (Field("text", t("Question"), "lines", "Why?", error=t("Say a little more.")),),
        t("Send"),
    ),
    "form_refused_whole": Form(
        t("Ask a question"), Packed("{}"), (Field("text", t("Question")),), t("Send"), t("The community is closed.")
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_drawn_as_agreed(name: str) -> None:
    drawn = adaptive_card(EXAMPLES[name], READER)
    file = GOLDEN / f"{name}.json"
    if os.environ.get("SIGNPOST_GOLDEN") == "write":
        file.write_text(json.dumps(drawn, indent=2, ensure_ascii=False) + "\n", "utf-8")
    assert drawn == json.loads(file.read_text("utf-8"))
    assert validate(drawn) == []


def test_the_summary_and_the_fallback_say_what_the_card_says() -> None:
    drawn = message(EXAMPLES["quote"], READER)
    fallback = drawn["attachments"][0]["content"]["fallbackText"]
    assert fallback == "Q-118\nAmira Khan, HMRC: Which *form*?\n\n1. CH01\n2. [SH01](x)\nNo name"
    assert drawn["summary"] == fallback
    assert "text" not in drawn  # Teams would draw it too, above the card


def test_a_card_is_drawn_in_the_readers_time_zone() -> None:
    facts = adaptive_card(EXAMPLES["facts"], Reader("en", "Asia/Tokyo"))["body"][1]["facts"]
    assert facts[0]["value"].startswith("11pm")


def test_what_is_too_long_is_cut_and_says_so() -> None:
    card = Card(t("Q-1"), (Quote("x" * 50_000),), buttons=(pressed("Answer"),))
    drawn = message(card, READER)
    assert "… (cut)" in json.dumps(drawn, ensure_ascii=False)
    assert size(drawn) <= MOST_BYTES
    assert drawn["attachments"][0]["content"]["actions"][0]["title"] == "Answer"


def test_what_has_no_button_can_be_typed() -> None:
    last = adaptive_card(EXAMPLES["too_many_buttons"], READER)["body"][-1]["text"]
    assert last == ("There is no room for every button. You can type: “join 5 5”, “join 6 6” and “join 7 7”.")


def test_what_cannot_be_typed_is_named_by_its_label() -> None:
    find_features()
    stops = [Button(t("Stop"), Packed(f'{{"do":"end-watch","watch":{n}}}')) for n in range(8)]
    stop = tuple(Item(words(f"Wait {n}"), None, (button,)) for n, button in enumerate(stops))
    last = adaptive_card(Card(t("You wait"), stop), READER)["body"][-1]["text"]
    assert last == "There is no room for every button. You can type: “Stop”."


def test_a_long_list_is_cut_and_says_how_much_is_missing() -> None:
    card = Card(t("Members"), tuple(Paragraph(words(f"Member {n}")) for n in range(500)))
    drawn = adaptive_card(card, READER)
    assert drawn["body"][-1]["text"] == "400 more are not shown here"


def test_the_chosen_option_is_kept_however_long_the_list() -> None:
    options = tuple(Option(str(n), words(f"Option {n} " + "x" * 200)) for n in range(3000))
    form = Form(t("Choose"), Packed("{}"), (Field("one", t("One"), "choice", "2999", options),), t("Send"))
    (_, asked) = adaptive_card(form, READER)["body"]
    assert asked["value"] == "2999"
    assert asked["choices"][-1]["value"] == "2999"


def test_a_toggle_is_never_required_since_teams_would_take_that_as_must_be_yes() -> None:
    form = Form(t("Ask"), Packed("{}"), (Field("named", t("Named?"), "yes_no"),), t("Send"))
    assert adaptive_card(form, READER)["body"][1]["isRequired"] is False


def test_fields_cannot_clash_with_each_other_or_with_the_command() -> None:
    fields = (Field("signpost", t("A")), Field("form", t("B"), "yes_no"), Field("f_form", t("C")))
    drawn = adaptive_card(Form(t("Ask"), Packed("{}"), fields, t("Send")), READER)
    ids = {element["id"] for element in drawn["body"] if "id" in element}
    assert len(ids) == 3
    assert not ids & set(drawn["actions"][0]["data"])


@pytest.mark.parametrize("text", ["{{DATE(2026-01-01T00:00:00Z, SHORT)}}", "{{TIME(2026-01-01T00:00:00Z)}}"])
def test_no_words_become_a_date(text: str) -> None:
    assert "{{" not in shown_as_typed(text)


MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])


def read_back(markdown: str) -> str:
    """What a person sees of this markdown; anything but plain paragraphs would leave a tag behind."""
    drawn = MARKDOWN.render(markdown)
    plain = html.unescape(re.sub(r"</?p>", " ", drawn))
    return " ".join(plain.split())


@pytest.mark.parametrize(
    "text",
    [
        "**bold** _under_ `code` ~~gone~~",
        "[here](http://example.org) ![image](http://example.org/x.png)",
        "<http://example.org> <b>x</b> <at>Amira</at> &copy; &#35;",
        "# heading\n> quote\n- list\n+ list\n1. one\n2) two\n---\n===\n    code\n***",
        "a\n===\nb\n---",
        "snake_case and C:\\path\\*",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```\ncode\n```",
    ],
)
def test_words_show_as_they_were_typed(text: str) -> None:
    assert read_back(escaped(text)) == " ".join(text.split())


@given(st.text(alphabet=st.sampled_from("ab1 \n\t\\`*_[]()<>&;#+-.!~|=:/'\"{}$"), max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_words_show_as_they_were_typed(text: str) -> None:
    assert read_back(escaped(text)) == " ".join(shown_as_typed(text).split())


anyones_words = st.text(max_size=40) | st.sampled_from(["", " ", "x" * 7000, "𝔘" * 3000, "*" * 3000, '"\\\n' * 2000])
texts: st.SearchStrategy[Text] = st.builds(words, anyones_words)
buttons = st.builds(Button, texts, st.builds(Packed, st.text(max_size=30) | st.just("x" * 2000)))
some_buttons = st.lists(buttons, max_size=9).map(tuple)
elements: st.SearchStrategy[Element] = st.one_of(
    st.builds(Paragraph, texts),
    st.builds(Quote, anyones_words, st.none() | texts),
    st.builds(Item, texts, st.none() | texts, some_buttons),
    st.builds(Table, texts, st.tuples(texts, texts), st.lists(st.tuples(texts, texts), max_size=40).map(tuple)),
)
cards = st.builds(
    Card,
    texts,
    st.lists(elements, max_size=12).map(tuple)
    | st.lists(elements, min_size=1, max_size=1).map(lambda x: tuple(x * 150)),
    st.lists(st.builds(Fact, texts, anyones_words), max_size=30).map(tuple),
    some_buttons,
    st.none() | texts,
)
KINDS: list[FieldKind] = ["line", "lines", "choice", "date", "time", "yes_no"]
fields = st.builds(
    Field,
    st.from_regex(r"[a-z_]{1,10}", fullmatch=True),
    texts,
    st.sampled_from(KINDS),
    anyones_words,
    st.lists(st.builds(Option, st.text(min_size=1, max_size=9), texts), max_size=40).map(tuple),
    st.none() | texts,
    st.booleans(),
    st.integers(1, 4000),
    st.none() | texts,
)
forms = st.builds(
    Form,
    texts,
    st.builds(Packed, st.just('{"do":"ask"}') | st.just("é" * 2000)),
    st.lists(fields, max_size=12, unique_by=lambda field: field.name).map(tuple),
    texts,
    st.none() | texts,
)


@given(cards | forms)
@settings(max_examples=200, deadline=None)
def test_no_card_or_form_is_one_that_teams_would_refuse(body: Drawable) -> None:
    drawn = message(body, READER) | {"from": {"id": "28:" + "x" * 40}}
    assert validate(drawn["attachments"][0]["content"]) == []
    assert size(drawn) <= MOST_BYTES


@given(cards)
@settings(max_examples=50, deadline=None)
def test_no_button_is_lost_without_a_word(card: Card) -> None:
    drawn = json.dumps(adaptive_card(card, READER))
    wanted = len(card.buttons) + sum(len(entry.buttons) for entry in card.body if isinstance(entry, Item))
    shown = drawn.count('"Action.Execute"')
    assert shown <= MOST_ACTIONS
    if wanted > shown:
        assert "There is no room for every button" in drawn or "not shown here" in drawn


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": "1.6"}, "1.5"),
        ({"version": "1.3"}, "Action.Execute needs"),
        ({"version": "new"}, "1.5"),
        ({"fallbackText": ""}, "fallbackText"),
        ({"body": [{"type": "Media"}]}, "Media"),
        ({"body": [{"type": "TextBlock", "text": " "}]}, "without text"),
        ({"body": [{"type": "Input.Text", "id": "a", "label": "A"}]}, "errorMessage"),
        ({"body": [{"type": "Input.Text", "label": "A", "errorMessage": "E"}]}, "without id"),
        ({"body": [{"type": "FactSet", "facts": [{"title": "A"}]}]}, "fact"),
        ({"body": [{"type": "Container", "items": [{"type": "Carousel"}]}]}, "Carousel"),
        ({"body": [{"type": "TextBlock", "text": "x" * 30_000}]}, "bytes"),
        ({"actions": [{"type": "Action.Execute", "title": "A"}]}, "fallback"),
        ({"actions": [{"type": "Action.Http", "title": "A"}]}, "Action.Http"),
        ({"actions": [{"type": "Action.Submit", "title": "A"}] * 7}, "7 actions"),
        ({"refresh": {"userIds": ["29:x"] * 61}}, "60 users"),
        ({"type": "Card"}, "AdaptiveCard"),
    ],
)
def test_what_teams_would_refuse_is_found(change: dict[str, Any], fault: str) -> None:
    card = adaptive_card(EXAMPLES["buttons"], READER)
    assert any(fault in found for found in validate(card | change))
