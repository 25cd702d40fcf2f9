"""Queues that have moved, gathered in this process: those who wait are told together, and not of each move."""

from __future__ import annotations

from threading import Lock
from uuid import UUID


class MovedQueues:
    """By organisation."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._moved: set[UUID] = set()

    def note(self, organisation_id: UUID) -> None:
        with self._lock:
            self._moved.add(organisation_id)

    def is_empty(self) -> bool:
        return not self._moved

    def take(self) -> set[UUID]:
        with self._lock:
            taken, self._moved = self._moved, set()
        return taken


moved = MovedQueues()
