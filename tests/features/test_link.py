"""Being one person on two tools: a code from one, typed in the other, and nobody else's profile by mistake."""

import asyncio
from datetime import timedelta

import pytest

from storage.questions import Questions
from tests.features.newcomers import (
    arrives,
    arrives_untied,
    channel_of,
    code_in,
    nothing_was_refused,
    record_of,
)
from tests.town import Town

QUESTION = "How do you hand a call over to another helpline?"


async def link(town: Town, giver: str, other: str) -> None:
    """The other's account becomes the giver's: a code from one, typed and confirmed in the other."""
    await town.says(giver, "me link")
    await town.says(other, f"me link {code_in(town.last(giver))}")
    await town.presses(other, "Yes, this is me")
    assert "You are one person on both tools now." in town.last(other)


@pytest.mark.parametrize(("giver", "beside"), [("amira", "gareth"), ("gareth", "amira")])
async def test_a_code_from_one_tool_makes_the_other_the_same_person(town: Town, giver: str, beside: str) -> None:
    arrives(town, "wanda", "Wanda Quill", beside=beside)
    await town.says(giver, "me link")
    code = code_in(town.last(giver))
    await town.says("wanda", f"me link {code.lower().replace('-', ' ')}")
    assert "Is this you?" in town.last("wanda")
    assert town.people[giver].name in town.last("wanda")
    assert (await record_of(town, "wanda")).id != (await record_of(town, giver)).id
    await town.presses("wanda", "Yes, this is me")
    assert "Slack and Teams" in town.last("wanda")
    assert await record_of(town, "wanda") == await record_of(town, giver)
    assert nothing_was_refused(town)


async def test_the_code_is_shown_to_its_person_only(town: Town) -> None:
    place = channel_of(town, "amira")
    await town.says("amira", "@Signpost me link", place=place)
    assert "Your code is" in town.last("amira", place)
    assert all("Your code is" not in words for words in town.reads("kofi", place))
    place = channel_of(town, "gareth")
    await town.says("gareth", "@Signpost me link", place=place)
    assert "Your code is" in town.last("gareth")
    assert all("Your code is" not in words for words in town.reads("tom", place))


async def test_saying_no_keeps_both_as_they_are(town: Town) -> None:
    await town.says("amira", "me link")
    await town.says("gareth", f"me link {code_in(town.last('amira'))}")
    await town.presses("gareth", "No, keep my profile as it is")
    assert (await record_of(town, "gareth")).name == "Gareth Morlais-Rees"
    assert await town.counts("person") == 16


@pytest.mark.parametrize("wrong", ["7QK2-MD9F", "nonsense", "1", "'; drop table person"])
async def test_a_wrong_code_is_refused_in_words(town: Town, wrong: str) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, f"me link {wrong}")
        assert "This code is wrong, used or older than 10 minutes." in town.last(key)
    assert await town.counts("person") == 16


