"""One process, or Redis between them.

Without REDIS_URL news stays inside the process that made it: a second process on the same data would leave half the
people waiting. So the first process holds a lock for as long as it lives, and a second one is told why it may not
start. REDIS_URL set but unreachable is another matter: that is a fault to live through.
"""

from __future__ import annotations

import fcntl
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LOCK_KEY = 0x7061726C6579  # "parley", for PostgreSQL's advisory locks

_held: list[Any] = []


def claim_only_process() -> None:
    """Raises ImproperlyConfigured when another server process runs on this data and REDIS_URL is not set."""
    if settings.REDIS_URL or _held:
        return
    if not (_lock_data_dir() and _lock_database()):
        raise ImproperlyConfigured(
            "Another Parley server is running on this data. Stop it, or set REDIS_URL for all of them:"
            " more than one process needs Redis between them."
        )


def _lock_data_dir() -> bool:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    file: IO[str] = (settings.DATA_DIR / "server.lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _held.append(file)
    return True


def _lock_database() -> bool:
    """Two machines may share a PostgreSQL without sharing DATA_DIR. The lock lives on a connection of its own."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        return True
    import psycopg
    from django.db import connection

    parameters = connection.get_connection_params()
    parameters = {name: value for name, value in parameters.items() if name in _CONNECTING}
    own = psycopg.connect(**parameters, autocommit=True)
    row = own.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY]).fetchone()
    if row is None or not row[0]:
        own.close()
        return False
    _held.append(own)
    return True


_CONNECTING = {"dbname", "user", "password", "host", "port", "sslmode", "connect_timeout"}
