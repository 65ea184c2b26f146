"""Two people become one: nothing is lost, nothing is there twice, nothing refers to who is gone."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import SQLModel

from storage.answers import Answers
from storage.codes import Codes
from storage.communities import Communities
from storage.database import Database, Transaction
from storage.linking import become_one
from storage.members import Members
from storage.mirrors import Mirrors
from storage.people import People, Person
from storage.questions import Questions
from storage.showcases import Showcases
from storage.skills import Skills
from storage.tray import Message, Tray
from tests.storage.worlds import NOW

LATER = NOW + timedelta(hours=1)


def person(tx: Transaction, name: str, **said: Any) -> Person:
    """A new person with an account of that name."""
    known = People(tx)
    number = known.add(name, NOW, **said)
    known.add_account(number, ("slack", "T1", name), NOW)
    found = known.find(number)
    assert found is not None
    return found


def community(tx: Transaction, slug: str, *members: Person, owner: Person | None = None) -> int:
    """A new community with these members."""
    number = Communities(tx).add(slug, slug, "A service", "An outcome", by=members[0].id, now=NOW)
    assert number is not None
    for member in members:
        Communities(tx).join(number, member.id, NOW, owner=member is owner)
    return number


def question(tx: Transaction, where: int, asker: Person) -> int:
    """A new open question."""
    number = Questions(tx).draft(where, asker, "A question", NOW)
    Questions(tx).send(number, NOW)
    return number


def references(tx: Transaction, gone: int) -> list[str]:
    """Every column that names a person and still names this one."""
    left = []
    for name, rows in SQLModel.metadata.tables.items():
        for column in rows.c:
            if any(key.column.table.name == "person" for key in column.foreign_keys):
                counted: list[tuple[int]] = tx.once(select(func.count()).select_from(rows).where(column == gone))
                left += [f"{name}.{column.name}"] if counted[0][0] else []
    return left


async def test_nothing_refers_to_who_is_gone_and_nothing_is_lost(database: Database) -> None:
    def write(tx: Transaction) -> None:
        one, two, third = person(tx, "one"), person(tx, "two"), person(tx, "third")
        where = community(tx, "first", one, two, third)
        asked = [question(tx, where, one), question(tx, where, two), question(tx, where, third)]
        for number in asked:
            for member in (one, two):
                account = People(tx).accounts(member.id)[0].id
                Questions(tx).offer(number, member.id, NOW)
                above = Mirrors(tx).add(("question", number), member.id, account, NOW)
                answer = Answers(tx).add(number, member, "An answer", NOW)
                below = Mirrors(tx).add(("answer", answer), member.id, account, NOW, under=above)
                for mirror in (above, below):
                    Tray(tx).add(f"lane {member.name}", Message("mirror", member.id, mirror), NOW)
        for member in (one, two):
            Answers(tx).add_draft(member.id, "A draft", NOW)
            Codes(tx).add(f"digest {member.id}", member.id, LATER)
        become_one(tx, stays=one, profile=two)
        assert references(tx, two.id) == []
        assert People(tx).find(two.id) is None
        assert len(People(tx).accounts(one.id)) == 2
        assert Members(tx).size(where) == 2
        assert len(Questions(tx).mine(viewer=one._replace(verified=True))) == 2
        assert [brought.person_id for brought in Questions(tx).brought(asked[2])] == [one.id]
        assert Questions(tx).brought(asked[0]) == Questions(tx).brought(asked[1]) == []
        assert {said.author_id for number in asked for said in Answers(tx).sent(number)} == {one.id}
        assert Codes(tx).giver(f"digest {two.id}", NOW) == one.id
        for number in asked:
            assert len(Mirrors(tx).all(("question", number))) == 1

    await database.write(write)


async def test_who_owned_a_community_on_either_side_owns_it(database: Database) -> None:
    def write(tx: Transaction) -> None:
        one, two = person(tx, "one"), person(tx, "two")
        numbers = [community(tx, "first", one, two, owner=one), community(tx, "second", one, two, owner=two)]
        become_one(tx, stays=one, profile=two)
        for number in numbers:
            membership = Communities(tx).membership(number, one.id)
            assert membership is not None and membership.owner

    await database.write(write)


async def test_what_either_answered_is_answered_and_what_reached_either_was_brought(database: Database) -> None:
    def write(tx: Transaction) -> None:
        one, two, asker = person(tx, "one"), person(tx, "two"), person(tx, "asker")
        where = community(tx, "first", one, two, asker)
        pairs = [
            (("offered", "answered"), "answered"),
            (("answered", "offered"), "answered"),
            (("planned", "offered"), "offered"),
            (("undelivered", "declined"), "declined"),
            (("declined", "offered"), "declined"),
        ]
        numbers = [question(tx, where, asker) for _ in pairs]
        for number, (states, _) in zip(numbers, pairs, strict=True):
            Questions(tx).offer(number, one.id, NOW, state=states[0])
            Questions(tx).offer(number, two.id, NOW, state=states[1])
        become_one(tx, stays=one, profile=two)
        assert [Questions(tx).offer_of(number, one.id) for number in numbers] == [wanted for _, wanted in pairs]

    await database.write(write)


async def test_the_last_word_on_a_showcase_counts_once(database: Database) -> None:
    def write(tx: Transaction) -> None:
        one, two = person(tx, "one"), person(tx, "two")
        where = community(tx, "first", one, two)
        numbers = [
            Showcases(tx).add(where, "Title", ("2026-12-03T14:00", "Europe/London", LATER), 45, one.id, NOW)
            for _ in range(2)
        ]
        for number, (first, last) in zip(numbers, ((one, two), (two, one)), strict=True):
            Showcases(tx).say(number, first.id, True, NOW)
            Showcases(tx).say(number, last.id, False, LATER)
        become_one(tx, stays=one, profile=two)
        assert [Showcases(tx).going(number) for number in numbers] == [0, 0]
        assert [Showcases(tx).said(number, one.id) for number in numbers] == [False, False]

    await database.write(write)


async def test_what_the_profile_did_not_allow_is_not_allowed(database: Database) -> None:
    def write(tx: Transaction) -> None:
        for asked in (True, False):
            for findable in (True, False):
                name = f"{asked} {findable}"
                one = person(tx, f"{name} stays", asked=not asked, findable=not findable, knows="Letters", role="Old")
                two = person(tx, name, asked=asked, findable=findable, role="New")
                become_one(tx, stays=one, profile=two)
                kept = People(tx).find(one.id)
                assert kept is not None
                assert (kept.asked, kept.findable, kept.name) == (asked, findable, name)
                assert (kept.role, kept.knows) == ("New", "Letters")

    await database.write(write)


async def test_open_records_that_show_either_are_given_back_to_be_drawn_again(database: Database) -> None:
    def write(tx: Transaction) -> None:
        one, two, third = person(tx, "one"), person(tx, "two"), person(tx, "third")
        where = community(tx, "first", one, two, third)
        mine, other, closed = question(tx, where, two), question(tx, where, third), question(tx, where, two)
        Questions(tx).become(closed, "answered")
        answer = Answers(tx).add(other, two, "An answer", NOW)
        assert become_one(tx, stays=one, profile=two) == [("question", mine), ("answer", answer)]

    await database.write(write)


async def test_what_both_say_they_know_is_there_once_at_the_higher_level(database: Database) -> None:
    def link(tx: Transaction) -> list[tuple[str, str]]:
        ann, bob = person(tx, "Ann"), person(tx, "Bob")
        for who, words, level in (
            (ann, "Barges", "working"),
            (bob, "barges", "expert"),
            (ann, "Locks", "expert"),
            (bob, "Locks", ""),
            (bob, "Tolls", ""),
        ):
            Skills(tx).say(who.id, words, None, level, NOW)
        become_one(tx, stays=ann, profile=bob)
        assert references(tx, bob.id) == []
        return [(one.words, one.level) for one in Skills(tx).of(ann.id)]

    assert await database.write(link) == [("Barges", "expert"), ("Locks", "expert"), ("Tolls", "")]
