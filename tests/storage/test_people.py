"""A person and their accounts; who may be asked and found, and never across organisations without agreement."""

from datetime import timedelta

import pytest

from storage.codes import Codes
from storage.communities import Communities
from storage.consents import Consents
from storage.database import Database, Transaction
from storage.members import Members
from storage.organisations import Organisations
from storage.people import People, Person
from storage.questions import Questions
from tests.storage.nouns import START, On

WEEK_AGO = START - timedelta(days=7)


class Office:
    """Three organisations, of which the first two agreed, and one community."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.people = On(database, People)
        self.members = On(database, Members)
        self.organisations: list[int] = []
        self.community = 0

    async def fill(self) -> None:
        def add(tx: Transaction) -> None:
            known = Organisations(tx)
            for short in ("A", "B", "C"):
                self.organisations.append(known.add(short * 3, short, START))
            Consents(tx).both(self.organisations[1], self.organisations[0], START)
            founder = People(tx).add("Founder", START)
            community = Communities(tx).add("tax", "Tax", "Tax", "Fair", by=founder, now=START)
            assert community is not None
            self.community = community

        self.organisations.clear()
        await self.database.write(add)

    async def member(self, name: str, organisation: int | None, *, verified: bool = True, **said: bool) -> Person:
        """Somebody in the community who said yes to both questions, unless told otherwise."""

        def add(tx: Transaction) -> Person:
            of = None if organisation is None else self.organisations[organisation]
            number = People(tx).add(
                name, START, organisation=of, verified=verified, **{"asked": True, "findable": True, **said}
            )
            Communities(tx).join(self.community, number, START)
            found = People(tx).find(number)
            assert found is not None
            return found

        return await self.database.write(add)


@pytest.fixture
async def office(database: Database) -> Office:
    found = Office(database)
    await found.fill()
    return found


async def willing(office: Office, viewer: Person) -> list[str]:
    found = await office.members(lambda members: members.willing(office.community, WEEK_AGO, viewer=viewer))
    still = await office.members(
        lambda members: members.willing_among(range(100), office.community, WEEK_AGO, viewer=viewer)
    )
    assert set(still) == {person.id for person in found}
    return [person.name for person in found]


async def findable(office: Office, viewer: Person) -> list[str]:
    found = await office.members(lambda members: members.findable_among(range(100), viewer=viewer))
    return [found[number].name for number in sorted(found)]


async def test_only_those_who_said_yes_are_asked_or_found_and_never_oneself(office: Office) -> None:
    ann = await office.member("Ann", 0)
    await office.member("Shy", 0, asked=False)
    await office.member("Hidden", 0, findable=False)
    assert await willing(office, ann) == ["Hidden"]
    assert await findable(office, ann) == ["Shy"]


async def test_names_and_questions_cross_only_where_both_agreed_and_both_are_verified(office: Office) -> None:
    ann = await office.member("Ann", 0)
    await office.member("Own", 0)
    await office.member("Agreed", 1)
    await office.member("Claims", 1, verified=False)
    await office.member("Other", 2)
    await office.member("None", None)
    for look in (willing, findable):
        assert await look(office, ann) == ["Own", "Agreed"]
        assert await look(office, ann._replace(verified=False)) == []
        assert await look(office, ann._replace(organisation_id=None)) == []


async def test_who_left_is_neither_asked_nor_found(office: Office) -> None:
    ann, bob = await office.member("Ann", 0), await office.member("Bob", 0)
    await office.people(lambda people: people.describe(bob, "Bob", "", verified=True, active=False))
    assert await willing(office, ann) == []
    assert await findable(office, ann) == []


async def test_who_had_three_questions_this_week_is_asked_no_more_until_one_is_a_week_old(office: Office) -> None:
    ann, bob = await office.member("Ann", 0), await office.member("Bob", 0)

    def bring(tx: Transaction) -> None:
        for days in (6, 5, 4):
            number = Questions(tx).draft(office.community, ann, "What?", START)
            Questions(tx).offer(number, bob.id, START - timedelta(days=days))

    await office.database.write(bring)
    assert await willing(office, ann) == []
    later = START + timedelta(days=1, seconds=1)
    found = await office.members(
        lambda members: members.willing(office.community, later - timedelta(days=7), viewer=ann)
    )
    assert [person.name for person in found] == ["Bob"]


async def test_an_account_is_one_persons_and_the_newest_seen_is_home(office: Office) -> None:
    ann, bob = await office.member("Ann", 0), await office.member("Bob", 0)
    slack, teams = ("slack", "T1", "U1"), ("teams", "T2", "U2")
    first = await office.people(lambda people: people.add_account(ann.id, slack, START))
    second = await office.people(lambda people: people.add_account(ann.id, teams, START))
    assert await office.people(lambda people: people.add_account(bob.id, slack, START)) is None
    assert first is not None and second is not None
    home = await office.people(lambda people: people.home(ann.id))
    assert home is not None and home.id == second
    later = START + timedelta(minutes=1)
    await office.people(lambda people: people.seen(first, later, chat="D1", service_url=""))
    home = await office.people(lambda people: people.home(ann.id))
    assert home is not None and (home.id, home.chat) == (first, "D1")
    assert await office.people(lambda people: people.home(bob.id)) is None


async def test_the_same_user_id_elsewhere_is_somebody_else(office: Office) -> None:
    ann, bob = await office.member("Ann", 0), await office.member("Bob", 1)
    await office.people(lambda people: people.add_account(ann.id, ("slack", "T1", "U1"), START))
    await office.people(lambda people: people.add_account(bob.id, ("slack", "T2", "U1"), START))
    found = await office.people(lambda people: people.by_account("slack", "T2", "U1"))
    assert found is not None and found[0].name == "Bob"
    assert await office.people(lambda people: people.by_account("teams", "T1", "U1")) is None


async def test_a_code_works_once_and_until_it_expires(office: Office) -> None:
    ann = await office.member("Ann", 0)
    soon, codes = START + timedelta(minutes=10), On(office.database, Codes)
    for digest in ("one", "two"):
        await codes(lambda codes, d=digest: codes.add(d, ann.id, soon))  # type: ignore[misc]
    assert await codes(lambda codes: codes.use("one", START)) == ann.id
    assert await codes(lambda codes: codes.use("one", START)) is None
    assert await codes(lambda codes: codes.use("two", soon)) is None
    assert await codes(lambda codes: codes.use("none", START)) is None


async def test_what_the_platform_leaves_out_stays_as_it_was(office: Office) -> None:
    ann = await office.member("Ann", 0)
    await office.people(lambda people: people.describe(ann, "", "", verified=True, active=True))
    found = await office.people(lambda people: people.find(ann.id))
    assert found is not None and (found.name, found.zone) == ("Ann", "Europe/London")
