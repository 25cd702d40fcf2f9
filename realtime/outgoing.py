"""What goes out to one socket: counted, and reduced to heads for a client that does not keep up."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from realtime.credit import Credit
from realtime.frames import Frame, encode
from realtime.line import Line
from realtime.marks import Mark
from realtime.started import start

logger = logging.getLogger(__name__)

# A mark is compared with what changed lately only, so it may be forgotten after a while.
REMEMBER = 300.0
# So many are not looked through for old ones.
MANY = 50
NOTHING = (Mark(), 0.0)

Message = dict[str, Any]
Send = Callable[[Message], Coroutine[Any, Any, None]]


class Outgoing:
    """Written by plain calls: what the server does not take at once waits for it, in order.

    With a `line`, what is said in one turn of the event loop leaves at its end, by one call of the system.
    """

    def __init__(self, send: Send, line: Line | None = None) -> None:
        self._send, self._line = send, line
        self._texts: list[bytes] = []
        self._waiting: deque[Message] = deque()
        self._writing: asyncio.Task[None] | None = None
        self.credit = Credit(time.monotonic())
        self.is_closed = False
        self._sent: dict[str, tuple[Mark, float]] = {}
        self._missed: dict[str, Mark] = {}
        self._many = MANY

    def accept(self, subprotocol: str | None) -> None:
        self._write({"type": "websocket.accept", "subprotocol": subprotocol})

    def say(self, frame: Frame) -> None:
        self._text(encode(frame))

    def push(self, text: str, subject: str = "", mark: Mark | None = None) -> None:
        """News as it was encoded for everybody. A client that is behind learns of it by heads."""
        if self.credit.is_short:
            if mark:
                self.miss(subject, mark)
            return
        if mark:
            self._remember(subject, mark)
        self._text(text)

    def close(self, code: int) -> None:
        if not self.is_closed:
            self.is_closed = True
            self._flush()
            self._write({"type": "websocket.close", "code": code})

    def drop(self) -> None:
        """The socket is gone."""
        self.is_closed = True
        if self._writing:
            self._writing.cancel()

    def miss(self, subject: str, mark: Mark) -> None:
        """The subject has come to `mark`; says so with the next heads, unless this socket was sent as much."""
        if not self.has_sent(subject, mark):
            self._missed[subject] = self._missed.get(subject, Mark()).joined(mark)

    def has_sent(self, subject: str, mark: Mark) -> bool:
        return self._sent.get(subject, NOTHING)[0].covers(mark)

    def tell_heads(self) -> None:
        if self._missed:
            missed, self._missed = self._missed, {}
            for subject, mark in missed.items():
                self._remember(subject, mark)
            self.say({"type": "heads", "cursors": {subject: list(mark) for subject, mark in missed.items()}})

    @property
    def is_lost(self) -> bool:
        return self.credit.is_lost(time.monotonic())

    def seen(self, frames: object) -> None:
        if isinstance(frames, int):
            self.credit.seen(frames, time.monotonic())

    def _remember(self, subject: str, mark: Mark) -> None:
        now = time.monotonic()
        sent, _ = self._sent.get(subject, NOTHING)
        self._sent[subject] = (mark if mark.covers(sent) else sent.joined(mark), now)
        if len(self._sent) > self._many:
            self._sent = {one: (mark, at) for one, (mark, at) in self._sent.items() if now - at < REMEMBER}
            self._many = max(MANY, 2 * len(self._sent))

    def _text(self, text: str) -> None:
        if self.is_closed:
            return
        self.credit.wrote(len(text))
        if self._line is None:
            self._write({"type": "websocket.send", "text": text})
            return
        if not self._texts:
            asyncio.get_running_loop().call_soon(self._flush)
        self._texts.append(self._line.frame(text))

    def _flush(self) -> None:
        if self._texts and self._line:
            texts, self._texts = self._texts, []
            self._line.write(texts)

    def _write(self, message: Message) -> None:
        self._waiting.append(message)
        if self._writing is None or self._writing.done():
            self._writing = start(self._work_off())

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                await self._send(self._waiting.popleft())
        except Exception as error:
            # What its client said before it went is still to be done: that is not for us to end.
            logger.debug("this is told to somebody who has gone: %r", error)
            self._waiting.clear()
