"""A query that is built and compiled once, for many ids at a time.

The ORM takes longer to say a query than PostgreSQL to answer it, and says `IN (%s, %s, ...)` anew for each number of
rows. Here the ORM says it once: the ids are arrays (JSON for SQLite), which the database takes apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL


@dataclass(frozen=True, slots=True)
class Hole:
    """Stands among the compiled parameters where the ids of this time will be."""

    number: int


class Prepared:
    """`build(those)` gives a `values_list` queryset; `those` is for `pk__in=those`: the rows of `model` whose `key` is
    among the ids given later. Its rows must not depend on anything else but the database.
    """

    def __init__(
        self, model: type[Model], key: Sequence[str], build: Callable[[RawSQL], QuerySet[Any, Any]]
    ) -> None:
        self._model, self._key, self._build = model, key, build
        self._compiler: Any = None
        self._sql = ""
        self._params: list[Any] = []

    def __call__(self, ids: Iterable[Sequence[UUID]]) -> Iterator[Any]:
        rows = list(ids)
        if not rows:
            return iter(())
        if self._compiler is None:
            self._compile()
        packed = _arrays(rows) if connection.vendor == "postgresql" else [_json(rows)]
        params = [packed[one.number] if isinstance(one, Hole) else one for one in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            return iter(self._compiler.results_iter(results=[cursor.fetchall()], tuple_expected=True))

    def _compile(self) -> None:
        compiler = self._build(self._those()).query.get_compiler(connection=connection)
        self._sql, params = compiler.as_sql()
        self._params = list(params)
        # Last: another thread that sees it may use all of it.
        self._compiler = compiler

    def _those(self) -> RawSQL:
        given, holes = _given(len(self._key))
        pk: Any = self._model._meta.pk
        if list(self._key) == [pk.name]:
            return RawSQL(given, holes)  # noqa: S611
        columns: list[Any] = [self._model._meta.get_field(name) for name in self._key]
        names = ", ".join(connection.ops.quote_name(one.column) for one in columns)
        table, own = (connection.ops.quote_name(name) for name in (self._model._meta.db_table, pk.column))
        return RawSQL(f"SELECT {own} FROM {table} WHERE ({names}) IN ({given})", holes)  # noqa: S608, S611


def _given(width: int) -> tuple[str, list[Hole]]:
    """A subquery of the ids, and its parameters."""
    if connection.vendor == "postgresql":
        # Arrays, not JSON: of those the planner sees how many there are.
        arrays = ", ".join(["%s::uuid[]"] * width)
        return f"SELECT * FROM unnest({arrays})", [Hole(n) for n in range(width)]  # noqa: S608
    columns = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(width))
    return f"SELECT {columns} FROM json_each(%s)", [Hole(0)]  # noqa: S608


def _arrays(rows: list[Sequence[UUID]]) -> list[str]:
    return [f"{{{','.join(map(str, column))}}}" for column in zip(*rows, strict=True)]


def _json(rows: list[Sequence[UUID]]) -> str:
    return orjson.dumps([[id.hex for id in row] for row in rows]).decode()
