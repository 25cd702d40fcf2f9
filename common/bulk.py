"""Many rows, one statement, one parameter: a JSON text that the database takes apart.

The ORM says a CASE per column and row, and compiles it anew each time. Where a hundred people speak at once, that costs
more than what is done. These statements are the same text whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.db.models import Model

from common.prepared import prepared_cursor

Rows = Iterable[Sequence[Any]]


def insert_rows(model: type[Model], *, fields: Sequence[str], rows: Rows, or_leave: bool = False) -> None:
    """One INSERT. Fields that are not named get their `db_default`. `or_leave`: what is there already stays."""
    _execute(*_insert(model, tuple(fields), or_leave), rows)


def update_rows(model: type[Model], *, key: Sequence[str], fields: Sequence[str], rows: Rows) -> None:
    """Each row holds the values of `key`, then the new ones of `fields`. One UPDATE."""
    _execute(*_update(model, tuple(key), tuple(fields)), rows)


# The statements are always the same, and Django takes its time to tell the type of a column.


@cache
def _insert(model: type[Model], fields: tuple[str, ...], or_leave: bool) -> tuple[str, list[Any]]:
    columns = _columns(model, fields)
    names = ", ".join(map(_name, columns))
    # SQLite takes the conflict for part of a join, unless there is a condition.
    statement = f"INSERT INTO {_table(model)} ({names}) SELECT {names} FROM {_given(columns)} WHERE true"  # noqa: S608
    return f"{statement} ON CONFLICT DO NOTHING" if or_leave else statement, columns


@cache
def _update(model: type[Model], key: tuple[str, ...], fields: tuple[str, ...]) -> tuple[str, list[Any]]:
    columns = _columns(model, [*key, *fields])
    names = [_name(column) for column in columns]
    new = ", ".join(f"{name} = given.{name}" for name in names[len(key) :])
    same = " AND ".join(f"{_table(model)}.{name} = given.{name}" for name in names[: len(key)])
    return f"UPDATE {_table(model)} SET {new} FROM {_given(columns)} WHERE {same}", columns  # noqa: S608


def _execute(statement: str, columns: list[Any], rows: Rows) -> None:
    given = list(rows)
    if given:
        with prepared_cursor() as cursor:
            cursor.execute(statement, [_packed(columns, given)])


def _columns(model: type[Model], fields: Iterable[str]) -> list[Any]:
    return [model._meta.get_field(name) for name in fields]


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _name(column: Any) -> str:
    return connection.ops.quote_name(column.column)


def _given(columns: list[Any]) -> str:
    """The rows of the one parameter, as a table."""
    if connection.vendor == "postgresql":
        typed = ", ".join(f"{_name(column)} {column.rel_db_type(connection)}" for column in columns)
        return f"jsonb_to_recordset(%s) AS given({typed})"
    taken = ", ".join(f"json_extract(value, '$.{column.column}') AS {_name(column)}" for column in columns)
    return f"(SELECT {taken} FROM json_each(%s)) AS given"  # noqa: S608


def _packed(columns: list[Any], rows: Rows) -> str:
    names = [column.column for column in columns]
    if not connection.features.has_native_uuid_field:
        rows = ([_stored(column, value) for column, value in zip(columns, row, strict=True)] for row in rows)
    return orjson.dumps([dict(zip(names, row, strict=True)) for row in rows]).decode()


def _stored(column: Any, value: Any) -> Any:
    """As a database keeps it that knows no ids and times; PostgreSQL reads those of JSON as they are."""
    return column.get_db_prep_save(value, connection)
