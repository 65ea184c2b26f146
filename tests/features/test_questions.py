"""The list of questions: what waits, the oldest first, and one's own; never what one may not see."""

from datetime import timedelta

from tests.features.telling import (
    ASKED,
    IN_TEAMS,
    agreements_end,
    asks,
    fills_in,
    is_no_longer_verified,
    prepares,
    sees,
)
from tests.town import Town

SAID = "We agreed one page."


async def test_questions_of_others_come_oldest_first_with_a_way_to_answer_each(town: Town) -> None:
    await asks(town, "amira", ASKED)
    await town.passes(timedelta(days=1))
    await asks(town, "kofi", "Which form comes first?")
    await town.says("jakub", "questions")
    listed = town.last("jakub")
    assert listed.index("Q-21") < listed.index("Q-22") < listed.index("These are yours, the newest first.")
    assert "Amira Haddad, Content designer, HMRC in Starting a business, Monday 23 November." in listed
    assert town.sees("jakub")[-1].buttons() == ["Answer", "Answer", "Ask a question"]
    await fills_in(town, "jakub", "Answer", {"Your answer": SAID}, on="Questions that wait")
    assert sees(town, "amira", SAID)


async def test_the_list_says_which_were_brought_to_me_and_which_i_answered(town: Town) -> None:
    await asks(town, "amira", ASKED)
    await town.says("gareth", "questions")
    assert "Brought to you." in town.last("gareth")
    await town.says("gareth", f"answer 21 {SAID}")
    await town.says("gareth", "questions")
    assert "You answered." in town.last("gareth")
    await town.says("jakub", "questions")
    assert "Brought to you." not in town.last("jakub")


async def test_my_own_say_how_they_stand(town: Town) -> None:
    await asks(town, "amira", ASKED)
    await town.says("amira", "questions")
    assert "Your questions" in town.last("amira")
    assert "Starting a business, Monday 23 November. Waiting for an answer." in town.last("amira")
    await town.says("gareth", f"answer 21 {SAID}")
    await town.says("amira", "questions")
    assert "Answered: say whether that helps." in town.last("amira")
    await town.presses("amira", "This answers it")
    await town.says("amira", "questions")
    assert "Monday 23 November. You accepted an answer." in town.last("amira")


async def test_many_of_my_own_do_not_hide_those_of_others(town: Town) -> None:
    for number in range(10):
        await asks(town, "amira", f"{ASKED} Time {number}")
    await asks(town, "kofi", "Which form comes first?")
    await town.says("amira", "questions")
    assert "Which form comes first?" in town.last("amira")


async def test_an_answered_question_waits_no_more(town: Town) -> None:
    await asks(town, "amira", ASKED)
    await town.says("gareth", f"answer 21 {SAID}")
    await town.presses("amira", "This answers it")
    await town.says("jakub", "questions")
    assert "Q-21" not in town.last("jakub")


async def test_questions_of_other_communities_and_organisations_without_agreement_are_not_listed(town: Town) -> None:
    await asks(town, "gareth", IN_TEAMS, "services-in-welsh")
    await town.says("amira", "questions")
    assert "Q-21" not in town.last("amira")
    await agreements_end(town, "gareth")
    await town.says("sian", "questions")
    assert "Q-21" not in town.last("sian")


async def test_drafts_are_listed_to_nobody(town: Town) -> None:
    await prepares(town, "amira", ASKED)
    for key in ("amira", "gareth", "kofi"):
        await town.says(key, "questions")
        assert "Q-21" not in town.last(key)


async def test_who_is_not_verified_sees_only_their_own(town: Town) -> None:
    await asks(town, "amira", ASKED)
    await is_no_longer_verified(town, "kofi")
    await town.says("kofi", "questions")
    assert "Q-21" not in town.last("kofi")
    assert "Q-2" in town.last("kofi")


async def test_with_nothing_that_waits_the_next_step_is_to_ask(town: Town) -> None:
    await is_no_longer_verified(town, "harpreet")
    await town.says("eleni", "leave starting-a-business")
    await asks(town, "amira", ASKED)
    await town.says("eleni", "questions")
    assert "Q-21" not in town.last("eleni")
    assert town.sees("eleni")[-1].buttons()[-1] == "Ask a question"
