"""Where uvicorn's sockets differ from what Parley builds on, they are made to do as daphne's do.

Whoever does not read is cut off, while uvicorn would wait for ever until they do. What is told to somebody who has gone
goes nowhere (realtime.outgoing). Plain texts come and go without detours (config.frames), and the kernel is not told to
stop and go on reading for each frame that comes.
"""

from __future__ import annotations

import socket
import struct
from asyncio import BaseTransport
from contextlib import suppress
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from config.frames import EVENTS_AHEAD, MAX_MESSAGE, Frames, framed
from realtime.line import LINE, TakeText

# More than realtime.credit allows: a stop for what it does not count, as the answers to a client's pings.
MAX_UNSENT = 4 * 1024 * 1024
# SO_LINGER, on, for no time.
AT_ONCE = struct.pack("ii", 1, 0)


class SocketProtocol(WebSocketsSansIOProtocol):
    """Lends its line (realtime.line)."""

    frame = staticmethod(framed)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.take: TakeText | None = None
        self.cut = Frames(self.offer, super().data_received, most=MAX_MESSAGE)

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=MAX_UNSENT)

    async def run_asgi(self) -> None:
        self.scope["extensions"][LINE] = self  # type: ignore[assignment]
        await super().run_asgi()

    # --- the line ---------------------------------------------------------------------------------------------------

    def listen(self, take: TakeText) -> None:
        self.take = take

    def taken(self) -> None:
        """`receive` goes on reading by itself."""

    def write(self, texts: list[bytes]) -> None:
        if self.handshake_complete and not (self.close_sent or self.transport.is_closing()):
            self.transport.write(b"".join(texts))

    def data_received(self, data: bytes) -> None:
        # The handshake comes whole, as uvicorn's HTTP wrote it down.
        if self.handshake_initiated:
            self.cut.feed(data)
        else:
            super().data_received(data)

    def offer(self, text: str) -> bool:
        # What is not offered waits its turn in the queue, and whatever comes after it.
        return self.take is not None and self.queue.empty() and not self.close_sent and self.take(text)

    # --- as daphne does ---------------------------------------------------------------------------------------------

    def send_receive_event_to_app(self) -> None:
        goes_on = not self.read_paused and self.queue.qsize() < EVENTS_AHEAD
        # Who has paused already is not told to.
        self.read_paused = self.read_paused or goes_on
        super().send_receive_event_to_app()
        self.read_paused = self.read_paused and not goes_on

    def pause_writing(self) -> None:
        """The buffer is full."""
        self.cut_off()

    def send_keepalive_ping(self) -> None:
        """A client that is leaving has until the next ping to take what it was sent."""
        if self.close_sent or self.transport.is_closing():
            self.ping_timer = self.loop.call_later(self.config.ws_ping_interval or 0, self.cut_off)
        else:
            super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        """Without a close frame, which would wait behind all that this client does not read."""
        self.cut_off()

    def cut_off(self) -> None:
        """A reset: after an orderly close the kernel would go on offering what nobody takes."""
        connection: socket.socket = self.transport.get_extra_info("socket")
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()
