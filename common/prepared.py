"""A query that is built and compiled once, for many ids at a time.

The ORM takes longer to say a query than PostgreSQL to answer it, and says `IN (%s, %s, ...)` anew for each number of
rows. Here the ORM says it once: the ids are arrays (JSON for SQLite), which the database takes apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.expressions import RawSQL
from psycopg import Cursor

M = TypeVar("M", bound=Model)


@contextmanager
def in_one_trip() -> Iterator[None]:
    """What is said to PostgreSQL within goes out without waiting. At the end it is answered, or what failed fails.

    Not for what the ORM writes: it wants to know at once how many rows there were.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def prepared_cursor() -> Any:
    """For statements that are the same text each time: PostgreSQL plans them once a connection.

    To plan one takes it longer than to answer. Who logs queries wants to see them with their parameters: Django's do.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    cursor: Any = Cursor(connection.connection)
    return connection.make_cursor(cursor)


def as_model(model: type[M], fields: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> M:
    """`Model.from_db` in a fifth of its time: without signals. A field that is not given is asked for when read."""
    one = model.__new__(model)
    one.__dict__.update(fields, _state=_in_the_database())
    return one


def _in_the_database() -> ModelState:
    state = ModelState()
    state.db, state.adding = DEFAULT_DB_ALIAS, False
    return state


@dataclass(frozen=True, slots=True)
class Hole:
    """Stands among the compiled parameters where the ids of this time will be."""

    number: int


class Prepared:
    """`build(those)` gives a `values_list` queryset; `those` is for `pk__in=those`: the rows of `model` whose `key` is
    among the ids given later (UUIDs, or digests). Its rows must not depend on anything else but the database.

    Called, it asks; the answer is waited for when its first row is read (see `in_one_trip`). `stand_ins` are ids for
    which others are given at each call. Without a `key` there are no ids to be among. `is_held`: until the transaction
    ends, nobody takes the rows away (they may be changed); its queryset is of one table.
    """

    def __init__(
        self,
        model: type[Model],
        key: Sequence[str],
        build: Callable[[RawSQL], QuerySet[Any, Any]],
        *,
        stand_ins: Sequence[UUID] = (),
        is_held: bool = False,
    ) -> None:
        self._model, self._key, self._build, self._stand_ins = model, key, build, stand_ins
        self._is_held = is_held
        self._compiler: Any = None
        self._converters: dict[int, Any] = {}
        self._sql = ""
        self._params: list[Any] = []

    def __call__(self, ids: Iterable[Sequence[UUID | str]] = (), *real: UUID) -> Iterator[Any]:
        rows = list(ids)
        if self._key and not rows:
            return iter(())
        if self._compiler is None:
            self._compile()
        packed = _arrays(rows) if connection.vendor == "postgresql" else [_json(rows)]
        given = [*map(_stored, real), *packed]
        params = [given[one.number] if isinstance(one, Hole) else one for one in self._params]
        cursor = prepared_cursor()
        cursor.execute(self._sql, params)
        answer = self._rows(cursor)
        # SQLite would read while it is written to: what is asked for is read at once.
        return answer if connection.vendor == "postgresql" else iter(list(answer))

    def _rows(self, cursor: Any) -> Iterator[Any]:
        with cursor:
            rows = cursor.fetchall()
        if self._converters:
            rows = map(tuple, self._compiler.apply_converters(rows, self._converters))
        yield from rows

    def _compile(self) -> None:
        compiler = self._build(self._those()).query.get_compiler(connection=connection)
        self._sql, params = compiler.as_sql()
        if self._is_held and connection.vendor == "postgresql":
            # As a foreign key to them does it, and as the ORM has no word for.
            self._sql += " FOR KEY SHARE"
        self._converters = compiler.get_converters([column for column, *_ in compiler.select])
        stand_ins = [_stored(one) for one in self._stand_ins]
        self._params = [Hole(stand_ins.index(one)) if one in stand_ins else one for one in params]
        # Last: another thread that sees it may use all of it.
        self._compiler = compiler

    def _those(self) -> RawSQL:
        columns: list[Any] = [self._model._meta.get_field(name) for name in self._key]
        given, holes = _given(columns, len(self._stand_ins))
        pk: Any = self._model._meta.pk
        if list(self._key) == [pk.name]:
            return RawSQL(given, holes)  # noqa: S611
        names = ", ".join(connection.ops.quote_name(one.column) for one in columns)
        table, own = (connection.ops.quote_name(name) for name in (self._model._meta.db_table, pk.column))
        return RawSQL(f"SELECT {own} FROM {table} WHERE ({names}) IN ({given})", holes)  # noqa: S608, S611


def _given(columns: list[Any], first: int) -> tuple[str, list[Hole]]:
    """A subquery of the ids, and its parameters, the first of which has this number."""
    if connection.vendor == "postgresql":
        # Arrays, not JSON: of those the planner sees how many there are.
        arrays = ", ".join(f"%s::{column.rel_db_type(connection)}[]" for column in columns)
        return f"SELECT * FROM unnest({arrays})", [Hole(first + n) for n in range(len(columns))]  # noqa: S608
    parts = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(columns)))
    return f"SELECT {parts} FROM json_each(%s)", [Hole(first)]  # noqa: S608


def _arrays(rows: list[Sequence[UUID | str]]) -> list[str]:
    return [f"{{{','.join(map(str, column))}}}" for column in zip(*rows, strict=True)]


def _json(rows: list[Sequence[UUID | str]]) -> str:
    return orjson.dumps([list(map(_stored, row)) for row in rows]).decode()


def _stored(id: UUID | str) -> UUID | str:
    """As the database keeps it."""
    if isinstance(id, UUID) and not connection.features.has_native_uuid_field:
        return id.hex
    return id
