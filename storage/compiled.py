"""One statement in one database's words: from parameters to the driver's arguments, from the driver's rows to ours."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time
from functools import cache, partial
from itertools import chain
from operator import itemgetter
from typing import Any, Generic, Literal, NamedTuple, TypeVar, cast

from sqlalchemy import CompoundSelect, Delete, Insert, Select, Update
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.types import NullType

R = TypeVar("R")
DialectName = Literal["sqlite", "postgresql"]
Core = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]] | Insert | Update | Delete
Row = tuple[Any, ...]
Process = Callable[[Any], Any]


NUMERIC = 1700
"""PostgreSQL's number for the type `numeric`: whatever numbers a column really gives, they become what we declared."""


class Compiled(Generic[R]):
    """`bound` gives the driver's text and arguments, `row` builds what was asked for."""

    def __init__(self, core: Core, result: Callable[..., R] | None, dialect: DialectName) -> None:
        known = dialect_of(dialect)
        self._compiled = core.compile(dialect=known)
        self.changes = not isinstance(core, Select | CompoundSelect)
        columns = _column_processors(core, known)
        self.answers = bool(columns)
        self.first = columns[0] if columns else None
        self.row = _row_builder(columns, result)
        self._read_parameters(known)
        self._shapes: dict[tuple[int, ...], _Shape] = {}
        self._only = None if self._lists else self._shape({})

    def _read_parameters(self, dialect: Dialect) -> None:
        named = {name: found for found, name in self._compiled.bind_names.items() if not found.unique}
        defaults, self._makers = _column_defaults(self._compiled)
        self._fixed = {
            name: defaults.get(name, found.value)
            for name, found in named.items()
            if not found.required and name not in self._makers
        }
        self._required = frozenset(named) - self._fixed.keys() - self._makers.keys()
        self._count = len(named)
        processors = {name: _bind_processor(found, dialect) for name, found in named.items()}
        self._lists = {name: processors[name] or _as_it_is for name, found in named.items() if found.expanding}
        self._processors = [(name, how) for name, how in processors.items() if how and name not in self._lists]

    def bound(self, params: dict[str, Any]) -> tuple[str, Row]:
        """The text and the arguments for the driver; `params` is used up. A missing or unknown name is a TypeError."""
        values = {**self._fixed, **params} if self._fixed else params
        if self._makers:
            values.update((name, make()) for name, make in self._makers.items() if name not in values)
        if len(values) != self._count:
            raise self._mismatch(params)
        try:
            for name, process in self._processors:
                values[name] = process(values[name])
            return (self._only.sql, self._only.pick(values)) if self._only else self._spread(values)
        except KeyError:  # as many as are needed, but not the same
            if self._required <= values.keys():
                raise
            raise self._mismatch(params) from None

    def _mismatch(self, given: Mapping[str, Any]) -> TypeError:
        missing = sorted(self._required - given.keys())
        unknown = sorted(given.keys() - self._required - self._fixed.keys() - self._makers.keys())
        told = [f"{word} {', '.join(names)}" for word, names in (("missing", missing), ("unknown", unknown)) if names]
        return TypeError(f"These parameters do not fit: {'; '.join(told)}. The statement: {self._compiled.string}")

    def _spread(self, values: dict[str, Any]) -> tuple[str, Row]:
        lists = {name: _padded([process(item) for item in values[name]]) for name, process in self._lists.items()}
        size = tuple(len(items) for items in lists.values())
        shape = self._shapes.get(size)
        if shape is None:
            shape = self._shapes[size] = self._shape(lists)
        for name, items in lists.items():
            values.update(zip(shape.places[name], items, strict=True))
        return shape.sql, shape.pick(values)

    def _shape(self, lists: Mapping[str, Sequence[Any]]) -> "_Shape":
        state = self._compiled.construct_expanded_state(dict.fromkeys(self._required) | dict(lists), escape_names=False)
        places = {name: state.parameter_expansion[name] for name in lists}
        asked = self._required | self._fixed.keys() | self._makers.keys() | set(chain(*places.values()))
        return _Shape(state.statement, _picker(state, asked, self._compiled), places)


class _Shape(NamedTuple):
    """The text for one length of each list, how the arguments are picked, and the places of each list's items."""

    sql: str
    pick: Callable[[dict[Any, Any]], Row]
    places: Mapping[str, Sequence[str]]


