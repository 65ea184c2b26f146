"""Say every half year, in one press, that what you say you know is still right."""

import asyncio
from datetime import timedelta

import pytest

from bot.features.still_right import AskWhetherStillRight
from bot.work import SIGNPOST, Work
from storage.skills import Skills
from tests.features.days import things_happen_by_themselves
from tests.features.newcomers import nothing_was_refused
from tests.features.telling import changes, people_with, person, shown
from tests.town import Town

ASKED = "Is this still right?"
DAY = timedelta(days=1)


async def nights(town: Town, days: int) -> None:
    """So many days pass, and everything that is due on the last of them has happened twice."""
    await town.passes(timedelta(days=days))
    await town.passes(DAY)


async def only_says(town: Town, *keys: str) -> None:
    """Nobody but these says a line of what they know."""
    numbers = [(await person(town, key)).id for key in town.people if key not in keys]

    def say_nothing(work: Work) -> None:
        for number in numbers:
            work.people.say_knows(number, "")

    await changes(town, say_nothing)


def times(town: Town, key: str) -> int:
    return sum(ASKED in words for words in town.reads(key))


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_after_half_a_year_they_are_asked_and_one_press_confirms_it(town: Town, key: str) -> None:
    await only_says(town, key)
    await things_happen_by_themselves(town)
    await town.says(key, "me skill Barges, expert")
    await nights(town, 179)
    assert times(town, key) == 0
    await nights(town, 3)
    assert people_with(town, ASKED) == {key}
    card = shown(town, key, ASKED)
    assert "Barges (expert)" in card.words() and (await person(town, key)).knows in card.words()
    await town.presses(key, "Yes, still right")
    assert "We ask you again in six months." in town.last(key)
    await nights(town, 175)
    assert times(town, key) == 1
    await nights(town, 7)
    assert times(town, key) == 2
    assert nothing_was_refused(town)


async def test_who_does_not_answer_is_asked_again_after_half_a_year_and_never_sooner(town: Town) -> None:
    await only_says(town)
    await things_happen_by_themselves(town)
    await town.says("gareth", "me skill Barges")
    await nights(town, 184)
    for _ in range(6):
        await town.passes(timedelta(days=25))
    assert times(town, "gareth") == 1
    await nights(town, 35)
    assert times(town, "gareth") == 2


async def test_change_leads_to_what_they_know_and_changing_it_starts_the_half_year_anew(town: Town) -> None:
    await only_says(town)
    await things_happen_by_themselves(town)
    await town.says("gareth", "me skill Barges")
    await nights(town, 184)
    await town.presses("gareth", "Change", on=ASKED)
    assert "What you say you know" in town.last("gareth")
    await town.passes(timedelta(days=100))
    await town.says("gareth", "me knows Letters")
    await nights(town, 100)
    assert times(town, "gareth") == 1


async def test_a_line_alone_is_asked_about_too(town: Town) -> None:
    await only_says(town, "gareth")
    await things_happen_by_themselves(town)
    await town.passes(DAY)
    await nights(town, 184)
    assert people_with(town, ASKED) == {"gareth"}


async def test_who_left_says_nothing_or_wants_neither_is_not_asked(town: Town) -> None:
    await only_says(town)
    await things_happen_by_themselves(town)
    for key in ("gareth", "amira", "sian"):
        await town.says(key, "me skill Barges")
    await town.says("amira", "me skill remove Barges")
    await town.says("sian", "me asked no")
    await town.says("sian", "me findable no")
    gareth = await person(town, "gareth")
    await changes(town, lambda work: work.people.describe(gareth, "", "", verified=True, active=False))
    await nights(town, 190)
    assert people_with(town, ASKED) == set()


async def test_it_can_be_confirmed_in_words_at_any_time(town: Town) -> None:
    for key in ("amira", "gareth"):
        await town.says(key, "me still right")
        assert "We ask you again in six months." in town.last(key)
    await only_says(town)
    await town.says("gareth", "me still right")
    assert "You have not said what you know yet." in town.last("gareth")


async def test_many_processes_ask_each_person_once(town: Town) -> None:
    await only_says(town)
    await town.says("gareth", "me skill Barges")
    town.clock.move_by(timedelta(days=190))

    async def ask() -> None:
        await town.database.write(lambda tx: AskWhetherStillRight().run(SIGNPOST, Work(tx, town.clock())))

    await asyncio.gather(*(ask() for _ in range(5)))
    await town.quiet()
    assert times(town, "gareth") == 1
    assert await town.database.read(lambda tx: Skills(tx).due(5, town.clock())) == []
