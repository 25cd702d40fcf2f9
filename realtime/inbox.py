"""What one socket is to do, one after another, while news goes out beside it.

A command that waits for the database must not hold up what is said to this client meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from enum import Enum
from typing import Any, Generic, Literal, TypeVar

MOST_WAITING = 60

T = TypeVar("T")


class Waits(Enum):
    WAITS = "what was begun calls `go_on` when it is done"


WAITS: Literal[Waits.WAITS] = Waits.WAITS
# Done already, or done when this has been run, or when `go_on` is called.
Begun = Coroutine[Any, Any, None] | Literal[Waits.WAITS] | None


class Inbox(Generic[T]):
    """`begin` is a plain call: most frames need no task, and a task costs more than what they ask for."""

    def __init__(self, begin: Callable[[T], Begun]) -> None:
        self._begin = begin
        self._waiting: deque[T] = deque()
        self._work: asyncio.Task[None] | None = None
        self._ended: asyncio.Future[None] | None = None
        self.is_busy = False

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= MOST_WAITING

    def put(self, one: T) -> None:
        self._waiting.append(one)
        if not self.is_busy:
            self._work_off()

    def go_on(self) -> None:
        self.is_busy = False
        self._work_off()

    async def has_room(self) -> None:
        """Returns at once, unless the client sends faster than it is served: then no more is taken from it for now."""
        if self.is_full:
            await self.worked_off()

    async def worked_off(self) -> None:
        if self.is_busy:
            self._ended = self._ended or asyncio.get_running_loop().create_future()
            await asyncio.shield(self._ended)

    def drop(self) -> None:
        """The socket is gone; what a thread has begun is finished there."""
        self._waiting.clear()
        if self._work:
            self._work.cancel()

    def _work_off(self) -> None:
        while self._waiting:
            begun = self._begin(self._waiting.popleft())
            if begun is not None:
                self.is_busy = True
                if begun is not WAITS:
                    self._work = asyncio.get_running_loop().create_task(begun)
                    self._work.add_done_callback(self._has_run)
                return
        if self._ended:
            self._ended.set_result(None)
            self._ended = None

    def _has_run(self, work: asyncio.Task[None]) -> None:
        self._work = None
        self.go_on()
