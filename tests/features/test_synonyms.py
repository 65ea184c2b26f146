"""Synonyms: owners alone say which words mean the same in their community; a search there finds both."""

import pytest

from bot.features.synonyms import MOST, SHOWN
from storage.communities import Community
from storage.meaning import Meaning
from storage.synonyms import Synonym, Synonyms
from tests.everywhere.forging import presses_forged
from tests.features.newcomers import nothing_was_refused
from tests.features.telling import BUSINESS, asks, changes, form_is_open, person, sees, shown
from tests.features.test_forget import is_forgotten
from tests.town import Town

NI = "NI means National Insurance"
ADDED = "“NI” also finds “National Insurance” in Starting a business, and the other way round."
owners = pytest.mark.parametrize("key", ["priya", "tom"])
"""Both own Starting a business: Priya is in Slack, Tom in Teams."""


async def meant(town: Town, text: str, slug: str = BUSINESS) -> set[str]:
    """What this means too to a search in the community."""
    community = await place(town, slug)
    return set(await town.database.read(lambda tx: Meaning(tx).of(text, [community.id])))


async def place(town: Town, slug: str = BUSINESS) -> Community:
    """The community with this name."""
    found = await changes(town, lambda work: work.communities.find(slug, slug))
    assert found is not None
    return found


async def fills_with(town: Town, key: str, slug: str = BUSINESS) -> None:
    """The community has as many synonyms as it can."""
    number, owner = (await place(town, slug)).id, (await person(town, key)).id

    def fill(synonyms: Synonyms) -> None:
        for n in range(MOST):
            synonyms.add(number, Synonym(f"alpha{n:03}", f"beta{n:03}"), owner, town.clock())

    await changes(town, lambda work: fill(Synonyms(work.tx)))


@owners
async def test_an_owner_says_what_words_mean_and_sees_it_in_the_list(town: Town, key: str) -> None:
    assert await meant(town, "Who pays NI?") == set()
    await town.says(key, f"add synonym {NI} community: {BUSINESS}")
    assert ADDED in town.last(key)
    assert await meant(town, "Who pays NI?") == {"nation", "insur"}
    assert await meant(town, "Who pays national insurance?") == {"ni"}
    await town.presses(key, "See the synonyms")
    assert "Starting a business: 1 synonym" in town.last(key) and NI in town.last(key)
    await town.presses(key, "Remove", on=NI)
    assert "1 synonym of “NI” is removed from Starting a business." in town.last(key)
    assert await meant(town, "Who pays NI?") == set()
    assert nothing_was_refused(town)


@owners
async def test_it_is_added_by_form_and_removed_by_form(town: Town, key: str) -> None:
    await town.says(key, "/signpost synonyms starting-a-business")
    await town.presses(key, "Add a synonym")
    await form_is_open(town)
    await town.fills(key, {"Which words do people use?": "NI", "What do they mean?": "National Insurance"})
    assert await meant(town, "NI") == {"nation", "insur"}
    await town.says(key, f"remove synonym National Insurance community: {BUSINESS}")
    assert await meant(town, "NI") == set()
    assert nothing_was_refused(town)


async def test_what_words_mean_in_one_community_they_do_not_in_another(town: Town) -> None:
    await town.says("tom", f"add synonym {NI} community: {BUSINESS}")
    assert await meant(town, "NI", "services-in-welsh") == set()


@pytest.mark.parametrize(("key", "finds"), [("amira", True), ("sian", True), ("harpreet", False)])
async def test_people_are_found_by_the_synonyms_of_all_communities_one_is_in(town: Town, key: str, finds: bool) -> None:
    """Gareth says that he knows about call handover. Harpreet is not in the community."""
    await town.says("tom", f"add synonym zeppelins means call handover community: {BUSINESS}")
    await town.says(key, "whoknows zeppelins")
    assert ("Gareth" in town.last(key)) == finds


