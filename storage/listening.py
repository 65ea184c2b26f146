"""PostgreSQL's NOTIFY and LISTEN: processes tell each other that something may be owed.

It saves waiting and decides nothing: whoever hears looks at the tables, and a tick finds what nobody told.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg

from storage.hosts import Hosts

log = logging.getLogger(__name__)

CHANNEL = "signpost_owed"
LISTEN = f"LISTEN {CHANNEL}"
NOTIFY = f"SELECT set_config('synchronous_commit', 'off', true), pg_notify('{CHANNEL}', %s)"
"""It says who tells. Nothing waits for the disk: what it is about is committed, and a notice that is lost is no loss.

All commits that notify wait for each other (one lock for the whole server), so no command's transaction does.
"""
GATHER_SECONDS = 0.05
"""Those who have something to tell within this time are one notice."""
PAUSE_SECONDS = (0.1, 5.0)
"""How long to wait before listening is tried again: at first, and at most."""


async def listen(hosts: Hosts, me: str, heard: Callable[[], None]) -> None:
    """`heard` is called for every notice that is not from `me`, and whenever listening begins, until cancelled.

    A connection that is lost is made again; what was told meanwhile is missed, so `heard` is called then too.
    """
    tries = 0
    while True:
        try:
            async with listening(hosts) as connection:
                if tries:
                    log.info("Other processes are heard again", extra={"tries": tries})
                tries = 0
                heard()
                async for notice in connection.notifies():
                    if notice.payload != me:
                        heard()
        except psycopg.Error as error:
            if not tries:
                reason = error.sqlstate or type(error).__name__
                log.warning("Other processes are not heard; the tick looks instead", extra={"reason": reason})
            tries += 1
        await asyncio.sleep(pause(tries))


@asynccontextmanager
async def listening(hosts: Hosts) -> AsyncIterator["psycopg.AsyncConnection"]:
    """A connection of its own that listens. It has nothing else to do, so it is the first to see its server die."""
    era = hosts.era
    connection = await psycopg.AsyncConnection.connect(hosts.url, autocommit=True, **hosts.options())
    try:
        await connection.execute(LISTEN)
        hosts.answered(connection)
        yield connection
    except psycopg.Error:
        hosts.lost(era)
        raise
    finally:
        await connection.close()


def pause(tries: int) -> float:
    """Seconds until the next try: twice as long after each, and by chance, so that not all processes come at once."""
    first, most = PAUSE_SECONDS
    return min(most, first * 2.0 ** min(tries, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
