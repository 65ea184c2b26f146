"""Fixtures that every test may ask for."""

from collections import Counter
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

LONGEST = ("tests/benchmarks/", "tests/everywhere/")
"""They start processes and wait for them; what takes longest comes first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, then those with many tests: else a core waits at the end for one of them."""
    tests = Counter(map(_file, items))

    def place(item: pytest.Item) -> tuple[bool, bool, int, str]:
        file = _file(item)
        benchmarks, everywhere = (not file.startswith(folder) for folder in LONGEST)
        return benchmarks, everywhere, -tests[file], file

    items.sort(key=place)


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:  # noqa: F811
    """The demo's world, running, on SQLite and then on PostgreSQL."""
    async with running_town(database_url) as running:
        yield running
