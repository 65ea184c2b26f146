"""A community of action ends: its owners are asked when its last day has passed, and after a week it is archived."""

from datetime import timedelta

import pytest

from tests.features.newcomers import nothing_was_refused
from tests.features.telling import form_is_open, people_with, sees
from tests.town import Town

DAY = timedelta(days=1)
PASSED = "The last day of Winter letters has passed"
ENDED = "Winter letters is archived"


async def begins(town: Town, owner: str = "amira", other: str = "gareth") -> None:
    """This person's community of action ends on 1 December; the other is in it."""
    await town.says(
        owner,
        "create Winter letters service: Letters in the cold months outcome: Nobody is told the same twice"
        " kind: action until: 1 December 2026",
    )
    assert "Winter letters is open." in town.last(owner)
    assert "Last day" in town.last(owner)
    await town.says(other, "join winter-letters")


async def passes_to(town: Town, day: int) -> None:
    """It is the morning of that day of December."""
    while (town.clock().month, town.clock().day) != (12, day):
        await town.passes(DAY)


async def test_its_owner_is_asked_on_the_day_after_and_not_on_the_last(town: Town) -> None:
    await begins(town)
    await passes_to(town, 1)
    assert people_with(town, PASSED) == set()
    await passes_to(town, 2)
    assert people_with(town, PASSED) == {"amira"}
    await passes_to(town, 5)
    assert sum(PASSED in words for words in town.reads("amira")) == 1
    assert nothing_was_refused(town)


async def test_after_a_week_without_an_answer_it_is_archived_with_a_summary(town: Town) -> None:
    await begins(town)
    await passes_to(town, 8)
    assert people_with(town, ENDED) == set()
    await passes_to(town, 10)
    assert people_with(town, ENDED) == {"amira", "gareth"}
    words = next(words for words in town.reads("gareth") if ENDED in words)
    assert "Its last day has passed." in words and "2 people" in words
    await passes_to(town, 20)
    assert sum(ENDED in words for words in town.reads("gareth")) == 1
    assert nothing_was_refused(town)


@pytest.mark.parametrize("said", ["10 December 2026", "2026-12-10"])
async def test_kept_on_until_a_new_date_it_is_asked_about_when_that_has_passed(town: Town, said: str) -> None:
    await begins(town)
    await passes_to(town, 2)
    await town.presses("amira", "Keep it on")
    await form_is_open(town)
    await town.fills("amira", {"What is its new last day?": said})
    await passes_to(town, 10)
    assert sum(PASSED in words for words in town.reads("amira")) <= 1
    assert people_with(town, ENDED) == set()
    await passes_to(town, 11)
    assert sum(PASSED in words for words in town.reads("amira")) >= 1
    await passes_to(town, 19)
    assert people_with(town, ENDED) == {"amira", "gareth"}


async def test_its_owner_in_teams_keeps_it_on_too(town: Town) -> None:
    await begins(town, "gareth", "amira")
    await passes_to(town, 2)
    await town.presses("gareth", "Keep it on")
    await town.fills("gareth", {"What is its new last day?": "2026-12-10"})
    await passes_to(town, 11)
    assert people_with(town, ENDED) == set()
    assert sees(town, "gareth", PASSED)


async def test_a_day_that_has_passed_does_not_keep_it_on(town: Town) -> None:
    await begins(town)
    await passes_to(town, 3)
    await town.presses("amira", "Keep it on")
    await form_is_open(town)
    await town.fills("amira", {"What is its new last day?": "2026-12-02"})
    form = town.modal("amira")
    assert form is not None and "That day has passed." in form.errors["until"]


async def test_its_owner_can_archive_it_at_once(town: Town) -> None:
    await begins(town)
    await passes_to(town, 2)
    await town.presses("amira", "Archive it")
    await town.passes(timedelta(0))
    assert people_with(town, ENDED) >= {"gareth"}
    await passes_to(town, 12)
    assert sum(ENDED in words for words in town.reads("gareth")) == 1


async def test_a_community_of_action_must_have_a_last_day_and_no_other_has_one(town: Town) -> None:
    said = "create Winter letters service: Letters outcome: Nobody is told twice"
    await town.says("amira", f"{said} kind: action")
    assert "A community of action ends." in town.last("amira")
    await town.says("amira", f"{said} kind: practice until: 1 December 2026")
    assert "Only a community of action has a last day." in town.last("amira")
    await town.says("amira", f"{said} kind: action until: 1 December 2020")
    assert "That day has passed." in town.last("amira")
    assert not sees(town, "amira", "Winter letters is open.")
    await town.says("gareth", f"{said} kind: community of action until: tomorrow")
    assert "Winter letters is open." in town.last("gareth")
