"""Presses on cards in a local Teams: what is sent, what is held back, and how the answer is shown."""

from typing import Any

import pytest

from adapters.local.teams import LocalTeams
from tests.adapters.local.conftest import Heard
from tests.adapters.local.small_bot import CHANNEL, GARETH, HANA, TENANT, Bot, card, execute, message


def line(id: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": "Input.Text", "id": id, "label": label, "errorMessage": f"Fill in: {label}"} | more


def toggle(id: str, label: str) -> dict[str, Any]:
    shared = {"id": id, "label": label, "errorMessage": "Choose", "title": "Yes"}
    return {"type": "Input.Toggle", "valueOn": "yes", "valueOff": "no"} | shared


def choice(id: str, label: str, *titles: str) -> dict[str, Any]:
    choices = [{"title": title, "value": title.lower()} for title in titles]
    return {"type": "Input.ChoiceSet", "id": id, "label": label, "errorMessage": "Choose", "choices": choices}


def shows(drawn: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": drawn}


async def posted(bot: Bot, drawn: dict[str, Any], chat: str = "") -> str:
    """The id of a message with this card in Gareth's chat, or in this channel."""
    path = ("conversations", chat or await bot.chat(), "activities")
    status, answer = await bot.call("POST", *path, body=message(drawn=drawn))
    assert status == 201, answer
    return str(answer["id"])


async def test_a_press_is_an_invoke_and_its_answer_is_seen_by_the_one_who_pressed(
    teams: LocalTeams, bot: Bot, heard: Heard
) -> None:
    id = await posted(bot, card(execute("Join", signpost="{}")), CHANNEL)
    heard.answers = [shows(card(execute("Leave", signpost="{}")))]
    await teams.press(TENANT, GARETH, id, "Join", channel=CHANNEL)
    invoke = heard.last
    assert (invoke["type"], invoke["name"], invoke["replyToId"]) == ("invoke", "adaptiveCard/action", id)
    assert invoke["value"]["action"]["data"] == {"signpost": "{}"}
    assert invoke["conversation"]["id"] == f"{CHANNEL};messageid={id}"
    assert teams.seen(TENANT, GARETH, CHANNEL)[0].buttons() == ["Leave"]
    assert teams.seen(TENANT, HANA, CHANNEL)[0].buttons() == ["Join"]
    await bot.call("PUT", "conversations", CHANNEL, "activities", id, body=message(drawn=card(execute("Ask"))))
    assert teams.seen(TENANT, GARETH, CHANNEL)[0].buttons() == ["Ask"]


async def test_an_action_is_found_by_title_id_or_path_in_the_card(teams: LocalTeams, bot: Bot, heard: Heard) -> None:
    inside = {"type": "ActionSet", "actions": [execute("Answer", n=1)]}
    drawn = card(execute("Leave", n=2) | {"id": "leave"}, body=[{"type": "Container", "items": [inside]}])
    id = await posted(bot, drawn)
    for name in ("Answer", "body.0.items.0.actions.0", "leave", "actions.0"):
        heard.answers = [shows(drawn)]
        await teams.press(TENANT, GARETH, id, name)
    assert [body["value"]["action"]["data"]["n"] for body in heard.bodies] == [1, 1, 2, 2]
    with pytest.raises(KeyError, match="Answer"):
        await teams.press(TENANT, GARETH, id, "Nothing")


async def test_a_form_sends_its_inputs_with_the_data(teams: LocalTeams, bot: Bot, heard: Heard) -> None:
    body = [
        line("f_text", "Your answer", isRequired=True),
        toggle("y_find", "May others find you?"),
        choice("f_place", "Community", "Tax", "Pensions") | {"value": "tax"},
    ]
    id = await posted(bot, card(execute("Send", signpost="x"), body=body))
    heard.answers = [shows(card())]
    assert (await teams.submit(TENANT, GARETH, id, {})).refused == "Fill in: Your answer"
    assert "does not ask" in (await teams.submit(TENANT, GARETH, id, {"f_other": "x"})).refused
    await teams.submit(TENANT, GARETH, id, {"Your answer": "Do this", "May others find you?": "yes"})
    sent = heard.last["value"]["action"]["data"]
    assert sent == {"signpost": "x", "f_text": "Do this", "y_find": "yes", "f_place": "tax"}
    assert len(heard.bodies) == 1


async def test_a_choice_goes_by_its_title_or_value(teams: LocalTeams, bot: Bot, heard: Heard) -> None:
    id = await posted(bot, card(execute("Send"), body=[choice("f_place", "Community", "Tax", "Pensions")]))
    for answer in ("Pensions", "pensions"):
        heard.answers = [shows(card(execute("Send"), body=[choice("f_place", "Community", "Tax", "Pensions")]))]
        await teams.submit(TENANT, GARETH, id, {"f_place": answer})
    assert [body["value"]["action"]["data"] for body in heard.bodies] == [{"f_place": "pensions"}] * 2


async def test_submit_and_old_clients_send_a_message_with_a_value(teams: LocalTeams, bot: Bot, heard: Heard) -> None:
    submit = {"type": "Action.Submit", "title": "Plain", "data": {"a": 1}}
    id = await posted(bot, card(execute("Join", b=2), submit))
    await teams.press(TENANT, GARETH, id, "Plain")
    await teams.press_in_old_client(TENANT, GARETH, id, "Join")
    assert [(body["type"], body["value"], "text" in body) for body in heard.bodies] == [
        ("message", {"a": 1}, False),
        ("message", {"b": 2}, False),
    ]


async def test_an_answer_in_words_is_a_notice(teams: LocalTeams, bot: Bot, heard: Heard) -> None:
    id = await posted(bot, card(execute("Join")))
    heard.answers = [{"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Done"}]
    await teams.press(TENANT, GARETH, id, "Join")
    assert teams.notices(TENANT, GARETH) == ["Done"]
    assert teams.seen(TENANT, GARETH)[0].buttons() == ["Join"]


@pytest.mark.parametrize(
    "answer",
    [500, {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": {}}, shows({"type": "Nothing"}), 200],
)
async def test_an_answer_that_teams_cannot_show_is_a_problem(
    teams: LocalTeams, bot: Bot, heard: Heard, answer: Any
) -> None:
    id = await posted(bot, card(execute("Join")))
    heard.answers = [answer]
    await teams.press(TENANT, GARETH, id, "Join")
    assert len(teams.problems) == 1
    assert teams.seen(TENANT, GARETH)[0].buttons() == ["Join"]


async def test_a_card_reads_out_its_words_and_not_its_payloads(teams: LocalTeams, bot: Bot) -> None:
    facts = {"type": "FactSet", "facts": [{"title": "Members", "value": "12"}]}
    await posted(bot, card(execute("Join", text="hidden"), body=[{"type": "TextBlock", "text": "Tax"}, facts]))
    assert teams.seen(TENANT, GARETH)[0].words() == "Tax\nMembers\n12\nJoin"
