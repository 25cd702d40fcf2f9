"""How large a request's body may be: counted while it comes in, before anything keeps it.

Django under ASGI, and daphne before it, write a whole body to a temporary file before any view, permission or setting
looks at it: whoever can connect could fill the disk. nginx has a limit too; this one holds without nginx.

Whoever is refused is heard out for a while: a connection that is closed on unread bytes is reset, and nginx takes that
for a dead server, answers 502 and sends nobody to it for ten seconds.
"""

from __future__ import annotations

import asyncio
import json
import re
from codecs import lookup
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from io import BytesIO
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from common.errors import InvalidInput, TooLarge

MAX_BODY = 256 * 1024
# Where files come in. Whoever takes some elsewhere is named here (tests/config/test_bodies.py).
UPLOADS = re.compile(r"/api/v1/(chat/upload/|chat/attachments/[^/]+/versions/|client-request-attachments/)")
# And where they may come along: in a form, while JSON stays small.
WITH_FILES = re.compile(r"/(api/v1/chat/messages|contact/[^/?]+)/(\?|$)")
FORM = re.compile(r"\s*multipart/form-data\s*(;|$)", re.IGNORECASE)
# More than nginx passes on (client_max_body_size). Thrown away as it comes.
HEARD_OUT = settings.UPLOAD_MAX_BODY + 4 * 1024 * 1024
HEARD_OUT_SECONDS = 10

FORMS = {"multipart/form-data", "application/x-www-form-urlencoded"}
# As Python calls it: "utf8" and "UTF-8" are others' names for it.
UTF_8 = lookup("utf-8").name
REFUSAL = json.dumps({"error": TooLarge().body()}).encode()
HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", str(len(REFUSAL)).encode()),
    (b"connection", b"close"),
]


def is_upload(path: str, *content_types: str) -> bool:
    """Whoever says of one body that it is of two types has not sent a form: only one of them is read."""
    if UPLOADS.match(path):
        return True
    is_form = len(content_types) == 1 and FORM.match(content_types[0]) and "," not in content_types[0]
    return bool(is_form and WITH_FILES.match(path))


def limit_of(path: str, *content_types: str) -> int:
    return settings.UPLOAD_MAX_BODY if is_upload(path, *content_types) else MAX_BODY


def forms_in_utf_8(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    """A form may name its charset, and Django believes it: of some come texts that nothing can write down again, and of
    others no texts at all."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.content_type in FORMS and not is_utf_8(
            (request.content_params or {}).get("charset", UTF_8)
        ):
            error = InvalidInput("Send forms in UTF-8.")
            return JsonResponse({"error": error.body()}, status=error.status)
        return get_response(request)

    return answer


def is_utf_8(charset: str) -> bool:
    try:
        return lookup(charset).name == UTF_8
    except LookupError:
        return False


class BodyLimit:
    """ASGI, for any server: refuses a declared length at once, and cuts off a body that grows beyond the limit."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        limit = limit_of(scope["path"], *content_types_in(scope["headers"]))
        if declared_length(scope["headers"]) > limit:
            await refuse(receive, send)
        else:
            await Counted(limit, receive, send).run(self.application, scope)


class Counted:
    """One request. Beyond the limit its application is told that the client has gone, and the client gets a 413."""

    def __init__(self, limit: int, receive: Any, send: Any) -> None:
        self.limit, self.receive, self.send = limit, receive, send
        self.size = 0
        self.is_whole = self.has_started = False

    async def run(self, application: Any, scope: Any) -> None:
        await application(scope, self.counting, self.sending)
        if self.size > self.limit and not self.has_started:
            await refuse(self.receive, self.send, is_whole=self.is_whole)

    async def counting(self) -> Any:
        message = await self.receive()
        self.size += len(message.get("body", b""))
        self.is_whole = not message.get("more_body", False)
        return {"type": "http.disconnect"} if self.size > self.limit else message

    async def sending(self, message: Any) -> None:
        self.has_started = True
        await self.send(message)


def declared_length(headers: list[tuple[bytes, bytes]]) -> int:
    length = dict(headers).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def content_types_in(headers: list[tuple[bytes, bytes]]) -> list[str]:
    return [value.decode("latin-1") for name, value in headers if name == b"content-type"]


async def refuse(receive: Any, send: Any, *, is_whole: bool = False) -> None:
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    await send({"type": "http.response.start", "status": status, "headers": HEADERS})
    await send({"type": "http.response.body", "body": REFUSAL, "more_body": True})
    if not is_whole:
        with suppress(TimeoutError):
            await asyncio.wait_for(hear_out(receive), HEARD_OUT_SECONDS)
    await send({"type": "http.response.body"})


async def hear_out(receive: Any) -> None:
    heard, has_more = 0, True
    while has_more and heard < HEARD_OUT:
        message = await receive()
        heard += len(message.get("body", b""))
        has_more = message.get("more_body", False)


# --- daphne ---------------------------------------------------------------------------------------------------------


class LimitedRequest(WebRequest):
    """Twisted keeps the body before the application hears of the request, so the limit must sit here."""

    received = 0
    is_refused = False
    limit = MAX_BODY

    @property
    def wire(self) -> Any:
        return self.channel.transport

    def gotLength(self, length: int | None) -> None:
        # The request itself learns of its path when its body has come.
        channel: Any = self.channel
        types = self.requestHeaders.getRawHeaders(b"content-type", [])
        self.limit = limit_of(channel._path.decode("latin-1"), *(one.decode("latin-1") for one in types))
        super().gotLength(None if length is None else min(length, self.limit))
        if length is not None and length > self.limit:
            self.refuse()

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        if self.received > self.limit:
            self.refuse()
        if not self.is_refused:
            super().handleContentChunk(data)
        elif self.received > HEARD_OUT:
            self.wire.loseConnection()

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if self.is_refused:
            self.wire.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def refuse(self) -> None:
        if self.is_refused:
            return
        self.is_refused = True
        self.content = BytesIO()
        head = b"HTTP/1.1 413 Request Entity Too Large\r\n"
        head += b"".join(b"%s: %s\r\n" % header for header in HEADERS)
        self.wire.write(head + b"\r\n" + REFUSAL)
        self.channel.setTimeout(HEARD_OUT_SECONDS)


class LimitedFactory(HTTPFactory):
    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        # Twisted would look for fields in the body, as long as that takes, while nobody else is served.
        protocol.requestFactory = partial(LimitedRequest, parsePOSTFormSubmission=False)
        return protocol
