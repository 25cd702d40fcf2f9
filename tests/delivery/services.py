"""The other ends of what leaves: a push service and its browsers, and a mail server. Real ones, on this machine."""

from __future__ import annotations

import json
from asyncio import Server
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import http_ece
import jwt
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came for one browser."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def claims(self, key: str, audience: str) -> dict[str, Any]:
        """What the sender signed: by the key that the browser was given, for this service."""
        scheme, _, rest = self.headers["Authorization"].partition(" ")
        signed, shown = (part.strip().partition("=")[2] for part in rest.split(","))
        assert (scheme, shown) == ("vapid", key)
        raw = urlsafe_b64decode(key + "=" * (-len(key) % 4))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
        claims: dict[str, Any] = jwt.decode(signed, public, algorithms=["ES256"], audience=audience)
        return claims


class Browser:
    """Has keys of its own, by which it alone can read what it is pushed."""

    def __init__(self, origin: str) -> None:
        self.path = f"/push/{uuid4().hex}"
        self.endpoint = origin + self.path
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = uuid4().bytes

    def subscription(self) -> dict[str, Any]:
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "keys": {"p256dh": text(point), "auth": text(self._auth)}}

    def read(self, pushed: Pushed) -> dict[str, Any]:
        assert pushed.headers["Content-Encoding"] == "aes128gcm"
        plain = http_ece.decrypt(
            pushed.body, private_key=self._key, auth_secret=self._auth, version="aes128gcm"
        )
        payload: dict[str, Any] = json.loads(plain)
        return payload


@dataclass
class PushService:
    """`answers`: the next ones, with headers; then 201. While `holds`, it takes a push and does not answer."""

    pushed: list[Pushed] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    origin: str = ""
    came: Event = field(default_factory=Event)
    goes_on: Event = field(default_factory=Event)
    holds: bool = False

    def browser(self) -> Browser:
        return Browser(self.origin)

    def take(self) -> list[Pushed]:
        taken, self.pushed = self.pushed, []
        return taken


@contextmanager
def push_service() -> Iterator[PushService]:
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.pushed.append(Pushed(self.path, dict(self.headers), body))
            service.came.set()
            if service.holds:
                service.goes_on.wait(20)
            status, headers = service.answers.pop(0) if service.answers else (201, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.origin = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield service
    finally:
        service.goes_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class MailServer:
    """`answers`: what it says to the next e-mails instead of taking them."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0
    came: Event = field(default_factory=Event)
    goes_on: Event = field(default_factory=Event)
    holds: bool = False

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.raw.append(envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.came.set()
        if self.holds:
            await server.loop.run_in_executor(None, self.goes_on.wait, 20)
        return "250 OK"

    def take(self) -> list[EmailMessage]:
        taken, self.mails = self.mails, []
        return taken


class AnyPort(Controller):
    """It knocks at its own door once it is open: by then it has a number."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    controller = AnyPort(server, hostname=server.host, port=0)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        server.goes_on.set()
        controller.stop()
