"""What the database does for what is asked of it: its plan, and how much work it was."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

IS_SQLITE = connection.vendor == "sqlite"
GROWING = r"(messaging_\w+|delivery_\w+|portal_\w+)"
# SQLite calls it a scan, too, when a full-text table is asked for words.
WHOLE_TABLE = re.compile(
    rf"^SCAN {GROWING}\b(?! VIRTUAL TABLE INDEX \d+:M)" if IS_SQLITE else rf"Seq Scan on {GROWING}"
)


class Queries(list[tuple[str, Any]]):
    """What is asked while they wrap a connection."""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            self.append((sql, params))
        return execute(sql, params, many, context)


def asked_by(act: Callable[[], object]) -> Queries:
    queries = Queries()
    with connection.execute_wrapper(queries):
        act()
    return queries


def analyze(cursor: CursorWrapper) -> None:
    """Of our own tables. Those that all databases share stay locked till a test ends, and tests beside it wait."""
    tables = [] if IS_SQLITE else connection.introspection.table_names(cursor)
    cursor.execute(f"ANALYZE {', '.join(tables)}")


def look_at_the_data() -> None:
    """As PostgreSQL does by itself, a while after much was written. What it knew before may be of a test undone.

    And no disk turns here: on one that does, going through some megabytes is quicker than a hundred looks into them.
    """
    if not IS_SQLITE:
        with connection.cursor() as cursor:
            analyze(cursor)
            cursor.execute("SET LOCAL random_page_cost = 1.1")


def plan_of(act: Callable[[], object]) -> list[str]:
    """How the database goes about all that is asked, line by line. Nothing is forbidden to it: bring enough rows."""
    look_at_the_data()
    queries, plan = asked_by(act), []
    with connection.cursor() as cursor:
        for sql, params in queries:
            cursor.execute(f"EXPLAIN {'QUERY PLAN' if IS_SQLITE else ''} {sql}", params)
            plan += [str(row[-1]).strip() for row in cursor.fetchall()]
    return plan


def whole_tables(plan: list[str]) -> list[str]:
    """Those that are read from end to end and grow with what is said and who is there."""
    return [line for line in plan if WHOLE_TABLE.search(line)]


def work_of(act: Callable[[], object]) -> int:
    """How much the database does: rows that PostgreSQL touches, steps of SQLite's machine in hundreds."""
    if IS_SQLITE:
        return _steps_of(act)
    return sum(_rows_of(sql, params) for sql, params in asked_by(act))


def _steps_of(act: Callable[[], object]) -> int:
    steps: list[None] = []
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: steps.append(None), 100)
    try:
        act()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return len(steps)


def _rows_of(sql: str, params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (found,) = cursor.fetchone()
    plan = json.loads(found) if isinstance(found, str) else found
    return sum(_touched(node) for node in _nodes(plan[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _touched(node: dict[str, Any]) -> int:
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(rows * node["Actual Loops"])
