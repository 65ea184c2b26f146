"""Organisations by any spelling of their name, and what they are today; agreements in either order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from storage import tables
from storage.consents import Consents
from storage.database import Database, Transaction
from storage.organisations import Organisations, folded
from storage.tables import columns, table
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


async def _closed(known: On[Organisations], name: str, *successors: int) -> int:
    """A new organisation that closed, and these took over its work."""
    number = await known(lambda known: known.add(name, "", START, state="closed"))

    def follow(tx: Transaction) -> None:
        for successor in successors:
            followed = {"predecessor_id": number, "successor_id": successor}
            tx.once(insert(table(tables.OrganisationSuccession)).values(**followed))

    await known.database.write(follow)
    return number


async def _becomes(known: On[Organisations], number: int, state: str) -> None:
    rows = table(tables.Organisation)
    await known.database.write(lambda tx: tx.once(update(rows).where(rows.c.id == number).values(state=state)))


async def _today(known: On[Organisations], number: int) -> list[int]:
    def look(known: Organisations) -> list[int]:
        found = known.get(number)
        assert found is not None
        return [one.id for one in known.today(found)]

    return await known(look)


async def test_one_that_there_is_goes_before_one_that_closed_and_a_name_before_an_abbreviation_and_an_alias(
    known: On[Organisations],
) -> None:
    def fill(known: Organisations) -> list[int]:
        named = known.add("Ferries", "FER", START)
        short = known.add("Office of Ferries", "Ferries", START)
        alias = known.add("Boats", "BTS", START)
        closed = known.add("Ferries", "FER", START, state="closed")
        known.call(alias, [("Ferries", "alias"), ("FER", "alias"), ("Old Boats", "alias")])
        known.call(closed, [("Very Old Boats", "alias")])
        return [named, short, alias, closed]

    named, short, alias, closed = await known(fill)

    async def meant(said: str) -> list[int]:
        return [one.id for one in await known(lambda known: known.named(said))]

    assert await meant("ferries") == await meant("FER") == [named]
    assert await meant("Old Boats") == [alias] and await meant("Very Old Boats") == [closed]
    await _becomes(known, named, "closed")
    assert await meant("ferries") == [short] and await meant("FER") == [alias]
    await _becomes(known, short, "refused")
    await _becomes(known, alias, "unlisted")
    assert await meant("ferries") == sorted([named, closed])


async def test_a_name_keeps_the_stronger_of_two_kinds(known: On[Organisations]) -> None:
    one, _ = await _two(known)
    another = await known(lambda known: known.add("Another", "", START))
    await known(lambda known: known.call(another, [("HMRC", "alias")]))
    await known(lambda known: known.call(another, [("HMRC", "short")]))
    await known(lambda known: known.call(another, [("HMRC", "alias")]))
    assert {found.id for found in await known(lambda known: known.named("hmrc"))} == {one, another}


async def test_what_there_is_today_is_found_through_chains_and_branches(known: On[Organisations]) -> None:
    one, other = await _two(known)
    newer = await _closed(known, "Newer", one, other)
    old = await _closed(known, "Old", newer)
    oldest = await _closed(known, "Oldest", old, one)
    gone = await _closed(known, "Gone")
    assert await _today(known, one) == [one]
    for closed in (newer, old, oldest):
        assert await _today(known, closed) == [one, other]
    assert await _today(known, gone) == []


async def test_organisations_that_follow_each_other_in_a_circle_end_nowhere(known: On[Organisations]) -> None:
    first = await _closed(known, "First")
    second = await _closed(known, "Second", first)
    third = await _closed(known, "Third", second)
    circle = {"predecessor_id": first, "successor_id": third}
    await known.database.write(lambda tx: tx.once(insert(table(tables.OrganisationSuccession)).values(**circle)))
    for closed in (first, second, third):
        assert await _today(known, closed) == []


async def test_a_domain_is_its_organisations_and_so_are_those_below_it_alone(known: On[Organisations]) -> None:
    one, other = await _two(known)
    assert await known(lambda known: known.own_domain(one, "HMRC.gov.uk"))
    assert not await known(lambda known: known.own_domain(other, "hmrc.gov.uk"))
    assert await known(lambda known: known.own_domain(other, "special.hmrc.gov.uk"))

    async def at(domain: str) -> int | None:
        found = await known(lambda known: known.at_domain(domain))
        return found.id if found else None

    for domain in ("hmrc.gov.uk", "HMRC.GOV.UK", "digital.hmrc.gov.uk", "a.b.c.hmrc.gov.uk", "hmrc.gov.uk."):
        assert await at(domain) == one
    for domain in ("special.hmrc.gov.uk", "very.special.hmrc.gov.uk"):
        assert await at(domain) == other
    for domain in ("", ".", "uk", "gov.uk", "nothmrc.gov.uk", "hmrc.gov.uk.example", "hmrc", "%.gov.uk"):
        assert await at(domain) is None


async def test_names_like_it_have_its_words_or_nearly_its_letters(known: On[Organisations]) -> None:
    await _two(known)
    await known(lambda known: known.add("Office of Ferries", "OF_F", START))
    for said, near in (
        ("revenue", "HM Revenue & Customs"),
        ("Offise of Feries", "Office of Ferries"),
        ("HMCR", "HMRC"),
        ("of_f", "OF_F"),
    ):
        assert near in await known(lambda known, s=said: known.near(s)), said  # type: ignore[misc]  # bound now
    for said in ("", "%", "____", "zzzz", "x" * 5000):
        assert await known(lambda known, s=said: known.near(s)) == []  # type: ignore[misc]  # bound now


@given(st.text(max_size=60))
def test_a_name_that_was_folded_is_folded(said: str) -> None:
    assert folded(folded(said)) == folded(said)


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_case_spaces_and_a_the_before_it_make_no_difference(said: str) -> None:
    before = f"The {said}" if folded(said) else said
    for spelling in (said.upper(), said.lower(), f"  {said}  ", before, said.replace(" ", "  ")):
        assert folded(spelling) == folded(said)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HM Revenue & Customs", "hm revenue and customs"),
        ("His Majesty’s Treasury", "HM Treasury"),
        ("Her Majesty's Treasury", "The HM Treasury"),
        (
            "Department for Business, Energy & Industrial Strategy",
            "department for business energy and industrial strategy",
        ),
        ("St. John’s", "st johns"),
        ("Llywodraeth Cymru", "LLYWODRAETH CYMRU"),
    ],
)
def test_spellings_of_one_name_are_the_same_folded(one: str, other: str) -> None:
    assert folded(one) == folded(other)
