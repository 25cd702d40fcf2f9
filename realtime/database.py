"""The way from the event loop to the database: a few threads, each with its own connection.

Channels' default is one thread for all sockets of a process, so that one slow query holds up everybody; and a
connection that is fetched, asked whether it is well and set up anew for each command takes as long as the command.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache, partial
from select import POLLIN, poll
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections, connection

P = ParamSpec("P")
R = TypeVar("R")


@cache
def executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=settings.DATABASE_THREADS, thread_name_prefix="database")


async def in_database(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    work = partial(copy_context().run, _with_a_connection, partial(function, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(executor(), work)


def _with_a_connection(function: Callable[[], R]) -> R:
    """PostgreSQL's stays with the thread, and with it what it has planned."""
    if connection.vendor != "postgresql":
        close_old_connections()
        try:
            return function()
        finally:
            close_old_connections()
    if has_gone(connection.connection):
        connection.close()
    try:
        return function()
    finally:
        if connection.errors_occurred or connection.needs_rollback:
            connection.close()


def has_gone(connected: Any) -> bool:
    """PostgreSQL speaks unasked to say that this was it: it restarts, or an administrator ended the session."""
    if connected is None:
        return False
    if connected.closed:
        return True
    socket = poll()
    socket.register(connected.fileno(), POLLIN)
    return bool(socket.poll(0))
