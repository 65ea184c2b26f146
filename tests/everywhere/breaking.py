"""A way to PostgreSQL that breaks at a commit: before it arrives there, or before its answer comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from psycopg.conninfo import conninfo_to_dict

Where = Literal["going", "coming"]
COMMIT = b"Q\0\0\0\x0bCOMMIT\0"
"""The message as it travels: its kind, its length and the statement (PostgreSQL's manual, 54.7)."""
MOST = 65536


class Way:
    """Connections to the server on this socket. `breaks` is where the next commit of a write is lost."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._answer_is_lost: set[asyncio.StreamReader] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self.breaks: Where | None = None

    def open(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carries one connection from now on."""
        task = asyncio.create_task(self.carry(reader, writer))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def ended(self) -> None:
        """Every connection has ended; whoever had one has closed it."""
        await asyncio.gather(*self._carrying)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it or it breaks."""
        coming, going = await asyncio.open_unix_connection(self._socket)
        both = [self._go(reader, going, coming), self._come(coming, writer)]
        tasks = [asyncio.create_task(one) for one in both]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        for side in (writer, going):
            side.close()

    async def _go(
        self, reader: asyncio.StreamReader, going: asyncio.StreamWriter, coming: asyncio.StreamReader
    ) -> None:
        writes = False
        while sent := await reader.read(MOST):
            if b"BEGIN" in sent:
                writes = b"SERIALIZABLE" in sent
            if writes and COMMIT in sent and self.breaks is not None:
                where, self.breaks = self.breaks, None
                if where == "going":
                    return
                self._answer_is_lost.add(coming)
            going.write(sent)

    async def _come(self, coming: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while answered := await coming.read(MOST):
            if coming in self._answer_is_lost:
                return
            writer.write(answered)


@asynccontextmanager
async def a_way_to(url: str) -> AsyncIterator[tuple[Way, str]]:
    """A way to this database on a socket, and the URL that leads along it."""
    said = conninfo_to_dict(url)
    way = Way(f"{said['host']}/.s.PGSQL.5432")
    server = await asyncio.start_server(way.open, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield way, f"postgresql://{said['user']}@127.0.0.1:{port}/{said['dbname']}"
        await way.ended()
