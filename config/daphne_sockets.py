"""daphne's sockets, lending their line (realtime.line): plain texts come and go without detours (config.frames). And
its server, which passes bodies on in pieces of a size that is worth it.
"""

from __future__ import annotations

from time import time
from typing import Any

from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from config.frames import EVENTS_AHEAD, MAX_MESSAGE, Frames, framed
from realtime.line import LINE, TakeText

PIECE = 64 * 1024


class SocketProtocol(WebSocketProtocol):
    frame = staticmethod(framed)
    take: TakeText | None = None
    cut: Frames | None = None
    has_paused = False

    @property
    def wire(self) -> Any:
        return self.transport

    def listen(self, take: TakeText) -> None:
        self.take = take

    def onOpen(self) -> None:
        super().onOpen()  # type: ignore[no-untyped-call]
        if not self.data:
            # Nothing came with the handshake: autobahn stands before the first frame.
            self.cut = Frames(self.offer, super().dataReceived, most=MAX_MESSAGE)

    def dataReceived(self, data: bytes) -> None:
        if self.cut:
            self.cut.feed(data)
        else:
            super().dataReceived(data)

    def offer(self, text: str) -> bool:
        if self.take is None or self.muted or self.state != self.STATE_OPEN:
            return False
        # What is not offered waits its turn in the queue, and whatever comes after it.
        if not self.application_queue.empty() or not self.take(text):
            return False
        self.last_ping = time()
        return True

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """daphne's queue has no end: whoever sends faster than they are served waits."""
        super().onMessage(payload, isBinary)  # type: ignore[no-untyped-call]
        if not self.has_paused and self.application_queue.qsize() >= EVENTS_AHEAD:
            self.has_paused = True
            self.wire.pauseProducing()

    def taken(self) -> None:
        if self.has_paused and self.application_queue.qsize() < EVENTS_AHEAD:
            self.has_paused = False
            self.wire.resumeProducing()

    def write(self, texts: list[bytes]) -> None:
        if self.state == self.STATE_OPEN and (rest := self.written_at_once(b"".join(texts))):
            self.sendData(rest)

    def written_at_once(self, data: bytes) -> bytes:
        """What is left of it. Twisted would ask the kernel each time to be told when it may write."""
        wire = self.wire
        if wire.dataBuffer or wire._tempDataBuffer or wire.disconnecting:
            return data
        written = wire.writeSomeData(data)
        return data[written:] if isinstance(written, int) else data


class SocketFactory(WebSocketFactory):
    protocol = SocketProtocol


class LendingServer(Server):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)  # type: ignore[no-untyped-call]
        # Its own 8 KiB make 640 events of a photo.
        self.request_buffer_size = PIECE

    def create_application(self, protocol: Any, scope: Any) -> Any:
        if scope["type"] == "websocket":
            scope["extensions"] = {LINE: protocol}
        return super().create_application(protocol, scope)  # type: ignore[no-untyped-call]
