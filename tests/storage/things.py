"""A few tables and statements that only these tests use: the engine must not care what Signpost remembers."""

import itertools
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Enum,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlmodel import UTCDateTime

from storage.database import Transaction
from storage.schema import transaction
from storage.statements import insert_or_ignore, statement

METADATA = MetaData()
BIG = BigInteger().with_variant(Integer, "sqlite")
made = itertools.count(1)


class Colour(StrEnum):
    RED = "r"
    BLUE = "b"


thing = Table(
    "thing",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("number", BIG, nullable=False, default=7),
    Column("good", Boolean, nullable=False, default=True),
    Column("serial", Integer, nullable=False, default=lambda: next(made)),
    Column("colour", Enum(Colour, native_enum=False), nullable=True),
    Column("at", UTCDateTime(), nullable=True),
    Column("weight", Float, nullable=True),
    Column("extra", JSON, nullable=True),
)
counter = Table("counter", METADATA, Column("name", String, primary_key=True), Column("count", BIG, nullable=False))
place = Table(
    "place",
    METADATA,
    Column("event", String, primary_key=True),
    Column("person", Integer, primary_key=True),
)
part = Table(
    "part",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("thing_id", BIG, ForeignKey("thing.id", deferrable=True, initially="DEFERRED"), nullable=False),
)
owned = Table(
    "owned",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("thing_id", BIG, ForeignKey("thing.id"), nullable=False),
)


class Thing(NamedTuple):
    name: str
    number: int
    good: bool
    colour: Colour | None
    at: datetime | None
    weight: float | None
    extra: Any


ADD = statement(
    insert(thing)
    .values(**{name: bindparam(name) for name in ("name", "number", "good", "colour", "at", "weight", "extra")})
    .returning(thing.c.id)
)
NAMED = statement(insert(thing).values(name=bindparam("name")))
GET = statement(select(*(thing.c[name] for name in Thing._fields)).where(thing.c.name == bindparam("name")), Thing)
THINGS = statement(select(func.count()).select_from(thing), int)
NAMES = statement(select(thing.c.name).order_by(thing.c.id), str)
ADD_PART = statement(insert(part).values(thing_id=bindparam("thing")))
ADD_OWNED = statement(insert(owned).values(thing_id=bindparam("thing")))

NEW_COUNTER = statement(insert_or_ignore(counter).values(name=bindparam("name"), count=0))
COUNT = statement(select(counter.c.count).where(counter.c.name == bindparam("name")), int)
SET_COUNT = statement(update(counter).where(counter.c.name == bindparam("name")).values(count=bindparam("to")))
COUNTERS = statement(select(counter.c.name), str)

TAKE_PLACE = statement(insert(place).values(event=bindparam("event"), person=bindparam("person")))
PLACES = statement(select(func.count()).where(place.c.event == bindparam("event")))


def make_tables(url: str) -> None:
    """The database has these tables too."""
    with transaction(url, lock=True) as connection:
        METADATA.create_all(connection)


def increment(name: str = "x") -> Callable[[Transaction], int]:
    """Reads a number and writes the next, as a command that decides in Python does."""

    def run(t: Transaction) -> int:
        count = t.one(COUNT, name=name)
        assert count is not None
        t.run(SET_COUNT, name=name, to=count + 1)
        return count + 1

    return run
