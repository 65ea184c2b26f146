"""How things stand is read from what waits or went wrong, however much was sent before."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, insert

from storage import gauges, tables
from storage.arrivals import Arrivals
from storage.database import Database, Transaction
from storage.gauges import WATCHED, Gauges
from storage.statements import Statement, statement
from storage.tables import table
from tests.storage.nouns import START

MANY = 3000
ADD = statement(
    insert(table(tables.Outbox)).values(
        {name: bindparam(name) for name in ("lane", "kind", "state", "due_at", "created_at")}
    )
)
ADD_LANE = statement(insert(table(tables.Lane)).values(name=bindparam("name"), due_at=bindparam("due_at")))
ADD_ARRIVAL = statement(insert(table(tables.Inbound)).values(key=bindparam("key"), at=bindparam("at")))
ADD_TIMER = statement(
    insert(table(tables.Timer)).values({name: bindparam(name) for name in ("key", "command", "state", "due_at")})
)
MINUTE = timedelta(minutes=1)


def message(state: str, minutes: int, lane: str = "a") -> dict[str, object]:
    at = START + minutes * MINUTE
    return {"lane": lane, "kind": "notice", "state": state, "due_at": at, "created_at": at}


def timer(key: str, state: str, minutes: int) -> dict[str, object]:
    return {"key": key, "command": "{}", "state": state, "due_at": START + minutes * MINUTE}


async def put(database: Database, add: Statement[tuple[object, ...]], rows: list[dict[str, object]]) -> None:
    await database.write(lambda tx: [tx.run(add, **row) for row in rows])


async def test_an_empty_tray_stands_at_nothing(database: Database) -> None:
    standing = await database.read(lambda tx: Gauges(tx).standing(START))
    assert standing.messages == dict.fromkeys(WATCHED, 0)
    assert standing[1:] == (None, 0, 0, None, 0)


async def test_what_waits_or_went_wrong_is_counted_and_what_was_sent_or_dropped_is_not(database: Database) -> None:
    states = ["sent", "dropped", "waiting", "waiting", "sending", "uncertain", "undeliverable", "dead", "dead"]
    await put(database, ADD, [message(state, at) for at, state in enumerate(states)])
    await put(database, ADD_LANE, [{"name": "a", "due_at": START}, {"name": "b", "due_at": None}])
    due = [timer("1", "failing", 5), timer("2", "recurring", 3), timer("3", "waiting", 90), timer("4", "fired", 1)]
    await put(database, ADD_TIMER, due)
    standing = await database.read(lambda tx: Gauges(tx).standing(START + 10 * MINUTE))
    assert standing.messages == {"waiting": 2, "sending": 1, "uncertain": 1, "undeliverable": 1, "dead": 2}
    assert standing[1:] == (START + 2 * MINUTE, 1, 2, START + 3 * MINUTE, 1)


async def test_the_oldest_may_be_one_that_is_being_sent(database: Database) -> None:
    await put(database, ADD, [message("waiting", 7), message("sending", 5), message("dead", 1)])
    assert (await database.read(lambda tx: Gauges(tx).standing(START))).oldest == START + 5 * MINUTE


def plan_of(tx: Transaction, asked: Statement[tuple[object, ...]], **params: object) -> str:
    """How the database goes about it, after it has seen how the rows are."""
    sql, arguments = asked.on(tx.dialect).bound(dict(params))
    words = "EXPLAIN (FORMAT JSON)" if tx.dialect == "postgresql" else "EXPLAIN QUERY PLAN"
    tx._cursor.execute(f"{words} {sql}", arguments)  # the driver's own cursor: nothing else explains
    return json.dumps(tx._cursor.fetchall())


async def test_no_figure_needs_what_was_sent_to_be_gone_through(database: Database) -> None:
    sent = [message("sent", n, f"lane {n}") for n in range(MANY)]
    await database.write(lambda tx: tx.many(ADD, [*sent, message("waiting", MANY), message("dead", 1)]))
    lanes = [{"name": f"lane {n}", "due_at": None} for n in range(MANY)]
    await database.write(lambda tx: tx.many(ADD_LANE, lanes))
    await put(database, ADD_LANE, [{"name": "waits", "due_at": START}])
    fired = [timer(f"{n}", "fired", n) for n in range(MANY)]
    await database.write(lambda tx: tx.many(ADD_TIMER, [*fired, timer("due", "waiting", 1)]))
    arrivals = [{"key": f"{n}", "at": START + n * MINUTE} for n in range(MANY)]
    await database.write(lambda tx: tx.many(ADD_ARRIVAL, arrivals))
    await database.write(lambda tx: tx._cursor.execute("ANALYZE", ()))

    def plans(tx: Transaction) -> list[str]:
        return [
            plan_of(tx, gauges._MESSAGES),
            plan_of(tx, gauges._OLDEST, state="waiting"),
            plan_of(tx, gauges._LANES),
            plan_of(tx, gauges._TIMERS, now=START),
            plan_of(tx, gauges._NEWEST),
        ]

    indexes = ["ix_outbox_state", "ix_outbox_state", "ix_lane_queue", "ix_timer_due", "ix_inbound_at"]
    for plan, index in zip(await database.read(plans), indexes, strict=True):
        assert index in plan, plan
        assert "Seq Scan" not in plan and "TEMP B-TREE" not in plan, plan
    standing = await database.read(lambda tx: Gauges(tx).standing(START))
    assert (standing.lanes, standing.messages["waiting"], standing.messages["dead"]) == (1, 1, 1)


async def test_a_row_is_really_written_and_forgotten_after_a_week(database: Database) -> None:
    assert await database.read(lambda tx: Gauges(tx).newest()) is None
    await database.write(lambda tx: Gauges(tx).touch("readyz:1", START + MINUTE))
    await database.write(lambda tx: Gauges(tx).touch("readyz:1", START + 2 * MINUTE))
    assert await database.read(lambda tx: Gauges(tx).newest()) == START + 2 * MINUTE
    await database.write(lambda tx: Arrivals(tx).forget(START + timedelta(days=8)))
    assert await database.read(lambda tx: Gauges(tx).newest()) is None


async def test_a_database_that_is_right_is_whole(database: Database) -> None:
    assert await database.read(lambda tx: Gauges(tx).is_whole())


@pytest.mark.parametrize("state", WATCHED)
def test_every_state_that_is_watched_is_a_state_of_the_outbox(state: str) -> None:
    assert state in (tables.Outbox.__doc__ or "")
