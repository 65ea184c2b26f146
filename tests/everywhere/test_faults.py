"""Our own faults, a database that is away, repeats that overlap, text of any length: nobody is left without words."""

import asyncio
import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier
from sqlalchemy import select

from adapters.local.slack_wire import FORM_TYPE
from adapters.local.traffic import Delivered
from bot import command as commands
from bot.command import Command, ask
from bot.text import t
from bot.ui import Card, Reply
from bot.work import Work
from config.logging import formatter
from storage import tables
from storage.people import Person
from storage.tables import columns
from tests.databases import Postgres
from tests.everywhere.forging import remembered
from tests.town import Town

WORDS = "the helpline asked about Mrs Penhaligon"
ANY = "".join(Random(7).choices("abcdefghijklmnopqrstuvwxyz ", k=2900))
KINDS = {
    "words": "long " * 580,
    "any letters": ANY,
    "any signs": "".join(chr(Random(n).randint(0x4E00, 0x9FA0)) for n in range(2900)),
    "emoji": "\N{PILE OF POO}" * 2900,
    "entities": "<&>" * 960,
    "marks": "`*_~|" * 580,
    "lines": "line\n" * 580,
    "links": "[a](b)" * 480,
    "accents": "ẅ" * 2900,
}
"""Text of nearly the greatest length: some that cannot be compressed, some that grows when it is escaped."""
REFERENCE = re.compile(r"reference: ([0-9a-f]{8})")


@pytest.fixture
def failing() -> Iterator[None]:
    """A command that changes something and then meets a fault of ours."""
    verbs, phrases = dict(commands.registry.verbs), dict(commands.registry.phrases)

    class Topple(Command, name="topple", help=t("Fall over")):
        """It fails after it wrote."""

        words: str = ask(t("Which words?"))

        def run(self, me: Person, work: Work) -> Reply:
            work.people.say_role(me.id, self.words)
            work.send(me.id, Card(t("This is never sent.")))
            raise ValueError(f"could not read {self.words}")

    yield
    commands.registry.verbs, commands.registry.phrases = verbs, phrases


@contextmanager
def away(postgres: Postgres, url: str) -> Iterator[None]:
    """That database takes no connection, and everyone has lost theirs."""
    name = str(conninfo_to_dict(url)["dbname"])
    allow = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        admin.execute(allow.format(Identifier(name), SQL("false")))
        postgres.disconnect_everyone(url)
        yield
        admin.execute(allow.format(Identifier(name), SQL("true")))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the production log would say."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter("json"))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("key", ["amira", "gareth"])
async def test_a_fault_of_ours_is_rolled_back_and_told_as_a_reference(
    town: Town, failing: None, log: io.StringIO, key: str
) -> None:
    before = await remembered(town)
    slash = "/signpost " if key == "amira" else ""
    delivered = await town.says(key, f"{slash}topple {WORDS}")
    assert delivered.status == 200
    assert await remembered(town) == before
    found = REFERENCE.search(town.last(key))
    assert found and "Nothing was changed" in town.last(key)
    assert WORDS not in town.last(key) and "ValueError" not in town.last(key)
    assert found.group(1) in log.getvalue() and "ValueError" in log.getvalue()
    assert "Penhaligon" not in log.getvalue() and "Haddad" not in log.getvalue()
    assert await _references(town) == [found.group(1)]
    if key == "amira":
        assert (await _again(town, delivered)).body == delivered.body
    assert await _references(town) == [found.group(1)]


async def test_a_command_delivered_many_times_at_once_is_done_once_and_answered_the_same(town: Town) -> None:
    first = await town.says("amira", "/signpost me")
    assert first.exchange is not None
    body = first.exchange.body.replace("text=me", "text=create+Home+repairs+service%3A+Grants+outcome%3A+Warm+homes")
    slack = town.platforms.slack
    slack.wire.deadline = 60.0
    several = await asyncio.gather(*(slack.deliver(body.encode(), FORM_TYPE) for _ in range(6)))
    await town.quiet()
    assert {(delivered.status, delivered.body) for delivered in several} == {(200, several[0].body)}
    assert "Home repairs is open" in several[0].body
    assert sum("home-repairs" in str(row) for row in (await remembered(town))["community"]) == 1


async def test_a_message_delivered_many_times_at_once_is_answered_with_one_message(town: Town) -> None:
    said = await town.says("gareth", "me")
    assert said.exchange is not None
    seen = len(town.reads("gareth"))
    body = said.exchange.body.replace('"me"', '"create Home repairs service: Grants outcome: Warm homes"')
    body = re.sub(r'"id": "(\d+)"', '"id": "1799999999999"', body, count=1)
    town.platforms.teams.wire.deadline = 60.0
    several = await asyncio.gather(*(town.platforms.teams.deliver(body.encode()) for _ in range(6)))
    await town.quiet()
    assert {delivered.status for delivered in several} == {200}
    assert len(town.reads("gareth")) == seen + 1
    assert "Home repairs is open" in town.last("gareth")


