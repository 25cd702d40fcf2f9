"""The way from the event loop to the database: a few threads, each with its own connection.

Channels' default is one thread for all sockets of a process, so that one slow query holds up everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.conf import settings

P = ParamSpec("P")
R = TypeVar("R")


@cache
def executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=settings.DATABASE_THREADS, thread_name_prefix="database")


async def in_database(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    run = database_sync_to_async(function, thread_sensitive=False, executor=executor())
    return await run(*args, **kwargs)
