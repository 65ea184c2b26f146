"""A disk that is full, a database that is read-only, damaged or of another version: said clearly, and nothing lost.

Each is done to a real process. What it cannot keep it answers with 503, never with 200, and the platform comes again.
"""

import ctypes
import os
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from alembic import command
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier
from sqlalchemy import text

from adapters.local import faults
from adapters.local.traffic import Delivered
from bot.text import t
from bot.ui import Card
from bot.work import Work
from storage import schema
from storage.database import Transaction, connect
from tests.databases import Postgres
from tests.everywhere.served import Served, Stage, stage

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


def obey_modes() -> None:
    """In the process about to begin: files that may not be written are not, also for root (prctl(2), Linux)."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


@contextmanager
def full_disk(served: Served) -> Iterator[None]:
    """The process cannot write to any file (getrlimit(2)), until there is room again."""
    unlimited = resource.RLIM_INFINITY
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (0, unlimited))
    yield
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@contextmanager
def read_only(postgres: Postgres, url: str) -> Iterator[None]:
    """Who connects to that database now can only read, as where a host protects a disk that is nearly full."""
    name = Identifier(str(conninfo_to_dict(url)["dbname"]))
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        admin.execute(SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        postgres.disconnect_everyone(url)
        yield
        admin.execute(SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name))


def damage(file: Path, table: str) -> None:
    """The first page of that table holds nothing that makes sense."""
    connection = sqlite3.connect(file)
    page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(b"garbage " * (size // 8))


async def owe(made: Stage, key: str, words: str) -> None:
    """A message to this person waits to be sent."""
    member = next(person for person in made.platforms.people if person.key == key)

    def write(tx: Transaction) -> None:
        work = Work(tx, datetime.now(UTC))
        found = work.people.by_account(member.platform, member.tenant, member.user)
        assert found is not None
        work.send(found[0].id, Card(t(words)))

    database = connect(made.url)
    await database.write(write)
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database in which nothing was ever made."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/signpost.db"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.create("template0")


@pytest.fixture
async def staged(database_url: str) -> AsyncIterator[Stage]:
    """The demo's world on a database of each kind, for processes of its own."""
    async with stage(database_url) as made:
        await made.fill()
        yield made


@pytest.fixture
async def on_sqlite(sqlite_url: str) -> AsyncIterator[Stage]:
    """The same on SQLite alone, for what happens to files."""
    async with stage(sqlite_url) as made:
        await made.fill()
        yield made


async def refused(served: Served, word: str) -> list[Delivered]:
    """What two people did meanwhile: their platforms are told to try again, and readiness says why."""
    done = [await served.command("amira", "me role designer"), await served.says("gareth", "me role designer")]
    assert [(one.status, "Retry-After" in one.headers) for one in done] == [(503, True)] * 2
    await served.until_ready(word)
    assert (await served.get("/healthz"))[0] == 200
    assert "signpost_database_up" in (await served.get("/metrics"))[1]
    return done


async def done_at_last(served: Served, before: list[Delivered]) -> None:
    """It is right again, so the platforms come again, and what people did is done."""
    await served.until_ready("ready")
    assert [(await served.again(one)).status for one in before] == [200, 200]
    await served.reads("gareth", "designer")
    assert "designer" in (await served.command("amira", "me")).body
    assert "The database is right again" in served.said()


async def test_on_a_full_disk_nothing_is_acknowledged_until_there_is_room(on_sqlite: Stage) -> None:
    async with on_sqlite.served("serve") as served:
        await served.until_ready("ready")
        assert (await served.command("amira", "me role researcher")).status == 200
        with full_disk(served):
            before = await refused(served, "writes")
            assert "signpost_database_up 1.0" in (await served.get("/metrics"))[1]
        await done_at_last(served, before)
    assert any("cannot be written" in said for said in served.said())


async def test_what_was_owed_when_the_disk_filled_up_is_sent_when_there_is_room(on_sqlite: Stage) -> None:
    async with on_sqlite.served("serve") as served:
        await served.until_ready("ready")
        on_sqlite.platforms.teams.faults.next("send", faults.limited(2))
        assert (await served.says("gareth", "me role researcher")).status == 200
        with full_disk(served):
            await refused(served, "writes")
        await served.until_ready("ready")
        await served.reads("gareth", "researcher")


