"""Receipts on their way to the database: gathered in this process, written together.

A hundred people who read a message are then one statement and one frame, not a hundred. What a dying process had not
written yet, its clients say again in their next hello.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from uuid import UUID

# Since it is read, together with others (config.realtime): that took a while, too.
DIRECT_AFTER = 0.1
GROUP_AFTER = 1.0


@dataclass(frozen=True, slots=True)
class Move:
    """A member has come this far; `at` is when the news arrived, so that gathering does not blur it."""

    member: UUID
    delivered: int
    read: int
    at: datetime

    def joined(self, other: Move) -> Move:
        return Move(
            self.member,
            max(self.delivered, other.delivered),
            max(self.read, other.read),
            max(self.at, other.at),
        )


class PendingReceipts:
    def __init__(self) -> None:
        self._lock = Lock()
        self._moves: dict[UUID, dict[UUID, Move]] = {}
        self._due: dict[UUID, float] = {}

    def note(self, conversation: UUID, move: Move, *, within: float) -> None:
        with self._lock:
            moves = self._moves.setdefault(conversation, {})
            known = moves.get(move.member)
            moves[move.member] = known.joined(move) if known else move
            self._due.setdefault(conversation, time.monotonic() + within)

    def is_empty(self) -> bool:
        return not self._moves

    def take_due(self, *, now: float | None = None) -> dict[UUID, list[Move]]:
        """Conversation -> moves of those whose time has come; with `now=inf`, of all."""
        now = time.monotonic() if now is None else now
        with self._lock:
            due = [conversation for conversation, at in self._due.items() if at <= now]
            for conversation in due:
                del self._due[conversation]
            return {conversation: list(self._moves.pop(conversation).values()) for conversation in due}


pending = PendingReceipts()
