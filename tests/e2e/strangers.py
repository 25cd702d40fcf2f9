"""Clients that are nobody's page: one that keeps up, one that never says what it has seen, one that never reads."""

from __future__ import annotations

import json
import select
import socket
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

PARLEY = [Subprotocol("parley.v1")]
ANSWERS_WITHIN = 10.0
# A kernel would else take megabytes for a client, and the server's own memory would tell nothing.
SMALL = 4096
JSON, FRONTIER, QUOTE = "application/json", "the-frontier", '"'


class Caller:
    """A member's REST."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.headers = {"Authorization": f"Bearer {token}"}
        self.wire = HTTPConnection("127.0.0.1", port)

    def ask(self, method: str, path: str, body: object = None, *, raw: bytes = b"", type_: str = JSON) -> Any:
        content = raw or (b"" if body is None else json.dumps(body).encode())
        self.wire.request(method, f"/api/v1/{path}", content, {**self.headers, "Content-Type": type_})
        response = self.wire.getresponse()
        answer = json.loads(response.read() or b"null")
        self.wire.close()  # the next request opens it again: a server ends what is idle
        assert response.status < 300, answer
        return answer

    def post(self, path: str, body: object) -> Any:
        return self.ask("POST", path, body)

    def upload(self, conversation: str, name: str, content: bytes) -> str:
        """Its id."""
        head = f'Content-Disposition: form-data; name="files"; filename="{name.replace(QUOTE, "%22")}"'
        body = f"--{FRONTIER}\r\n{head}\r\n\r\n".encode() + content + f"\r\n--{FRONTIER}--\r\n".encode()
        type_ = f"multipart/form-data; boundary={FRONTIER}"
        answer = self.ask("POST", f"chat/upload/{conversation}/", raw=body, type_=type_)
        id: str = answer["results"][0]["id"]
        return id

    def say(self, conversation: str, body: str) -> int:
        message = {"client_id": str(uuid4()), "body": body}
        return int(self.post(f"chat/conversations/{conversation}/messages/", message)["seq"])

    def hello(self) -> str:
        ticket = self.post("socket-ticket/", {})["ticket"]
        return json.dumps({"type": "hello", "id": 1, "ticket": ticket})

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/chat/"


class Reader:
    """Reads all it is sent. `says_seen`: and says so now and then, as the contract asks."""

    def __init__(self, caller: Caller, *, says_seen: bool = True) -> None:
        self.says_seen = says_seen
        self.frames, self.seqs = 0, [0]
        self.wire = connect(caller.url, subprotocols=PARLEY, max_size=None, legacy=True)
        self.wire.send(caller.hello())
        self.read()

    def read(self, *, timeout: float = ANSWERS_WITHIN) -> None:
        frame = json.loads(self.wire.recv(timeout=timeout))
        self.frames += 1
        if frame["type"] == "message":
            self.seqs.append(frame["message"]["seq"])
        if self.says_seen and self.frames % 10 == 0:
            self.wire.send(json.dumps({"type": "ping", "seen": self.frames}))

    def read_to(self, seq: int) -> None:
        while self.seqs[-1] < seq:
            self.read()

    def read_what_is_there(self) -> None:
        try:
            while True:
                self.read(timeout=0)
        except TimeoutError:
            return

    def closed_with(self, *, within: float) -> int | None:
        try:
            while True:
                self.read(timeout=within)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    def leave(self) -> None:
        self.wire.close()


class NeverReads:
    """Says hello and nothing else; takes not one byte from its socket after the handshake, nor answers a ping."""

    def __init__(self, caller: Caller) -> None:
        self.protocol = ClientProtocol(parse_uri(caller.url), subprotocols=PARLEY)
        self.wire = socket.socket()
        self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        self.wire.connect(("127.0.0.1", caller.port))
        self.protocol.send_request(self.protocol.connect())
        self._flush()
        while not self.protocol.events_received():
            self.protocol.receive_data(self.wire.recv(1))
        self.protocol.send_text(caller.hello().encode())
        self._flush()

    def say(self, what: bytes) -> None:
        self.wire.sendall(what)

    def is_cut_off(self, *, within: float) -> bool:
        """The kernel knows it without anything being read."""
        watch = select.poll()
        watch.register(self.wire, select.POLLRDHUP)
        return bool(watch.poll(within * 1000))

    def leave(self) -> None:
        self.wire.close()

    def _flush(self) -> None:
        self.wire.sendall(b"".join(self.protocol.data_to_send()))
