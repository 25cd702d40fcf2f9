"""The database of the tests: migrated once and copied from then on; emptied of what a test has committed."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import setup_databases

# --- migrated -------------------------------------------------------------------------------------------------------


def set_up() -> list[Any]:
    """A migrated database, for `teardown_databases`. All migrations are looked at again: a copy only spares those that
    it has seen, of which not a letter may have changed.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time():
        return _on_sqlite() if connection.vendor == "sqlite" else _on_postgresql()


def _on_sqlite() -> list[Any]:
    options = connection.settings_dict["OPTIONS"]
    # No test cuts the power: nothing has to be on the disk yet.
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    here = Path(connection.settings_dict["TEST"]["NAME"])
    kept = settings.DATA_DIR / f"migrated.{_of_these_migrations()}.sqlite3"
    for part in ("", "-wal", "-shm"):
        Path(f"{here}{part}").unlink(missing_ok=True)
    if kept.exists():
        copyfile(kept, here)
        return setup_databases(verbosity=0, interactive=False, keepdb=True)
    made = setup_databases(verbosity=0, interactive=False)
    for old in settings.DATA_DIR.glob("migrated.*.sqlite3*"):
        old.unlink()
    unfinished = kept.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(unfinished)])
    unfinished.rename(kept)
    return made


def _on_postgresql() -> list[Any]:
    database: Any = connection  # more than every database has
    kept = f"parley_migrated_{_of_these_migrations()}"
    with database.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'parley_migrated_%%'")
        found = {name for (name,) in cursor.fetchall()}
        if kept in found:
            database.settings_dict["TEST"]["TEMPLATE"] = kept
        made = setup_databases(verbosity=0, interactive=False)
        if kept not in found:
            database.close()
            database.close_pool()
            for old in found:
                cursor.execute(f'DROP DATABASE "{old}"')
            cursor.execute(f'CREATE DATABASE "{kept}" TEMPLATE "{database.settings_dict["NAME"]}"')
    return made


def _of_these_migrations() -> str:
    known = sha256(f"{django.get_version()} {sqlite3.sqlite_version}".encode())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            known.update(f"{app.label} {path.name} ".encode() + path.read_bytes())
    return known.hexdigest()[:12]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of the processes that share the tests."""
    with Path(settings.DATA_DIR, "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# --- emptied --------------------------------------------------------------------------------------------------------

# What is there after every migration and no test changes: to write it anew takes longer than most tests.
STAY = {"django_content_type", "auth_permission"}


def empty() -> None:
    """As Django's flush, but only of what has rows. Constraints are looked at in the end, when all are empty."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A socket that has closed may still be writing when it was seen: nobody writes between look and deletion.
            cursor.execute(f"LOCK TABLE {', '.join(_tables())} IN EXCLUSIVE MODE")
        cursor.execute(_with_rows())
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  the names are those of our tables


@cache
def _with_rows() -> str:
    looks = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in _tables()]  # noqa: S608
    return " UNION ALL ".join(looks)


@cache
def _tables() -> list[str]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return [connection.ops.quote_name(table) for table in sorted({*tables} - STAY)]


# --- gone -----------------------------------------------------------------------------------------------------------


@contextmanager
def nobody_else_let_in() -> Iterator[None]:
    """On PostgreSQL. Whoever has a connection keeps it."""
    database: Any = connection
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with database._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
