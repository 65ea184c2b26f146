"""Seeing the communities, searching them, and the way in that each has."""

import pytest

from tests.features.entering import WELSH, becomes, is_over
from tests.features.newcomers import arrives, channel_of, nothing_was_refused
from tests.town import Town


async def test_all_communities_are_listed_the_largest_first(town: Town) -> None:
    for key, said in (("amira", "/signpost communities"), ("gareth", "communities")):
        await town.says(key, said)
        words = town.last(key)
        names = [words.index(name) for name in ("Starting a business", "Employing someone", "Services in Welsh")]
        assert names == sorted(names)
        assert "15 people from 8 organisations." in words


async def test_what_one_belongs_to_opens_its_members_and_the_rest_can_be_joined(town: Town) -> None:
    await town.says("amira", "communities")
    assert town.sees("amira")[-1].buttons() == ["Members", "Join", "Join", "See which are for you", "Start a community"]
    await town.presses("amira", "Members")
    assert "Starting a business: 15 people" in town.last("amira")


async def test_a_mention_in_a_channel_lists_them_for_that_person_only(town: Town) -> None:
    place = channel_of(town, "amira")
    await town.says("amira", "@Signpost communities", place=place)
    assert "Employing someone" in town.last("amira", place)
    assert all("Employing someone" not in words for words in town.reads("kofi", place))


@pytest.mark.parametrize(
    "search", ["welsh", "WELSH", "Services in", "welsh and", "services-in-welsh", '"Welsh"', "Welsh!"]
)
async def test_a_search_finds_by_name_and_by_service(town: Town, search: str) -> None:
    await town.says("amira", f"communities {search}")
    assert "Services in Welsh" in town.last("amira")
    assert "Employing someone" not in town.last("amira")


@pytest.mark.parametrize("search", ["%", "_", "50%_", "\\", "/", "'", '"x', "zzz", "🚀"])
async def test_a_search_without_result_offers_all_and_a_new_one(town: Town, search: str) -> None:
    await town.says("gareth", f"communities “{search} x”")
    assert "in its name, service or purpose yet." in town.last("gareth")
    assert town.sees("gareth")[-1].buttons() == ["See all", "Start a community"]
    await town.presses("gareth", "See all")
    assert "Services in Welsh" in town.last("gareth")
    assert nothing_was_refused(town)


async def test_a_search_finds_by_purpose_and_by_kind_in_either_language(town: Town) -> None:
    await becomes(town, kind="practice", purpose="To write well in two languages")
    for said in ("two LANGUAGES", "practice", "Community of practice"):
        for key in ("amira", "gareth"):
            await town.says(key, f"communities {said}")
            assert "Services in Welsh" in town.last(key)
            assert "Employing someone" not in town.last(key)


async def test_what_is_archived_or_merged_is_not_listed(town: Town) -> None:
    await is_over(town, WELSH, "archived")
    await is_over(town, "employing-someone", "merged", into="starting-a-business")
    await town.says("amira", "communities")
    assert "Starting a business" in town.last("amira")
    assert "Services in Welsh" not in town.last("amira") and "Employing someone" not in town.last("amira")


async def test_where_owners_approve_one_asks_to_join(town: Town) -> None:
    await becomes(town, access="approval")
    await town.says("amira", "communities welsh")
    await town.presses("amira", "Ask to join")
    assert "You asked to join Services in Welsh." in town.last("amira")


async def test_a_search_that_is_too_long_is_refused_in_words(town: Town) -> None:
    await town.says("amira", "communities " + "x" * 300)
    assert "That is 300 characters. Use 80 or fewer." in town.last("amira")


async def test_people_whose_organisation_is_not_verified_count_for_no_organisation(town: Town) -> None:
    arrives(town, "wanda", "Wanda Quill", beside="kofi", guest=True)
    await town.says("wanda", "create Guests only service: Guests outcome: Guests are counted")
    await town.says("wanda", "communities guests")
    assert "1 person. Guests are counted" in town.last("wanda")
