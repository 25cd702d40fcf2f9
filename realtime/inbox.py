"""What one socket is to do, one after another, while news goes out beside it.

A command that waits for the database must not hold up what is said to this client meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

MOST_WAITING = 60

T = TypeVar("T")


class Inbox(Generic[T]):
    def __init__(self, obey: Callable[[T], Awaitable[None]]) -> None:
        self._obey = obey
        self._waiting: deque[T] = deque()
        self._work: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        return self._work is not None and not self._work.done()

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= MOST_WAITING

    def put(self, one: T) -> None:
        self._waiting.append(one)
        if not self.is_busy:
            self._work = asyncio.get_running_loop().create_task(self._work_off())

    async def has_room(self) -> None:
        """Returns at once, unless the client sends faster than it is served: then no more is taken from it for now."""
        if self.is_full:
            await self.worked_off()

    async def worked_off(self) -> None:
        if self._work:
            await asyncio.wait({self._work})

    def drop(self) -> None:
        """The socket is gone; what a thread has begun is finished there."""
        self._waiting.clear()
        if self._work:
            self._work.cancel()

    async def _work_off(self) -> None:
        while self._waiting:
            await self._obey(self._waiting.popleft())