@cache
def dialect_of(name: DialectName) -> Dialect:
    """SQLAlchemy's description of the database, with parameters by position, which both drivers take fastest."""
    if name == "sqlite":
        return SQLiteDialect_pysqlite(paramstyle="qmark")
    made: Dialect = PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call] # SQLAlchemy's own lack
    return made


def _as_it_is(value: Any) -> Any:
    return value


def _padded(items: list[Any]) -> list[Any]:
    """Filled up to a power of two with its last item, so that lists of all lengths share a few texts."""
    return items + items[-1:] * ((1 << (len(items) - 1).bit_length()) - len(items)) if items else items


def _bind_processor(parameter: BindParameter[Any], dialect: Dialect) -> Process | None:
    if isinstance(parameter.type, NullType):
        return _refuse_instants
    return parameter.type.dialect_impl(dialect).bind_processor(dialect)


def _refuse_instants(value: Any) -> Any:
    """Without a type, SQLite would keep an instant in another form than its column does, and compare them as text."""
    if isinstance(value, date | time):
        raise TypeError("Give the parameter the column's type: bindparam(name, type_=...)")
    return value


def _column_defaults(compiled: SQLCompiler) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """What columns that the statement leaves out are filled with: values, and functions to be called each time."""
    scalars: dict[str, Any] = {}
    makers: dict[str, Callable[[], Any]] = {}
    filled = [(column.key, column.default) for column in compiled.insert_prefetch]
    filled += [(column.key, column.onupdate) for column in compiled.update_prefetch]
    for name, default in filled:
        if default is not None and default.is_callable:
            makers[name] = partial(cast(Any, default).arg, None)
        else:
            scalars[name] = cast(Any, default).arg
    return scalars, makers


def _picker(state: ExpandedState, asked: Iterable[str], compiled: SQLCompiler) -> Callable[[dict[Any, Any]], Row]:
    """From all values, by name, to the driver's arguments. Constants get numbers, so no caller can name them."""
    order = state.positiontup or ()
    constants = {at: _constant(name, state, compiled) for at, name in enumerate(order) if name not in asked}
    keys = [at if at in constants else name for at, name in enumerate(order)]
    if not keys:
        return lambda values: ()
    pick: Callable[[dict[Any, Any]], Row] = itemgetter(*keys) if len(keys) > 1 else lambda values: (values[keys[0]],)
    return partial(_with_constants, constants, pick) if constants else pick


def _with_constants(constants: dict[int, Any], pick: Callable[[dict[Any, Any]], Row], values: dict[Any, Any]) -> Row:
    values.update(constants)
    return pick(values)


def _constant(name: str, state: ExpandedState, compiled: SQLCompiler) -> Any:
    value = state.parameters[name]
    process: Process | None = state.processors.get(name)  # an item of a list
    if process is None and name in compiled.binds:
        process = _bind_processor(compiled.binds[name], compiled.dialect)
    return process(value) if process else value


def _column_processors(core: Core, dialect: Dialect) -> list[Process | None]:
    return [column.type.dialect_impl(dialect).result_processor(dialect, NUMERIC) for column in core.exported_columns]


def _row_builder(columns: list[Process | None], result: Callable[..., R] | None) -> Callable[[Row], R]:
    processors = [(at, process) for at, process in enumerate(columns) if process is not None]
    build = cast(Callable[[Iterable[Any]], R], tuple) if result is None else _build(result, len(columns))
    return (lambda row: build(_processed(row, processors))) if processors else build


def _processed(row: Row, processors: list[tuple[int, Process]]) -> list[Any]:
    values = list(row)
    for at, process in processors:
        values[at] = process(values[at])
    return values


def _build(result: Callable[..., R], width: int) -> Callable[[Iterable[Any]], R]:
    fields = getattr(result, "_fields", None)
    if fields is None:
        return lambda values: result(*values)
    if len(fields) != width:
        raise TypeError(f"{result.__name__} has {len(fields)} fields, the statement gives {width} columns")
    return cast(
        Callable[[Iterable[Any]], R], partial(tuple.__new__, cast(Any, result))
    )  # 3 times as fast as calling it
