"""Flow control: how much was written to a client that it has not said it has seen.

The ASGI servers' send() may return long before a byte has left (daphne's always does): a client that never reads would
fill our memory. So bytes are counted until the client's `ping` says how many frames it has seen.
"""

from __future__ import annotations

from collections import deque

HEADS_ONLY_OVER = 256 * 1024
LOST_OVER = 1024 * 1024
LOST_AFTER = 75.0


class Credit:
    def __init__(self, now: float) -> None:
        self.unseen = 0
        self._sizes: deque[int] = deque()
        self._seen = 0
        self._moved_at = now

    def wrote(self, size: int) -> None:
        self._sizes.append(size)
        self.unseen += size

    def seen(self, frames: int, now: float) -> None:
        """The client's count of all frames it has received. Numbers from nowhere are ignored."""
        news = frames - self._seen
        if 0 < news <= len(self._sizes):
            self.unseen -= sum(self._sizes.popleft() for _ in range(news))
            self._seen = frames
            self._moved_at = now

    @property
    def is_short(self) -> bool:
        """The client is behind: it gets heads instead of bodies."""
        return self.unseen > HEADS_ONLY_OVER

    def is_lost(self, now: float) -> bool:
        """The client does not read: its socket is closed."""
        return self.unseen > LOST_OVER or (self.is_short and now - self._moved_at > LOST_AFTER)
