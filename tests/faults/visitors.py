"""Clients of another kind than the fleet's: one that never reads, and one that is shown the door while people talk."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.faults.services import Parley
from tests.faults.stage import Stage
from tests.faults.tab import STAY_AWAY, Tab

LOST = 4008
CLOSES_WITHIN = 90.0
# No close frame came, the connection was just gone.
ABRUPT = 1006
MEMORY_MAY_GROW_KIB = 5 * 1024

# --- one that never reads -------------------------------------------------------------------------------------------


async def client_that_never_reads(stage: Stage) -> None:
    """Its process holds no memory for it, and lets it go: it answers no ping either."""
    grown, code = await slow_client(stage, reads_after=70)
    assert code in (LOST, ABRUPT), f"a client that never reads was closed with {code}"
    assert grown < MEMORY_MAY_GROW_KIB, f"the server grew by {grown} KiB for a client that never reads"


async def client_that_never_says_what_it_saw(stage: Stage) -> None:
    """It answers pings of the protocol beneath, as a stopped page does; it never says `seen`."""
    grown, code = await slow_client(stage, reads_after=0)
    assert code == LOST, f"a client that never says what it saw was closed with {code}"
    assert grown < MEMORY_MAY_GROW_KIB, f"the server grew by {grown} KiB for a client that says nothing"


async def slow_client(stage: Stage, *, reads_after: float) -> tuple[int, int | None]:
    """How much its process grew, and how it was closed."""
    server, token = stage.servers[0], stage.demo[0]["members"][0]["token"]
    wire = await say_hello(server, token)
    before = server.resident_kib()
    await asyncio.sleep(reads_after)
    code = await read_to_the_end(wire)
    return server.resident_kib() - before, code


async def say_hello(server: Parley, token: str) -> ClientConnection:
    """A socket that is open, heard its welcome, and hears nothing more until somebody reads it."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"{server.url}/api/v1/", headers=headers) as http:
        ticket = (await http.post("socket-ticket/", json={})).json()["ticket"]
    wire = await connect(
        server.url.replace("http", "ws") + "/ws/chat/",
        subprotocols=[Subprotocol("parley.v1")],
        max_queue=1,
        max_size=None,
        ping_interval=None,
    )
    await wire.send(json.dumps({"type": "hello", "id": 1, "ticket": ticket}))
    await wire.recv()
    return wire


async def read_to_the_end(wire: ClientConnection) -> int | None:
    try:
        async with asyncio.timeout(CLOSES_WITHIN):
            while True:
                await wire.recv()
    except (ConnectionClosed, TimeoutError):
        await wire.close()
    return wire.close_code


# --- one whose token is revoked -------------------------------------------------------------------------------------


class Listener(Tab):
    """Says nothing but ping: no command of its own makes the server look again at who it is."""

    def _habits(self, wire: ClientConnection) -> list[Coroutine[Any, Any, None]]:
        return [self._ping(wire)]


ISSUE = """
from accounts.actions import make_token
from accounts.models import Member, TokenKind
print(make_token(Member.objects.get(pk="{member}"), kind=TokenKind.API).secret)
"""
REVOKE = """
import time
from accounts.actions import revoke_token
from accounts.actor import Actor, Credential
from accounts.models import Token
from common.ids import digest_of
token = Token.objects.select_related("member__organisation").get(digest=digest_of("{secret}"))
print(time.monotonic())
revoke_token(Actor(token.member, Credential(token.member_id)), token_id=token.pk)
"""


async def token_revoked(stage: Stage) -> None:
    await revoke(stage, within=5)


async def token_revoked_without_redis(stage: Stage) -> None:
    """Its news get lost, so the process finds it out by itself."""
    await asyncio.to_thread(stage.redis.kill)
    await revoke(stage, within=60)


async def revoke(stage: Stage, *, within: float) -> None:
    carol = next(one for one in stage.demo[0]["members"] if one["role"] == "client")
    secret = await shell(stage, ISSUE.format(member=carol["id"]))
    listener = Listener(stage.urls, token=secret, member=carol["id"], name="Carol, soon revoked")
    listener.start()
    await until_it_hears(listener)
    revoked_at = float(await shell(stage, REVOKE.format(secret=secret)))
    await until_it_is_dismissed(listener, revoked_at + within + 5)
    assert listener.is_dismissed, "the socket of a revoked token was not closed with 4501"
    took = listener.closings[-1].at - revoked_at
    assert took <= within, f"the socket of a revoked token closed after {took:.1f} s"
    await must_stay_outside(listener, stage.servers[0])


async def shell(stage: Stage, code: str) -> str:
    out = await asyncio.to_thread(stage.servers[0].manage, "shell", "--no-imports", "-c", code)
    return out.strip()


async def until_it_hears(listener: Listener) -> None:
    async with asyncio.timeout(15):
        while not listener.memory.first_seen:
            await asyncio.sleep(0.05)


async def until_it_is_dismissed(listener: Listener, deadline: float) -> None:
    while not listener.is_dismissed and time.monotonic() < deadline:
        await asyncio.sleep(0.05)


async def must_stay_outside(listener: Listener, server: Parley) -> None:
    """Nothing came after the socket was closed, and nothing lets it in again."""
    last_heard = max(listener.memory.first_seen.values())
    assert last_heard <= listener.closings[-1].at, "news came after the socket was closed"
    async with httpx.AsyncClient(base_url=f"{server.url}/api/v1/", headers=listener.headers) as http:
        answer = await http.post("socket-ticket/", json={})
    assert answer.status_code == 401, f"a revoked token got {answer.status_code} for a ticket"
    assert listener.closings[-1].code == STAY_AWAY
