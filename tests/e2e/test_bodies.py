"""A body that nobody should send: refused while it comes, by the real server, without filling disk or memory."""

from __future__ import annotations

import socket
from pathlib import Path
from uuid import UUID

import pytest

from tests.e2e.conftest import Server

HUGE = 300 * 1024 * 1024
REQUEST = "POST /api/v1/chat/{path}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{header}\r\n\r\n"
MEMORY_MAY_GROW = 5 * 1024
# The other one takes twelve megabytes.
PATHS = ("sync", "messages", f"upload/{UUID(int=1)}")


def resident_kib(server: Server) -> int:
    assert server.process
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("header", [f"Content-Length: {HUGE}", "Transfer-Encoding: chunked"])
def test_300_megabytes_are_refused(server: Server, header: str, path: str) -> None:
    before = resident_kib(server)
    answer, sent = pour(
        server, REQUEST.format(header=header, path=path).encode(), is_chunked="chunked" in header
    )

    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"code": "too_large"' in answer
    assert sent < HUGE // 8
    assert resident_kib(server) - before < MEMORY_MAY_GROW


def pour(server: Server, head: bytes, *, is_chunked: bool) -> tuple[bytes, int]:
    """Sends until the server has had enough; gives what it answered and how much it let us send."""
    megabyte = b"x" * 1024 * 1024
    chunk = b"100000\r\n" + megabyte + b"\r\n" if is_chunked else megabyte
    sent = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as wire:
        wire.sendall(head)
        try:
            while sent < HUGE:
                wire.sendall(chunk)
                sent += len(megabyte)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return received(wire), sent


def received(wire: socket.socket) -> bytes:
    answer = b""
    try:
        while part := wire.recv(65536):
            answer += part
    except ConnectionResetError:
        pass
    return answer
