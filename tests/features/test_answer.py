"""Answering: by button, by words, by writing in the thread, and by plain text that is confirmed."""

from datetime import timedelta

import pytest

from tests.everywhere.forging import presses_forged
from tests.features.telling import (
    ASKED,
    IN_TEAMS,
    agreements_end,
    asks,
    consents,
    fills_in,
    nothing_was_refused,
    prepares,
    sees,
    shown,
)
from tests.town import Town

SAID = "We agreed one page with the other helpline."


async def test_an_answer_by_button_in_teams_arrives_in_the_slack_thread_of_the_question(town: Town) -> None:
    await asks(town, "amira")
    await fills_in(town, "gareth", "Answer", {"Your answer": SAID}, on=ASKED)
    answer = shown(town, "amira", SAID)
    assert answer.thread == shown(town, "amira", "Q-21: your question").id
    assert "Gareth Morlais-Rees, Operations lead, DWP answers Q-21" in answer.words()
    assert "You asked: How do you hand a caller over" in answer.words()
    assert answer.buttons() == ["This answers it", "Say thanks", "Write back"]
    assert nothing_was_refused(town)


async def test_an_answer_by_button_in_slack_arrives_in_teams_with_the_question_beside_it(town: Town) -> None:
    await asks(town, "gareth", IN_TEAMS)
    await fills_in(town, "sian", "Answer", {"Your answer": SAID}, on=IN_TEAMS)
    answer = shown(town, "gareth", SAID)
    assert "Siân Probert, Interaction designer, CH answers Q-21" in answer.words()
    assert f"You asked: {IN_TEAMS}" in answer.words()
    assert nothing_was_refused(town)


@pytest.mark.parametrize("said", ["answer 21 {}", "answer Q-21 {}", "answer #21 {}", "answer {}"])
async def test_an_answer_is_typed_with_the_number_in_any_form_or_without(town: Town, said: str) -> None:
    await asks(town, "amira")
    await town.says("gareth", said.format(SAID))
    assert "Your answer to Q-21 is on its way to Amira Haddad, HMRC." in "".join(town.reads("gareth"))
    assert sees(town, "amira", SAID)


async def test_an_answer_is_typed_as_a_slash_command_in_slack(town: Town) -> None:
    await asks(town, "gareth", IN_TEAMS)
    await town.says("sian", f"/signpost answer 21 {SAID}")
    assert sees(town, "gareth", SAID)


async def test_the_response_to_a_slash_command_shows_that_the_answer_is_on_its_way(town: Town) -> None:
    """Nothing is owed for it: a message could be late, or come twice, where Slack cannot be asked."""
    await asks(town, "gareth", IN_TEAMS)
    told = await town.says("sian", f"/signpost answer 21 {SAID}")
    assert "Your answer to Q-21 is on its way" in told.body
    assert "response_url" not in {request.method for request in town.platforms.slack.requests}


async def test_writing_in_the_slack_thread_of_a_question_answers_it(town: Town) -> None:
    await asks(town, "gareth", IN_TEAMS)
    await town.says("sian", SAID, thread=shown(town, "sian", IN_TEAMS).id)
    assert "answers Q-21" in shown(town, "gareth", SAID).words()


