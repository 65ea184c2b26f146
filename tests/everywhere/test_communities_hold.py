"""Whatever people do with communities, in any order, from any account on either platform, they hold together."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as some
from psycopg.conninfo import conninfo_to_dict

from storage.database import connect
from tests.databases import Postgres
from tests.everywhere.holding import DEEDS, Deed, Hall, does, fill_world

bounded = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
    "phases": [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
}
deeds = some.builds(
    Deed,
    do=some.sampled_from(sorted(DEEDS)),
    who=some.integers(0, 9),
    community=some.integers(0, 2),
    other=some.integers(0, 9),
    rightly=some.sampled_from([True, True, True, False]),
)


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the worlds of this test."""
    return tmp_path_factory.mktemp("worlds")


@asynccontextmanager
async def hall_on(url: str) -> AsyncIterator[Hall]:
    """The world in this database, with people to act in it."""
    database = connect(url)
    try:
        hall = Hall(database)
        await hall.passes(timedelta(0))
        yield hall
    finally:
        database.close()


async def lives(hall: Hall, steps: list[Deed]) -> None:
    """All that was done, what must hold before it, after each step, and a month later."""
    await hall.must_hold()
    for deed in steps:
        await does(hall, deed)
        await hall.passes(timedelta(0))
        await hall.must_hold()
    await hall.counts_agree()
    for _ in range(5):
        await hall.passes(timedelta(days=7))
    await hall.must_hold()
    for what in await hall.came_to():
        event(what)


sequences = some.lists(deeds, min_size=8, max_size=16)


@settings(max_examples=60, **bounded)  # type: ignore[arg-type]  # two options for both tests
@given(steps=sequences)
async def test_communities_hold_together_whatever_people_do(
    worlds: Path, sqlite_template: Path, steps: list[Deed]
) -> None:
    filled = worlds / "filled.db"
    if not filled.exists():
        made = worlds / "making.db"
        shutil.copy(sqlite_template, made)
        database = connect(f"sqlite:///{made}")
        await fill_world(database)
        database.close()
        made.rename(filled)
    url = f"sqlite:///{shutil.copy(filled, worlds / 'one.db')}"
    for rest in ("-wal", "-shm"):
        (worlds / f"one.db{rest}").unlink(missing_ok=True)
    async with hall_on(url) as hall:
        await lives(hall, steps)


@pytest.fixture
async def filled_postgres(postgres: Postgres) -> AsyncIterator[str]:
    """The name of a PostgreSQL database with that world, to make others from."""
    url = postgres.create()
    database = connect(url)
    await fill_world(database)
    database.close()
    yield url
    postgres.drop(url)


@settings(max_examples=8, **bounded)  # type: ignore[arg-type]  # two options for both tests
@given(steps=sequences)
async def test_they_hold_together_on_postgresql_too(
    postgres: Postgres, filled_postgres: str, steps: list[Deed]
) -> None:
    url = postgres.create(str(conninfo_to_dict(filled_postgres)["dbname"]))
    try:
        async with hall_on(url) as hall:
            await lives(hall, steps)
    finally:
        postgres.drop(url)
