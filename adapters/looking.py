"""A question of which one is asked at a time, however often and however impatiently it is asked."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Look(Generic[T]):
    """Who asks while a look is under way gets its answer. Who gives up waiting leaves it under way.

    So a database that hangs holds one of its threads, not one for each probe that came.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self._ask = ask
        self._asking: asyncio.Future[T] | None = None

    async def __call__(self) -> T:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._ask())
            self._asking.add_done_callback(_heard)
        return await asyncio.shield(self._asking)


def _heard(asked: asyncio.Future[T]) -> None:
    """What went wrong is known, also where everyone had given up waiting."""
    if not asked.cancelled():
        asked.exception()
