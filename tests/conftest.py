"""Fixtures that every test may ask for."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

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

IN_MEMORY = Path("/dev/shm")
ROOM = 8 * 2**30


def _in_memory() -> None:
    """Temporary files are in memory where there is room: some disks take milliseconds to write or delete one.

    What a killed process had written is still there, on either; who says TMPDIR has the last word.
    """
    roomy = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM
    if roomy and "TMPDIR" not in os.environ:
        os.environ["TMPDIR"] = tempfile.tempdir = str(IN_MEMORY)


_in_memory()

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
