"""The tickets of a crowd are issued together, and nobody can tell by the answer that they were."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_thread

from accounts.actions import TICKETS_PER_MEMBER, IssuedTicket, issue_socket_tickets, make_token
from accounts.actor import Actor
from accounts.models import SocketTicket, TokenKind
from accounts.permissions import Scope
from common.errors import RateLimited
from config import tickets
from config.application import application
from tests.cast import ACME_ORIGIN, HOTEL_ORIGIN, Cast
from tests.conftest import SocketFactory

pytestmark = pytest.mark.django_db(transaction=True)

# Whoever says so gets the same, from Django's views.
THE_LONG_WAY = {"accept": "application/json, */*"}


@dataclass
class Answer:
    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""

    async def take(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        self.body += message.get("body", b"")

    @property
    def told(self) -> Any:
        return json.loads(self.body)


async def ask(token: str, *, method: str = "POST", query: str = "", **headers: str) -> Answer:
    said = {"host": "localhost", "authorization": f"Bearer {token}", **headers}
    packed = [(name.encode(), value.encode()) for name, value in said.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": "/api/v1/socket-ticket/",
        "query_string": query.encode(),
    }
    events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    events.put_nowait({"type": "http.request", "body": b"{}"})
    answer = Answer()
    await application({**scope, "headers": packed}, events.get, answer.take)
    return answer


Batches = list[list[Actor]]


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> Batches:
    """For whom tickets were issued together."""
    seen: Batches = []
    issue: Callable[..., list[IssuedTicket | RateLimited]] = issue_socket_tickets

    def noting(actors: list[Actor]) -> list[IssuedTicket | RateLimited]:
        seen.append(actors)
        return issue(actors)

    monkeypatch.setattr(tickets, "issue_socket_tickets", noting)
    return seen


async def test_a_crowd_is_served_in_few_batches(committed_cast: Cast, batches: Batches) -> None:
    cast = committed_cast
    people = [cast.alice, cast.bob, cast.carol, cast.mallory, cast.carol]
    answers = await asyncio.gather(*(ask(one.token) for one in people))
    assert [one.status for one in answers] == [200] * 5
    assert len({one.told["ticket"] for one in answers}) == 5
    assert sum(map(len, batches)) == 5
    assert len(batches) <= 2, "those who come while the first are served wait for the next"


async def test_the_ticket_is_the_askers(
    committed_cast: Cast, batches: Batches, socket: SocketFactory
) -> None:
    cast = committed_cast
    for person, answer in zip(
        (cast.bob, cast.carol), await asyncio.gather(ask(cast.bob.token), ask(cast.carol.token)), strict=True
    ):
        wire = await socket()
        welcome = await wire.push("hello", ticket=answer.told["ticket"])
        assert welcome["member"]["id"] == person.id


@pytest.mark.parametrize("origin", [None, HOTEL_ORIGIN, "https://evil.example"])
async def test_the_answer_is_that_of_the_view(
    committed_cast: Cast, batches: Batches, origin: str | None
) -> None:
    headers = {"origin": origin} if origin else {}
    short = await ask(committed_cast.carol.token, **headers)
    assert len(batches) == 1
    long = await ask(committed_cast.carol.token, **headers, **THE_LONG_WAY)
    assert len(batches) == 1
    assert (short.status, short.headers) == (long.status, long.headers)
    assert (short.told.keys(), short.told["expires_in"]) == (long.told.keys(), long.told["expires_in"])
    assert (b"access-control-allow-origin" in short.headers) == (origin == HOTEL_ORIGIN)


async def test_whoever_is_refused_is_told_why_and_takes_nobody_along(committed_cast: Cast) -> None:
    cast = committed_cast
    narrow = await in_thread(make_token)(cast.bob.member, kind=TokenKind.API, scopes=frozenset({Scope.WRITE}))
    unknown, without_scope, elsewhere, right = await asyncio.gather(
        ask("nobody's"), ask(narrow.secret), ask(cast.dana.token, origin=ACME_ORIGIN), ask(cast.carol.token)
    )
    assert (unknown.status, unknown.headers[b"WWW-Authenticate"]) == (401, b"Bearer")
    assert (without_scope.status, without_scope.told["error"]["code"]) == (403, "forbidden")
    assert (elsewhere.status, elsewhere.told["error"]["code"]) == (401, "not_authenticated")
    assert right.status == 200
    issued = in_thread(lambda: [one.member_id for one in SocketTicket.objects.all()])
    assert await issued() == [cast.carol.member.id]


async def test_they_have_a_rate(committed_cast: Cast) -> None:
    carol, most = committed_cast.carol, int(TICKETS_PER_MEMBER.split("/")[0])
    answers = await asyncio.gather(*(ask(carol.token) for _ in range(most + 5)))
    refused = [one for one in answers if one.status != 200]
    assert [one.status for one in refused] == [429] * 5
    assert 1 <= int(refused[0].headers[b"Retry-After"]) <= 60
    assert (await ask(committed_cast.bob.token)).status == 200


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"method": "GET"}, 405),
        ({"host": "evil.example"}, 400),
        ({"accept": "text/html"}, 406),
        ({"query": "format=xml"}, 404),
        ({"authorization": "Basic YTpi"}, 401),
    ],
)
async def test_what_is_out_of_the_ordinary_goes_the_long_way(
    committed_cast: Cast, batches: Batches, asked: dict[str, Any], status: int
) -> None:
    assert (await ask(committed_cast.carol.token, **asked)).status == status
    assert batches == []


async def test_what_fails_for_all_is_tried_for_each(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("one of them cannot be written")

    monkeypatch.setattr(tickets, "issue_socket_tickets", failing)
    answers = await asyncio.gather(*(ask(committed_cast.carol.token) for _ in range(3)))
    assert [one.status for one in answers] == [200] * 3
