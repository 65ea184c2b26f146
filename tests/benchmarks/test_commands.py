"""The benchmark itself: its load generator, its arithmetic, and one short run of everything."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks.figures import AIMS, Aim, last_line, ratio
from benchmarks.load import CONNECTIONS, as_fast_as_possible, on_schedule, percentile

ROOT = Path(__file__).parent.parent.parent


class Door:
    """A server that lets requests in only when it is opened, and notes how many wait at once."""

    def __init__(self) -> None:
        self.waiting = 0
        self.most = 0
        self.opened = asyncio.Event()
        self.crowded = asyncio.Event()

    async def knock(self, request: web.Request) -> web.Response:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        if self.waiting == CONNECTIONS:
            self.crowded.set()
        await self.opened.wait()
        self.waiting -= 1
        return web.Response(text=await request.text(), status=int(request.match_info["status"]))


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def port(door: Door) -> AsyncIterator[int]:
    application = web.Application()
    application.router.add_post("/{status}", door.knock)
    async with TestServer(application, host="127.0.0.1") as server:
        assert server.port is not None
        yield server.port


def post(body: str, status: int = 200) -> bytes:
    return f"POST /{status} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


async def test_every_request_is_answered_once_and_in_its_own_place(door: Door, port: int) -> None:
    door.opened.set()
    outcome = await as_fast_as_possible(port, [post(f"request {number}") for number in range(200)])
    assert outcome.bodies == [f"request {number}".encode() for number in range(200)]
    assert outcome.refused == 0


async def test_no_more_than_32_requests_are_ever_in_flight(door: Door, port: int) -> None:
    run = asyncio.create_task(as_fast_as_possible(port, [post("x")] * 100))
    await door.crowded.wait()
    door.opened.set()
    await run
    assert door.most == CONNECTIONS


async def test_a_refusal_is_counted_and_not_taken_for_an_answer(door: Door, port: int) -> None:
    door.opened.set()
    outcome = await as_fast_as_possible(port, [post("yes"), post("no", 401), post("gone", 500)])
    assert outcome.refused == 2


async def test_latency_on_a_schedule_counts_from_when_a_request_was_due(door: Door, port: int) -> None:
    requests = [post("x")] * (2 * CONNECTIONS)
    run = asyncio.create_task(on_schedule(port, requests, rate=1_000_000))
    await door.crowded.wait()
    door.opened.set()
    outcome = await run
    first_half, waited = outcome.latencies[:CONNECTIONS], outcome.latencies[CONNECTIONS:]
    assert min(waited) >= min(first_half)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 0.99) == 99.0
    assert percentile(values, 0.5) == 50.0
    assert percentile([7.0], 0.99) == 7.0


def test_a_ratio_compares_only_what_was_measured_in_the_same_round() -> None:
    assert ratio([10.0, 40.0, 90.0], [5.0, 10.0, 30.0]) == 3.0


def test_the_last_line_says_of_every_aim_whether_it_was_met() -> None:
    said = json.loads(last_line(dict.fromkeys(AIMS, 5.0), AIMS))
    assert set(said["met"]) == set(said["aims"]) == set(AIMS)
    assert said["met"]["ask_cpu_to_floor"] is True
    assert said["met"]["join_cpu_to_floor"] is False


def test_an_aim_is_met_at_its_bound() -> None:
    assert Aim(3).is_met(3)
    assert Aim(5, least=True).is_met(5)
    assert not Aim(5, least=True).is_met(4.99)


def test_a_quick_run_measures_everything_and_checks_what_was_written() -> None:
    pytest.importorskip("aiosqlite", reason="aiosqlite is not installed")
    pytest.importorskip("botbuilder.integration.aiohttp", reason="botbuilder-integration-aiohttp is not installed")
    command = [sys.executable, "-m", "benchmarks.commands", "--quick"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    assert set(said["met"]) == set(AIMS)
    assert all(figure >= 0 for figure in said["figures"].values())
