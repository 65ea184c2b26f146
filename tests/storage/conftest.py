"""The databases of these tests have a few tables more than Signpost's."""

from collections.abc import Iterator

import pytest

from storage.database import Database, connect
from tests.databases import Postgres
from tests.storage.things import make_tables


@pytest.fixture
def postgres_things_url(postgres: Postgres) -> Iterator[str]:
    """A PostgreSQL database with the tables of tests/storage/things.py, as new."""
    shelf = postgres.shelf_with(make_tables)
    url = shelf.lend()
    yield url
    shelf.take_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def things_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind with the tables of tests/storage/things.py."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_things_url"))
    url = str(request.getfixturevalue("sqlite_url"))
    make_tables(url)
    return url


@pytest.fixture
def things(things_url: str) -> Iterator[Database]:
    """The same, connected."""
    connected = connect(things_url)
    yield connected
    connected.close()
