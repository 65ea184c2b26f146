"""Whatever people say of themselves, in any order: who may not be seen is in nothing that Signpost shows to others.

Who may not be seen by a viewer: who has not said that others may find them, hides from the viewer's organisation, has
left, or was forgotten. And to nobody who asks is offered who is away, takes no questions, or hides from them. What
people wrote keeps their name where they left, not where they were forgotten. `seeing.py` has the verbs that show
people: add one there, and it is held to the same.
"""

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as some
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import or_, update

from storage import tables
from storage.database import Transaction, connect
from storage.people import People
from storage.tables import columns, table
from tests.databases import Postgres
from tests.everywhere.holding import Hall, fill_world
from tests.everywhere.seeing import (
    KEYS,
    PARTS,
    TOPICS,
    WHERE,
    Seen,
    World,
    all_that_is_shown,
    all_that_is_told,
    as_it_is,
    may_be_shown,
)

ORGANISATIONS = ("HMRC", "Companies House", "DBT", "DWP", "DfE", "TPR")

a = columns(tables.Agreement)

Do = Callable[[Hall, "Deed"], Awaitable[None]]


@dataclass(frozen=True)
class Deed:
    """Somebody does something; `what` chooses among what can be done it with."""

    do: str
    who: int
    what: int


def says(*words: str) -> Do:
    """They say one of these, with an organisation in it."""

    async def do(hall: Hall, deed: Deed) -> None:
        said = words[deed.what % len(words)].format(organisation=ORGANISATIONS[deed.what % len(ORGANISATIONS)])
        await hall.says(KEYS[deed.who % len(KEYS)], said)

    return do


def platform_says(gone: bool) -> Do:
    """Their platform says that their account is gone, or is there; of who was forgotten it says nothing."""

    async def do(hall: Hall, deed: Deed) -> None:
        key = KEYS[deed.who % len(KEYS)]
        account = hall.accounts[key]
        where = (account.platform, account.tenant, account.user)
        if await hall.database.read(lambda tx: People(tx).by_account(*where)) is not None:
            await hall.is_gone(key, gone)

    return do


async def _hides_from_all(hall: Hall, deed: Deed) -> None:
    for organisation in ORGANISATIONS:
        await hall.says(KEYS[deed.who % len(KEYS)], f"me hide from {organisation}")


async def _agreements(hall: Hall, deed: Deed) -> None:
    """What their organisation agreed with all others ends, in one or both kinds, or holds again."""
    names, questions, ended = ((False, True, False), (True, False, False), (False, False, True), (True, True, False))[
        deed.what % 4
    ]

    def change(tx: Transaction) -> None:
        account = hall.accounts[KEYS[deed.who % len(KEYS)]]
        known = People(tx).by_account(account.platform, account.tenant, account.user)
        if known is not None:
            mine = known[0].organisation_id
            tx.once(
                update(table(tables.Agreement))
                .where(or_(a.first_id == mine, a.second_id == mine))
                .values(names=names, questions=questions, ended_at=hall.clock() if ended else None)
                .returning(a.id)
            )

    await hall.database.write(change)


async def _is_forgotten(hall: Hall, deed: Deed) -> None:
    await hall.presses(KEYS[deed.who % len(KEYS)], '{"do": "forget-me"}')


async def _waits(hall: Hall, deed: Deed) -> None:
    await hall.passes(timedelta(days=1 + deed.what % 6))


