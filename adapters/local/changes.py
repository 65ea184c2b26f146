"""Who has something new to see, by a number that only grows."""

import asyncio
from collections.abc import Iterable


class Changes:
    """The latest change for each person. Waiting ends at the next change, or when everything stops."""

    def __init__(self) -> None:
        self.version = 0
        self._latest: dict[str, int] = {}
        self._news = asyncio.Event()
        self._stopped = False

    def touch(self, people: Iterable[str]) -> None:
        """These people see something new: one change."""
        several = list(people)
        if not several:
            return
        self.version += 1
        self._latest.update(dict.fromkeys(several, self.version))
        self._wake()

    def since(self, version: int) -> list[str]:
        """Who has something newer than this version."""
        return sorted(person for person, latest in self._latest.items() if latest > version)

    async def wait(self, version: int, seconds: float) -> None:
        """Returns when there is something newer than this version, at the latest after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while self.version <= version and not self._stopped:
                    await self._news.wait()
        except TimeoutError:
            return

    def stop(self) -> None:
        """Nobody waits any longer, now or later."""
        self._stopped = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
