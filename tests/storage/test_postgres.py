"""What only PostgreSQL needs: connections that break, transactions that meet, errors that quote too much."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier
from sqlalchemy import func, select

from storage.database import Database, OutcomeUnknown, Transaction, Unavailable, connect, statement
from storage.postgres import WRITERS
from storage.schema import state, upgrade
from storage.statements import Statement
from tests.databases import Postgres
from tests.storage.things import ADD_OWNED, COUNT, NAMED, NAMES, NEW_COUNTER, SET_COUNT, THINGS

SETTING = statement(select(func.current_setting("transaction_isolation"), func.current_setting("TimeZone")))
BACKEND = statement(select(func.pg_backend_pid()), int)
SERVER_NOW = statement(select(func.clock_timestamp()))
READ_ONLY_FROM_NOW = statement(
    select(func.pg_backend_pid(), func.set_config("default_transaction_read_only", "on", False)), lambda pid, _: pid
)


@pytest.fixture
def url(postgres_things_url: str) -> str:
    return postgres_things_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    connected = connect(url)
    yield connected
    connected.close()


async def everyone(
    run: Callable[[Callable[[Transaction], int]], Awaitable[int]], threads: int, said: Statement[int] = BACKEND
) -> list[int]:
    """The server process of each thread's connection: all of them say this at the same moment."""
    together = threading.Barrier(threads)

    def backend(t: Transaction) -> int:
        together.wait(30)
        return t.one(said) or 0

    return list(await asyncio.gather(*(run(backend) for _ in range(threads))))


async def test_writes_are_serializable_and_reads_one_snapshot_in_utc(database: Database) -> None:
    assert await database.write(lambda t: t.one(SETTING)) == ("serializable", "UTC")
    assert await database.read(lambda t: t.one(SETTING)) == ("repeatable read", "UTC")


async def test_a_connection_that_was_lost_meanwhile_is_made_again_unnoticed(
    database: Database, postgres: Postgres, url: str
) -> None:
    await database.write(lambda t: t.run(NAMED, name="a"))
    await database.read(lambda t: t.one(THINGS))
    postgres.disconnect_everyone(url)

    assert await database.write(lambda t: t.run(NAMED, name="b")) == 1
    assert await database.read(lambda t: t.all(NAMES)) == ["a", "b"]


async def test_a_connection_lost_half_way_runs_the_function_again_and_keeps_it_once(
    database: Database, postgres: Postgres, url: str
) -> None:
    tries = []

    def lose_it_once(t: Transaction) -> int:
        tries.append(t)
        t.run(NAMED, name="a")
        if len(tries) == 1:
            postgres.disconnect_everyone(url)
        return t.run(NAMED, name="b")

    assert await database.write(lose_it_once) == 1
    assert len(tries) == 2
    assert await database.read(lambda t: t.all(NAMES)) == ["a", "b"]


async def test_a_connection_lost_over_the_commit_is_an_unknown_outcome_and_not_tried_again(
    database: Database, url: str
) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("""
            CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'
        """)
        admin.execute("""
            CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON thing DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION leave()
        """)
    tries = []

    def insert(t: Transaction) -> int:
        tries.append(t)
        return t.run(NAMED, name="a")

    with pytest.raises(OutcomeUnknown):
        await database.write(insert)
    assert len(tries) == 1
    assert await database.write(lambda t: t.run(NEW_COUNTER, name="x")) == 1


async def test_two_who_wait_for_each_other_both_get_there(database: Database) -> None:
    await database.write(lambda t: t.many(NEW_COUNTER, [{"name": "x"}, {"name": "y"}]))

    def swap(first: str, second: str) -> object:
        def run(t: Transaction) -> None:
            for name in (first, second):
                t.run(SET_COUNT, name=name, to=(t.one(COUNT, name=name) or 0) + 1)

        return database.write(run)

    await asyncio.gather(*(swap("x", "y") if n % 2 else swap("y", "x") for n in range(8)))  # type: ignore[call-overload]
    assert await database.read(lambda t: (t.one(COUNT, name="x"), t.one(COUNT, name="y"))) == (8, 8)


async def test_two_who_check_and_then_insert_the_same_meet_no_error(database: Database) -> None:
    def once_only(t: Transaction) -> bool:
        if "a" in t.all(NAMES):
            return False
        t.run(NAMED, name="a")
        return True

    for _ in range(5):
        outcomes = await asyncio.gather(*(database.write(once_only) for _ in range(8)))
        assert sum(outcomes) <= 1
    assert await database.read(lambda t: t.all(NAMES)) == ["a"]


async def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    database = connect("postgresql://signpost:hunter2@127.0.0.1:1/x")
    for run in (database.write, database.read):
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1.*port 1") as away:
            await run(lambda t: t.one(THINGS))
        assert "hunter2" not in str(away.value)
    database.close()


