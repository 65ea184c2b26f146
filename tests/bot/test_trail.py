"""What is in hand is known by its ids: nested, shared by what it causes, also in the database's threads, then over."""

import asyncio

from bot.trail import about, ids, note
from storage.database import Database
from tests.bot.asking import dispatch, heard
from tests.bot.platform import Office


def test_trails_nest_and_what_was_in_hand_before_comes_back() -> None:
    assert ids() == {}
    with about(request="r1", person=None):
        with about(outbox=3, person=7):
            assert ids() == {"request": "r1", "outbox": 3, "person": 7}
            note(event="Ev1")
        assert ids() == {"request": "r1"}
    assert ids() == {}


def test_outside_a_trail_there_is_nothing_to_add_to() -> None:
    note(person=7)
    assert ids() == {}


async def test_what_becomes_known_in_a_task_is_known_to_who_waits_for_it() -> None:
    async def meet() -> None:
        note(person=7)

    with about(request="r1"):
        await asyncio.create_task(meet())
        assert ids() == {"request": "r1", "person": 7}


async def test_the_databases_own_threads_know_what_they_work_for(database: Database) -> None:
    with about(request="r1"):
        assert await database.read(lambda tx: dict(ids())) == {"request": "r1"}
        assert await database.write(lambda tx: dict(ids())) == {"request": "r1"}
        await database.write(lambda tx: note(person=7))
        assert ids() == {"request": "r1", "person": 7}
    assert await database.read(lambda tx: dict(ids())) == {}


async def test_who_speaks_and_which_event_is_known_as_soon_as_it_is_read(office: Office) -> None:
    ann = await office.person("Ann")
    for words in ("help", "me role designer", "leave nowhere"):
        with about(request="r1"):
            await dispatch(office).handle(heard("Ann", words, key=words))
            assert ids() == {"request": "r1", "event": words, "person": ann}
