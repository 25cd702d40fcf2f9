"""Where uvicorn's sockets differ from what Parley builds on, they are made to do as daphne's do.

Whoever does not read is cut off, while uvicorn would wait for ever until they do. What is told to somebody who has gone
goes nowhere (realtime.outgoing).
"""

from __future__ import annotations

import socket
import struct
from asyncio import BaseTransport
from contextlib import suppress

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

# More than realtime.credit allows: a stop for what it does not count, as the answers to a client's pings.
MAX_UNSENT = 4 * 1024 * 1024
# SO_LINGER, on, for no time.
AT_ONCE = struct.pack("ii", 1, 0)


class SocketProtocol(WebSocketsSansIOProtocol):
    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=MAX_UNSENT)

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
