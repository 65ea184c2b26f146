"""Accepting: the asker alone says what answers the question, and everyone concerned sees it."""

import asyncio
from datetime import timedelta

from adapters.local.faults import held, lost
from tests.everywhere.forging import presses_forged
from tests.features.newcomers import arrives
from tests.features.telling import IN_TEAMS, asks, nothing_was_refused, sees, shown
from tests.features.test_link import link
from tests.town import Town

SAID = "We agreed one page with the other helpline."
ACCEPT = '{"do":"accept","answer":%d}'


async def test_an_accepted_answer_is_shown_as_such_to_asker_author_and_everyone_asked(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    await town.presses("amira", "This answers it")
    assert "You accepted this answer." in shown(town, "amira", SAID).words()
    assert shown(town, "amira", SAID).buttons() == ["Say thanks", "Write back"]
    assert "Answered by Gareth Morlais-Rees, DWP" in shown(town, "amira", "Q-21: your question").words()
    assert "Amira Haddad, HMRC says this answers it." in shown(town, "gareth", SAID).words()
    for key in ("kofi", "sian"):
        card = shown(town, key, "Q-21 from")
        assert "This question is answered. You do not need to do anything." in card.words()
        assert card.buttons() == []
    assert nothing_was_refused(town)


async def test_an_answer_that_is_pressed_before_signpost_knows_that_it_arrived_stays_an_answer(town: Town) -> None:
    """Slack posted it and its answer was lost: until Signpost has looked, the message is nobody's mirror."""
    await asks(town, "amira")
    await town.passes(timedelta(minutes=1))  # the conversations may take several messages at once again
    gareth, amira = town.people["gareth"], town.people["amira"]
    town.platforms.slack.faults.next("chat.postMessage", lost())
    await town.platforms.teams.say(gareth.tenant, gareth.user, f"answer 21 {SAID}")
    await town.signpost.delivery.settled()
    there = shown(town, "amira", SAID)
    await town.platforms.slack.press(amira.tenant, amira.user, there.id, "This answers it")
    await town.quiet()
    assert "You accepted this answer." in shown(town, "amira", SAID).words()
    assert shown(town, "amira", SAID).id == there.id
    assert shown(town, "amira", SAID).buttons() == ["Say thanks", "Write back"]
    assert not sees(town, "amira", "They are told that it helped")


async def test_of_two_linked_accounts_it_is_the_pressed_one_where_the_answer_stays_an_answer(town: Town) -> None:
    """They spoke in Teams before Signpost knew that the message had arrived in Slack."""
    await asks(town, "amira")
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    await link(town, "amira", "wanda")
    await town.says("amira", "help")  # Slack is where they are
    await town.passes(timedelta(minutes=1))
    gareth, amira, wanda = town.people["gareth"], town.people["amira"], town.people["wanda"]
    town.platforms.slack.faults.next("chat.postMessage", lost())
    await town.platforms.teams.say(gareth.tenant, gareth.user, f"answer 21 {SAID}")
    await town.signpost.delivery.settled()
    there = shown(town, "amira", SAID)
    await town.platforms.slack.press(amira.tenant, amira.user, there.id, "This answers it")
    town.clock.move_by(timedelta(seconds=1))
    await town.platforms.teams.say(wanda.tenant, wanda.user, "help")
    await town.quiet()
    assert "You accepted this answer." in shown(town, "amira", SAID).words()
    assert shown(town, "amira", SAID).buttons() == ["Say thanks", "Write back"]
    assert not sees(town, "amira", "They are told that it helped")


async def test_a_card_that_is_pressed_while_teams_still_says_that_it_arrived_stays_an_answer(town: Town) -> None:
    """Teams shows it before its response is back: until then the message is nobody's mirror."""
    await asks(town, "gareth", IN_TEAMS)
    await town.passes(timedelta(minutes=1))  # the conversations may take several messages at once again
    gareth, sian = town.people["gareth"], town.people["sian"]
    shows, goes_on = asyncio.Event(), asyncio.Event()
    town.platforms.teams.faults.next("send", held(goes_on, shows, effect=True))
    await town.platforms.slack.say(sian.tenant, sian.user, f"answer 21 {SAID}")
    delivered = asyncio.create_task(town.signpost.delivery.settled())
    await shows.wait()
    there = shown(town, "gareth", SAID)
    await town.platforms.teams.press(gareth.tenant, gareth.user, there.id, "This answers it")
    goes_on.set()
    await delivered
    await town.quiet()
    assert "You accepted this answer." in shown(town, "gareth", SAID).words()
    assert shown(town, "gareth", SAID).buttons() == ["Say thanks", "Write back"]
    assert not sees(town, "gareth", "They are told that it helped")


async def test_an_answer_from_slack_is_accepted_in_teams(town: Town) -> None:
    await asks(town, "gareth", IN_TEAMS)
    await town.says("sian", f"answer 21 {SAID}")
    await town.presses("gareth", "This answers it")
    assert "Gareth Morlais-Rees, DWP says this answers it." in shown(town, "sian", SAID).words()
    assert "You accepted this answer." in shown(town, "gareth", SAID).words()


async def test_nobody_but_the_asker_accepts(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    number = await town.counts("answer")
    for key, why in (
        ("gareth", "Only the person who asked can say what answers the question."),
        ("sian", "Only the person who asked can say what answers the question."),
        ("harpreet", "This answer was withdrawn or is not yours to see."),
    ):
        await presses_forged(town, key, ACCEPT % number)
        assert why in town.last(key)
    assert not sees(town, "gareth", "says this answers it")


async def test_a_question_back_is_no_answer_to_accept(town: Town) -> None:
    await asks(town, "amira")
    await town.presses("gareth", "Ask back")
    await town.fills("gareth", {"What do you want to say?": "Which helpline?"})
    assert shown(town, "amira", "Which helpline?").buttons() == ["Write back"]
    await presses_forged(town, "amira", ACCEPT % await town.counts("answer"))
    assert "Waiting for an answer" in shown(town, "amira", "Q-21: your question").words()


async def test_accepting_twice_changes_and_tells_nothing_more(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    await town.presses("amira", "This answers it")
    seen, kept = town.reads("gareth"), await town.counts("audit")
    await presses_forged(town, "amira", ACCEPT % await town.counts("answer"))
    assert town.reads("gareth") == seen
    assert await town.counts("audit") == kept


async def test_accepting_another_answer_moves_the_thanks_to_its_author(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", "answer 21 From Gareth.")
    await town.says("sian", "answer 21 From Siân.")
    await town.presses("amira", "This answers it", on="From Gareth.")
    await town.presses("amira", "This answers it", on="From Siân.")
    assert "says this answers it" not in shown(town, "gareth", "From Gareth.").words()
    assert "says this answers it" in shown(town, "sian", "From Siân.").words()
    assert "This answers it" in shown(town, "amira", "From Gareth.").buttons()
    assert "Answered by Siân Probert, CH" in shown(town, "amira", "Q-21: your question").words()


async def test_a_withdrawn_answer_cannot_be_accepted(town: Town) -> None:
    await asks(town, "amira")
    await town.says("gareth", f"answer 21 {SAID}")
    await town.presses("gareth", "Withdraw")
    await presses_forged(town, "amira", ACCEPT % await town.counts("answer"))
    assert "This answer was withdrawn or is not yours to see." in "".join(town.reads("amira"))
    assert "Waiting for an answer" in shown(town, "amira", "Q-21: your question").words()
