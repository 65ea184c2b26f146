"""The topics that nobody covers: asked about, answered late or not at all, and nobody says they know."""

from datetime import timedelta

from tests.features.telling import agreements_end, asks, nothing_was_refused, shown
from tests.town import Town

ASKED = "Who decides on probate fees?"


def _number(town: Town, asked: str) -> str:
    return shown(town, "amira", asked).words().partition("Q-")[2].partition(":")[0]


async def test_what_was_asked_and_waits_two_days_is_a_gap_where_nobody_says_they_know(town: Town) -> None:
    await asks(town, "amira", ASKED)
    await asks(town, "amira", "Who can explain data pipelines?")
    await town.says("tom", "gaps starting-a-business")
    assert "No topic of Starting a business goes without" in town.last("tom")
    await town.passes(timedelta(days=2))
    await town.says("tom", "gaps starting-a-business")
    words = town.last("tom")
    assert "Topics in Starting a business that nobody covers" in words
    assert "probate" in words
    assert "pipelines" not in words
    await town.presses("tom", "See it", on="probate")
    assert ASKED in town.last("tom")
    assert nothing_was_refused(town)


async def test_it_is_a_gap_no_more_once_a_member_says_they_know(town: Town) -> None:
    await asks(town, "amira", ASKED)
    await town.passes(timedelta(days=3))
    await town.says("kofi", "me knows probate, deciding on fees")
    await town.says("priya", "/signpost gaps starting-a-business")
    assert "probate" not in town.last("priya")


async def test_a_question_that_was_answered_soon_is_no_gap_and_one_answered_late_is(town: Town) -> None:
    await asks(town, "amira", ASKED)
    await town.says("tom", f"answer {_number(town, ASKED)} The registry does.")
    await asks(town, "amira", "Which lighthouses pay rates?")
    late = _number(town, "Which lighthouses")
    await town.passes(timedelta(days=4))
    await town.says("tom", f"answer {late} None of them.")
    await town.says("priya", "gaps starting-a-business")
    assert "probate" not in town.last("priya")
    assert "lighthouses" in town.last("priya")


async def test_questions_that_the_owner_may_not_see_are_not_told_by_their_words(town: Town) -> None:
    await asks(town, "amira", ASKED)
    await agreements_end(town, "amira")
    await town.passes(timedelta(days=3))
    await town.says("tom", "gaps starting-a-business")
    assert "probate" not in town.last("tom")


async def test_only_an_owner_of_the_community_sees_them(town: Town) -> None:
    await town.says("gareth", "gaps starting-a-business")
    assert "Only an owner of Starting a business can do this." in town.last("gareth")
