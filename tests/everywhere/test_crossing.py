"""A question crosses from Slack to Teams and back, and from Teams to Slack: the heart of Signpost."""

from tests.town import Town

ASKED = "How do you hand a caller over to another department’s helpline without making them start again?"
ANSWERED = "We agreed one page with the other helpline, and a number that the caller can quote."


async def test_amira_asks_in_slack_and_gareth_answers_in_teams(town: Town) -> None:
    await town.says("amira", f"/signpost ask {ASKED}")
    assert "Gareth Morlais-Rees (Operations lead, DWP)" in town.last("amira")
    assert town.reads("gareth") == []

    await town.presses("amira", "Send")
    assert "Q-21: your question in Starting a business" in town.last("amira")
    assert "Q-21 from Amira Haddad, Content designer, HMRC" in town.last("gareth")
    assert ASKED in town.last("gareth")

    await town.presses("gareth", "Answer")
    await town.fills("gareth", {"Your answer": ANSWERED})
    answer = town.sees("amira")[-1]
    question = next(message for message in town.sees("amira") if "Q-21: your question" in message.words())
    assert answer.thread == question.id
    assert "Gareth Morlais-Rees, Operations lead, DWP answers Q-21" in answer.words()
    assert ANSWERED in answer.words()

    await town.presses("amira", "This answers it")
    assert "You accepted this answer." in town.last("amira")
    assert ANSWERED in town.last("amira")
    assert any("Amira Haddad, HMRC says this answers it." in words for words in town.reads("gareth"))
    assert town.platforms.slack.problems == []
    assert town.platforms.teams.problems == []


async def test_gareth_asks_in_teams_and_sian_answers_in_the_thread_of_her_slack_chat(town: Town) -> None:
    await town.says(
        "gareth", "ask How long does the bilingual form design take to test? community: starting-a-business"
    )
    assert "Siân Probert" in town.last("gareth")
    await town.presses("gareth", "Send")

    offered = town.sees("sian")[-1]
    await town.says("sian", "Two weeks, with five people in each language.", thread=offered.id)

    assert any("Siân Probert, Interaction designer, CH answers Q-21" in words for words in town.reads("gareth"))
    assert any("Two weeks, with five people in each language." in words for words in town.reads("gareth"))
    await town.presses("gareth", "This answers it")
    assert any("You accepted this answer." in words for words in town.reads("gareth"))
    assert town.platforms.slack.problems == []
    assert town.platforms.teams.problems == []
