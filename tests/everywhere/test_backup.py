"""A backup taken while people work, with the commands of docs/operating.md: what was acknowledged is in it."""

import asyncio
import re
import shlex
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from secrets import choice
from string import ascii_lowercase

import pytest
from sqlalchemy import func, select

from adapters.local import faults
from storage import tables
from storage.database import connect
from storage.tables import columns
from tests.databases import Postgres
from tests.everywhere.served import ROOT, Served, Stage, stage

Restore = Callable[[], Awaitable[str]]


async def run(*words: str, folder: Path) -> None:
    """The command did what it should."""
    process = await create_subprocess_exec(*words, cwd=folder, stdout=PIPE, stderr=PIPE)
    printed, wrong = await process.communicate()
    assert process.returncode == 0, (printed + wrong).decode()


def documented(beginning: str) -> list[str]:
    """The words of the one command in the operator's page that begins so."""
    page = (ROOT / "docs" / "operating.md").read_text()
    [line] = re.findall(rf"^ *({re.escape(beginning)}.*)$", page, re.MULTILINE)
    return shlex.split(line)


@pytest.fixture
def back_up(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Restore:
    """Backs up as the operator's page says and restores it; gives the URL of what was restored."""

    async def file() -> str:
        for beginning in ("python3 -c 'import sqlite3; sqlite3.", "python3 -c 'import sqlite3; c = "):
            _, *arguments = documented(beginning)
            await run(sys.executable, *arguments, folder=tmp_path)
        return f"sqlite:///{tmp_path / 'copy.db'}"

    async def server() -> str:
        postgres: Postgres = request.getfixturevalue("postgres")
        restored = postgres.create("template0")
        for beginning in ("pg_dump ", "pg_restore ", "psql "):
            program, *arguments = documented(beginning)
            words = [word.replace("$RESTORED_DATABASE_URL", restored) for word in arguments]
            words = [word.replace("$SIGNPOST_DATABASE_URL", database_url) for word in words]
            await run(str(postgres._server.bin_path / program), *words, folder=tmp_path)
        return restored

    return file if database_url.startswith("sqlite") else server


def new_word() -> str:
    """A word of twelve letters that nobody has used."""
    return "".join(choice(ascii_lowercase) for _ in range(12))


class Founders:
    """People who found communities one after the other. `done` are those that were acknowledged."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.done: list[str] = []
        self.more = asyncio.Event()

    async def work(self) -> None:
        for number in count(1):
            one, two, three = (new_word() for _ in range(3))  # like no other: else the one alike is offered first
            said = f"create Place {number} service: {one} outcome: {two} {three}"
            if (await self._served.command("amira", said)).status == 200:
                self.done.append(f"Place {number}")
                self.more.set()

    async def found(self, several: int) -> None:
        """Returns when so many more were acknowledged."""
        wanted = len(self.done) + several
        while len(self.done) < wanted:
            self.more.clear()
            await self.more.wait()


async def communities(url: str) -> set[str]:
    """The names of the communities in that database."""
    name = columns(tables.Community).name
    database = connect(url)
    found: list[tuple[str]] = await database.read(lambda tx: tx.once(select(name)))
    database.close()
    return {row[0] for row in found}


async def newest_question(url: str) -> int:
    """The number of the last question that was written, sent or not."""
    database = connect(url)
    found: list[tuple[int]] = await database.read(lambda tx: tx.once(select(func.max(columns(tables.Question).id))))
    database.close()
    return found[0][0]


async def work_and_back_up(made: Stage, back_up: Restore) -> tuple[str, list[str]]:
    """The URL of what was restored, and what was acknowledged before the backup began. Then the first one is lost."""
    async with made.served("serve") as served:
        await served.until_ready("ready")
        made.platforms.teams.faults.next("send", faults.failing(503), times=1000)
        assert (await served.says("gareth", "me role designer")).status == 200
        founders = Founders(served)
        working = asyncio.create_task(founders.work())
        await founders.found(10)
        before = list(founders.done)
        restored = await back_up()
        await founders.found(1)
        working.cancel()
        await asyncio.wait({working})
    made.platforms.teams.faults.clear()
    return restored, before


async def test_what_was_acknowledged_before_a_backup_is_in_it_and_what_was_owed_is_sent_from_it(
    database_url: str, back_up: Restore
) -> None:
    async with stage(database_url) as made:
        await made.fill()
        made.url, before = await work_and_back_up(made, back_up)
        assert set(before) <= await communities(made.url)
        async with made.served("serve") as served:
            await served.until_ready("ready")
            await served.reads("gareth", "designer")
            assert (await served.command("amira", "ask Which form? community: place-1")).status == 200
        assert await newest_question(made.url) > 100_000
