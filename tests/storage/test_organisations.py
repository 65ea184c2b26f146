"""Organisations by any spelling of their name; agreements in either order; installations that come and go."""

import pytest
from sqlalchemy import select

from storage import tables
from storage.database import Database
from storage.consents import Consents
from storage.organisations import Organisations
from storage.people import People
from storage.tables import columns
from tests.storage.nouns import START, On, rows


@pytest.fixture
def known(database: Database) -> On[Organisations]:
    return On(database, Organisations)


async def _two(known: On[Organisations]) -> tuple[int, int]:
    one = await known(lambda known: known.add("HM Revenue & Customs", "HMRC", START))
    other = await known(lambda known: known.add("Llywodraeth Ŵyna", "LŴ", START))
    assert one is not None and other is not None
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


async def test_people_known_before_their_workspace_was_tied_are_of_its_organisation_and_nobody_else(
    known: On[Organisations], database: Database
) -> None:
    one, other = await _two(known)
    people = On(database, People)
    numbers = []
    for name, tenant, organisation in (("Ann", "T1", None), ("Bob", "T2", None), ("Cho", "T1", other)):
        number = await people(lambda people, n=name, o=organisation: people.add(n, START, organisation=o))  # type: ignore[misc]
        where = ("slack", tenant, f"U{name}")
        await people(lambda people, number=number, where=where: people.add_account(number, where, START))  # type: ignore[misc]
        numbers.append(number)
    await known(lambda known: known.tie("slack", "T1", one, START))
    await known(lambda known: known.adopt("slack", "T1", one))
    p = columns(tables.Person)
    found = await rows(database, select(p.id, p.organisation_id, p.verified).order_by(p.id))
    assert found == [(numbers[0], one, False), (numbers[1], None, False), (numbers[2], other, False)]


async def test_an_installation_that_was_removed_forgets_its_token_and_keeps_its_organisation(
    known: On[Organisations],
) -> None:
    one, _ = await _two(known)
    await known(lambda known: known.tie("slack", "T1", one, START))
    await known(lambda known: known.equip("slack", "T1", bot="B1", token="encrypted", now=START))
    await known(lambda known: known.remove("slack", "T1"))
    removed = await known(lambda known: known.installation("slack", "T1"))
    assert removed is not None
    assert (removed.active, removed.token, removed.organisation_id) == (False, "", one)
    await known(lambda known: known.equip("slack", "T1", bot="B1", token="new", now=START))
    back = await known(lambda known: known.installation("slack", "T1"))
    assert back is not None and (back.active, back.token, back.organisation_id) == (True, "new", one)
    assert len(await known(lambda known: known.installations())) == 1


async def test_a_conversation_is_known_once(known: On[Organisations], database: Database) -> None:
    for _ in range(2):
        await known(lambda known: known.meet(("teams", "T2", "19:x"), "channel", "https://teams.example/", START))
    assert len(await rows(database, select(columns(tables.Conversation).id))) == 1