async def test_while_the_database_is_away_platforms_are_told_to_try_again(
    town: Town, database_url: str, request: pytest.FixtureRequest
) -> None:
    if not database_url.startswith("postgres"):
        return  # a file is not away
    postgres: Postgres = request.getfixturevalue("postgres")
    with away(postgres, database_url):
        slack = await town.platforms.slack.command(*_account(town, "amira"), "/signpost", "me role designer")
        teams = await _teams_says(town, "gareth", "me role designer")
        await town.signpost.schedule.tick()
        await town.signpost.schedule.forget()
        assert [slack.status, teams.status] == [503, 503]
        assert slack.headers["Retry-After"] and teams.headers["Retry-After"]
    assert teams.exchange is not None
    assert (await _again(town, slack)).status == 200
    assert (await town.platforms.teams.deliver(teams.exchange.body.encode())).status == 200
    await town.quiet()
    assert "designer" in town.last("gareth")


async def test_connections_that_broke_are_made_again_unseen(
    town: Town, database_url: str, request: pytest.FixtureRequest
) -> None:
    if not database_url.startswith("postgres"):
        return  # a file has no connections
    postgres: Postgres = request.getfixturevalue("postgres")
    await town.says("amira", "/signpost me role designer")
    postgres.disconnect_everyone(database_url)
    statuses = [(await town.says("amira", "/signpost me role researcher")).status for _ in range(3)]
    assert set(statuses) <= {200, 503} and statuses[-1] == 200
    assert "researcher" in town.last("amira")


@pytest.mark.parametrize("key", ["amira", "gareth"])
@pytest.mark.parametrize("kind", KINDS)
async def test_text_of_any_kind_up_to_the_limit_is_shown_or_visibly_cut(town: Town, key: str, kind: str) -> None:
    words = KINDS[kind]
    slash = "/signpost " if key == "amira" else ""
    for said in (
        f"ask {words} community: starting-a-business",
        f"whoknows {words}",
        f"create {words[:70]} service: {words[:110]} outcome: {words[:290]}",
        f"communities {words[:80]}",
        f"me role {words[:80]}",
        f"me knows {words[:300]}",
        f"leave {words}",
        f"whoknow {words}",
        f"anser 1 {words}",
        words,
    ):
        delivered = await town.says(key, f"{slash}{said}")
        assert delivered.status == 200, said[:20]
        assert "Something went wrong" not in town.last(key), said[:20]
    await town.says(key, f"{slash}ask {words} community: starting-a-business")
    await town.presses(key, "Send")
    await town.says(key, f"{slash}questions")
    assert town.platforms.slack.problems == []
    assert town.platforms.teams.problems == []
    assert await _unsent(town) == []


async def test_a_question_too_long_for_any_button_is_asked_as_it_was_typed(town: Town) -> None:
    words, slack = KINDS["any signs"], town.signpost.slack
    assert slack is not None
    for key, slash in (("sian", ""), ("sian", "/signpost "), ("gareth", "")):
        await town.says(key, f"{slash}ask {words}")
        if key == "sian" and not slash:
            await town.presses(key, "Fill in")
        await slack.drain()  # a modal opens beside the answer
        await town.fills(key, {"Which community?": "services-in-welsh", "What do you want to know?": words})
        await town.says(key, f"whoknow {words}")
        await town.presses(key, "Yes, do that")
    asked = [row for row in (await remembered(town))["question"] if words in row]
    assert len(asked) == 3
    assert town.platforms.slack.problems == []
    assert town.platforms.teams.problems == []


async def test_text_over_the_limit_is_refused_in_words_with_the_limit(town: Town) -> None:
    for key, slash in (("amira", "/signpost "), ("gareth", "")):
        await town.says(key, f"{slash}ask {'x' * 3001}")
        assert "Use 3000 or fewer" in town.last(key)


async def _again(town: Town, first: Delivered) -> Delivered:
    assert first.exchange is not None
    return await town.platforms.slack.deliver(first.exchange.body.encode(), FORM_TYPE)


async def _teams_says(town: Town, key: str, text: str) -> Delivered:
    """What a person types, without waiting for what it causes."""
    return await town.platforms.teams.say(*_account(town, key), text)


def _account(town: Town, key: str) -> tuple[str, str]:
    return town.people[key].tenant, town.people[key].user


async def _references(town: Town) -> list[str]:
    reference = columns(tables.Inbound).reference
    found: list[tuple[str]] = await town.database.read(lambda tx: tx.once(select(reference).where(reference != "")))
    return [row[0] for row in found]


async def _unsent(town: Town) -> list[tuple[str, str]]:
    x = columns(tables.Outbox)
    return await town.database.read(lambda tx: tx.once(select(x.kind, x.state).where(x.state != "sent")))
