"""Who takes how many of a process's threads for what may last: no tenant more than its share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from uuid import UUID


class Turns:
    def __init__(self, each: int) -> None:
        """`each`: so many at a time for one tenant."""
        self._each = each
        self._taken: Counter[UUID] = Counter()
        self._lock = Lock()

    @contextmanager
    def of(self, organisation_id: UUID) -> Iterator[bool]:
        """Whether there is one left; nobody waits."""
        is_free = self._take(organisation_id)
        try:
            yield is_free
        finally:
            if is_free:
                self._give_back(organisation_id)

    def _take(self, organisation_id: UUID) -> bool:
        with self._lock:
            is_free = self._taken[organisation_id] < self._each
            self._taken[organisation_id] += is_free
        return is_free

    def _give_back(self, organisation_id: UUID) -> None:
        with self._lock:
            self._taken[organisation_id] -= 1
            if not self._taken[organisation_id]:
                del self._taken[organisation_id]
