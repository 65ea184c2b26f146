"""What the tests of the core share."""

from collections.abc import Iterator

import pytest

from bot.command import Verb
from storage.database import Database
from tests.bot.commands import define, throwaway
from tests.bot.platform import Clock, Office


@pytest.fixture
def office(database: Database) -> Office:
    """A tray on each kind of database, and a platform that records."""
    return Office(database, Clock())


@pytest.fixture
def verbs() -> Iterator[dict[str, type[Verb]]]:
    """The throwaway commands, by class name."""
    with throwaway():
        yield define()
