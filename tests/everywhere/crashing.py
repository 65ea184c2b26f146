"""Processes of Signpost that can crash, stop or lose their database between any two statements, on one database.

A process that crashed is simply gone: whatever it had in memory is dropped, the database undoes what it had not
committed, and a new one of the same name goes on. Time is the test's own, for time-outs too.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Literal, NamedTuple, TypeVar

from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.schedule import Schedule
from storage.database import Cursor, Database, OutcomeUnknown, Transaction, Unavailable
from tests.bot.platform import START, Clock
from tests.everywhere.chats import Chat, Line

T = TypeVar("T")
Call = Callable[[Callable[[Transaction], T]], Awaitable[T]]

AFTER = 99
"""The moment after COMMIT, before the caller learns of it."""
PASSES = 12
"""Turns of the event loop in which everything that can go on has come to its next wait."""


class Crash(BaseException):
    """The process is gone. Nothing of ours may catch it."""


class Fault(NamedTuple):
    """What a process meets in its n-th transaction from now on, the first being 0.

    `moment` is the statement before which it happens, at the latest before COMMIT, or AFTER that. One that is held
    waits before the transaction, or after its COMMIT; `away` is the database that is lost.
    """

    kind: Literal["crash", "away", "hold"]
    transaction: int
    moment: int


class Watched:
    """A driver's cursor that calls `before` before each statement."""

    def __init__(self, cursor: Cursor, before: Callable[[], None]) -> None:
        self._cursor, self._before = cursor, before

    def execute(self, query: Any, params: Any = (), /) -> object:
        self._before()
        return self._cursor.execute(query, params)

    def executemany(self, query: Any, params_seq: Any, /) -> object:
        self._before()
        return self._cursor.executemany(query, params_seq)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._cursor.fetchall()

    def close(self) -> None:
        self._cursor.close()

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount


def watched(fn: Callable[[Transaction], T], before: Callable[[], None]) -> Callable[[Transaction], T]:
    """The same function; `before` is called before each of its statements, and before its COMMIT."""

    def run(tx: Transaction) -> T:
        value = fn(Transaction(Watched(tx._cursor, before), tx.dialect, tx.index, writes=tx.writes))
        before()
        return value

    return run


class Frail(Database):
    """One process's way to the database that all of them share. Transactions take turns, so that runs can be repeated.

    What happens in the middle of a transaction happens to the real one, which is rolled back or was committed.
    """

    def __init__(self, real: Database, process: "Process") -> None:
        super().__init__()
        self._real, self._process = real, process

    async def _written(self, fn: Callable[[Transaction], T]) -> T:
        return await self._call(self._real.write, fn)

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        return await self._call(self._real.read, fn)

    def close(self) -> None:
        """It stays, for the other processes."""

    async def _call(self, real: Call[T], fn: Callable[[Transaction], T]) -> T:
        process = self._process
        fault = process.meets()
        if fault is not None and fault.kind == "hold" and fault.moment != AFTER:
            await process.held()
        try:
            value = await process.world.in_turn(lambda: self._try(real, fn, fault))
            if fault is not None and fault.moment == AFTER:
                await self._after(fault)
        except Crash:
            process.dies()
            raise
        process.must_live()
        return value

    async def _try(self, real: Call[T], fn: Callable[[Transaction], T], fault: Fault | None) -> T:
        self._process.must_live()
        if fault is None or fault.kind == "hold" or fault.moment == AFTER:
            return await real(fn)
        error = Crash() if fault.kind == "crash" else Unavailable("The database went away")
        moments = itertools.count()

        def before() -> None:
            if next(moments) == fault.moment:
                raise error

        def cut(tx: Transaction) -> T:
            watched(fn, before)(tx)
            raise error

        return await real(cut)

    async def _after(self, fault: Fault) -> None:
        if fault.kind == "hold":
            await self._process.held()
        elif fault.kind == "away":
            raise OutcomeUnknown("The database was lost over the COMMIT")
        else:
            raise Crash