async def test_the_asker_sees_at_the_question_that_it_is_answered(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    assert "Answered, waiting for you to say whether that helps" in shown(town, "amira", "Q-21: your").words()
    offered = shown(town, "gareth", "Q-21 from Amira Haddad, Content designer, HMRC")
    assert "You answered." in offered.words()
    assert offered.buttons() == ["Add an answer", "Ask back"]
    assert "Not for me" in shown(town, "kofi", "Q-21 from").buttons()


async def test_plain_text_in_teams_is_sent_only_once_it_is_confirmed(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", SAID)
    assert "Send this as your answer to Q-21?" in town.last("gareth")
    assert not sees(town, "amira", SAID)
    await town.presses("gareth", "Send as my answer")
    assert "answers Q-21" in shown(town, "amira", SAID).words()


async def test_with_several_open_questions_plain_text_asks_which_it_answers(town: Town) -> None:
    await asks(town, "amira")
    await asks(town, "kofi", "How do callers know which helpline to ring first?")
    await town.says("gareth", SAID)
    assert "Which question does this answer?" in town.last("gareth")
    assert "Q-21: How do you hand a caller over" in town.last("gareth")
    await town.presses("gareth", "Send to Q-22")
    assert sees(town, "kofi", SAID)
    assert not sees(town, "amira", SAID)


async def test_without_a_number_and_with_several_open_questions_a_form_asks_which(town: Town) -> None:
    await asks(town, "amira")
    await asks(town, "kofi", "How do callers know which helpline to ring first?")
    await town.says("gareth", f"answer {SAID}")
    assert "Which question?" in town.last("gareth")
    await town.fills("gareth", {"Which question?": "21"})
    assert sees(town, "amira", SAID)
    assert not sees(town, "kofi", SAID)


async def test_a_member_who_was_not_asked_can_answer_from_the_list(town: Town) -> None:
    await asks(town, "amira")
    await town.says("marcus", "questions")
    await fills_in(town, "marcus", "Answer", {"Your answer": SAID}, on="Q-21")
    assert "Marcus Thornwick" in shown(town, "amira", SAID).words()


async def test_two_people_answer_the_same_question_and_the_asker_sees_both(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", "answer 21 From Gareth.")
    await town.says("sian", "answer 21 From Siân.")
    thread = shown(town, "amira", "Q-21: your question").id
    assert {shown(town, "amira", said).thread for said in ("From Gareth.", "From Siân.")} == {thread}
    assert not sees(town, "sian", "From Gareth.")


async def test_nobody_answers_their_own_question(town: Town) -> None:
    await asks(town, "amira")
    await town.says("amira", f"answer 21 {SAID}")
    assert "Q-21 is your own question. To add something, press Add more under it." in town.last("amira")
    assert not sees(town, "gareth", SAID)


async def test_an_answered_question_takes_no_more_answers_and_keeps_what_was_accepted(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    await town.presses("amira", "This answers it")
    await town.says("sian", "answer 21 Too late.")
    assert "Amira Haddad, HMRC has accepted an answer to Q-21, so it takes no more." in town.last("sian")
    assert not sees(town, "amira", "Too late.")


@pytest.mark.parametrize("number", ["22", "0", "999999999999999"])
async def test_a_question_that_is_not_there_cannot_be_answered(town: Town, number: str) -> None:
    await town.says("gareth", f"answer {number} {SAID}")
    assert f"There is no question Q-{number} that you can see." in town.last("gareth") or number == "0"
    assert not sees(town, "amira", SAID)


async def test_a_question_outside_ones_communities_or_agreements_cannot_be_answered(town: Town) -> None:
    await asks(town, "amira")
    await town.says("harpreet", f"answer 21 {SAID}")
    assert "There is no question Q-21 that you can see." in town.last("harpreet")
    await agreements_end(town, "gareth")
    await town.says("gareth", f"answer 21 {SAID}")
    assert "There is no question Q-21 that you can see." in town.last("gareth")
    assert not sees(town, "amira", SAID)


async def test_a_draft_cannot_be_answered_by_anyone(town: Town) -> None:
    await prepares(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    assert "There is no question Q-21 that you can see." in town.last("gareth")


async def test_not_for_me_brings_the_question_to_another_and_the_asker_sees_who(town: Town) -> None:
    await asks(town, "amira")
    assert not sees(town, "seun", ASKED)
    await town.presses("gareth", "Not for me")
    card = shown(town, "amira", "Q-21: your question").words()
    assert "Gareth" not in card
    told = [key for key in ("seun", "priya", "mei", "tom", "nadia", "eleni") if sees(town, key, ASKED)]
    assert len(told) == 1
    assert town.people[told[0]].name in card
    assert "You said that this is not for you." in shown(town, "gareth", "Q-21 from").words()


async def test_who_said_not_for_me_may_still_answer_after_all(town: Town) -> None:
    await asks(town, "amira")
    await town.presses("gareth", "Not for me")
    await fills_in(town, "gareth", "Answer after all", {"Your answer": SAID})
    assert sees(town, "amira", SAID)
    assert "Gareth" in shown(town, "amira", "Q-21: your question").words()


async def test_declining_twice_brings_it_to_one_other_only(town: Town) -> None:
    await asks(town, "amira")
    await town.presses("gareth", "Not for me")
    before = await town.counts("offer")
    await presses_forged(town, "gareth", '{"do":"decline","question":21}')
    assert "Q-21 does not wait for you." in town.last("gareth")
    assert await town.counts("offer") == before


async def test_when_all_decline_the_asker_is_told_and_has_a_next_step(town: Town) -> None:
    for key in ("seun", "priya", "mei", "tom", "nadia", "eleni"):
        await consents(town, key, False)
    await asks(town, "amira")
    for key in ("gareth", "kofi", "sian"):
        await town.presses(key, "Not for me")
    card = shown(town, "amira", "Q-21: your question")
    assert "Waiting for a member to find it under questions" in card.words()
    assert card.buttons() == ["Find who knows"]


async def test_nobody_declines_for_another(town: Town) -> None:
    await asks(town, "amira")
    await presses_forged(town, "tom", '{"do":"decline","question":21}')
    assert "Q-21 does not wait for you." in town.last("tom")
    assert "Not for me" in shown(town, "gareth", ASKED).buttons()


async def test_an_answer_for_someone_who_blocked_signpost_is_kept_and_found_later(town: Town) -> None:
    await asks(town, "gareth", IN_TEAMS)
    gareth = town.people["gareth"]
    town.platforms.teams.block(gareth.tenant, gareth.user)
    await town.says("sian", f"answer 21 {SAID}")
    assert not sees(town, "gareth", SAID)
    town.platforms.teams.block(gareth.tenant, gareth.user, False)
    await town.passes(timedelta(minutes=1))
    await town.says("gareth", "questions")
    assert "Answered: say whether that helps." in town.last("gareth")


async def test_what_was_never_shown_does_not_cross_after_the_agreement_ended(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    await agreements_end(town, "gareth")
    await fills_in(town, "gareth", "Edit", {"Your answer": "Changed after the end."}, on=SAID)
    assert not sees(town, "amira", "Changed after the end.")
    assert sees(town, "amira", "Q-21 is no longer shared with your organisation.")
