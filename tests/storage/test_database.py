"""What `write` and `read` promise, the same on SQLite and PostgreSQL."""

import asyncio
import sys
import threading
import time
from asyncio.subprocess import PIPE, Process

import pytest

from storage.database import Database, Transaction, Unavailable, connect
from tests.storage.things import (
    ADD_OWNED,
    COUNT,
    COUNTERS,
    NAMED,
    NAMES,
    NEW_COUNTER,
    PLACES,
    TAKE_PLACE,
    THINGS,
    increment,
)


class Refused(Exception):
    """As a command refuses."""


def refuse(t: Transaction) -> None:
    t.run(NAMED, name="never")
    raise Refused


async def worker(url: str, what: str, number: int) -> Process:
    program = (sys.executable, "-m", "tests.storage.worker", url, what, str(number))
    return await asyncio.create_subprocess_exec(*program, stdout=PIPE)


async def test_returning_commits_and_gives_what_was_returned(things: Database) -> None:
    assert await things.write(lambda t: t.run(NAMED, name="a")) == 1
    assert await things.read(lambda t: t.all(NAMES)) == ["a"]


async def test_raising_undoes_everything_and_reaches_the_caller(things: Database) -> None:
    with pytest.raises(Refused):
        await things.write(refuse)
    assert await things.read(lambda t: t.one(THINGS)) == 0


async def test_a_write_that_raises_leaves_its_neighbours_alone(things: Database) -> None:
    writes = [things.write(refuse if n % 3 == 0 else lambda t, n=n: t.run(NAMED, name=str(n))) for n in range(30)]  # type: ignore[misc]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)

    assert [isinstance(outcome, Refused) for outcome in outcomes] == [n % 3 == 0 for n in range(30)]
    assert sorted(await things.read(lambda t: t.all(NAMES)), key=int) == [str(n) for n in range(30) if n % 3]


async def test_forty_who_add_one_at_the_same_time_make_forty(things: Database) -> None:
    await things.write(lambda t: t.run(NEW_COUNTER, name="x"))
    seen = await asyncio.gather(*(things.write(increment()) for _ in range(40)))

    assert sorted(seen) == list(range(1, 41))
    assert await things.read(lambda t: t.one(COUNT, name="x")) == 40


async def test_processes_that_add_one_at_the_same_time_lose_none(things: Database, things_url: str) -> None:
    await things.write(lambda t: t.run(NEW_COUNTER, name="x"))
    workers = [await worker(things_url, "increment", 20) for _ in range(3)]
    here = [things.write(increment()) for _ in range(20)]
    await asyncio.gather(*here, *(process.communicate() for process in workers))

    assert [process.returncode for process in workers] == [0, 0, 0]
    assert await things.read(lambda t: t.one(COUNT, name="x")) == 80


async def test_two_places_are_never_taken_by_three(things: Database) -> None:
    def join(event: str, person: int) -> object:
        def run(t: Transaction) -> None:
            if t.value(PLACES, event=event) >= 2:
                raise Refused
            t.run(TAKE_PLACE, event=event, person=person)

        return things.write(run)

    for event in ("a", "b", "c", "d"):
        outcomes = await asyncio.gather(*(join(event, person) for person in range(10)), return_exceptions=True)  # type: ignore[call-overload]
        assert [type(outcome) for outcome in outcomes if outcome is not None] == [Refused] * 8
        assert await things.read(lambda t, event=event: t.value(PLACES, event=event)) == 2  # type: ignore[misc]


async def test_what_is_acknowledged_survives_kill_9(things: Database, things_url: str) -> None:
    process = await worker(things_url, "acknowledge", 16)
    assert process.stdout is not None
    acknowledged = [(await process.stdout.readline()).decode().strip() for _ in range(200)]
    process.kill()
    acknowledged += (await process.stdout.read()).decode().split("\n")[:-1]
    await process.wait()

    kept = set(await things.read(lambda t: t.all(COUNTERS)))
    assert len(acknowledged) >= 200
    assert set(acknowledged) <= kept


async def test_a_read_cannot_write(things: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)readonly|read-only|25006"):
        await things.read(lambda t: t.run(NAMED, name="a"))
    assert await things.write(lambda t: t.one(THINGS)) == 0


async def test_a_read_sees_one_instant_and_keeps_no_writer_waiting(things: Database) -> None:
    looked, written = threading.Event(), threading.Event()

    def look_twice(t: Transaction) -> tuple[int | None, int | None]:
        before = t.one(THINGS)
        looked.set()
        assert written.wait(30)
        return before, t.one(THINGS)

    reading = asyncio.ensure_future(things.read(look_twice))
    await asyncio.to_thread(looked.wait, 30)
    await things.write(lambda t: t.run(NAMED, name="a"))
    written.set()

    assert await reading == (0, 0)
    assert await things.read(lambda t: t.one(THINGS)) == 1


