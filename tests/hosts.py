"""A host's own server, in this process: hears what is posted to it, and answers as the test says."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from common.fetching import USER_AGENT


@dataclass(frozen=True, slots=True)
class Heard:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Host:
    """`heard`: every request of ours, in order (whoever else runs on this machine may try a port that was free just
    now). `answer`: to all of them, or what `by_path` has."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.heard: list[Heard] = []
        self.answer = Answer()
        self.by_path: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = {}

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.place}{path}"


class _Handler(BaseHTTPRequestHandler):
    host: Host

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        heard = Heard(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
        if heard.headers.get("User-Agent") == USER_AGENT:
            self.host.heard.append(heard)
        answer = self.host.by_path.get(self.path, self.host.answer)
        if not isinstance(answer, Answer):
            answer(self)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass

    def handle(self) -> None:
        with suppress(ConnectionError):  # it had read enough
            super().handle()


class _Server(ThreadingHTTPServer):
    """On all addresses of both kinds, for whatever way leads here."""

    address_family = socket.AF_INET6

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    def server_activate(self) -> None:
        self.socket.listen(64)


@contextmanager
def serving() -> Iterator[Host]:
    server = _Server(("::", 0), _Handler)
    host = Host(server.server_port)
    server.RequestHandlerClass = type("Handler", (_Handler,), {"host": host})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
