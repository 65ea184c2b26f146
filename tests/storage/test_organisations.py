"""Organisations by any spelling of their name, and what they are today; agreements in either order."""

import pytest
from sqlalchemy import select

from storage import tables
from storage.consents import Consents
from storage.database import Database
from storage.organisations import Organisations
from storage.tables import columns
from tests.storage.nouns import START, On, rows


@pytest.fixture
def known(database: Database) -> On[Organisations]:
    return On(database, Organisations)


async def _two(known: On[Organisations]) -> tuple[int, int]:
    one = await known(lambda known: known.add("HM Revenue & Customs", "HMRC", START))
    other = await known(lambda known: known.add("Llywodraeth Ŵyna", "LŴ", START))
    return one, other


@pytest.mark.parametrize("said", ["HMRC", "hmrc", " Hmrc ", "hm revenue & customs", "HM REVENUE & CUSTOMS"])
async def test_an_organisation_is_found_by_either_name_in_any_case(known: On[Organisations], said: str) -> None:
    one, other = await _two(known)
    assert [found.id for found in await known(lambda known: known.named(said))] == [one]
    for welsh in ("lŵ", "LLYWODRAETH ŵYNA"):
        assert [found.id for found in await known(lambda known, w=welsh: known.named(w))] == [other]  # type: ignore[misc]


@pytest.mark.parametrize("said", ["", "HM", "HMRC2", "%", "_"])
async def test_what_is_no_organisations_name_finds_none(known: On[Organisations], said: str) -> None:
    await _two(known)
    assert await known(lambda known: known.named(said)) == []


async def test_an_abbreviation_of_two_means_either(known: On[Organisations]) -> None:
    one, _ = await _two(known)
    another = await known(lambda known: known.add("Another", "HMRC", START))
    assert {found.id for found in await known(lambda known: known.named("hmrc"))} == {another, one}


async def test_an_agreement_is_one_whoever_comes_first(known: On[Organisations], database: Database) -> None:
    one, other = await _two(known)
    for pair in ((one, other), (other, one), (one, other)):
        await On(database, Consents)(lambda known, pair=pair: known.both(*pair, START))  # type: ignore[misc]
    g = columns(tables.Agreement)
    assert await rows(database, select(g.first_id, g.second_id, g.ended_at)) == [(one, other, None)]
