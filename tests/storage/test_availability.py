"""When a person can be asked, and from whom they hide: kept, added up where two are one, exported, and forgotten."""

from datetime import date, timedelta

from storage.availability import Availability
from storage.database import Database, Transaction
from storage.exporting import held_about
from storage.forgetting import Forgetting
from storage.linking import become_one
from storage.members import Members
from storage.organisations import Organisations
from storage.people import People, Person
from tests.storage.test_linking import community, person
from tests.storage.worlds import NOW

FIRST, LAST = date(2026, 12, 24), date(2027, 1, 5)


def again(tx: Transaction, number: int) -> Person:
    found = People(tx).find(number)
    assert found is not None
    return found


async def test_what_is_said_is_kept_and_exported_and_goes_with_the_person(database: Database) -> None:
    def write(tx: Transaction) -> None:
        one, said = person(tx, "one"), Availability(tx)
        tax = Organisations(tx).add("Tax Office", "TO", NOW)
        said.limit(one.id, 7)
        said.away(one.id, FIRST, LAST)
        said.hours(one.id, "09:00-17:00 01234")
        said.languages(one.id, "cy fr")
        assert said.hide(one.id, tax) and not said.hide(one.id, tax)
        known = again(tx, one.id)
        assert (known.weekly, known.away_from, known.away_until) == (7, FIRST, LAST)
        assert (known.hours, known.languages) == ("09:00-17:00 01234", "cy fr")
        held = held_about(tx, one.id)
        assert held["hiding"][0]["organisation_id"] == tax
        row = held["person"][0]
        assert (row["away_from"], row["away_until"]) == ("2026-12-24", "2027-01-05")
        assert (row["hours"], row["languages"], row["weekly"]) == ("09:00-17:00 01234", "cy fr", 7)
        Forgetting(tx).erase(one.id)
        assert said.hidden_from(one.id) == [] and People(tx).find(one.id) is None

    await database.write(write)


async def test_two_who_become_one_hide_from_whom_either_hid_and_speak_what_either_spoke(database: Database) -> None:
    def write(tx: Transaction) -> None:
        one, two, said = person(tx, "one"), person(tx, "two"), Availability(tx)
        offices = [Organisations(tx).add(name, "", NOW) for name in ("First Office", "Second Office", "Third Office")]
        for who, number in ((one, 0), (one, 1), (two, 1), (two, 2)):
            said.hide(who.id, offices[number])
        said.away(one.id, FIRST, LAST)
        said.hours(one.id, "08:00-16:00 01234")
        said.languages(one.id, "cy fr")
        said.languages(two.id, "pl cy")
        said.limit(two.id, 5)
        become_one(tx, stays=again(tx, one.id), profile=again(tx, two.id))
        known = again(tx, one.id)
        assert [office.id for office in said.hidden_from(one.id)] == offices
        assert (known.away_from, known.away_until, known.hours) == (FIRST, LAST, "08:00-16:00 01234")
        assert (known.languages, known.weekly) == ("pl cy fr", 5)

    await database.write(write)


async def test_who_is_away_everywhere_leaves_the_first_500_to_others(database: Database) -> None:
    def write(tx: Transaction) -> None:
        office = Organisations(tx).add("Tax Office", "TO", NOW)
        asks = person(tx, "asks", organisation=office, verified=True)
        members = [person(tx, f"p{number}", organisation=office, verified=True, asked=True) for number in range(505)]
        where = community(tx, "first", asks, *members)
        for member in members[:501]:
            Availability(tx).away(member.id, NOW.date() - timedelta(days=3), NOW.date() + timedelta(days=3))
        willing = Members(tx).willing(where, NOW - timedelta(days=7), viewer=again(tx, asks.id))
        assert [one.id for one in willing] == [one.id for one in members[501:]]

    await database.write(write)
