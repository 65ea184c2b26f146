"""Fixtures that every test may ask for."""

from collections.abc import AsyncIterator

import pytest

from tests.databases import (  # noqa: F401 - pytest finds fixtures by name
    database,
    database_url,
    postgres,
    postgres_url,
    sqlite_template,
    sqlite_url,
)
from tests.town import Town, running_town


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:  # noqa: F811
    """The demo's world, running, on SQLite and then on PostgreSQL."""
    async with running_town(database_url) as running:
        yield running
