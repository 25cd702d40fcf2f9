"""What goes out to one socket: counted, and reduced to heads for a client that does not keep up."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from realtime.credit import Credit
from realtime.frames import Frame, encode
from realtime.marks import Mark

# A mark is compared with what changed lately only, so it may be forgotten after a while.
REMEMBER = 300.0

Write = Callable[[dict[str, Any]], Awaitable[None]]


class Outgoing:
    def __init__(self, write: Write) -> None:
        self._write = write
        self.credit = Credit(time.monotonic())
        self.is_closed = False
        self._sent: dict[str, tuple[Mark, float]] = {}
        self._missed: dict[str, Mark] = {}

    async def say(self, frame: Frame) -> None:
        await self._text(encode(frame))

    async def push(self, text: str, subject: str = "", mark: Mark | None = None) -> None:
        """News as it was encoded for everybody. A client that is behind learns of it by heads."""
        if self.credit.is_short:
            if mark:
                self.miss(subject, mark)
            return
        if mark:
            self._remember(subject, mark)
        await self._text(text)

    def miss(self, subject: str, mark: Mark) -> None:
        """The subject has come to `mark`; says so with the next heads, unless this socket was sent as much."""
        if not self.has_sent(subject, mark):
            self._missed[subject] = self._missed.get(subject, Mark()).joined(mark)

    def has_sent(self, subject: str, mark: Mark) -> bool:
        return self._sent.get(subject, (Mark(), 0.0))[0].covers(mark)

    async def tell_heads(self) -> None:
        if self._missed:
            missed, self._missed = self._missed, {}
            for subject, mark in missed.items():
                self._remember(subject, mark)
            await self.say(
                {"type": "heads", "cursors": {subject: list(mark) for subject, mark in missed.items()}}
            )

    @property
    def is_lost(self) -> bool:
        return self.credit.is_lost(time.monotonic())

    def seen(self, frames: object) -> None:
        if isinstance(frames, int):
            self.credit.seen(frames, time.monotonic())

    def _remember(self, subject: str, mark: Mark) -> None:
        now = time.monotonic()
        sent, _ = self._sent.pop(subject, (Mark(), 0.0))
        self._sent[subject] = (sent.joined(mark), now)
        oldest = next(iter(self._sent))
        if now - self._sent[oldest][1] > REMEMBER:
            del self._sent[oldest]

    async def _text(self, text: str) -> None:
        if not self.is_closed:
            self.credit.wrote(len(text))
            await self._write({"type": "websocket.send", "text": text})
