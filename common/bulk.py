"""Many rows, one statement, one parameter: a JSON text that the database takes apart.

The ORM says a CASE per column and row, and compiles it anew each time. Where a hundred people speak at once, that costs
more than what is done. These statements are the same text whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from django.db import connection
from django.db.models import Model

Rows = Iterable[Sequence[Any]]


def insert_rows(model: type[Model], *, fields: Sequence[str], rows: Rows, returning: str) -> Any:
    """One INSERT. Fields that are not named get their `db_default`. Gives `returning` of one of the rows."""
    columns = _columns(model, fields)
    names = ", ".join(map(_name, columns))
    statement = f"INSERT INTO {_table(model)} ({names}) SELECT {names} FROM {_given(columns)} RETURNING "  # noqa: S608
    (wanted,) = _columns(model, [returning])
    with connection.cursor() as cursor:
        cursor.execute(statement + _name(wanted), [_packed(columns, rows)])
        ((value,), *_) = cursor.fetchall()
    column = wanted.get_col(model._meta.db_table)
    for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
        value = convert(value, column, connection)
    return value


def update_rows(model: type[Model], *, key: Sequence[str], fields: Sequence[str], rows: Rows) -> None:
    """Each row holds the values of `key`, then the new ones of `fields`. One UPDATE."""
    columns = _columns(model, [*key, *fields])
    names = [_name(column) for column in columns]
    new = ", ".join(f"{name} = given.{name}" for name in names[len(key) :])
    same = " AND ".join(f"{_table(model)}.{name} = given.{name}" for name in names[: len(key)])
    with connection.cursor() as cursor:
        statement = f"UPDATE {_table(model)} SET {new} FROM {_given(columns)} WHERE {same}"  # noqa: S608
        cursor.execute(statement, [_packed(columns, rows)])


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
