"""What is counted, as it is read at /metrics."""

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from adapters import metrics as figures
from adapters.local.slack_wire import FORM_TYPE
from adapters.local.traffic import Delivered
from adapters.metrics import Metrics
from bot import command as commands
from bot.command import Command
from bot.errors import Unavailable
from bot.text import t
from bot.ui import Reply
from bot.work import Work
from storage.database import Database, Transaction
from storage.people import Person
from storage.search import Search
from tests.bot.platform import Clock
from tests.town import Town

T = TypeVar("T")
IN_THE_DATABASE = (
    "signpost_messages",
    "signpost_lanes_waiting",
    "signpost_oldest_undelivered_seconds",
    "signpost_timers_due",
    "signpost_timers_late_seconds",
    "signpost_timers_failing",
)


def read(metrics: Metrics) -> dict[str, float]:
    """Each figure by its name and labels."""
    lines = generate_latest(metrics.registry).decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


async def found(town: Town) -> dict[str, float]:
    """The figures of a town's Signpost now."""
    await town.signpost.metrics.refreshed()
    return read(town.signpost.metrics)


async def again(town: Town, delivered: Delivered) -> Delivered:
    """The same request once more, as a platform repeats it."""
    assert delivered.exchange is not None
    return await town.platforms.slack.deliver(delivered.exchange.body.encode(), FORM_TYPE)


@pytest.fixture
def faulty() -> Iterator[None]:
    """A command that meets a fault of ours."""
    verbs, phrases = dict(commands.registry.verbs), dict(commands.registry.phrases)

    class Stumble(Command, name="stumble", help=t("Trip")):
        """It fails."""

        def run(self, me: Person, work: Work) -> Reply:
            raise ValueError

    yield
    commands.registry.verbs, commands.registry.phrases = verbs, phrases


async def test_what_people_do_is_counted_by_what_it_came_to(town: Town, faulty: None) -> None:
    said = await town.says("amira", "/signpost me role researcher")
    assert (await again(town, said)).status == 200
    await town.says("amira", "/signpost leave nowhere")
    await town.says("amira", "/signpost stumble")
    town.database.close()
    assert (await again(town, said)).status == 503
    figures = await found(town)
    outcomes = {
        outcome: figures[f'signpost_accept_seconds_count{{outcome="{outcome}"}}']
        for outcome in ("done", "repeated", "refused", "failed", "unavailable")
    }
    assert outcomes == dict.fromkeys(outcomes, 1)
    assert town.signpost.metrics.failures == 1


async def test_what_waits_is_read_from_the_database_when_it_is_asked(town: Town) -> None:
    await town.platforms.slack.say(town.people["amira"].tenant, town.people["amira"].user, "me role researcher")
    before = await found(town)
    assert before["signpost_database_up"] == 1
    assert before['signpost_messages{state="waiting"}'] >= 1
    assert before["signpost_lanes_waiting"] >= 1
    await town.quiet()
    after = await found(town)
    assert after['signpost_messages{state="waiting"}'] == 0
    assert after["signpost_oldest_undelivered_seconds"] == 0


async def test_while_the_database_is_away_the_rest_is_given_and_nothing_old_is_said_again(town: Town) -> None:
    await town.says("amira", "/signpost me role researcher")
    assert set(IN_THE_DATABASE) <= {re.sub(r"\{.*", "", name) for name in await found(town)}
    town.database.close()
    figures = await found(town)
    assert figures["signpost_database_up"] == 0
    assert figures['signpost_accept_seconds_count{outcome="done"}'] == 1
    assert not [name for name in figures if name.startswith(IN_THE_DATABASE)]


async def test_what_is_searched_is_measured_in_each_process_whether_or_not_the_database_answers(town: Town) -> None:
    before = await found(town)
    assert before["signpost_index_complete"] == before['signpost_index_texts{noun="person"}'] == 0
    await town.says("amira", "me knows letters")
    while await town.database.read(lambda tx: Search(tx).load()):
        pass
    after = await found(town)
    assert after["signpost_index_complete"] == 1
    assert after['signpost_index_texts{noun="person"}'] > 0
    assert after["signpost_index_age_seconds"] >= 0
    town.database.close()
    assert (await found(town))["signpost_index_age_seconds"] > after["signpost_index_age_seconds"]


class Hanging(Database):
    """A database that does not answer until it is let go, and then says no."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.go = asyncio.Event()

    async def _written(self, fn: Callable[[Transaction], T]) -> T:
        raise NotImplementedError

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        self.asked += 1
        await self.go.wait()
        raise Unavailable("away")

    def close(self) -> None:
        self.go.set()


async def test_a_database_that_hangs_is_asked_once_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "LOOK_SECONDS", 0.01)
    metrics, database = Metrics(CollectorRegistry()), Hanging()
    metrics.watch(database, Clock())
    for _ in range(3):
        await metrics.refreshed()
        assert read(metrics)["signpost_database_up"] == 0
    assert database.asked == 1
    database.close()
    while database.asked == 1:
        await metrics.refreshed()
    assert read(metrics)["signpost_database_up"] == 0


def test_deliveries_and_waits_are_counted_by_kind() -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.delivered("slack", "sent", 3.0)
    metrics.delivered("teams", "waiting", 30.0)
    metrics.delivered("teams", "sent", -1.0)
    metrics.delivered("teams", "sending", 10.0)
    metrics.waited("read", 0.002)
    metrics.waited("write", 0.02)
    metrics.waited("retry", 0.0)
    metrics.waited("failed", 0.0)
    figures = read(metrics)
    assert figures['signpost_deliveries_total{outcome="sent",platform="slack"}'] == 1
    assert figures['signpost_deliveries_total{outcome="waiting",platform="teams"}'] == 1
    assert figures['signpost_deliveries_total{outcome="uncertain",platform="teams"}'] == 1
    assert figures['signpost_delivery_late_seconds_sum{platform="slack"}'] == 3
    assert figures['signpost_delivery_late_seconds_count{platform="teams"}'] == 1
    assert figures['signpost_delivery_late_seconds_sum{platform="teams"}'] == 0
    assert figures['signpost_database_wait_seconds_count{kind="read"}'] == 1
    assert figures['signpost_database_wait_seconds_count{kind="write"}'] == 1
    assert figures["signpost_database_retries_total"] == figures["signpost_database_failures_total"] == 1
    assert metrics.failures == 1
