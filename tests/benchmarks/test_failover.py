"""The primary is killed under load, its standby promoted: nothing acknowledged is lost, nothing is done twice."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from benchmarks import pair as pairs
from benchmarks.pair import PRIMARY, STANDBY, Pair
from benchmarks.redelivery import Command, command, deliver, fill, lost_and_twice
from storage.database import Unavailable, connect
from storage.schema import state, upgrade
from tests.storage.things import NAMED, NAMES, make_tables

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A primary and its standby, in a folder with a short name: a socket's path may have 100 characters."""
    with tempfile.TemporaryDirectory(prefix="signpost-") as folder, pairs.pair(Path(folder)) as running:
        yield running


async def test_a_process_finds_the_promoted_standby_by_itself_and_uses_no_standby_before(pair: Pair) -> None:
    upgrade(pair.url)
    make_tables(pair.url)
    database, standby = connect(pair.url), connect(pair.url_of(STANDBY))
    await database.write(lambda t: t.run(NAMED, name="before"))
    assert await database.read(lambda t: t.all(NAMES)) == ["before"]
    for run in (standby.read, standby.write):
        with pytest.raises(Unavailable, match="read-only"):
            await run(lambda t: t.all(NAMES))

    pair.kill(PRIMARY)
    for run in (database.read, database.write):
        with pytest.raises(Unavailable):
            await run(lambda t: t.all(NAMES))
    pair.promote()

    assert await database.read(lambda t: t.all(NAMES)) == ["before"]
    await database.write(lambda t: t.run(NAMED, name="after"))
    assert await standby.read(lambda t: t.all(NAMES)) == ["before", "after"]
    assert state(pair.url) == "current"
    for one in (database, standby):
        await asyncio.to_thread(one.close)


async def test_a_command_is_delivered_until_its_answer_says_what_was_done() -> None:
    answers = [
        b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno",
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone",
    ]
    heard = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"!"))
        writer.write(answers[len(heard) - 1])
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        given = Command(b"do it!", b"done", ("join", "U1"))
        await deliver(server.sockets[0].getsockname()[1], given)
    assert heard == [b"do it!"] * 3
    assert given.deliveries == 3 and given.acknowledged is not None and given.sent <= given.acknowledged


def test_what_left_no_trace_is_lost_and_what_left_two_was_done_twice(postgres_url: str) -> None:
    fill(postgres_url)
    kept, lost, twice, never = (command(number, 1) for number in (1, 3, 0, 2))
    for given in (kept, lost):
        given.acknowledged = 1.0
    with psycopg.connect(postgres_url) as connection:
        person = 'INSERT INTO account (person_id, platform, tenant, "user", chat, service_url, seen_at)'
        connection.execute(f"{person} VALUES (1, 'slack', 'T', %s, '', '', now())", [kept.leaves[1]])
        connection.execute("INSERT INTO audit (at, actor_id, verb, subject) VALUES (now(), 1, 'join', '')")
        for _ in range(2):
            asked = "INSERT INTO question (community_id, text, state, asked_at) VALUES (1, %s, 'draft', now())"
            connection.execute(asked, [twice.leaves[1]])
    assert lost_and_twice(postgres_url, [kept, lost, twice, never]) == (1, 1)


def test_a_short_run_loses_nothing_and_does_nothing_twice() -> None:
    program = [sys.executable, "-m", "benchmarks.failover", "--seconds", "2", "--rate", "10"]
    run = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    figures = said["figures"]
    assert (figures["acknowledged_lost"], figures["done_twice"], figures["answered_otherwise"]) == (0, 0, 0)
    assert figures["acknowledged"] == figures["commands"] == 40
    assert figures["seconds_to_first_acknowledgement"] > 0
    assert said["met"]["acknowledged_lost"] and said["met"]["done_twice"]
