"""Time: ours, the database's, and as the wire speaks it (ISO 8601 in UTC, milliseconds, `Z`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, Func, TextField, Value
from django.db.models.functions import Now
from django.utils import timezone


def now() -> datetime:
    return timezone.now()


def ask_the_database() -> Callable[[], datetime]:
    """For what is compared with what others wrote: their hosts' clocks differ. Asked now, told when called."""
    if connection.vendor != "postgresql":
        # In this very process.
        return now
    cursor = connection.cursor()
    cursor.execute("SELECT clock_timestamp()")

    def told() -> datetime:
        with cursor:
            moment: datetime = cursor.fetchall()[0][0]
        return moment

    return told


def from_now(seconds: float) -> Any:
    """For what a statement writes or compares: by the database's clock."""
    return ExpressionWrapper(Now() + Value(timedelta(seconds=seconds)), output_field=DateTimeField())


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None


class IsoText(Func):
    """A column of times, as `iso` writes them: to read a datetime of each row takes longer than to find the row."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """It keeps text in UTC, without a fraction where that is none."""
        template = "replace(substr(%(expressions)s || '.000', 1, 23), ' ', 'T') || 'Z'"
        return self.as_sql(compiler, connection, template=template, **context)
