"""Be asked whether to add what you have answered several questions on: only ever a question, each thing once."""

import asyncio
from datetime import timedelta

import pytest

from bot.features.suggest import SuggestSkills
from bot.work import SIGNPOST, View, Work
from storage.answers import Answers
from storage.skills import Skills
from tests.everywhere.forging import presses_forged
from tests.features.days import things_happen_by_themselves
from tests.features.frameworks import has_skills
from tests.features.newcomers import nothing_was_refused
from tests.features.telling import changes, people_with, person
from tests.town import Town

PLACES = ("in Wales", "from abroad", "online", "by letter", "on paper")
ASKED = "questions about"


async def answers(town: Town, key: str, about: str = "How does VAT registration work {}?", times: int = 4) -> list[int]:
    """They have answered so many questions on it, each in other words. Their numbers."""
    asker, known = await person(town, "priya"), await person(town, key)

    def happen(work: Work) -> list[int]:
        numbers = []
        for place in PLACES[:times]:
            number = work.questions.draft(1, asker, about.format(place), work.now)
            work.questions.send(number, work.now)
            Answers(work.tx).add(number, known, "It does.", work.now)
            numbers.append(number)
        return numbers

    return await changes(town, happen)


async def known_to(town: Town, key: str) -> list[str]:
    number = (await person(town, key)).id
    return [one.words for one in await town.database.read(lambda tx: Skills(tx).of(number))]


async def morning(town: Town, days: int = 1) -> None:
    await town.passes(timedelta(days=days))
    await town.passes(timedelta(hours=1))


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_who_answered_four_questions_on_a_thing_is_asked_and_a_press_adds_it(town: Town, key: str) -> None:
    await things_happen_by_themselves(town)
    await answers(town, key)
    await morning(town)
    assert people_with(town, ASKED) == {key}
    assert "You answered 4 questions about VAT registration." in town.last(key)
    assert await known_to(town, key) == []
    await town.presses(key, "Add it")
    assert "You say that you know about VAT registration." in town.last(key)
    assert await known_to(town, key) == ["VAT registration"]
    assert nothing_was_refused(town)


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_no_is_remembered_for_good_and_nothing_is_stored(town: Town, key: str) -> None:
    await things_happen_by_themselves(town)
    await answers(town, key)
    await morning(town)
    await town.presses(key, "No")
    assert "We do not ask you about VAT registration again." in town.last(key)
    await answers(town, key)
    for _ in range(4):
        await morning(town, 20)
    assert sum(ASKED in words for words in town.reads(key)) == 1
    assert await known_to(town, key) == []


async def test_a_skill_of_a_framework_is_suggested_by_its_name(town: Town) -> None:
    await has_skills(town)
    await things_happen_by_themselves(town)
    await answers(town, "gareth", "Which methods of user research fit {}?")
    await morning(town)
    assert "You answered 4 questions about User research methods." in town.last("gareth")


async def test_there_is_one_suggestion_in_thirty_days_at_most(town: Town) -> None:
    await things_happen_by_themselves(town)
    await answers(town, "gareth")
    await morning(town)
    await answers(town, "gareth", "Who moors barge tows {}?")
    await morning(town, 20)
    assert sum(ASKED in words for words in town.reads("gareth")) == 1
    await morning(town, 11)
    assert sum(ASKED in words for words in town.reads("gareth")) == 2


async def test_what_was_withdrawn_is_known_already_or_is_too_little_is_not_suggested(town: Town) -> None:
    await things_happen_by_themselves(town)
    numbers = await answers(town, "gareth")
    await changes(town, lambda work: work.questions.become(numbers[0], "withdrawn"))
    await answers(town, "tom")
    await town.says("tom", "me knows registering for VAT")
    await answers(town, "amira", "How are wombat licences counted {}?", times=3)
    await answers(town, "sian")
    await town.says("sian", "me asked no")
    await town.says("sian", "me findable no")
    await morning(town)
    assert people_with(town, ASKED) == set()


async def test_many_processes_ask_once(town: Town) -> None:
    await answers(town, "gareth")
    command = SuggestSkills()
    seen = await town.database.read(lambda tx: command.look(SIGNPOST, View(tx, town.clock())))

    async def ask() -> None:
        await town.database.write(lambda tx: command.run(SIGNPOST, Work(tx, town.clock()), seen))

    await asyncio.gather(*(ask() for _ in range(5)))
    await town.quiet()
    assert sum(ASKED in words for words in town.reads("gareth")) == 1


async def test_a_suggestion_is_for_its_person_alone(town: Town) -> None:
    await things_happen_by_themselves(town)
    await answers(town, "gareth")
    await morning(town)
    for key in ("kofi", "tom"):
        await town.says(key, "me")
        for do in ("add-suggested", "decline-suggested"):
            await presses_forged(town, key, f'{{"do": "{do}", "suggestion": 1}}', on=town.sees(key)[-1].id)
            assert "You were not asked about this." in town.last(key)
        assert await known_to(town, key) == []
    await town.presses("gareth", "Add it")
    assert await known_to(town, "gareth") == ["VAT registration"]
