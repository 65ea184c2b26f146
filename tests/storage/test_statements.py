"""What is written is what is read, on both databases, and what does not fit is refused."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete, func, insert, literal_column, select, update

from storage.database import Database, insert_or_ignore, statement, upsert
from tests.storage.things import (
    ADD,
    COUNT,
    GET,
    NAMED,
    NAMES,
    NEW_COUNTER,
    SET_COUNT,
    THINGS,
    Colour,
    Thing,
    counter,
    thing,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
ZONES = st.sampled_from([UTC, ZoneInfo("Europe/London"), ZoneInfo("Asia/Kathmandu"), timezone(timedelta(hours=-11))])
INSTANTS = st.datetimes(NOON.replace(1900, tzinfo=None), NOON.replace(9990, tzinfo=None), timezones=ZONES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
ANY_THING = st.builds(
    Thing,
    name=WORDS,
    number=NUMBERS,
    good=st.booleans(),
    colour=st.none() | st.sampled_from(Colour),
    at=st.none() | INSTANTS,
    weight=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    extra=JSON.filter(lambda value: value is not None),
)
on_one_database = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example cleans up after itself
)
EMPTY = statement(delete(thing))


class Pair(NamedTuple):
    first: int
    second: int


@on_one_database
@given(given=ANY_THING)
async def test_what_is_written_is_what_is_read(things: Database, given: Thing) -> None:
    def there_and_back(t: Any) -> Thing | None:
        t.run(EMPTY)
        t.run(ADD, **given._asdict())
        found: Thing | None = t.one(GET, name=given.name)
        return found

    found = await things.write(there_and_back)

    assert found is not None
    assert found == given._replace(at=given.at and given.at.astimezone(UTC))
    assert type(found.good) is bool
    assert found.at is None or found.at.tzinfo is UTC


@on_one_database
@given(numbers=st.lists(st.integers(0, 40), max_size=40), wanted=st.lists(st.integers(0, 40), max_size=20))
async def test_a_list_of_any_length_finds_exactly_its_members(
    things: Database, numbers: list[int], wanted: list[int]
) -> None:
    def find(t: Any) -> list[int]:
        t.run(EMPTY)
        t.many(ADD_NUMBER, [{"name": f"n{at}", "number": number} for at, number in enumerate(numbers)])
        found: list[int] = t.all(AMONG, wanted=wanted)
        return found

    assert await things.write(find) == sorted(number for number in numbers if number in wanted)


ADD_NUMBER = statement(insert(thing).values(name=bindparam("name"), number=bindparam("number")))
AMONG = statement(
    select(thing.c.number)
    .where(thing.c.number.in_(bindparam("wanted", expanding=True)), thing.c.good.is_(True))
    .order_by(thing.c.number),
    int,
)


@on_one_database
@given(instants=st.lists(INSTANTS, min_size=1, max_size=8))
async def test_instants_are_ordered_as_instants_whatever_zone_they_came_in(
    things: Database, instants: list[datetime]
) -> None:
    def ordered(t: Any) -> list[datetime]:
        t.run(EMPTY)
        t.many(ADD_AT, [{"name": str(at), "at": instant} for at, instant in enumerate(instants)])
        return [at for (at,) in t.all(AT_IN_ORDER)]

    # Python calls two readings of a repeated hour unequal across zones, so compare in one
    assert await things.write(ordered) == sorted(instant.astimezone(UTC) for instant in instants)


ADD_AT = statement(insert(thing).values(name=bindparam("name"), at=bindparam("at")))
AT_IN_ORDER = statement(select(thing.c.at).order_by(thing.c.at))


async def test_an_instant_without_a_zone_is_refused(things: Database) -> None:
    naive = datetime(2026, 11, 23, 12)  # noqa: DTZ001 # that is the point
    with pytest.raises(ValueError, match="timezone"):
        await things.write(lambda t: t.run(ADD_AT, name="x", at=naive))
    assert await things.read(lambda t: t.one(THINGS)) == 0


async def test_an_instant_for_a_parameter_without_a_type_is_refused(things: Database) -> None:
    loose = statement(select(func.coalesce(bindparam("at"), 1)))
    with pytest.raises(TypeError, match="type_="):
        await things.read(lambda t: t.value(loose, at=NOON))


async def test_a_missing_parameter_is_named(things: Database) -> None:
    with pytest.raises(TypeError, match="missing to"):
        await things.write(lambda t: t.run(SET_COUNT, name="x"))


async def test_an_unknown_parameter_is_named(things: Database) -> None:
    with pytest.raises(TypeError, match="unknown nmae"):
        await things.read(lambda t: t.one(COUNT, name="x", nmae="x"))


async def test_a_misspelt_parameter_is_told_with_the_one_that_is_missing(things: Database) -> None:
    with pytest.raises(TypeError, match="missing name; unknown nmae"):
        await things.read(lambda t: t.one(COUNT, nmae="x"))


async def test_constants_stay_what_the_statement_says_even_if_somebody_guesses_their_names(things: Database) -> None:
    only = statement(select(thing.c.number).where(thing.c.name == "a", thing.c.number.in_([1, 2, 7])))
    await things.write(lambda t: t.run(NAMED, name="a"))

    assert await things.read(lambda t: t.all(only)) == [(7,)]
    with pytest.raises(TypeError, match="unknown name_1"):
        await things.read(lambda t: t.all(only, name_1="b"))


async def test_a_constant_with_a_percent_sign_and_a_colon_is_text(things: Database) -> None:
    await things.write(lambda t: t.many(NAMED, [{"name": "10% :off"}, {"name": "10 :off"}]))
    found = statement(select(thing.c.name).where(thing.c.name.like("10\\% :o%", escape="\\")), str)

    assert await things.read(lambda t: t.all(found)) == ["10% :off"]


async def test_columns_that_an_insert_leaves_out_get_their_default(things: Database) -> None:
    await things.write(lambda t: t.run(NAMED, name="a"))
    found = await things.read(lambda t: t.one(GET, name="a"))
    assert found == Thing("a", 7, True, None, None, None, None)


async def test_a_default_may_be_given_by_the_name_of_its_column(things: Database) -> None:
    await things.write(lambda t: t.run(NAMED, name="a", number=3, good=False))
    found = await things.read(lambda t: t.one(GET, name="a"))
    assert found is not None
    assert (found.number, found.good) == (3, False)


async def test_a_default_that_is_a_function_is_called_for_each_row(things: Database) -> None:
    await things.write(lambda t: t.many(NAMED, [{"name": "a"}, {"name": "b"}, {"name": "c"}]))
    serials = await things.read(lambda t: t.all(statement(select(thing.c.serial), int)))
    assert len(set(serials)) == 3


async def test_two_columns_of_one_name_keep_their_own_values(things: Database) -> None:
    def join(t: Any) -> Any:
        t.run(NAMED, name="a")
        t.run(NEW_COUNTER, name="b")
        return t.one(
            statement(
                select(thing.c.name, counter.c.name, thing.c.at, thing.c.good).join(counter, counter.c.count == 0)
            )
        )

    assert await things.write(join) == ("a", "b", None, True)


async def test_what_exists_is_ignored_and_counts_nothing(things: Database) -> None:
    again = statement(insert_or_ignore(thing).values(name=bindparam("name")).returning(thing.c.id))

    def twice(t: Any) -> list[Any]:
        return [
            t.run(NEW_COUNTER, name="x"),
            t.run(NEW_COUNTER, name="x"),
            t.value(again, name="a"),
            t.value(again, name="a"),
        ]

    first, second, number, nothing = await things.write(twice)
    assert (first, second, nothing) == (1, 0, None)
    assert number > 0


async def test_an_upsert_changes_what_exists_and_nothing_else_of_it(things: Database) -> None:
    put = statement(
        upsert(thing, ["name"], ["number"])
        .values(name=bindparam("name"), number=bindparam("number"), at=bindparam("at"))
        .returning(thing.c.number)
    )

    def twice(t: Any) -> tuple[Any, ...]:
        return t.value(put, name="a", number=1, at=NOON), t.value(put, name="a", number=2, at=NOON + timedelta(1))

    assert await things.write(twice) == (1, 2)
    found = await things.read(lambda t: t.one(GET, name="a"))
    assert found is not None
    assert (found.number, found.at) == (2, NOON)


async def test_run_counts_the_rows_that_changed(things: Database) -> None:
    some = select(thing.c.id).where(thing.c.number == 7).cte("some")
    with_first = update(thing).where(thing.c.id.in_(select(some.c.id))).values(number=8).add_cte(some)

    def counts(t: Any) -> list[int]:
        t.many(NAMED, [{"name": name} for name in "abc"])
        return [
            t.run(statement(update(thing).where(thing.c.name != "a").values(number=9).returning(thing.c.id))),
            t.run(statement(with_first)),
            t.run(statement(delete(thing).where(thing.c.number == 9))),
            t.run(statement(delete(thing).where(thing.c.number == 9))),
        ]

    assert await things.write(counts) == [2, 1, 2, 0]


async def test_many_refuses_a_statement_that_gives_rows(things: Database) -> None:
    with pytest.raises(TypeError, match="without rows"):
        await things.write(lambda t: t.many(ADD, [{}]))


async def test_many_of_nothing_does_nothing(things: Database) -> None:
    await things.write(lambda t: t.many(NAMED, []))
    assert await things.read(lambda t: t.one(THINGS)) == 0


async def test_a_filter_that_varies_is_built_for_the_one_call(things: Database) -> None:
    await things.write(lambda t: t.many(NAMED, [{"name": name} for name in "abc"]))
    for wanted in (["a"], ["a", "c"]):
        query = select(thing.c.name, thing.c.good).where(thing.c.name.in_(wanted), thing.c.number == bindparam("n"))
        assert await things.read(lambda t, q=query: t.once(q, n=7)) == [(name, True) for name in wanted]  # type: ignore[misc]


async def test_a_value_is_converted_like_a_row(things: Database) -> None:
    await things.write(lambda t: t.run(ADD_AT, name="a", at=NOON))
    latest = statement(select(func.max(thing.c.at)))
    assert await things.read(lambda t: t.value(latest)) == NOON


async def test_nothing_found_is_none_or_an_empty_list(things: Database) -> None:
    found = await things.read(lambda t: (t.one(GET, name="x"), t.value(COUNT, name="x"), t.all(NAMES)))
    assert found == (None, None, [])


async def test_a_named_tuple_of_another_width_is_refused(things: Database) -> None:
    with pytest.raises(TypeError, match="Pair has 2 fields, the statement gives 1"):
        await things.read(lambda t: t.all(statement(select(thing.c.id), Pair)))


async def test_rows_may_become_anything(things: Database) -> None:
    await things.write(lambda t: t.run(NAMED, name="a"))
    shout = statement(select(thing.c.name, thing.c.number), lambda name, number: name.upper() * number)
    assert await things.read(lambda t: t.one(shout)) == "AAAAAAA"


async def test_a_value_of_json_changed_in_place_is_not_what_is_stored(things: Database) -> None:
    await things.write(lambda t: t.run(ADD, **Thing("a", 1, True, None, None, None, {"x": [1]})._asdict()))
    first = await things.read(lambda t: t.one(GET, name="a"))
    assert first is not None
    first.extra["x"].append(2)
    second = await things.read(lambda t: t.one(GET, name="a"))
    assert second is not None
    assert second.extra == {"x": [1]}


async def test_an_enum_of_strings_is_stored_as_plain_text(things: Database) -> None:
    await things.write(lambda t: t.run(NAMED, name=Colour.RED))
    assert await things.read(lambda t: t.all(NAMES)) == ["r"]


async def test_one_statement_may_be_first_used_by_many_at_once(things: Database) -> None:
    fresh = statement(select(func.count()).select_from(thing).where(thing.c.number == bindparam("number")), int)
    counts = await asyncio.gather(*(things.read(lambda t: t.one(fresh, number=1)) for _ in range(20)))
    assert counts == [0] * 20


def test_literal_column_has_no_type_and_passes() -> None:
    assert statement(select(literal_column("1"))).on("sqlite").row((1,)) == (1,)
