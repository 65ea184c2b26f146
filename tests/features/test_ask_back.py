"""Asking back and adding more: both ways, in the right thread, to the right people."""

import pytest

from tests.everywhere.forging import fills_forged
from tests.features.telling import ASKED, IN_TEAMS, asks, fills_in, nothing_was_refused, sees, shown
from tests.town import Town

FIELD = "What do you want to say?"


async def test_who_was_asked_in_teams_asks_back_in_the_askers_slack_thread(town: Town) -> None:
    await asks(town, "amira")
    await fills_in(town, "gareth", "Ask back", {FIELD: "Which helpline?"})
    back = shown(town, "amira", "Which helpline?")
    assert back.thread == shown(town, "amira", "Q-21: your question").id
    assert "Gareth Morlais-Rees, Operations lead, DWP asks back about Q-21" in back.words()
    assert "You asked Amira Haddad, HMRC about Q-21" in shown(town, "gareth", "Which helpline?").words()

    await fills_in(town, "amira", "Write back", {FIELD: "The employer one."})
    more = shown(town, "gareth", "The employer one.")
    assert "Amira Haddad, Content designer, HMRC adds to Q-21" in more.words()
    assert "It is about: How do you hand a caller over" in more.words()
    assert more.buttons() == ["Answer", "Write back"]
    assert not sees(town, "kofi", "The employer one.")
    assert "You added to Q-21" in shown(town, "amira", "The employer one.").words()
    assert nothing_was_refused(town)


async def test_who_was_asked_in_slack_asks_back_in_teams_and_reads_more_in_the_thread(town: Town) -> None:
    await asks(town, "gareth", IN_TEAMS)
    await fills_in(town, "sian", "Ask back", {FIELD: "Which form?"}, on=IN_TEAMS)
    assert "asks back about Q-21" in shown(town, "gareth", "Which form?").words()
    await fills_in(town, "gareth", "Write back", {FIELD: "The first one."})
    more = shown(town, "sian", "The first one.")
    assert more.thread == shown(town, "sian", "said we may bring you questions").id
    assert nothing_was_refused(town)


async def test_what_the_asker_writes_in_the_slack_thread_goes_to_who_spoke_last(town: Town) -> None:
    await asks(town, "amira")
    await fills_in(town, "gareth", "Ask back", {FIELD: "Which helpline?"})
    await town.says("amira", "The employer one.", thread=shown(town, "amira", "Q-21: your question").id)
    assert sees(town, "gareth", "The employer one.")
    assert not sees(town, "sian", "The employer one.")


async def test_what_the_asker_adds_before_anyone_spoke_goes_to_all_who_were_asked(town: Town) -> None:
    await asks(town, "amira")
    await fills_in(town, "amira", "Add more", {FIELD: "It is about employers."})
    for key in ("gareth", "kofi", "sian"):
        assert "Amira Haddad, Content designer, HMRC adds to Q-21" in shown(town, key, "about employers").words()
    assert not sees(town, "priya", "It is about employers.")


async def test_what_is_written_back_to_one_who_declined_goes_to_nobody_else(town: Town) -> None:
    await asks(town, "amira")
    await fills_in(town, "gareth", "Ask back", {FIELD: "Which helpline?"})
    await town.presses("gareth", "Not for me")
    await fills_in(town, "amira", "Write back", {FIELD: "Only for Gareth."})
    for key in ("gareth", "kofi", "sian"):
        assert not sees(town, key, "Only for Gareth.")


@pytest.mark.parametrize("key", ["jakub", "harpreet", "tom"])
async def test_who_takes_no_part_cannot_write_to_those_who_do(town: Town, key: str) -> None:
    await asks(town, "amira")
    await fills_forged(town, key, '{"do":"ask-back","question":21}', {"text": "Let me in."})
    for other in ("amira", "gareth", "kofi", "sian"):
        assert not sees(town, other, "Let me in.")


async def test_a_forged_addressee_gets_nothing(town: Town) -> None:
    await asks(town, "amira")
    for to in range(1, 17):
        await fills_forged(town, "kofi", f'{{"do":"ask-back","question":21,"to":{to}}}', {"text": f"To {to}."})
    strangers = set(town.people) - {"amira", "kofi"}
    assert not any(sees(town, key, f"To {to}.") for key in strangers for to in range(1, 17))


async def test_a_draft_of_ones_own_can_not_be_added_to(town: Town) -> None:
    await town.says("amira", f"ask {ASKED}")
    await fills_forged(town, "amira", '{"do":"ask-back","question":21}', {"text": "More."})
    assert await town.counts("answer") == _answers_of_the_world(town)


def _answers_of_the_world(town: Town) -> int:
    return sum(len(question.answers) for question in town.platforms.world.questions)


async def test_the_question_stays_open_while_people_ask_back(town: Town) -> None:
    await asks(town, "amira")
    await fills_in(town, "gareth", "Ask back", {FIELD: "Which helpline?"})
    assert "Waiting for an answer" in shown(town, "amira", "Q-21: your question").words()
    await town.says("gareth", "answer 21 The page.")
    assert shown(town, "amira", "The page.").buttons() == ["This answers it", "Say thanks", "Write back"]
