"""Another process on the same database: `python -m tests.storage.worker URL increment|acknowledge NUMBER`."""

import asyncio
import sys
from functools import partial

from storage.database import Database, Transaction, connect
from tests.storage.things import NEW_COUNTER, increment


async def increment_often(database: Database, times: int) -> None:
    """Adds one, many times."""
    for _ in range(times):
        await database.write(increment())


def add(name: str, t: Transaction) -> None:
    """A row of that name."""
    t.run(NEW_COUNTER, name=name)


async def acknowledge(database: Database, callers: int) -> None:
    """Prints each name once it is committed, for ever."""

    async def caller(number: int) -> None:
        turn = 0
        while True:
            turn += 1
            name = f"{number}-{turn}"
            await database.write(partial(add, name))
            print(name, flush=True)

    await asyncio.gather(*(caller(number) for number in range(callers)))


def main(url: str, what: str, number: str) -> None:
    """Does what was asked for."""
    database = connect(url)
    work = {"increment": increment_often, "acknowledge": acknowledge}[what]
    asyncio.run(work(database, int(number)))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
