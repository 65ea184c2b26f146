"""Installations that come and go, the people known from there, and the conversations in them."""

import pytest
from sqlalchemy import select

from storage import tables
from storage.database import Database
from storage.installations import Installations
from storage.organisations import Organisations
from storage.people import People
from storage.tables import columns
from tests.storage.nouns import START, On, rows


@pytest.fixture
def known(database: Database) -> On[Installations]:
    return On(database, Installations)


async def _two(database: Database) -> tuple[int, int]:
    organisations = On(database, Organisations)
    one = await organisations(lambda known: known.add("HM Revenue & Customs", "HMRC", START))
    other = await organisations(lambda known: known.add("Llywodraeth Ŵyna", "LŴ", START))
    return one, other


async def test_people_known_before_their_workspace_was_tied_are_of_its_organisation_and_nobody_else(
    known: On[Installations], database: Database
) -> None:
    one, other = await _two(database)
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
    known: On[Installations], database: Database
) -> None:
    one, _ = await _two(database)
    await known(lambda known: known.tie("slack", "T1", one, START))
    await known(lambda known: known.equip("slack", "T1", bot="B1", token="encrypted", now=START))
    await known(lambda known: known.remove("slack", "T1"))
    removed = await known(lambda known: known.at("slack", "T1"))
    assert removed is not None
    assert (removed.active, removed.token, removed.organisation_id) == (False, "", one)
    await known(lambda known: known.equip("slack", "T1", bot="B1", token="new", now=START))
    back = await known(lambda known: known.at("slack", "T1"))
    assert back is not None and (back.active, back.token, back.organisation_id) == (True, "new", one)
    assert len(await known(lambda known: known.all())) == 1


async def test_a_conversation_is_known_once(known: On[Installations], database: Database) -> None:
    for _ in range(2):
        await known(lambda known: known.meet(("teams", "T2", "19:x"), "channel", "https://teams.example/", START))
    assert len(await rows(database, select(columns(tables.Conversation).id))) == 1
