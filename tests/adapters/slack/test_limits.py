"""What Slack would refuse is found, each planted mistake by its own line."""

from typing import Any

import pytest

from adapters.slack.limits import CAPABILITIES, LIMITS, Surface, validate, validate_view

PRESS: dict[str, Any] = {
    "type": "button",
    "action_id": "press-1",
    "text": {"type": "plain_text", "text": "Answer"},
    "value": "{}",
}
INPUT: dict[str, Any] = {
    "type": "input",
    "block_id": "name",
    "label": {"type": "plain_text", "text": "Name"},
    "element": {"type": "plain_text_input", "action_id": "name"},
}
CELL = {"type": "raw_text", "text": "x"}
TABLE: dict[str, Any] = {"type": "data_table", "caption": "Who", "rows": [[CELL], [CELL]]}
VIEW: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Ask"},
    "submit": {"type": "plain_text", "text": "Ask"},
    "blocks": [INPUT],
}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def options(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [{"text": {"type": "plain_text", "text": f"O{n}"}, "value": f"o{n}"} | changes for n in range(count)]


def holding(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": [element]}


def select(**changes: Any) -> dict[str, Any]:
    return holding({"type": "static_select", "action_id": "s", "options": options(2)} | changes)


PLANTED: list[tuple[str, list[Any], Surface]] = [
    ("0, where 1 to 50", [], "message"),
    ("51, where 1 to 50", [section("x")] * 51, "message"),
    ("101, where 1 to 100", [section("x")] * 101, "modal"),
    ("characters in all", [section("x" * 2900)] * 5, "message"),
    ("None is not a block", ["x"], "message"),
    ("table is not a block", [{"type": "table", "rows": []}], "message"),
    ("data_table.caption: missing", [{k: v for k, v in TABLE.items() if k != "caption"}], "message"),
    ("data_table.rows: 1, where 2", [TABLE | {"rows": [[CELL]]}], "message"),
    ("data_table.rows: 202", [TABLE | {"rows": [[CELL]] * 202}], "message"),
    ("data_table.rows[]: 21", [TABLE | {"rows": [[CELL] * 21] * 2}], "message"),
    ("data_table.rows: not all of one length", [TABLE | {"rows": [[CELL], [CELL, CELL]]}], "message"),
    ("data_table.page_size: 101", [TABLE | {"page_size": 101}], "message"),
    ("data_table is not shown on a modal", [TABLE], "modal"),
    ("markdown is not a block", [{"type": "markdown", "text": "x"}], "modal"),
    ("section.text.text: 3001", [section("x" * 3001)], "message"),
    ("section.text.text: 0", [section("")], "message"),
    ("neither text nor fields", [{"type": "section"}], "message"),
    ("section.fields: 11", [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}], "message"),
    ("fields[].text: 2001", [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}], "message"),
    ("header.text.text: 151", [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "message"),
    ("header.text: not plain_text", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "message"),
    ("header.text: missing", [{"type": "header"}], "message"),
    ("context.elements: 11", [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "message"),
    ("context: cannot hold button", [{"type": "context", "elements": [PRESS]}], "message"),
    ("actions.elements: 0", [{"type": "actions", "elements": []}], "message"),
    ("button.text.text: 76", [holding(PRESS | {"text": {"type": "plain_text", "text": "x" * 76}})], "message"),
    ("button.value: 2001", [holding(PRESS | {"value": "x" * 2001})], "message"),
    ("button.style", [holding(PRESS | {"style": "green"})], "message"),
    ("button.action_id: missing", [holding({k: v for k, v in PRESS.items() if k != "action_id"})], "message"),
    ("button.action_id: 256", [holding(PRESS | {"action_id": "x" * 256})], "message"),
    ("action_id: press-1 is used 2 times", [holding(PRESS), holding(PRESS)], "message"),
    ("block_id: a is used 2 times", [section("x") | {"block_id": "a"}] * 2, "message"),
    ("static_select.options: 101", [select(options=options(101))], "message"),
    ("static_select.options: 0", [select(options=[])], "message"),
    ("options[].value: 151", [select(options=options(1, value="x" * 151))], "message"),
    ("not one of the options", [select(initial_option=options(3)[2])], "message"),
    ("radio_buttons.options: 11", [select(type="radio_buttons", options=options(11))], "message"),
    ("overflow.options: 6", [select(type="overflow", options=options(6))], "message"),
    ("input.element: missing", [{k: v for k, v in INPUT.items() if k != "element"}], "modal"),
    ("input: cannot hold button", [INPUT | {"element": PRESS}], "modal"),
    ("max_length: 3001", [INPUT | {"element": {**INPUT["element"], "max_length": 3001}}], "modal"),
    (
        "longer than max_length",
        [INPUT | {"element": {**INPUT["element"], "max_length": 2, "initial_value": "abc"}}],
        "modal",
    ),
    ("image.alt_text: missing", [{"type": "image", "image_url": "https://a.example/b.png"}], "message"),
]


@pytest.mark.parametrize(("found", "blocks", "surface"), PLANTED)
def test_each_planted_mistake_is_found(found: str, blocks: list[Any], surface: Surface) -> None:
    assert any(found in line for line in validate(blocks, surface)), validate(blocks, surface)


@pytest.mark.parametrize(
    ("found", "view"),
    [
        ("modal.title: missing", {k: v for k, v in VIEW.items() if k != "title"}),
        ("modal.title.text: 25", VIEW | {"title": {"type": "plain_text", "text": "x" * 25}}),
        ("private_metadata: 3001", VIEW | {"private_metadata": "x" * 3001}),
        ("submit: missing", {k: v for k, v in VIEW.items() if k != "submit"}),
        ("blocks: not a list", VIEW | {"blocks": "x"}),
        ("neither a modal nor a home view", []),
        ("neither a modal nor a home view", VIEW | {"type": "dialog"}),
    ],
)
def test_each_planted_mistake_of_a_view_is_found(found: str, view: Any) -> None:
    assert any(found in line for line in validate_view(view)), validate_view(view)


def test_what_is_right_is_not_complained_of() -> None:
    assert validate([section("x"), holding(PRESS), TABLE], "message") == []
    assert validate([section("x") | {"accessory": PRESS}, select()], "home") == []
    assert validate_view(VIEW) == []


@pytest.mark.parametrize(
    "blocks", [[None], [[]], [{"type": 3}], [{"type": "section", "text": 5}], [{"type": "actions"}]]
)
def test_nonsense_is_a_finding_not_an_error(blocks: list[Any]) -> None:
    assert validate(blocks, "message")


def test_every_block_that_we_send_has_a_row_of_limits() -> None:
    sent = {name for name, capability in CAPABILITIES.items() if capability.on}
    assert sent - set(LIMITS) == {"divider"}
