"""One query at a time on a database, at an instant, for the tests of each noun."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from storage.database import Database, Transaction

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
Noun = TypeVar("Noun")
T = TypeVar("T")


class On(Generic[Noun]):
    """The queries of one noun, each in a transaction of its own."""

    def __init__(self, database: Database, noun: Callable[[Transaction], Noun]) -> None:
        self.database = database
        self._noun = noun

    async def __call__(self, ask: Callable[[Noun], T]) -> T:
        """What the query gives, committed."""
        return await self.database.write(lambda tx: ask(self._noun(tx)))


async def rows(database: Database, core: Any) -> list[tuple[Any, ...]]:
    """What a statement of the test's own finds."""
    return await database.read(lambda tx: tx.once(core))