class Process:
    """One process that takes commands, fires timers and delivers, until it dies."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.gone = False
        self.fault: Fault | None = None
        self.troubled = False
        """Whether something went wrong here, or took long, since it was last settled what that means."""
        self._gates: list[asyncio.Future[None]] = []
        database = Frail(world.database, self)
        self.dispatch = Dispatch(database, world.clock, lambda: None)
        self.schedule = Schedule(database, world.clock, lambda: None)
        self.delivery = Delivery(database, world.clock, {chat.name: Line(chat, self) for chat in world.chats})

    @property
    def holds(self) -> bool:
        """Whether something in it waits until `goes_on`."""
        return bool(self._gates)

    def meets(self) -> Fault | None:
        """What the transaction that begins now meets."""
        fault = self.fault
        if fault is None:
            return None
        self.fault = fault._replace(transaction=fault.transaction - 1) if fault.transaction else None
        self.troubled = self.troubled or self.fault is None
        return fault if self.fault is None else None

    def must_live(self) -> None:
        """Raises Crash where the process is gone."""
        if self.gone:
            raise Crash

    def crashes(self) -> None:
        """It is gone from this line on."""
        self.dies()
        raise Crash

    async def held(self) -> None:
        """Waits here until `goes_on`; the process may die first."""
        gate = asyncio.get_running_loop().create_future()
        self._gates.append(gate)
        try:
            await gate
        finally:
            self._gates.remove(gate)
        self.must_live()

    def goes_on(self) -> None:
        """What was held goes on."""
        for gate in self._gates:
            if not gate.done():
                gate.set_result(None)

    def dies(self) -> None:
        """Nothing of it goes on, and no other line of it reaches the database or a platform."""
        self.gone = self.troubled = True
        self.goes_on()


class World:
    """A database, a clock, two platforms, and processes by name."""

    def __init__(self, database: Database, clock: Clock, chats: list[Chat]) -> None:
        self.database, self.clock, self.chats = database, clock, chats
        self.loop = ClockLoop(clock)
        self.loop.set_exception_handler(self._note)
        self.processes: dict[str, Process] = {}
        self.unexpected: list[object] = []
        """What nobody waited for and no crash explains."""
        self._turn = asyncio.Lock()
        self._busy = 0

    def process(self, name: str) -> Process:
        """The process of this name; a new one where the last one died."""
        if name not in self.processes or self.processes[name].gone:
            self.processes[name] = Process(self)
        return self.processes[name]

    def starts(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """The work has gone as far as it can: it is done, or held."""
        task = self.loop.create_task(work)
        self.settles()
        return task

    def settles(self) -> None:
        """Everything that can go on has gone on: what is left is held."""
        self.loop.run_until_complete(self._settle())

    def write(self, fn: Callable[[Transaction], T]) -> T:
        """The test's own change, which nothing can happen to."""
        return self.loop.run_until_complete(self.database.write(fn))

    def read(self, fn: Callable[[Transaction], T]) -> T:
        """The test's own look."""
        return self.loop.run_until_complete(self.database.read(fn))

    async def in_turn(self, call: Callable[[], Awaitable[T]]) -> T:
        """The call, when those before it are done."""
        self._busy += 1
        try:
            async with self._turn:
                return await call()
        finally:
            self._busy -= 1

    def close(self) -> None:
        """Every process is gone."""
        for process in self.processes.values():
            process.dies()
        self.settles()
        self.loop.close()

    async def _settle(self) -> None:
        quiet = 0
        while quiet < PASSES:
            if self._busy:
                quiet = 0
                async with self._turn:  # behind everything that waits for its turn now
                    continue
            quiet += 1
            await asyncio.sleep(0)

    def _note(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), Crash):
            self.unexpected.append(context)


class ClockLoop(asyncio.SelectorEventLoop):
    """An event loop that goes by the test's clock: what has a time-out is late when the test says so."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        super().__init__()

    def time(self) -> float:
        return (self._clock.at - START).total_seconds()
