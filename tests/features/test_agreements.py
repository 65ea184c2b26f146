"""Seeing what crosses between organisations, and ending it: in words, in two steps, by administrators alone."""

import pytest

from bot.features.agree import DoNotAgree
from bot.features.agreements import EndWith
from storage.consents import Consents
from tests.everywhere.forging import presses_forged
from tests.features.newcomers import nothing_was_refused
from tests.features.organisations import administers, number_of
from tests.features.telling import asks, sees
from tests.features.test_agree import DWP, HMRC, apart, audited, crossing
from tests.town import Town

__all__ = ["apart"]  # a fixture: pytest finds it by its name here


async def agree(town: Town) -> None:
    """HMRC and DWP agreed to everything."""
    await town.says("amira", "agree DWP")
    await town.presses("gareth", "Agree")


async def test_nothing_that_crosses_is_said_with_a_way_to_agree(apart: Town) -> None:
    for key, name in (("amira", HMRC), ("gareth", DWP)):
        await apart.says(key, "agreements")
        assert f"Nothing crosses between {name} and others." in apart.last(key)
        assert apart.sees(key)[-1].buttons() == ["Agree with another"]


async def test_the_list_says_what_crosses_what_waits_and_what_was_refused(apart: Town) -> None:
    await agree(apart)
    await apart.says("amira", "agree DfE only: names")
    await apart.says("amira", "agreements")
    assert "Between you, questions and names cross." in apart.last("amira")
    assert "You let names cross. It has not agreed yet." in apart.last("amira")
    await administers(apart, "nadia")
    await apart.says("nadia", "agreements")
    assert "It lets names cross and waits for your answer." in apart.last("nadia")
    await presses_forged(apart, "nadia", DoNotAgree(await number_of(apart, "HMRC")).pack())
    await apart.says("amira", "agreements")
    assert "You let names cross. It does not agree." in apart.last("amira")
    await apart.says("nadia", "agreements")
    assert "You said that nothing may cross." in apart.last("nadia")


async def test_more_than_fit_are_named_and_can_be_ended_by_name(town: Town) -> None:
    await administers(town, "amira", "gareth")
    for key in ("amira", "gareth"):
        await town.says(key, "agreements")
        assert "There are also The Pensions Regulator and British Business Bank." in town.last(key)
        assert "say end agreement and its name" in town.last(key)
    assert nothing_was_refused(town)


@pytest.mark.parametrize(("key", "other"), [("amira", "DWP"), ("gareth", "HMRC")])
async def test_either_side_ends_it_in_two_steps_and_nothing_crosses(apart: Town, key: str, other: str) -> None:
    await agree(apart)
    await apart.says(key, f"end agreement {other}")
    assert "What people read before stays in their chats. Nothing new crosses." in apart.last(key)
    assert await crossing(apart) == [(True, True)]
    await apart.presses(key, "Keep it")
    assert await crossing(apart) == [(True, True)]
    await apart.says(key, f"end agreement {other}")
    await apart.presses(key, "End it")
    assert any("any more." in words and "Nothing crosses between" in words for words in apart.reads(key))
    assert await crossing(apart) == [] and await audited(apart, "end agreement") == 1
    await apart.says("amira", "members starting-a-business")
    assert "Gareth" not in apart.last("amira")
    assert nothing_was_refused(apart)


async def test_by_form_and_by_the_button_in_the_list_it_ends_too(apart: Town) -> None:
    await agree(apart)
    await apart.says("gareth", "end agreement")
    await apart.fills("gareth", {"Which organisation?": "HMRC"})
    assert any("End what crosses between" in words for words in apart.reads("gareth"))
    await apart.says("amira", "agreements")
    await apart.presses("amira", "End")
    await apart.presses("amira", "End it", on="End what crosses")
    assert await crossing(apart) == []


async def test_pressed_twice_it_has_ended_once(apart: Town) -> None:
    await agree(apart)
    payload = EndWith(await number_of(apart, "DWP"), sure=True).pack()
    for _ in range(2):
        await presses_forged(apart, "amira", payload)
    assert sees(apart, "amira", "You let nothing across there.")
    assert await audited(apart, "end agreement") == 1


async def test_who_is_no_administrator_ends_nothing(apart: Town) -> None:
    await agree(apart)
    for number in (await number_of(apart, "HMRC"), await number_of(apart, "DWP"), 0, -1, 999):
        for key in ("kofi", "tom"):
            await presses_forged(apart, key, EndWith(number, sure=True).pack())
            assert sees(apart, key, "Only an administrator")
    assert await crossing(apart) == [(True, True)]


async def test_who_ends_it_and_agrees_again_lets_it_cross_again(apart: Town) -> None:
    await agree(apart)
    await apart.says("amira", "end agreement DWP")
    await apart.presses("amira", "End it")
    await apart.presses("amira", "Agree again")
    assert await crossing(apart) == [(True, True)]


async def test_one_of_everyone_is_left_out_and_the_others_stay(apart: Town) -> None:
    await administers(apart, "sian")
    for key in ("amira", "gareth", "sian"):
        await apart.says(key, "agree everyone")
        await apart.presses(key, "Yes, to everyone")
    assert len(await crossing(apart)) == 3
    await apart.says("amira", "end agreement DWP")
    await apart.presses("amira", "End it")
    assert len(await crossing(apart)) == 2
    await apart.says("amira", "agreements")
    assert "You let questions and names cross to each that does the same." in apart.last("amira")
    assert "You said that nothing may cross." in apart.last("amira")
    await apart.says("amira", "end agreement everyone")
    assert "What others agreed with HM Revenue & Customs by name goes on." in apart.last("amira")
    await apart.presses("amira", "End it")
    agreed = await apart.database.read(lambda tx: Consents(tx).agreed())
    assert len(agreed) == 1
    hmrc = await number_of(apart, "HMRC")
    assert hmrc not in (agreed[0].first_id, agreed[0].second_id)


async def test_before_it_ends_the_open_questions_of_both_sides_are_counted(apart: Town) -> None:
    await agree(apart)
    await asks(apart, "amira")
    await asks(apart, "gareth", "Who writes content design guidance for sole traders?")
    await apart.says("amira", "end agreement DWP")
    assert f"1 open question from {HMRC} is with people of {DWP}." in apart.last("amira")
    assert f"1 open question from {DWP} is with people of {HMRC}." in apart.last("amira")
