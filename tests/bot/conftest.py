"""What the tests of the core share."""

import pytest

from storage.database import Database
from tests.bot.platform import Clock, Office


@pytest.fixture
def office(database: Database) -> Office:
    """A tray on each kind of database, and a platform that records."""
    return Office(database, Clock())