DEEDS: dict[str, Do] = {
    "hide": says("me hide from {organisation}"),
    "hide from all": _hides_from_all,
    "show": says("me show to {organisation}"),
    "be found, or not": says("me findable no", "me findable yes"),
    "be asked, or not": says("me asked no", "me asked yes"),
    "go away": says("me away until tomorrow", "me away until 5 January", "me away 25 November to 28 November"),
    "come back": says("me back"),
    "limit": says("me limit 0", "me limit 1", "me limit 20"),
    "know": says(*(f"me knows {topic}" for topic in TOPICS)),
    "know well": says(*(f"me skill {topic}, expert" for topic in TOPICS)),
    "know no more": says(*(f"me skill remove {topic}" for topic in TOPICS)),
    "answer in a language": says("me languages Welsh", "me languages none"),
    "wait to be told": says(*(f"watch {topic} org: {{organisation}}" for topic in TOPICS)),
    "agree, or not": _agreements,
    "join": says(f"join {WHERE} as tester"),
    "leave": says(f"leave {WHERE}"),
    "go": platform_says(True),
    "be there again": platform_says(False),
    "be forgotten": _is_forgotten,
    "wait": _waits,
}
"""What people do that changes who may be seen, each by its name."""


async def nobody_is_seen_who_may_not_be(hall: Hall, names: dict[str, str], part: int) -> None:
    """Each of them says all that shows people, and reads no name that they may not read; nor would be sent one."""
    world = await as_it_is(hall)
    numbers = {one.person.id: key for key, one in world.people.items() if one is not None}
    for viewer, one in world.people.items():
        if one is not None:
            others = [number for number in numbers if number != one.person.id]
            for seen in await all_that_is_shown(hall, viewer, others[::3], part):
                _is_right(seen, viewer, names, world, hall)
    for number, told in (await all_that_is_told(hall)).items():
        if number in numbers:
            _is_right(Seen("what they are told", "found", told), numbers[number], names, world, hall)


def _is_right(seen: Seen, viewer: str, names: dict[str, str], world: World, hall: Hall) -> None:
    for key, name in names.items():
        if key != viewer and name in seen.text:
            event(f"somebody is {seen.kind}")
            may_be_shown(seen, viewer, key, world, hall)


async def lives(url: str, steps: list[Deed], part: int) -> None:
    """All that was done, and what is looked at after the half of it and at the end."""
    database = connect(url)
    try:
        hall = Hall(database)
        await hall.passes(timedelta(0))
        names = {key: one.person.name for key, one in (await as_it_is(hall)).people.items() if one}
        for number, deed in enumerate(steps):
            await DEEDS[deed.do](hall, deed)
            if number == len(steps) // 2:
                await nobody_is_seen_who_may_not_be(hall, names, part)
        await nobody_is_seen_who_may_not_be(hall, names, part)
    finally:
        database.close()


bounded = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
    "phases": [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
}
deeds = some.builds(Deed, do=some.sampled_from(sorted(DEEDS)), who=some.integers(0, 7), what=some.integers(0, 11))
sequences = some.lists(deeds, min_size=4, max_size=16)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the worlds of this test."""
    return tmp_path_factory.mktemp("seen")


@settings(max_examples=40, **bounded)  # type: ignore[arg-type]  # two options for both tests
@given(steps=sequences, part=some.integers(0, PARTS - 1))
async def test_nobody_is_seen_who_may_not_be(filled: Path, sqlite_template: Path, steps: list[Deed], part: int) -> None:
    world = filled / "filled.db"
    if not world.exists():
        made = filled / "making.db"
        shutil.copy(sqlite_template, made)
        database = connect(f"sqlite:///{made}")
        await fill_world(database)
        database.close()
        made.rename(world)
    for rest in ("", "-wal", "-shm"):
        (filled / f"one.db{rest}").unlink(missing_ok=True)
    await lives(f"sqlite:///{shutil.copy(world, filled / 'one.db')}", steps, part)


@settings(max_examples=5, **bounded)  # type: ignore[arg-type]  # two options for both tests
@given(steps=sequences, part=some.integers(0, PARTS - 1))
async def test_nobody_is_seen_who_may_not_be_on_postgresql_either(
    postgres: Postgres, steps: list[Deed], part: int
) -> None:
    template = postgres.create()
    database = connect(template)
    await fill_world(database)
    database.close()
    url = postgres.create(str(conninfo_to_dict(template)["dbname"]))
    try:
        await lives(url, steps, part)
    finally:
        postgres.drop(url)
        postgres.drop(template)
