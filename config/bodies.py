"""How large a request's body may be: counted while it comes in, before anything keeps it.

Django under ASGI, and daphne before it, write a whole body to a temporary file before any view, permission or setting
looks at it: whoever can connect could fill the disk. nginx has a limit too; this one holds without nginx.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from io import BytesIO
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest

from common.errors import TooLarge

MAX_BODY = 256 * 1024

REFUSAL = json.dumps({"error": TooLarge().body()}).encode()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(REFUSAL)).encode())]


class BodyLimit:
    """ASGI, for any server: refuses a declared length at once, and cuts off a body that grows beyond the limit."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
        elif declared_length(scope["headers"]) > MAX_BODY:
            await refuse(send)
        else:
            await Counted(receive, send).run(self.application, scope)


class Counted:
    """One request. Beyond the limit its application is told that the client has gone, and the client gets a 413."""

    def __init__(self, receive: Any, send: Any) -> None:
        self.receive, self.send = receive, send
        self.size = 0
        self.has_started = False

    async def run(self, application: Any, scope: Any) -> None:
        await application(scope, self.counting, self.sending)
        if self.size > MAX_BODY and not self.has_started:
            await refuse(self.send)

    async def counting(self) -> Any:
        message = await self.receive()
        self.size += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.size > MAX_BODY else message

    async def sending(self, message: Any) -> None:
        self.has_started = True
        await self.send(message)


def declared_length(headers: list[tuple[bytes, bytes]]) -> int:
    length = dict(headers).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def refuse(send: Any) -> None:
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    await send({"type": "http.response.start", "status": status, "headers": HEADERS})
    await send({"type": "http.response.body", "body": REFUSAL})


# --- daphne ---------------------------------------------------------------------------------------------------------


class LimitedRequest(WebRequest):
    """Twisted keeps the body before the application hears of the request, so the limit must sit here."""

    received = 0
    is_refused = False

    def gotLength(self, length: int | None) -> None:
        super().gotLength(None if length is None else min(length, MAX_BODY))
        if length is not None and length > MAX_BODY:
            self.cut_off()

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        if self.received > MAX_BODY:
            self.cut_off()
        if not self.is_refused:
            super().handleContentChunk(data)

    def cut_off(self) -> None:
        """Answers and closes; what still arrives goes nowhere."""
        if self.is_refused:
            return
        self.is_refused = True
        self.content = BytesIO()
        head = b"HTTP/1.1 413 Request Entity Too Large\r\nconnection: close\r\n"
        head += b"".join(b"%s: %s\r\n" % header for header in HEADERS)
        transport: Any = self.channel.transport
        transport.write(head + b"\r\n" + REFUSAL)
        transport.loseConnection()


class LimitedFactory(HTTPFactory):
    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = LimitedRequest
        return protocol
