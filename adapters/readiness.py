"""Whether this process can do its work now, which /readyz says."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from adapters.looking import Look
from bot.errors import Unavailable
from storage.database import Database
from storage.gauges import Gauges
from storage.schema import state

SENTENCES = {
    "database": "The database cannot be reached or read, or is a standby; work goes on by itself once it can",
    "migrations": "The database's tables do not fit. Say signpost migrate; work begins by itself then",
    "writes": "The database cannot be written: its disk is full or read-only; work goes on by itself once it can",
    "damaged": "The database's file is damaged. Stop Signpost and restore a backup",
    "": "The database is right again",
}

_log = logging.getLogger(__name__)


def utc() -> datetime:
    """The clock of everything that runs for real."""
    return datetime.now(UTC)


class Readiness:
    """Call it for "" or one word for what is missing: database, migrations, writes, damaged.

    `failures` counts what the database could not do. Whenever it has grown, and at the start, the next look really
    writes a row; at other times a row is read. So a disk that is full is noticed, and so is that there is room again.
    """

    def __init__(
        self, url: str, database: Database, failures: Callable[[], int] = int, now: Callable[[], datetime] = utc
    ) -> None:
        self._fits = False
        self._url = url
        self._database = database
        self._failures = failures
        self._now = now
        self._believed: int | None = None
        self._row = f"readyz:{secrets.token_hex(8)}"
        self._look = Look(self._said)
        self._before = ""
        self._why: Unavailable | None = None

    async def __call__(self) -> str:
        return await self._look()

    async def _said(self) -> str:
        """The word; the log has it as a sentence whenever it is another than before."""
        self._why = None
        word = await self._missing()
        if word != self._before:
            _log.log(logging.ERROR if word else logging.INFO, SENTENCES[word], exc_info=self._why)
            self._before = word
        return word

    async def _fitting(self) -> bool:
        """Whether the tables are as this Signpost needs them, or newer; once they are, it is not asked again.

        Newer is well: a migration never breaks the version before it.
        """
        if not self._fits:
            self._fits = await asyncio.to_thread(state, self._url) in ("current", "newer")
        return self._fits

    async def _missing(self) -> str:
        try:
            if not await self._fitting():
                return "migrations"
            failures = self._failures()
            await self._database.read(lambda tx: Gauges(tx).newest())
        except Unavailable as why:
            self._why = why
            return "database"
        return "" if failures == self._believed else await self._proved(failures)

    async def _proved(self, failures: int) -> str:
        """After a failure nothing is believed without a proof. A file is gone through only after one."""
        try:
            await self._database.write(lambda tx: Gauges(tx).touch(self._row, self._now()))
            if failures and not await self._database.read(lambda tx: Gauges(tx).is_whole()):
                return "damaged"
        except Unavailable as why:
            self._why = why
            return "writes"
        self._believed = failures
        return ""
