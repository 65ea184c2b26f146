"""Inviting the profession that is missing: words to send, and owners are asked once a quarter at most."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.features.days import it_becomes
from tests.features.telling import form_is_open, is_no_longer_verified, nothing_was_refused, people_with, shown
from tests.town import Town

QUARTER = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)
"""The second Tuesday of the first quarter, 10am in London."""
PROMPT = "whose role you can see works in"


@pytest.mark.parametrize("key", ["gareth", "sian"])
async def test_owners_are_asked_once_a_quarter_for_what_their_community_lacks(town: Town, key: str) -> None:
    await town.passes(timedelta(0))
    await it_becomes(town, QUARTER)
    asked = people_with(town, PROMPT)
    assert asked == {"priya", "tom", "eleni", "kofi", "gareth", "sian"}
    words = shown(town, key, "Nobody in Services in Welsh").words()
    assert "works in user research" in words
    assert "join services-in-welsh" in words

    await town.presses(key, "Not now", on=PROMPT)
    assert "You are not asked again before the next quarter." in town.last(key)
    before = {key: len(town.reads(key)) for key in town.people}
    await it_becomes(town, datetime(2027, 3, 30, 10, 0, tzinfo=UTC))
    assert {key: sum(PROMPT in words for words in town.reads(key)) for key in ("tom", "priya")} == {
        "tom": 1,
        "priya": 1,
    }
    assert all(len(town.reads(key)) >= seen for key, seen in before.items())
    assert nothing_was_refused(town)


async def test_the_words_are_for_copying_and_say_how_to_join(town: Town) -> None:
    await town.says("tom", "invite profession policy community: starting-a-business")
    words = town.last("tom")
    assert "Invite people in policy to Starting a business" in words
    assert "To join, say to Signpost in Slack or Teams: join starting-a-business" in words


async def test_the_profession_is_chosen_by_form_on_slack(town: Town) -> None:
    await town.says("priya", "/signpost invite profession")
    await form_is_open(town)
    await town.fills("priya", {"Which profession?": "data", "Which community?": "starting-a-business"})
    view = town.modal("priya")
    assert view is not None and "Invite people in data to Starting a business" in view.words()
    assert nothing_was_refused(town)


async def test_a_word_that_is_no_profession_is_refused_with_those_there_are(town: Town) -> None:
    await town.says("tom", "invite profession wizards community: starting-a-business")
    assert "Say one of these: “policy”, “design”, “operations”" in town.last("tom")


async def test_only_an_owner_of_the_community_gets_the_words(town: Town) -> None:
    await town.says("gareth", "invite profession policy community: starting-a-business")
    assert "Only an owner of Starting a business can do this." in town.last("gareth")


async def test_an_owner_who_may_see_no_role_is_not_asked(town: Town) -> None:
    await town.passes(timedelta(0))
    await is_no_longer_verified(town, "gareth")
    await it_becomes(town, QUARTER)
    assert people_with(town, PROMPT) == {"priya", "tom", "eleni", "kofi", "sian"}