async def test_what_was_written_is_read_by_whoever_reads_next(things: Database) -> None:
    for number in range(1, 21):
        await things.write(lambda t, name=str(number): t.run(NAMED, name=name))  # type: ignore[misc]
        counts = await asyncio.gather(*(things.read(lambda t: t.one(THINGS)) for _ in range(4)))
        assert counts == [number] * 4


async def test_a_row_that_refers_to_nothing_is_refused(things: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key|23503"):
        await things.write(lambda t: t.run(ADD_OWNED, thing=99))


async def test_a_stray_stop_iteration_reaches_the_caller(things: Database) -> None:
    for run in (things.write, things.read):
        with pytest.raises(RuntimeError, match="StopIteration"):
            await run(lambda t: next(iter(t.all(NAMES))))


async def test_who_gives_up_waiting_harms_nobody_else(things: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(t: Transaction) -> None:
        started.set()
        assert go_on.wait(30)

    waiting = asyncio.ensure_future(things.write(slow))
    await asyncio.to_thread(started.wait, 30)
    others = [asyncio.ensure_future(things.write(lambda t, n=n: t.run(NAMED, name=str(n)))) for n in range(3)]  # type: ignore[misc]
    waiting.cancel()
    others[1].cancel()
    go_on.set()

    assert [await others[0], await others[2]] == [1, 1]
    assert {"0", "2"} <= set(await things.read(lambda t: t.all(NAMES)))


async def test_how_long_work_waited_before_it_began_is_observed_once(things: Database) -> None:
    seen: list[tuple[str, float]] = []
    things.observe = lambda what, seconds: seen.append((what, seconds))
    with pytest.raises(Refused):
        await things.write(refuse)
    await asyncio.gather(*(things.read(lambda t: t.one(THINGS)) for _ in range(5)))

    assert sorted(what for what, _ in seen) == ["read"] * 5 + ["write"]
    assert all(seconds >= 0 for _, seconds in seen)


async def test_work_that_queued_up_waited_as_long_as_what_was_before_it(things: Database) -> None:
    seen: list[float] = []
    things.observe = lambda what, seconds: seen.append(seconds) if what == "write" else None
    started, go_on = threading.Event(), threading.Event()

    def slow(t: Transaction) -> None:
        started.set()
        assert go_on.wait(30)

    busy = [asyncio.ensure_future(things.write(slow)) for _ in range(8)]  # every thread that writes
    await asyncio.to_thread(started.wait, 30)
    waiting = asyncio.ensure_future(things.write(lambda t: t.one(THINGS)))
    await asyncio.sleep(0)
    queued = time.perf_counter()
    await things.read(lambda t: t.one(THINGS))
    begins = time.perf_counter()
    go_on.set()
    await asyncio.gather(*busy, waiting)

    assert seen[-1] >= begins - queued


async def test_closing_finishes_what_is_in_hand_and_refuses_the_rest(things: Database, things_url: str) -> None:
    writes = [asyncio.ensure_future(things.write(lambda t, n=n: t.run(NAMED, name=str(n)))) for n in range(100)]  # type: ignore[misc]
    await asyncio.sleep(0)  # they are in the queue now
    things.close()
    things.close()

    assert await asyncio.gather(*writes) == [1] * 100
    for run in (things.write, things.read):
        with pytest.raises(Unavailable, match="closed"):
            await run(lambda t: t.one(THINGS))
    again = connect(things_url)
    assert await again.read(lambda t: t.one(THINGS)) == 100
    again.close()


async def test_two_event_loops_may_share_a_database(things: Database) -> None:
    def elsewhere() -> int:
        return asyncio.run(things.write(lambda t: t.run(NAMED, name="there")))

    there, here = await asyncio.gather(asyncio.to_thread(elsewhere), things.write(lambda t: t.run(NAMED, name="here")))
    assert (there, here) == (1, 1)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///a.db?mode=memory",
        "mysql://root:hunter2@host/x",
        "hunter2",
        "",
        "postgresql://u:hunter2@[host/x",
        "postgresql://u:p@hunter2:5432/x@host",
        "postgresql://u:pass@word:hunter2@host/x",
        "postgresql://u:pass@hunter2@host/x",
    ],
)
def test_a_url_that_cannot_be_meant_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"SQLite database is a file|The database URL") as refused:
        connect(url)
    assert "hunter2" not in str(refused.value)
