"""What was answered already: the best first, in short, only what one may read, and never a dead end."""

import pytest

from bot.features.similar import MOST
from bot.similar import SHORT, summary
from tests.features.telling import agreements_end, asks, nothing_was_refused, sees, shown
from tests.town import Town

WELSH = "How do you test a form in Welsh?"


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_a_question_like_one_that_was_answered_finds_its_answer_in_short(town: Town, key: str) -> None:
    await town.says(key, "similar How do others record why people call?")
    words = town.last(key)
    assert "Q-2: How do others record why people call, so that we can compare reasons between departments?" in words
    assert "Gareth Morlais-Rees, DWP: We moved from free text to 14 reasons" in words
    await town.presses(key, "Read the answer", on="Q-2")
    assert "when one thing fills it, it becomes a reason." in town.last(key)
    assert nothing_was_refused(town)


async def test_only_what_one_may_read_is_found(town: Town) -> None:
    await town.says("amira", f"similar {WELSH}")
    assert "Q-19" not in town.last("amira")
    await town.says("gareth", f"similar {WELSH}")
    assert "Q-19: How do you test a form in Welsh when few of the team speak it?" in town.last("gareth")
    await agreements_end(town, "sian")
    await town.says("gareth", f"similar {WELSH}")
    assert "Siân" not in town.last("gareth")


async def test_each_answer_can_be_read_also_where_few_buttons_have_room(town: Town) -> None:
    await town.says("gareth", "similar new business form letter call research data")
    buttons = town.sees("gareth")[-1].buttons()
    assert buttons == ["Read the answer"] * MOST + ["Ask this as a question", "Find who knows"]
    assert "There is no room for every button." not in town.last("gareth")


async def test_nothing_like_it_is_no_dead_end(town: Town) -> None:
    await town.says("amira", "similar Who mends zeppelins?")
    assert "Nothing like this was answered yet where you can see it." in town.last("amira")
    await town.presses("amira", "Ask this as a question")
    assert sees(town, "amira", "Check your question before it is sent")


@pytest.mark.parametrize("odd", ["the of and", "who is it?"])
async def test_words_that_say_nothing_are_asked_for_again(town: Town, odd: str) -> None:
    await town.says("gareth", f"similar {odd}")
    assert "Say what you want to know, such as similar How do you test forms?" in town.last("gareth")


@pytest.mark.parametrize("odd", ["z", "'; drop table question; --", "%_", "(.*)[", "日本語", "NEAR/3 OR *", "x" * 4000])
async def test_odd_input_is_answered_in_words(town: Town, odd: str) -> None:
    await town.says("amira", f"similar {odd}")
    assert town.last("amira")
    assert "Something went wrong" not in town.last("amira")
    assert nothing_was_refused(town)


async def test_who_asks_what_was_answered_sees_so_before_it_is_sent(town: Town) -> None:
    await town.says("tom", "ask How do others record why people call? community: starting-a-business")
    preview = shown(town, "tom", "Check your question before it is sent")
    assert "This may be answered already:" in preview.words()
    await town.presses("tom", "Read the answer")
    assert "it becomes a reason." in town.last("tom")
    await town.presses("tom", "Do not send")
    assert sees(town, "tom", "The question was not sent. Nobody saw it.")


async def test_an_answer_is_found_as_soon_as_it_is_sent_and_no_more_once_it_is_withdrawn(town: Town) -> None:
    await asks(town, "amira", "Who lends out the zeppelin hangar?")
    await town.says("gareth", "answer 21 Facilities lend the hangar on Fridays.")
    await town.says("tom", "similar zeppelin hangar")
    assert "Facilities lend the hangar on Fridays." in town.last("tom")
    await town.presses("gareth", "Withdraw", on="Facilities lend")
    await town.says("tom", "similar zeppelin hangar")
    assert "Nothing like this was answered yet where you can see it." in town.last("tom")


LONG = " ".join(f"Sentence {n} says nothing of it." for n in range(20))


def test_a_summary_is_what_the_answer_says_about_the_question_in_its_own_words() -> None:
    assert summary("Which form?", "Use  form 64-8.\nIt is short.") == "Use form 64-8. It is short."
    told = summary("Which form authorises an agent?", f"{LONG} Form 64-8 authorises an agent. {LONG}")
    assert "Form 64-8 authorises an agent." in told
    assert told.startswith("… ")
    assert told.endswith(" …")
    assert len(told) <= SHORT


def test_a_summary_of_one_long_sentence_is_cut_between_words() -> None:
    told = summary("what?", "word " * 300)
    assert told.endswith("word…")
    assert len(told) <= SHORT
