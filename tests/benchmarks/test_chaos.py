"""The chaos benchmark: short runs of it on both databases, that its checks have teeth, and that it leaves nothing."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.local.traffic import Exchange, Wire
from adapters.slack.render import message
from benchmarks.chaos.courier import Courier
from benchmarks.chaos.platforms import _post
from benchmarks.chaos.report import AIMS
from benchmarks.chaos.twice import _twins
from bot.command import find_features
from bot.features.ask_back import AskBack
from bot.text import Reader, t
from bot.ui import Field, Form

ROOT = Path(__file__).parent.parent.parent
RUNS = {
    # Few requests are made where the machine is busy: more of their answers are lost, so that some are everywhere.
    "sqlite": ("--database", "sqlite", "--seconds", "20", "--lost", "0.1"),
    "postgres": ("--database", "postgres", "--seconds", "20", "--lost", "0.1"),
    # Nobody is killed here: each lost answer is then one duplicate, and none has to wait for a lease to end.
    "without": ("--database", "sqlite", "--seconds", "8", "--without", "reconcile", "--kills", "0", "--lost", "0.2"),
}
LONGEST = 240.0
BEGUN, OVER = "of trouble begin", "The trouble is over"


def start(*arguments: str, folder: str | None = None) -> subprocess.Popen[str]:
    """A run in a process group of its own, which ignores interrupts at first, as what a shell starts in the background.

    With `folder`, what it keeps is there.
    """
    return subprocess.Popen(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-m", "benchmarks.chaos", *arguments],
        cwd=ROOT,
        env=dict(os.environ) | ({"TMPDIR": folder} if folder else {}),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def said(run: subprocess.Popen[str], words: str) -> None:
    """Returns when the run has said this."""
    assert run.stdout is not None
    assert any(words in line for line in run.stdout), f"it ended with {run.wait()} before it said “{words}”"


@pytest.fixture(scope="module")
def runs() -> Iterator[dict[str, dict[str, Any]]]:
    """The last line of each run, and as `words` all that it said.

    The next one begins while the one before mostly waits for leases to end.
    """
    started: dict[str, subprocess.Popen[str]] = {}
    try:
        for name, arguments in RUNS.items():
            started[name] = start(*arguments)
            said(started[name], OVER)
        printed = {name: run.communicate(timeout=60)[0] for name, run in started.items()}
        assert [run.returncode for run in started.values()] == [0] * len(RUNS)
        yield {name: json.loads(words.splitlines()[-1]) | {"words": words} for name, words in printed.items()}
    finally:
        for run in started.values():
            run.kill()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_nothing_is_lost_or_doubled_while_processes_die_and_platforms_fail(
    runs: dict[str, dict[str, Any]], database: str
) -> None:
    figures = runs[database]["figures"]
    assert {name: figures[name] for name in AIMS} == dict.fromkeys(AIMS, 0), runs[database]["words"]
    assert figures["unacknowledged"] == 0
    happened = ("deliveries", "acknowledged", "kills", "stops", "outages", "answers_lost", "redelivered")
    assert [name for name in happened if figures[name] < 1] == []


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_delivery_that_is_repeated_is_answered_the_same(runs: dict[str, dict[str, Any]], database: str) -> None:
    figures = runs[database]["figures"]
    assert figures["answered_the_same"] == figures["delivered_again"]
    assert figures["faults_of_ours_shown"] == 0


def test_the_checks_find_duplicates_where_slack_is_not_asked_what_arrived(runs: dict[str, dict[str, Any]]) -> None:
    run = runs["without"]
    assert run["figures"]["duplicated"] > 0, run["words"]
    assert run["figures"]["lost"] == 0, run["words"]
    assert run["met"]["duplicated"] is False


def test_no_process_outlives_a_run_that_is_killed() -> None:
    with tempfile.TemporaryDirectory() as folder, begun("--database", "postgres", folder=folder) as run:
        watched = [os.pidfd_open(pid) for pid in in_group_of(run.pid)]
        run.kill()
        run.communicate()
        for one in watched:
            assert has_ended(one), "a process still runs"
            os.close(one)
    assert len(watched) > 4, "the run, three processes of Signpost, and PostgreSQL's"


def test_a_run_that_is_stopped_leaves_no_process_and_no_file() -> None:
    # Not pytest's own folder: the address of a socket in it may have 107 bytes, and that one's name is long (unix(7)).
    with tempfile.TemporaryDirectory() as folder:
        with begun("--database", "sqlite", folder=folder) as run:
            run.send_signal(signal.SIGTERM)
            run.communicate(timeout=60)
            assert run.returncode == 1
            assert all(map(has_ended, opened(in_group_of(run.pid))))  # what forks its processes sees that it is gone
        assert list(Path(folder).iterdir()) == []


@contextmanager
def begun(*arguments: str, folder: str) -> Iterator[subprocess.Popen[str]]:
    """A run whose trouble has begun; it is killed at the end, whatever happens here."""
    with start(*arguments, folder=folder) as run:
        try:
            said(run, BEGUN)
            yield run
        finally:
            run.kill()


def opened(pids: list[int]) -> Iterator[int]:
    """A file descriptor of each of these processes that is still there (pidfd_open(2)), until the next is asked for."""
    for pid in pids:
        try:
            one = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        yield one
        os.close(one)


def has_ended(process: int) -> bool:
    """Whether the process of this file descriptor has ended, or does within 20 seconds."""
    ended = select.poll()
    ended.register(process, select.POLLIN)
    return bool(ended.poll(20_000))


def in_group_of(leader: int) -> list[int]:
    """The processes of this group that live (proc_pid_stat(5): the state, the parent, the group)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = path.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(group) == leader and state != "Z":
            found.append(int(path.parent.name))
    return found


