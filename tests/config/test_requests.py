"""A request to Django takes one thread, and leaves its database connection behind tidy."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from config.application import application
from config.requests import THREADS, Requests
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where middleware began."""
    names: list[str] = []
    chain = Requests.get_response

    def noting(self: Requests, request: HttpRequest) -> Any:
        names.append(threading.current_thread().name)
        return chain(self, request)

    monkeypatch.setattr(Requests, "get_response", noting)
    return names


@dataclass
class Answer:
    status: int = 0
    body: bytes = b""

    async def take(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


async def get(path: str, token: str = "") -> Answer:
    return await ask("GET", path, token)


async def ask(method: str, path: str, token: str = "", body: bytes = b"", content_type: str = "") -> Answer:
    """By hand: the communicators of Channels switch off what tidies connections."""
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {token}".encode())]
    headers += [(b"content-type", content_type.encode())] if content_type else []
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}
    said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    said.put_nowait({"type": "http.request", "body": body})
    answer = Answer()
    await application(scope, said.get, answer.take)
    return answer


async def test_it_is_answered_in_one_thread(cast: Cast, threads: list[str]) -> None:
    answer = await get("/api/v1/me/", cast.carol.token)
    assert (answer.status, b"Carol" in answer.body) == (200, True)
    assert [name.split("_")[0] for name in threads] == ["requests"]


async def test_what_may_bring_files_has_threads_of_its_own(cast: Cast, threads: list[str]) -> None:
    form = encode_multipart(BOUNDARY, {"channel": str(uuid4())})
    for body, content_type in ((form, MULTIPART_CONTENT), (b"{}", "application/json")):
        await ask("POST", "/api/v1/chat/messages/", cast.carol.token, body, content_type)
    assert [name.split("_")[0] for name in threads] == ["uploads", "requests"]


async def test_what_goes_wrong_is_answered_too(cast: Cast, threads: list[str]) -> None:
    assert (await get("/api/v1/me/", "nobody's")).status == 401
    assert (await get("/api/v1/there/is/none/")).status == 404


async def test_a_file_is_streamed(cast: Cast) -> None:
    answer = await get("/static/img/parley-unread.svg")
    assert (answer.status, b"<svg" in answer.body) == (200, True)


async def test_it_keeps_no_connection(cast: Cast) -> None:
    """A thread that kept its own would take it from the pool for ever."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one connection for all")
    assert (await get("/api/v1/me/", cast.carol.token)).status == 200
    kept = [THREADS.submit(lambda: connection.connection) for _ in range(settings.DATABASE_THREADS)]
    assert {one.result() for one in kept} == {None}
