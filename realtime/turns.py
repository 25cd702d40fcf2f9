"""Who writes the same rows takes turns: transactions of one process that wait for each other's locks gain nothing."""

from __future__ import annotations

import asyncio
from types import TracebackType
from weakref import WeakKeyDictionary


class Turns:
    """`async with turns:`. A lock for each event loop."""

    def __init__(self) -> None:
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def __aenter__(self) -> None:
        await self._lock().acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock().release()

    def _lock(self) -> asyncio.Lock:
        return self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())
