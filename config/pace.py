"""How fast uploads come in, all of a process together: those who talk meanwhile notice little of them.

A body that is taken as fast as it comes is a burst of work in the event loop and in the kernel, and a look into a file
takes longer than that anyway. Whoever began first is served first: fifty who begin together are done one after the
other, and not all at the end. Whoever sends slowly holds up nobody (docs/decisions/0031).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count


class Pace:
    def __init__(self, bytes_per_second: int) -> None:
        self.bytes_per_second = bytes_per_second
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turns = count()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._waiting: list[tuple[int, int, int, Callable[[], None]]] = []
        self._is_taken = False

    def turn(self) -> int:
        """Of a body that begins now."""
        return next(self._turns)

    def ask(self, turn: int, size: int, go_on: Callable[[], None]) -> None:
        """Calls `go_on` when this piece of that body may be passed on: at once, or from the event loop."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop = loop
            self._begin_anew()
        heappush(self._waiting, (turn, next(self._turns), size, go_on))
        if not self._is_taken:
            self._serve()

    async def wait(self, turn: int, size: int) -> None:
        mine = asyncio.get_running_loop().create_future()
        # Whoever has gone meanwhile is no longer waiting.
        self.ask(turn, size, lambda: None if mine.done() else mine.set_result(None))
        await mine

    def _serve(self) -> None:
        self._is_taken = bool(self._waiting)
        if self._is_taken:
            *_, size, go_on = heappop(self._waiting)
            asyncio.get_running_loop().call_later(size / self.bytes_per_second, self._serve)
            go_on()
