"""The frames of one socket, obeyed one after another, while news goes out beside them.

Channels gives a consumer one event at a time: a command that waits for the database would hold up everything that is
said to this client meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

MOST_WAITING = 60


class Inbox:
    def __init__(self, obey: Callable[[str | None], Awaitable[None]]) -> None:
        self._obey = obey
        self._waiting: deque[str | None] = deque()
        self._work: asyncio.Task[None] | None = None

    async def put(self, text: str | None) -> None:
        """Returns at once, unless the client sends faster than it is served: then no more is taken from it for now."""
        self._waiting.append(text)
        if self._work is None or self._work.done():
            self._work = asyncio.get_running_loop().create_task(self._work_off())
        if len(self._waiting) >= MOST_WAITING:
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
