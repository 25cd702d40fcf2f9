"""Where uvicorn's sockets differ from what Parley builds on, they are made to do as daphne's do.

Whoever does not read is cut off, while uvicorn would wait for ever until they do. What is told to somebody who has gone
goes nowhere (realtime.outgoing). And what happens with every frame is done without detours: the text is framed once for
all who get it, and the kernel is not told to stop and go on reading for each one that comes.
"""

from __future__ import annotations

import socket
import struct
from asyncio import BaseTransport
from contextlib import suppress
from functools import lru_cache
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

# More than realtime.credit allows: a stop for what it does not count, as the answers to a client's pings.
MAX_UNSENT = 4 * 1024 * 1024
# What is read of a client before what it said is looked at.
EVENTS_AHEAD = 16
# SO_LINGER, on, for no time.
AT_ONCE = struct.pack("ii", 1, 0)


@lru_cache(maxsize=16)
def framed(text: str) -> bytes:
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class SocketProtocol(WebSocketsSansIOProtocol):
    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=MAX_UNSENT)

    async def send(self, message: Any) -> None:
        text = message.get("text")
        if text is None or not self.handshake_complete or self.close_sent or self.transport.is_closing():
            await super().send(message)
        else:
            self.transport.write(framed(text))

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