async def test_a_file_that_may_not_be_written_is_waited_for(on_sqlite: Stage) -> None:
    file = file_of(on_sqlite.url)
    kept = sqlite3.connect(file)  # as a process leaves its log that was killed
    kept.execute("SELECT count(*) FROM person").fetchone()
    file.chmod(0o444)
    async with on_sqlite.served("serve", before=obey_modes) as served:
        before = await refused(served, "writes")
        file.chmod(0o644)
        await done_at_last(served, before)
    kept.close()
    assert any("cannot be written" in said for said in served.said())


async def test_a_folder_that_may_not_be_written_is_waited_for(on_sqlite: Stage) -> None:
    file = file_of(on_sqlite.url)
    file.chmod(0o444)
    file.parent.chmod(0o555)
    async with on_sqlite.served("web", before=obey_modes) as served:
        before = await refused(served, "database")
        file.parent.chmod(0o755)
        file.chmod(0o644)
        await done_at_last(served, before)
    assert any("cannot be reached or read" in said for said in served.said())


async def test_a_postgresql_that_was_made_read_only_is_waited_for(postgres_url: str, postgres: Postgres) -> None:
    async with stage(postgres_url) as made:
        await made.fill()
        async with made.served("serve") as served:
            await served.until_ready("ready")
            with read_only(postgres, postgres_url):
                before = await refused(served, "database")
            await done_at_last(served, before)
    assert any("or is a standby" in said for said in served.said())


async def test_a_file_that_is_no_database_is_said_so_and_nothing_is_acknowledged(on_sqlite: Stage) -> None:
    file = file_of(on_sqlite.url)
    kept = file.read_bytes()
    file.write_bytes(b"garbage " * 512 + kept[4096:])
    for words in (["serve"], ["doctor"]):
        code, wrong = await on_sqlite.say(*words)
        assert (code, "file is not a database" in wrong) == (1, True), wrong
    async with on_sqlite.served("web") as served:
        before = await refused(served, "database")
        file.write_bytes(kept)
        await done_at_last(served, before)


async def test_a_damaged_page_is_found_when_it_is_met_and_a_backup_puts_it_right(on_sqlite: Stage) -> None:
    file = file_of(on_sqlite.url)
    kept = file.read_bytes()
    damage(file, "account")
    code, wrong = await on_sqlite.say("serve")
    assert (code, "disk image is malformed" in wrong) == (1, True)
    async with on_sqlite.served("web") as served:
        await served.until_ready("ready")
        before = await refused(served, "damaged")
    assert any("restore a backup" in said for said in served.said())
    file.write_bytes(kept)
    async with on_sqlite.served("serve") as served:
        await served.until_ready("ready")
        assert [(await served.again(one)).status for one in before] == [200, 200]
        await served.reads("gareth", "designer")


async def test_without_tables_nothing_is_accepted_until_they_are_made(empty_url: str) -> None:
    async with stage(empty_url) as made, made.served("worker") as worker, made.served("web") as served:
        await worker.until_ready("migrations")
        before = await refused(served, "migrations")
        assert await made.say("migrate") == (0, "")
        await made.fill()
        await worker.until_ready("ready")
        await done_at_last(served, before)
        for one in (worker, served):
            assert any("Say signpost migrate" in said for said in one.said())


async def test_with_tables_of_an_older_version_nothing_is_sent_until_they_are_migrated(staged: Stage) -> None:
    await owe(staged, "gareth", "Here at last")
    with schema.transaction(staged.url, lock=True) as connection:
        command.downgrade(schema.config(connection), "0001")
    async with staged.served("worker") as worker:
        await worker.until_ready("migrations")
        assert (await worker.get("/metrics"))[0] == 200
        assert staged.platforms.teams.requests == []
        assert await staged.say("migrate") == (0, "")
        await worker.until_ready("ready")
        await worker.reads("gareth", "Here at last")
        assert any("Say signpost migrate" in said for said in worker.said())


async def test_tables_of_a_newer_version_are_worked_with(staged: Stage) -> None:
    with schema.transaction(staged.url, lock=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    async with staged.served("serve") as served:
        await served.until_ready("ready")
        assert (await served.command("amira", "me role researcher")).status == 200
    code, wrong = await staged.say("migrate")
    assert (code, "newer Signpost" in wrong) == (1, True)
