"""The databases of these tests have a few tables more than Signpost's."""

from collections.abc import Iterator

import pytest

from storage.database import Database, connect
from tests.storage.things import make_tables


@pytest.fixture
def things_url(database_url: str) -> str:
    """A database of each kind with the tables of tests/storage/things.py."""
    make_tables(database_url)
    return database_url


@pytest.fixture
def things(things_url: str) -> Iterator[Database]:
    """The same, connected."""
    connected = connect(things_url)
    yield connected
    connected.close()