async def test_a_question_is_brought_to_and_answered_by_what_its_words_mean_too(town: Town) -> None:
    """Whose answers are alike, and what was answered already, is found by them."""
    await town.says("tom", f"add synonym zeppelins means call handover community: {BUSINESS}")
    await town.says("amira", f"ask Who knows zeppelins? community: {BUSINESS}")
    assert "Gareth" in town.last("amira")
    await asks(town, "amira")
    await town.says("gareth", "answer 22 We agreed a call handover page.")
    await town.says("kofi", "similar zeppelins")
    assert "We agreed a call handover page." in town.last("kofi")


async def test_adding_it_again_or_the_other_way_round_changes_nothing(town: Town) -> None:
    await town.says("tom", f"add synonym {NI} community: {BUSINESS}")
    kept = await town.counts("audit")
    for again in (NI, "national insurances means ni"):
        await town.says("tom", f"add synonym {again} community: {BUSINESS}")
        assert "mean the same in Starting a business already." in town.last("tom")
    assert await town.counts("synonym") == 1 and await town.counts("audit") == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("tax means taxes", "These are the same words, so they find each other already."),
        ("NI means …", "“…” says nothing that can be searched for."),
        ("the of means NI", "“the of” says nothing that can be searched for."),
        (f"{'x' * 61} means NI", "That is 61 characters. Use 60 or fewer."),
        (f"NI means {'x ' * 31}y", "Use 60 or fewer."),
        ("'; drop table synonym; -- means ???", "“???” says nothing that can be searched for."),
    ],
)
async def test_what_means_nothing_or_the_same_is_refused(town: Town, typed: str, why: str) -> None:
    await town.says("tom", f"add synonym {typed} community: {BUSINESS}")
    assert why in town.last("tom")
    assert await town.counts("synonym") == 0


async def test_a_community_has_two_hundred_at_most_and_they_are_listed_in_parts(town: Town) -> None:
    await fills_with(town, "tom")
    await town.says("tom", f"add synonym {NI} community: {BUSINESS}")
    assert "Starting a business has 200 synonyms, which is the most it can have. Remove one first." in town.last("tom")
    await town.says("tom", f"synonyms {BUSINESS}")
    assert town.last("tom").count("beta") == SHOWN
    await town.presses("tom", "See more")
    assert f"alpha{SHOWN:03} means beta{SHOWN:03}" in town.last("tom")
    await town.presses("tom", "Remove", on="alpha")
    await town.says("tom", f"add synonym {NI} community: {BUSINESS}")
    assert ADDED in town.last("tom")


async def test_of_several_meanings_one_is_removed_or_all(town: Town) -> None:
    for means in ("National Insurance", "Northern Ireland"):
        await town.says("tom", f"add synonym NI means {means} community: {BUSINESS}")
    await town.says("tom", f"remove synonym NI means Northern Ireland community: {BUSINESS}")
    assert await meant(town, "NI") == {"nation", "insur"}
    await town.says("tom", f"add synonym NI means Northern Ireland community: {BUSINESS}")
    await town.says("tom", f"remove synonym ni community: {BUSINESS}")
    assert "2 synonyms of “ni” are removed from Starting a business." in town.last("tom")
    await town.says("tom", f"remove synonym ni community: {BUSINESS}")
    assert "Starting a business has no synonym “ni”." in town.last("tom")


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_nobody_but_an_owner_of_that_community_sees_or_changes_them(town: Town, key: str) -> None:
    """Gareth owns another community."""
    await town.says("tom", f"add synonym {NI} community: {BUSINESS}")
    for payload in (
        '{"do":"synonyms","community":"starting-a-business"}',
        '{"do":"add synonym","words":"a1","means":"b1","community":"starting-a-business"}',
        '{"do":"remove synonym","words":"NI","community":"starting-a-business"}',
    ):
        await presses_forged(town, key, payload)
        assert not sees(town, key, "National Insurance")
        assert "own" in town.last(key)
    assert await town.counts("synonym") == 1


async def test_who_added_them_is_forgotten_and_they_stay(town: Town) -> None:
    await town.says("priya", f"add synonym {NI} community: {BUSINESS}")
    await is_forgotten(town, "priya")
    await town.says("tom", f"synonyms {BUSINESS}")
    assert NI in shown(town, "tom", "1 synonym").words()
