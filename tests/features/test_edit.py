"""Editing and withdrawing: every mirror shows the record as it is now, and earlier versions are kept."""

from sqlalchemy import select

from storage.tables import AnswerVersion, table
from tests.everywhere.forging import fills_forged, presses_forged
from tests.features.telling import IN_TEAMS, asks, fills_in, form_is_open, nothing_was_refused, sees, shown
from tests.town import Town

FIRST, THEN = "We agreed one page.", "We agreed two pages."


async def _versions(town: Town) -> list[str]:
    rows = table(AnswerVersion)
    kept: list[tuple[str]] = await town.database.read(lambda tx: tx.once(select(rows.c.text).order_by(rows.c.id)))
    return [text for (text,) in kept]


async def test_an_edit_in_teams_redraws_the_askers_slack_message_in_place(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {FIRST}")
    before = len(town.sees("amira"))
    await fills_in(town, "gareth", "Edit", {"Your answer": THEN}, on=FIRST)
    assert len(town.sees("amira")) == before
    for key in ("amira", "gareth"):
        card = shown(town, key, THEN)
        assert "Edited" in card.words()
        assert not any(FIRST in message.words() for message in town.sees(key) if not message.mine)
    assert await _versions(town) == [FIRST]
    assert nothing_was_refused(town)


async def test_an_edit_in_slack_redraws_the_askers_teams_message_in_place(town: Town) -> None:
    await asks(town, "gareth", IN_TEAMS)
    await town.says("sian", f"answer 21 {FIRST}")
    await fills_in(town, "sian", "Edit", {"Your answer": THEN})
    assert "Edited" in shown(town, "gareth", THEN).words()
    assert not sees(town, "gareth", FIRST)


async def test_the_form_starts_with_what_the_answer_says_now(town: Town) -> None:
    await asks(town, "gareth", IN_TEAMS)
    await town.says("sian", f"answer 21 {FIRST}")
    await town.presses("sian", "Edit")
    await form_is_open(town)
    form = town.modal("sian")
    assert form is not None
    assert FIRST in str(form.json)


async def test_an_edit_that_changes_nothing_is_no_version(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {FIRST}")
    await fills_in(town, "gareth", "Edit", {"Your answer": FIRST}, on=FIRST)
    assert await _versions(town) == []
    assert "Edited" not in shown(town, "amira", FIRST).words()


async def test_an_accepted_answer_that_is_edited_stays_accepted_and_is_marked(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {FIRST}")
    await town.presses("amira", "This answers it")
    await fills_in(town, "gareth", "Edit", {"Your answer": THEN}, on=FIRST)
    words = shown(town, "amira", THEN).words()
    assert "You accepted this answer." in words
    assert "Edited" in words


async def test_withdrawing_takes_the_words_from_every_mirror_and_keeps_the_question_open(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {FIRST}")
    await town.presses("gareth", "Withdraw", on=FIRST)
    assert not sees(town, "amira", FIRST)
    assert sees(town, "amira", "Gareth Morlais-Rees, Operations lead, DWP withdrew what they said to Q-21.")
    assert "Waiting for an answer" in shown(town, "amira", "Q-21: your question").words()
    withdrawn = shown(town, "gareth", "You withdrew what you said to Q-21.")
    assert withdrawn.buttons() == ["Answer again"]
    await fills_in(town, "gareth", "Answer again", {"Your answer": THEN})
    assert sees(town, "amira", THEN)


async def test_withdrawing_the_accepted_answer_opens_the_question_again_for_everyone(town: Town) -> None:
    await asks(town, "gareth", IN_TEAMS)
    await town.says("sian", f"answer 21 {FIRST}")
    await town.presses("gareth", "This answers it")
    assert "This question is answered." in shown(town, "mei", "Q-21 from").words()
    await town.presses("sian", "Withdraw", on=FIRST)
    assert "Waiting for an answer" in shown(town, "gareth", "Q-21: your question").words()
    assert shown(town, "mei", "Q-21 from").buttons() == ["Answer", "Ask back", "Not for me"]
    assert not sees(town, "gareth", "You accepted this answer.")
    await town.says("mei", "answer 21 Mine instead.")
    await town.presses("gareth", "This answers it", on="Mine instead.")
    assert "Answered by Mei Tranter, IPO" in shown(town, "gareth", "Q-21: your question").words()


async def test_one_of_two_answers_withdrawn_leaves_the_other(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {FIRST}")
    await town.says("gareth", f"answer 21 {THEN}")
    await town.presses("gareth", "Withdraw", on=FIRST)
    assert sees(town, "amira", THEN)
    assert "Answered, waiting for you" in shown(town, "amira", "Q-21: your question").words()


async def test_withdrawing_a_question_back_does_not_undo_a_refusal(town: Town) -> None:
    await asks(town, "amira")
    await fills_in(town, "gareth", "Ask back", {"What do you want to say?": "Which helpline?"})
    await town.presses("gareth", "Not for me")
    await town.presses("gareth", "Withdraw", on="Which helpline?")
    assert sees(town, "gareth", "You said that this is not for you.")


async def test_nobody_changes_or_withdraws_what_another_said(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {FIRST}")
    number = await town.counts("answer")
    for key in ("amira", "sian"):
        await fills_forged(town, key, f'{{"do":"edit","answer":{number}}}', {"text": "Forged."})
        await presses_forged(town, key, f'{{"do":"withdraw","answer":{number}}}')
        assert sees(town, key, "Only the person who wrote this can change it.")
    assert FIRST in shown(town, "amira", "answers Q-21").words()
    assert await _versions(town) == []


async def test_what_was_withdrawn_cannot_be_edited_back(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {FIRST}")
    await town.presses("gareth", "Withdraw", on=FIRST)
    number = await town.counts("answer")
    await fills_forged(town, "gareth", f'{{"do":"edit","answer":{number}}}', {"text": THEN})
    assert not sees(town, "amira", THEN)
