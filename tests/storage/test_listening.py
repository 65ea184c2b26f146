"""Processes tell each other that something may be owed: two databases on one URL are two processes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from sqlalchemy import func, select

from storage.database import Database, connect
from storage.listening import CHANNEL, LISTEN, PAUSE_SECONDS, pause
from storage.statements import statement
from tests.databases import Postgres

LONGEST = 30.0
"""Only a test that fails waits so long."""
BACKEND = statement(select(func.pg_backend_pid()), int)


class Ear:
    """What `listen` calls; `once` waits for one more call."""

    def __init__(self) -> None:
        self._calls: asyncio.Queue[None] = asyncio.Queue()

    def __call__(self) -> None:
        self._calls.put_nowait(None)

    async def once(self) -> None:
        async with asyncio.timeout(LONGEST):
            await self._calls.get()

    @property
    def more(self) -> int:
        """How often it was called and nobody waited for it yet."""
        return self._calls.qsize()


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[Ear]:
    """Somebody of this process listens, on whichever database."""
    ear = Ear()
    task = asyncio.create_task(database.listen(ear))
    yield ear
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@asynccontextmanager
async def everything_told(url: str) -> AsyncIterator["psycopg.AsyncConnection"]:
    """A connection that is told of every notice, whoever it is from."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(LISTEN)
        yield connection


async def told_until(connection: "psycopg.AsyncConnection", last: str) -> list[str]:
    """Who told, in order; `last` tells too, so that it has an end."""
    await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, last])
    tellers = []
    async for notice in connection.notifies(timeout=LONGEST):
        tellers.append(notice.payload)
        if notice.payload == last:
            return tellers
    raise AssertionError(f"never told: {tellers}")


@pytest.fixture
def other(postgres_url: str) -> Iterator[Database]:
    """Another process on the same database."""
    connected = connect(postgres_url)
    yield connected
    connected.close()


@pytest.fixture
def here(postgres_url: str) -> Iterator[Database]:
    """This process."""
    connected = connect(postgres_url)
    yield connected
    connected.close()


async def test_who_listens_looks_at_once_and_whenever_another_process_tells(here: Database, other: Database) -> None:
    async with listening(here) as ear:
        await ear.once()
        for _ in range(3):
            other.tell()
            await ear.once()
        assert ear.more == 0


async def test_what_a_process_tells_itself_it_does_not_hear(here: Database, other: Database, postgres_url: str) -> None:
    async with everything_told(postgres_url) as everything, listening(here) as ear:
        await ear.once()
        here.tell()
        async for _ in everything.notifies(timeout=LONGEST, stop_after=1):
            other.tell()
        await ear.once()
        assert ear.more == 0


async def test_a_thousand_at_once_are_told_as_one(here: Database, postgres_url: str) -> None:
    async with everything_told(postgres_url) as everything:
        for _ in range(1000):
            here.tell()
        first = [notice.payload async for notice in everything.notifies(timeout=LONGEST, stop_after=1)]
        await asyncio.to_thread(here.close)  # whatever it had to tell is told
        assert len(first) == 1
        assert await told_until(everything, "end") == ["end"]


async def test_a_listener_that_lost_its_connection_looks_again_and_hears_again(
    here: Database, other: Database, postgres: Postgres, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "storage")
    async with listening(here) as ear:
        await ear.once()
        for _ in range(2):
            postgres.disconnect_everyone(postgres_url)
            await ear.once()
            other.tell()
            await ear.once()
    said = [(record.levelname, record.getMessage()) for record in caplog.records]
    lost = ("WARNING", "Other processes are not heard; the tick looks instead")
    assert said == [lost, ("INFO", "Other processes are heard again")] * 2


async def test_a_process_whose_listener_lost_the_server_trusts_none_of_its_connections(
    here: Database, postgres: Postgres, postgres_url: str
) -> None:
    before = await here.write(lambda t: t.one(BACKEND))
    async with listening(here) as ear:
        await ear.once()
        with psycopg.connect(postgres_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = %s", [LISTEN])
        await ear.once()
        assert await here.write(lambda t: t.one(BACKEND)) != before


async def test_to_listen_before_there_is_a_server_waits_for_it(caplog: pytest.LogCaptureFixture) -> None:
    nowhere = connect("postgresql://signpost:hunter2@127.0.0.1:1,127.0.0.1:2/x")
    warned = asyncio.Event()

    class Watch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            warned.set()

    watch = Watch()
    logging.getLogger("storage.listening").addHandler(watch)
    async with listening(nowhere) as ear, asyncio.timeout(LONGEST):
        await warned.wait()
        nowhere.tell()
    logging.getLogger("storage.listening").removeHandler(watch)
    assert ear.more == 0
    assert "hunter2" not in caplog.text
    nowhere.close()


async def test_on_any_database_telling_never_fails_and_nobody_hears_what_was_not_told(database: Database) -> None:
    async with listening(database) as ear:
        database.tell()
        await database.read(lambda t: None)
        await asyncio.to_thread(database.close)
        database.tell()
        await asyncio.sleep(0)
    assert ear.more <= 1


def test_outside_an_event_loop_nobody_is_told_and_nothing_fails(database: Database) -> None:
    database.tell()


def test_tries_come_further_and_further_apart_up_to_a_limit() -> None:
    first, most = PAUSE_SECONDS
    pauses = [pause(tries) for tries in (0, 1, 2, 5, 10, 100_000)]
    assert first / 2 <= pauses[0] <= first < most
    assert all(one <= most for one in pauses)
    assert pauses[-1] >= most / 2