async def test_a_code_works_once(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    arrives(town, "wilf", "Wilf Quill", beside="gareth")
    await town.says("amira", "me link")
    code = code_in(town.last("amira"))
    for key in ("wanda", "wilf"):
        await town.says(key, f"me link {code}")
    assert "Is this you?" in town.last("wilf")
    await town.presses("wanda", "Yes, this is me")
    await town.presses("wilf", "Yes, this is me")
    assert "This code is wrong, used or older than 10 minutes." in town.last("wilf")
    assert (await record_of(town, "wilf")).name == "Wilf Quill"


async def test_a_code_works_for_10_minutes(town: Town) -> None:
    await town.says("amira", "me link")
    code = code_in(town.last("amira"))
    town.clock.move_by(timedelta(minutes=9))
    await town.says("gareth", f"me link {code}")
    assert "Is this you?" in town.last("gareth")
    town.clock.move_by(timedelta(minutes=2))
    await town.presses("gareth", "Yes, this is me")
    assert "This code is wrong, used or older than 10 minutes." in town.last("gareth")
    assert await town.counts("person") == 16


async def test_a_code_typed_where_it_was_given_is_not_used_up(town: Town) -> None:
    await town.says("amira", "me link")
    code = code_in(town.last("amira"))
    await town.says("amira", f"me link {code}")
    assert "Type this code in your other tool, not here." in town.last("amira")
    await town.says("gareth", f"me link {code}")
    assert "Is this you?" in town.last("gareth")


async def test_communities_of_both_are_listed_once_and_counted_once(town: Town) -> None:
    await link(town, "amira", "gareth")
    await town.says("gareth", "me")
    assert "Services in Welsh and Starting a business" in town.last("gareth")
    await town.says("tom", "members starting-a-business")
    assert "Starting a business: 14 people" in town.last("tom")
    assert town.last("tom").count("Amira Haddad") == 1 and "Gareth" not in town.last("tom")
    await town.says("amira", "help")
    assert "showcase new" in town.last("amira")


async def test_a_question_moves_with_its_asker_and_is_answered_where_they_are_now(town: Town) -> None:
    arrives(town, "wilf", "Wilf Quill", beside="nadia")
    await town.says("wilf", "hi")
    await town.says("amira", f"ask {QUESTION}")
    await town.presses("amira", "Send")
    await link(town, "wilf", "amira")
    await town.says("wilf", "questions")
    assert "Q-21" in town.last("wilf")
    await town.says("gareth", "By one page that both helplines keep.")
    await town.presses("gareth", "Send as my answer")
    assert any("By one page that both helplines keep." in words for words in town.reads("amira"))
    await town.presses("amira", "This answers it")
    assert "You accepted this answer." in town.last("amira")
    assert nothing_was_refused(town)


async def test_a_question_between_the_two_waits_for_its_own_asker_no_more(town: Town) -> None:
    await town.says("amira", f"ask {QUESTION}")
    await town.presses("amira", "Send")
    assert "Q-21 from Amira Haddad" in town.last("gareth")
    await link(town, "gareth", "amira")
    await town.says("gareth", "questions")
    assert "Your questions" in town.last("gareth") and "Q-21" in town.last("gareth")
    await town.presses("gareth", "Answer", on="Q-21 from Amira")
    await town.fills("gareth", {"Your answer": "I answer myself"})
    assert any("your own question" in words for words in town.reads("gareth"))
    await town.says("gareth", "Nothing waits for me now, I think")
    assert "Send as my answer" not in town.sees("gareth")[-1].buttons()
    assert nothing_was_refused(town)


async def test_an_answer_moves_with_who_gave_it_and_can_still_be_changed(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="amira")
    await town.says("wanda", "hi")
    await town.says("kofi", f"ask {QUESTION} community: starting-a-business")
    await town.presses("kofi", "Send")
    await town.says("gareth", "By one page that both helplines keep.")
    await town.presses("gareth", "Send as my answer")
    await link(town, "wanda", "gareth")
    assert any("Wanda Quill, Operations lead" in words and "answers Q-21" in words for words in town.reads("kofi"))
    await town.presses("gareth", "Withdraw")
    assert all("By one page" not in words for words in town.reads("kofi"))
    assert nothing_was_refused(town)


async def test_a_question_brought_to_both_is_brought_once(town: Town) -> None:
    await town.says("nadia", "ask Who trains people for a helpline? community: employing-someone")
    await town.presses("nadia", "Send")
    brought = await town.database.read(lambda tx: Questions(tx).brought(21))
    both = [key for key in ("kofi", "tom", "harpreet", "eleni") if town.reads(key)][:2]
    assert len(both) == 2
    await link(town, *both)
    assert len(await town.database.read(lambda tx: Questions(tx).brought(21))) == len(brought) - 1
    await town.says(both[0], "We do, twice a year.")
    await town.presses(both[0], "Send as my answer")
    assert sum("We do, twice a year." in words for words in town.reads("nadia")) == 1
    assert nothing_was_refused(town)


async def test_nobody_becomes_visible_or_askable_who_did_not_say_so_on_the_kept_profile(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    await town.says("wanda", "hi")
    await link(town, "wanda", "amira")
    kept = await record_of(town, "amira")
    assert (kept.asked, kept.findable) == (False, False)
    await town.says("tom", "members starting-a-business")
    assert "Wanda" not in town.last("tom") and "Amira" not in town.last("tom")
    await town.says("tom", "ask Who knows plain English guidance for sole traders? community: starting-a-business")
    assert "Wanda" not in town.last("tom") and "Amira" not in town.last("tom")


async def test_what_the_kept_profile_lacks_comes_from_the_other_and_its_own_words_stay(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    await town.says("wanda", "me role Head of letters")
    await link(town, "wanda", "amira")
    kept = await record_of(town, "amira")
    assert (kept.name, kept.role) == ("Wanda Quill", "Head of letters")
    assert kept.knows == "content design, guidance for sole traders, plain English"


async def test_an_unverified_profile_takes_the_organisation_that_is_verified(town: Town) -> None:
    arrives_untied(town, "una", "Una Quill")
    await town.says("una", "hi")
    await link(town, "una", "amira")
    kept = await record_of(town, "una")
    assert (kept.organisation, kept.verified) == ("HMRC", True)


async def test_messages_go_where_the_person_was_seen_last(town: Town) -> None:
    arrives(town, "wilf", "Wilf Quill", beside="tom")
    await town.says("wilf", "hi")
    town.clock.move_by(timedelta(minutes=11))
    await link(town, "gareth", "wilf")
    await town.says("amira", f"ask {QUESTION}")
    await town.presses("amira", "Send")
    assert "Q-21 from Amira Haddad" in town.last("wilf")
    assert all("Q-21" not in words for words in town.reads("gareth"))


async def test_two_who_type_one_code_at_once_are_not_both_linked(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="gareth")
    arrives(town, "wilf", "Wilf Quill", beside="gareth")
    await town.says("amira", "me link")
    code = code_in(town.last("amira"))
    for key in ("wanda", "wilf"):
        await town.says(key, f"me link {code}")
    await asyncio.gather(town.presses("wanda", "Yes, this is me"), town.presses("wilf", "Yes, this is me"))
    assert await town.counts("person") == 17
    said = town.last("wanda") + town.last("wilf")
    assert said.count("You are one person on both tools now.") == 1
    assert said.count("This code is wrong, used or older than 10 minutes.") == 1
