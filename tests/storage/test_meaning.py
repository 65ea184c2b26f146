"""A search finds what its words mean too: synonyms of its communities, and what organisations are called."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.communities import Communities
from storage.database import Database, Transaction
from storage.meaning import ADDED, Meaning
from storage.organisations import Organisations
from storage.people import People
from storage.postings import Postings
from storage.search import Search
from storage.synonyms import Synonym, Synonyms
from storage.terms import terms
from tests.storage.test_search import answered, asked, somebody
from tests.storage.worlds import NOW

PENSION, PAYE = Synonym("SPA", "state pension age"), Synonym("PAYE", "pay as you earn")


@pytest.fixture
async def places(database: Database) -> tuple[int, int]:
    """Two communities. In the first SPA and state pension age mean the same."""

    def write(tx: Transaction) -> tuple[int, int]:
        ann = People(tx).add("Ann", NOW)
        add = partial(Communities(tx).add, service="Tax", outcome="", by=ann, now=NOW)
        one, two = add("pensions", "Pensions"), add("bathing", "Bathing")
        assert one is not None and two is not None
        assert Synonyms(tx).add(one, PENSION, ann, NOW)
        Organisations(tx).add("HM Revenue and Customs", "HMRC", NOW)
        Organisations(tx).add("Hats for Who", "WHO", NOW)
        Organisations(tx).add("Zeppelin Council", "ZC", NOW, state="unlisted")
        return one, two

    return await database.write(write)


async def meant(database: Database, text: str, *communities: int) -> dict[str, float]:
    return dict(await database.read(lambda tx: Meaning(tx).of(text, communities)))


async def test_a_synonym_means_the_other_whichever_way_round_and_counts_half(
    database: Database, places: tuple[int, int]
) -> None:
    one, _ = places
    assert await meant(database, "What is my SPA?", one) == {"state": ADDED, "pension": ADDED, "age": ADDED}
    assert await meant(database, "What is the state pension age now?", one) == {"spa": ADDED}
    assert await meant(database, "Which age in which state?", one) == {}


async def test_a_synonym_of_one_community_means_nothing_in_another(database: Database, places: tuple[int, int]) -> None:
    one, two = places
    assert await meant(database, "A day at the spa", two) == await meant(database, "A day at the spa") == {}
    assert "pension" in await meant(database, "A day at the spa", two, one)


async def test_an_organisation_is_found_by_its_name_and_by_its_abbreviation(
    database: Database, places: tuple[int, int]
) -> None:
    assert set(await meant(database, "Who is in hmrc?")) == {"hm", "revenu", "custom"}
    for said in ("HM Revenue & Customs", "the hm revenue and customs", "Does Her Majesty’s Revenue and Customs pay?"):
        assert "hmrc" in await meant(database, said)
    assert await meant(database, "Revenue and a custom") == {}


async def test_a_small_word_is_an_abbreviation_only_where_it_is_written_as_one(
    database: Database, places: tuple[int, int]
) -> None:
    assert await meant(database, "who knows?") == await meant(database, "WHO KNOWS?") == {}
    assert "hat" in await meant(database, "Who works with the WHO?")


async def test_an_organisation_that_nobody_checked_means_nothing(database: Database, places: tuple[int, int]) -> None:
    assert await meant(database, "Zeppelin Council") == await meant(database, "ZC") == {}


async def test_one_step_is_taken_and_no_more(database: Database, places: tuple[int, int]) -> None:
    one, _ = places
    pairs = [("alpha", "beta"), ("beta", "gamma"), ("gamma", "alpha")]

    def write(tx: Transaction) -> None:
        for words, means in pairs:
            assert Synonyms(tx).add(one, Synonym(words, means), 1, NOW)
        assert not Synonyms(tx).add(one, Synonym("Betas", "alphas"), 1, NOW)

    await database.write(write)
    assert set(await meant(database, "alpha", one)) == {"beta", "gamma"}
    await database.write(lambda tx: Synonyms(tx).remove(one, "Beta", "gammas"))
    await database.write(lambda tx: Synonyms(tx).remove(one, "beta", "alpha"))
    assert set(await meant(database, "alpha", one)) == {"gamma"}
    assert await database.write(lambda tx: Synonyms(tx).remove(one, "alpha")) == 1
    assert await database.read(lambda tx: Synonyms(tx).of(one)) == [PENSION]


async def test_questions_and_people_are_found_by_what_the_words_mean_too(
    database: Database, places: tuple[int, int]
) -> None:
    one, _ = places
    ann, bob = await somebody(database), await somebody(database, "state pension age")
    number = await asked(database, ann, "When does the state pension age change?")
    await answered(database, number, bob, "In April.")

    def found(tx: Transaction) -> tuple[list[int], list[int]]:
        meaning = Meaning(tx).of("SPA", [one])
        search = Search(tx)
        assert search.questions("SPA", 10) == search.people("SPA", 10) == []
        return (
            [each.key for each in search.questions("SPA", 10, meaning=meaning)],
            [each.key for each in search.people("SPA", 10, meaning=meaning)],
        )

    assert await database.read(found) == ([number], [bob.id])


async def test_whatever_is_searched_for_is_looked_up_without_an_error(
    database: Database, places: tuple[int, int]
) -> None:
    for text in (
        "",
        " ",
        "a",
        "the of",
        "'; drop table synonym; --",
        "(.*)+[",
        "%_%",
        "x" * 4000,
        "SPA " * 1000,
        "Gwybodaeth am dreth",
    ):
        added = await meant(database, text, *places)
        assert not set(added) & set(terms(text))


words = st.sampled_from(["tax", "vat", "levy", "form", "letter", "court"])
counts = st.dictionaries(words, st.integers(1, 3), min_size=1)


@given(st.lists(counts, min_size=1, max_size=8), counts, st.dictionaries(words, st.just(ADDED)))
def test_what_is_meant_too_takes_nothing_from_any_text_and_nothing_meant_changes_nothing(
    texts: list[dict[str, int]], wanted: dict[str, int], also: dict[str, float]
) -> None:
    postings: Postings[int] = Postings()
    for number, text in enumerate(texts):
        postings.put(number, text)
    before = {one.key: one.score for one in postings.search(wanted, 100)}
    assert {one.key: one.score for one in postings.search(wanted, 100, {})} == before
    after = {one.key: one.score for one in postings.search(wanted, 100, also)}
    assert all(after[key] >= score - 1e-6 for key, score in before.items())
