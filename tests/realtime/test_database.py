"""The threads of the sockets keep their connections, and notice when one has ended."""

from __future__ import annotations

from threading import get_ident

import pytest
from channels.db import database_sync_to_async as in_thread
from django.db import OperationalError, connection

from realtime.database import in_database

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="a session has no process of its own"),
]

Seen = dict[int, int]


def look(seen: Seen) -> int:
    """The PostgreSQL process of this thread, noted in `seen`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = int(cursor.fetchall()[0][0])
    seen[get_ident()] = pid
    return pid


def end(pids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::int[]) pid", [pids])


def end_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


async def look_often(seen: Seen) -> None:
    for _ in range(20):
        await in_database(look, seen)


async def test_a_thread_keeps_its_connection() -> None:
    first: Seen = {}
    again: Seen = {}
    await look_often(first)
    await look_often(again)
    assert {thread: again.get(thread, pid) for thread, pid in first.items()} == first


async def test_one_that_was_ended_meanwhile_is_replaced_before_it_is_used() -> None:
    seen: Seen = {}
    await look_often(seen)
    await in_thread(end)(list(seen.values()))
    now: Seen = {}
    await look_often(now)
    assert not {*now.values()} & {*seen.values()}


async def test_one_that_failed_is_not_used_again() -> None:
    with pytest.raises(OperationalError):
        await in_database(end_own)
    await look_often({})
