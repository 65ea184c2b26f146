"""Reads the texts that are searched into this process, part by part, and what changes of them while nobody searches."""

import asyncio
import logging
from time import monotonic

from bot.errors import Unavailable
from storage.database import Database
from storage.search import Search

log = logging.getLogger(__name__)

REST_SECONDS = 5.0
"""Between two looks at what has changed, once everything is read; a search looks by itself, this is for the others."""


class Reading:
    """`run` until it is cancelled. While the database is away it waits, and goes on where it was."""

    def __init__(self, database: Database, *, rest: float = REST_SECONDS) -> None:
        self._database = database
        self._rest = rest
        self._well = True

    async def run(self) -> None:
        """Everything is read some time after the start, and is as it was a few seconds ago from then on.

        After each part others have their turn for as long as it took.
        """
        while True:
            began = monotonic()
            more = await self._read()
            await asyncio.sleep(monotonic() - began if more else self._rest)

    async def _read(self) -> bool:
        """Whether there is more to read now. The log says once that it goes wrong, and once that it goes on."""
        try:
            more = await self._database.read(lambda tx: Search(tx).load())
        except Unavailable as why:
            if self._well:
                log.warning("texts to search wait for the database", extra={"reason": type(why).__name__})
            self._well = False
        except Exception:
            if self._well:
                log.exception("texts to search could not be read")
            self._well = False
        else:
            if not self._well:
                log.info("texts to search are read again")
            self._well = True
            return more
        return False
