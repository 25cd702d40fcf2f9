"""How many files are looked into at once, and on which cores: each look stays on one.

However low its priority, a look that wanders from core to core stands before whoever wakes up there to answer
somebody. One that stays where it is, the others find their way around (docs/decisions/0031).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from queue import SimpleQueue

from attachments.inspection.priority import cores


class Cores:
    """So many at once, on the last of the cores that this process may use. None where they have no numbers."""

    def __init__(self, at_once: int) -> None:
        self._free: SimpleQueue[int | None] = SimpleQueue()
        last_first: list[int | None] = [*reversed(cores())]
        for core in islice(cycle(last_first or [None]), at_once):
            self._free.put(core)

    @contextmanager
    def one(self) -> Iterator[int | None]:
        """Waits for one, and has it for as long as the context lasts."""
        core = self._free.get()
        try:
            yield core
        finally:
            self._free.put(core)
