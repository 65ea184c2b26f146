"""What an import says of many rows goes to the database together."""

from storage.database import Cursor, Database, Transaction
from storage.importing import Imports
from tests.storage.nouns import START

ROWS = 100


class Counting:
    """A cursor that counts how often it waits for the database."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self.waits = 0

    def execute(self, query: object, params: object = ()) -> object:
        self.waits += 1
        return self._cursor.execute(query, params)

    def executemany(self, query: object, params_seq: object) -> object:
        self.waits += 1
        return self._cursor.executemany(query, params_seq)

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def fetchall(self) -> list[tuple[object, ...]]:
        return self._cursor.fetchall()

    def close(self) -> None:
        self._cursor.close()


async def test_new_organisations_take_a_statement_each_and_known_ones_a_few_together(database: Database) -> None:
    def part(tx: Transaction, again: str = "") -> int:
        counting = Counting(tx._cursor)
        known = Imports(Transaction(counting, tx.dialect, tx.index, writes=tx.writes))
        slugs = [f"office-{number}" for number in range(ROWS)]
        known.look(([slug], [f"Office {slug}", f"{again}{slug}"]) for slug in slugs)
        for slug in slugs:
            known.organisation(slug, START, name=f"Office {slug}", short=f"{again}{slug}")
            known.parents(slug, [slugs[0]])
        known.keep()
        return counting.waits

    assert await database.write(part) <= ROWS + 8
    assert await database.write(part) <= 8
    assert await database.write(lambda tx: part(tx, "new-")) <= 8
