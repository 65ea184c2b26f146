"""What only SQLite needs: one commit for many writes, and a disk that may fail."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import column, select, table

from storage import sqlite
from storage.database import Database, Transaction, Unavailable, connect
from tests.storage.things import ADD_PART, NAMED, NAMES, THINGS, make_tables


@pytest.fixture
def url(sqlite_url: str) -> str:
    make_tables(sqlite_url)
    return sqlite_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    connected = connect(url)
    yield connected
    connected.close()


class Held:
    """A write that keeps the writer busy, so that those after it queue up and share a commit."""

    def __init__(self, database: Database) -> None:
        self._started = threading.Event()
        self._go_on = threading.Event()
        self.writing = asyncio.ensure_future(database.write(self._wait))

    def _wait(self, t: Transaction) -> None:
        self._started.set()
        assert self._go_on.wait(30)

    async def begun(self) -> None:
        await asyncio.to_thread(self._started.wait, 30)

    async def let_go(self) -> None:
        await asyncio.sleep(0)  # whoever was started last is in the queue now
        self._go_on.set()


def named(database: Database, name: str) -> asyncio.Future[int]:
    return asyncio.ensure_future(database.write(lambda t: t.run(NAMED, name=name)))


def pages_written(url: str) -> int:
    """How many pages the log of writes holds: every commit appends each page it changed."""
    log = Path(url.removeprefix("sqlite:///") + "-wal")
    return (log.stat().st_size - 32) // (4096 + 24)


async def test_sixty_three_who_queue_up_share_one_commit(database: Database, url: str) -> None:
    held = Held(database)
    await held.begun()
    writes = [named(database, str(number)) for number in range(63)]
    await held.let_go()
    await asyncio.gather(*writes)

    assert pages_written(url) <= 5  # the table, its index and little else; each commit of its own would make it 63
    assert await database.read(lambda t: t.one(THINGS)) == 63


async def test_who_raises_in_a_shared_commit_undoes_only_itself(database: Database) -> None:
    held = Held(database)
    await held.begun()
    writes = [named(database, name) for name in ("a", "b", "a", "c", "a", "d")]
    await held.let_go()
    outcomes = await asyncio.gather(*writes, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [
        int,
        int,
        sqlite3.IntegrityError,
        int,
        sqlite3.IntegrityError,
        int,
    ]
    assert await database.read(lambda t: t.all(NAMES)) == ["a", "b", "c", "d"]


async def test_a_commit_that_fails_fails_every_write_of_it_and_none_after(database: Database) -> None:
    held = Held(database)
    await held.begun()
    orphan = asyncio.ensure_future(database.write(lambda t: t.run(ADD_PART, thing=99)))  # refused only at the commit
    writes: list[asyncio.Future[Any]] = [held.writing, named(database, "a"), orphan, named(database, "b")]
    await held.let_go()
    outcomes = await asyncio.gather(*writes, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 4
    assert await named(database, "c") == 1
    assert await database.read(lambda t: t.all(NAMES)) == ["c"]


async def test_who_gave_up_before_their_turn_wrote_nothing(database: Database) -> None:
    held = Held(database)
    await held.begun()
    writes = [named(database, "a"), named(database, "b")]
    await asyncio.sleep(0)
    writes[0].cancel()
    await held.let_go()
    await writes[1]

    assert await database.read(lambda t: t.all(NAMES)) == ["b"]


async def test_a_database_that_stays_locked_is_unavailable_for_all_who_wait(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.01)
    database = connect(url)
    await database.write(lambda t: t.one(THINGS))
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    outcomes = await asyncio.gather(*(named(database, str(number)) for number in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 5
    other.execute("ROLLBACK")
    other.close()

    assert await named(database, "a") == 1
    database.close()


FULL_DISK = """
import asyncio, resource, signal, sys
from storage.database import Unavailable, connect
from tests.storage.things import NAMED, NAMES

async def fill(database):
    kept = []
    while True:
        name = f"{len(kept)}-" + "x" * 20_000
        try:
            await database.write(lambda t: t.run(NAMED, name=name))
        except Unavailable:
            break
        kept.append(name)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await database.write(lambda t: t.run(NAMED, name="again"))
    assert await database.read(lambda t: t.all(NAMES)) == [*kept, "again"], "what was kept is not what was acknowledged"
    print(len(kept))

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
database = connect(sys.argv[1])
asyncio.run(fill(database))
database.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of a file")
def test_a_full_disk_loses_nothing_acknowledged_and_heals(url: str) -> None:
    ended = subprocess.run([sys.executable, "-c", FULL_DISK, url], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 5


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Sir or Madam, " * 100)
    database = connect(f"sqlite:///{tmp_path}/letter.db")
    for run in (database.write, database.read):
        with pytest.raises(Unavailable, match="not a database"):
            await run(lambda t: t.one(THINGS))
    database.close()


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path}/nowhere/signpost.db")
    with pytest.raises(Unavailable, match=r"nowhere/signpost\.db"):
        await database.write(lambda t: t.one(THINGS))
    with pytest.raises(Unavailable):
        await database.read(lambda t: t.one(THINGS))
    database.close()


async def test_a_file_name_with_odd_characters_is_that_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a b#c%20é&mode=ro.db"
    make_tables(url)
    database = connect(url)
    await named(database, "a")
    assert await database.read(lambda t: t.all(NAMES)) == ["a"]
    database.close()


async def test_a_closed_database_is_one_file(database: Database, url: str) -> None:
    await named(database, "a")
    await database.read(lambda t: t.all(NAMES))
    database.close()
    file = Path(url.removeprefix("sqlite:///"))
    assert [found.name for found in file.parent.iterdir()] == [file.name]


async def test_many_who_open_a_file_of_the_old_kind_at_once_all_can(url: str) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as old:
        assert old.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    databases = [connect(url) for _ in range(8)]
    reads = [database.read(lambda t: t.one(THINGS)) for database in databases for _ in range(6)]
    writes = [database.write(lambda t, n=n: t.run(NAMED, name=str(n))) for n, database in enumerate(databases)]  # type: ignore[misc]
    assert set(await asyncio.gather(*reads, *writes)) <= set(range(9))
    assert await databases[0].read(lambda t: t.one(THINGS)) == 8
    for database in databases:
        await asyncio.to_thread(database.close)


async def test_commits_wait_for_the_disk_and_references_are_checked(database: Database) -> None:
    def setting(name: str) -> object:
        return database.write(lambda t: t.once(select(column(name)).select_from(table(f"pragma_{name}"))))

    names = ("synchronous", "foreign_keys", "journal_mode")
    found = [await setting(name) for name in names]  # type: ignore[misc]
    assert found == [[(2,)], [(1,)], [("wal",)]]
