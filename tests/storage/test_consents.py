"""What crosses between organisations: exactly what both let cross, whoever says what in which order."""

from dataclasses import dataclass
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from storage import tables
from storage.consents import KINDS, Agreed, Consents
from storage.database import Database, Transaction, connect
from storage.organisations import Organisations
from storage.people import People
from storage.tables import table
from tests.storage.nouns import START

PLACES = range(3)


@dataclass(frozen=True)
class Said:
    """One organisation says what may cross to another, or to every one; None for kinds ends what it said before."""

    one: int
    other: int | None
    kinds: str | None


said = st.builds(
    Said,
    one=st.sampled_from(PLACES),
    other=st.one_of(st.none(), st.sampled_from(PLACES)),
    kinds=st.sampled_from([None, "", "questions", "names", "questions names"]),
).filter(lambda one: one.one != one.other)


def by_the_rule(course: list[Said]) -> set[tuple[int, int, bool, bool]]:
    """What crosses after all this was said: what one says of another by name counts, else what it says of all."""
    now: dict[tuple[int, int | None], str] = {}
    for one in course:
        now.pop((one.one, one.other), None)
        if one.kinds is not None:
            now[one.one, one.other] = one.kinds

    def lets(one: int, other: int) -> set[str]:
        return set(now.get((one, other), now.get((one, None), "")).split())

    pairs = [(first, second, lets(first, second) & lets(second, first)) for first in PLACES for second in PLACES]
    return {(a, b, "questions" in both, "names" in both) for a, b, both in pairs if a < b and both}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=st.lists(said, max_size=8))
async def test_what_crosses_is_what_both_let_cross_whatever_came_before(course: list[Said], sqlite_url: str) -> None:
    database = connect(sqlite_url)
    try:
        assert await database.write(lambda tx: _after(tx, course)) == by_the_rule(course)
    finally:
        database.close()


@pytest.mark.parametrize("kinds", ["questions", "names", "questions names"])
async def test_the_rule_holds_on_this_database_too(database: Database, kinds: str) -> None:
    course = [
        Said(0, 1, kinds),
        Said(1, None, "questions names"),
        Said(2, None, kinds),
        Said(0, 1, None),
        Said(1, 0, ""),
    ]
    for many in range(len(course) + 1):
        found = await database.write(lambda tx, n=many: _after(tx, course[:n]))  # type: ignore[misc]  # bound now
        assert found == by_the_rule(course[:many])


def _after(tx: Transaction, course: list[Said]) -> set[tuple[int, int, bool, bool]]:
    for model in (tables.Agreement, tables.Consent, tables.OrganisationName, tables.Organisation):
        tx.once(delete(table(model)))
    consents, known = Consents(tx), Organisations(tx)
    numbers = [known.add(f"Organisation {place}", f"O{place}", START) for place in PLACES]
    for one in course:
        other = None if one.other is None else numbers[one.other]
        if one.kinds is None:
            consents.end(numbers[one.one], other, START)
        else:
            consents.give(numbers[one.one], other, one.kinds, by=None, now=START)
    found: list[Agreed] = consents.agreed()
    for agreed in found:
        assert agreed in consents.of(agreed.first_id) and agreed in consents.of(agreed.second_id)
    place = {number: at for at, number in enumerate(numbers)}
    return {(place[one.first_id], place[one.second_id], one.questions, one.names) for one in found}


async def test_who_asked_is_who_spoke_last_and_only_by_name(database: Database) -> None:
    def look(tx: Transaction) -> list[int | None]:
        consents, known = Consents(tx), Organisations(tx)
        one, other = known.add("One", "ONE", START), known.add("Two", "TWO", START)
        people = [People(tx).add(name, START, organisation=one) for name in ("Ann", "Ben")]
        asked = [consents.asked_by(one, other)]
        consents.give(one, None, "names", by=people[0], now=START)
        asked.append(consents.asked_by(one, other))
        for person in people:
            consents.give(one, other, "names", by=person, now=START)
        asked.append(consents.asked_by(one, other))
        consents.end(one, other, START)
        return [*asked, consents.asked_by(one, other), people[1]]

    before, for_all, last, ended, ben = await database.write(look)
    assert (before, for_all, last, ended) == (None, None, ben, None)


class Counted:
    """A transaction that counts what is asked of it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx, self.times = tx, 0

    def __getattr__(self, name: str) -> Any:
        self.times += 1
        return getattr(self._tx, name)


async def test_saying_it_once_more_asks_as_little_of_the_database_with_many_organisations(database: Database) -> None:
    def say(tx: Transaction) -> tuple[int, int]:
        known, asked = Organisations(tx), []
        mine = known.add("Mine", "MINE", START)
        for number in range(40):
            Consents(tx).give(known.add(f"Other {number}", f"O{number}", START), None, "names", by=None, now=START)
            if number in (1, 39):
                Consents(tx).give(mine, None, "names", by=None, now=START)
                counted = Counted(tx)
                Consents(cast(Transaction, counted)).give(mine, None, "names", by=None, now=START)
                asked.append(counted.times)
        return asked[0], asked[1]

    few, many = await database.write(say)
    assert few == many


def test_every_kind_has_a_column_of_the_agreement() -> None:
    assert set(KINDS) <= set(Agreed._fields)