async def test_of_several_hosts_the_one_that_answers_is_used(url: str) -> None:
    name, folder = url.removeprefix("postgresql://postgres:@/").split("?host=")
    for several in (
        f"postgresql://postgres@127.0.0.1:1,{folder.replace('/', '%2F')}:5432/{name}",
        f"postgresql://postgres:@/{name}?host=/nowhere,{folder}&port=5432",
        f"postgresql://postgres:@/{name}?host={folder},/nowhere&target_session_attrs=primary",
    ):
        upgrade(several)
        assert state(several) == "current"
        database = connect(several)
        assert await database.read(lambda t: t.one(THINGS)) == 0
        assert await database.write(lambda t: t.one(THINGS)) == 0
        database.close()


async def test_where_no_host_answers_all_are_named_without_the_password() -> None:
    url = "postgresql://signpost:hunter2@127.0.0.1:1,127.0.0.1:2/x?target_session_attrs=read-write"
    database = connect(url)
    for run in (database.write, database.read):
        with pytest.raises(Unavailable, match=r"(?s)port 1.*port 2|port: '1'.*port: '2'") as away:
            await run(lambda t: t.one(THINGS))
        assert "hunter2" not in str(away.value)
    for look in (upgrade, state):
        with pytest.raises(Unavailable) as away:
            look(url)
        assert "hunter2" not in str(away.value)
    database.close()


async def test_a_host_that_says_nothing_is_waited_for_once_and_not_by_every_thread(url: str) -> None:
    name, folder = url.removeprefix("postgresql://postgres:@/").split("?host=")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        port = silent.getsockname()[1]
        database = connect(f"postgresql://postgres@127.0.0.1:{port},{folder.replace('/', '%2F')}:5432/{name}")
        assert await database.read(lambda t: t.one(THINGS)) == 0
        assert len(set(await everyone(database.write, WRITERS))) == WRITERS
        database.close()
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


async def test_when_one_connection_is_lost_none_of_the_others_is_trusted(database: Database, url: str) -> None:
    before = await everyone(database.write, WRITERS)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [before[0]])
    await everyone(database.write, WRITERS)  # its thread sees it
    assert set(before) & set(await everyone(database.write, WRITERS)) == set()


async def test_a_standby_is_refused_whatever_the_url_says(database: Database, url: str) -> None:
    name = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(Identifier(name)))
    for said in ("", "&target_session_attrs=any", "&target_session_attrs=standby", "&target_session_attrs=read-write"):
        other = connect(url + said)
        for run in (other.read, other.write):
            with pytest.raises(Unavailable, match="read-only"):
                await run(lambda t: t.one(THINGS))
        other.close()


async def test_connections_whose_server_writes_no_more_are_made_anew(database: Database) -> None:
    before = await everyone(database.write, WRITERS, READ_ONLY_FROM_NOW)
    assert await database.write(lambda t: t.run(NAMED, name="a")) == 1
    assert set(before) & set(await everyone(database.write, WRITERS)) == set()


async def test_the_servers_clock_is_told_in_utc(database: Database) -> None:
    clock = await database.clock()
    assert clock is not None
    assert clock.tzinfo is UTC
    assert await database.write(lambda t: t.value(SERVER_NOW)) >= clock


async def test_each_try_again_is_observed_and_so_is_what_came_before_the_first(database: Database) -> None:
    await database.write(lambda t: t.run(NEW_COUNTER, name="x"))
    met, seen = threading.Barrier(2), []
    database.observe = lambda what, seconds: seen.append((what, seconds))
    tries = []

    def meet(t: Transaction) -> None:
        count = t.one(COUNT, name="x") or 0
        tries.append(t)
        if len(tries) <= 2:
            met.wait(30)
        t.run(SET_COUNT, name="x", to=count + 1)

    await asyncio.gather(database.write(meet), database.write(meet))
    assert [what for what, _ in seen].count("write") == 2
    assert ("retry", 0.0) in seen
    assert len(seen) == len(tries)


async def test_an_error_does_not_quote_what_somebody_wrote(database: Database) -> None:
    await database.write(lambda t: t.run(NAMED, name="my secret question"))
    with pytest.raises(psycopg.errors.UniqueViolation) as refused:
        await database.write(lambda t: t.run(NAMED, name="my secret question"))
    assert "secret" not in str(refused.value)
    assert "thing_name_key" in str(refused.value)


async def test_catching_an_error_of_the_database_is_told_rather_than_losing_the_rest(database: Database) -> None:
    def swallow(t: Transaction) -> None:
        t.run(NAMED, name="a")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            t.run(ADD_OWNED, thing=99)

    with pytest.raises(RuntimeError, match="caught an error"):
        await database.write(swallow)
    assert await database.read(lambda t: t.all(NAMES)) == []
