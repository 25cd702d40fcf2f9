"""An antivirus that never comes to an end with one file: the others do not wait behind it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from attachments import antivirus
from attachments.actions import scan_waiting
from attachments.models import Attachment, FileState, Scan
from messaging.models import Conversation
from tests.attachments.kept import shared
from tests.cast import Cast

BOMB = b"Unpack me."
LENGTH = 4


class Clamd(ThreadingTCPServer):
    """As clamd speaks, for no signature makes a real one slow."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Line)
        self.over = Event()


class Line(StreamRequestHandler):
    def handle(self) -> None:
        if self.rfile.readline() == b"nPING\n":
            self.wfile.write(b"PONG\n")
            return
        content = b""
        while size := int.from_bytes(self.rfile.read(LENGTH)):
            content += self.rfile.read(size)
        if BOMB in content:
            assert isinstance(self.server, Clamd)
            self.server.over.wait()
        self.wfile.write(b"stream: OK\n")


@pytest.fixture
def clamd(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clamd]:
    with Clamd() as server:
        settings.CLAMD = f"tcp://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setattr(antivirus, "PATIENCE_SECONDS", 0.5)
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


def test_the_others_do_not_wait_behind_it(cast: Cast, support: Conversation, clamd: Clamd) -> None:
    waiting = {"state": FileState.PENDING, "scan": Scan.WAITING}
    slow, quick = (
        UUID(shared(cast.carol, support.pk, words, **waiting)) for words in (BOMB.decode(), "Hello")
    )
    scan_waiting(older_than=timedelta(0))
    found = dict(Attachment.objects.values_list("pk", "scan"))
    assert found == {slow: Scan.UNSCANNABLE, quick: Scan.CLEAN}
    assert Attachment.objects.get(pk=slow).state == FileState.PENDING, "a person looks at it"


def test_where_nobody_takes_the_call(settings: Settings, tmp_path: Path) -> None:
    """As with a clamd that was stopped: its queue is full, and to connect takes for ever."""
    settings.CLAMD = f"unix://{tmp_path}/clamd.sock"
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as first:
        listening.bind(f"{tmp_path}/clamd.sock")
        listening.listen(0)
        first.connect(f"{tmp_path}/clamd.sock")
        assert antivirus.scan(BytesIO(b"Hello")) == Scan.WAITING