class Door:
    """Signpost's way in, which answers with these statuses in turn and then 200; `says` is its body."""

    def __init__(self, *statuses: int, says: str = "yes") -> None:
        self.statuses = list(statuses)
        self.says = says
        self.bodies: list[str] = []

    async def knock(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.text())
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200, text=self.says)

    def server(self) -> TestServer:
        application = web.Application()
        application.router.add_post("/slack/events", self.knock)
        return TestServer(application, host="127.0.0.1")


class Always(Random):
    """Chance that sends everything twice, and at once."""

    def random(self) -> float:
        return 0.0

    def uniform(self, a: float, b: float) -> float:
        return a


def sent_instead(question: int) -> Exchange:
    """The request that posts a card in place of the form to write about this question, which could not be opened."""
    find_features()
    form = Form(
        t("Write about a question"),
        AskBack.partly(question=question),
        (Field("text", t("What do you want to say?")),),
        t("Send"),
    )
    (drawn,) = message(form, Reader())
    return Exchange("POST", "http://127.0.0.1/api/chat.postMessage", {}, json.dumps({"channel": "D1", **drawn}))


def test_the_same_form_for_another_question_is_no_duplicate_and_for_the_same_one_it_is() -> None:
    posts = [_post(("D1", f"{at}.000000"), sent_instead(question)) for at, question in enumerate((21, 22, 21), 1)]
    there = [post for post in posts if post is not None]
    assert [(first.message, again.message) for first, again in _twins(there)] == [("1.000000", "3.000000")]


async def delivered(door: Door, chance: Random) -> tuple[Courier, int]:
    """One request by way of a courier, and the status of its last answer."""
    wire = Wire(10.0)
    async with door.server() as server:
        assert server.port is not None
        courier = Courier(lambda: [server.port or 0], chance)
        courier.serve(wire)
        last = await wire.post("http://elsewhere.example/slack/events", {}, b"the same bytes")
        await courier.finish(10.0)
        await wire.stop()
    return courier, last.status


async def test_a_command_is_delivered_with_the_same_bytes_until_it_is_acknowledged() -> None:
    door = Door(503, 500)
    courier, status = await delivered(door, Random(1))
    assert (status, door.bodies) == (200, ["the same bytes"] * 3)
    assert (courier.counts["acknowledged"], courier.counts["redelivered"]) == (1, 2)


async def test_a_refusal_that_repeating_cannot_mend_is_told_and_not_repeated() -> None:
    door = Door(401)
    courier, status = await delivered(door, Random(1))
    assert (status, len(door.bodies), len(courier.refused)) == (401, 1, 1)


async def test_a_second_delivery_that_is_answered_otherwise_is_told() -> None:
    door = Door()
    courier, _ = await delivered(door, Always())
    assert (door.bodies, courier.counts["answered the same"]) == (["the same bytes"] * 2, 1)

    class Forgetful(Door):
        async def knock(self, request: web.Request) -> web.Response:
            self.says = f"{len(self.bodies)}"
            return await super().knock(request)

    courier, _ = await delivered(Forgetful(), Always())
    assert (courier.counts["answered the same"], len(courier.differing)) == (0, 1)
