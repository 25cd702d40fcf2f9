"""How many files are looked into at once, and on which cores: each look stays on one.

However low its priority, a look that wanders from core to core stands before whoever wakes up there to answer
somebody. One that stays where it is, the others find their way around (docs/decisions/0031).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from queue import SimpleQueue


class Cores:
    """So many at once, on the last of the cores that this process may use. None where they have no numbers."""

    def __init__(self, at_once: int) -> None:
        self._free: SimpleQueue[int | None] = SimpleQueue()
        for core in islice(cycle(_usable()), at_once):
            self._free.put(core)

    @contextmanager
    def one(self) -> Iterator[int | None]:
        """Waits for one, and has it for as long as the context lasts."""
        core = self._free.get()
        try:
            yield core
        finally:
            self._free.put(core)


def _usable() -> list[int | None]:
    """The last first. Linux alone tells."""
    if not hasattr(os, "sched_getaffinity"):
        return [None]
    return [*sorted(os.sched_getaffinity(0), reverse=True)]
