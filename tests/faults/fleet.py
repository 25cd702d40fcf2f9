"""A fleet of stranger clients: nothing of ours but the contract. Each keeps what it has seen, for a story to be judged.

A tab sends numbered messages, remembers every acknowledgement, applies news by the client's rule (next in line applies,
ahead waits, behind is dropped, else sync), and after any close comes back with its cursors and its outbox.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

Frame = dict[str, Any]
HOLD = 0.25
ANSWER_WITHIN = 6.0
# A task group tells of several ends at once.
LIFE_ENDS = (OSError, WebSocketException, httpx.HTTPError, TimeoutError, KeyError, ValueError, ExceptionGroup)


@dataclass
class Sending:
    client_id: str
    conversation: str
    body: str
    at: float = field(default_factory=time.monotonic)


@dataclass
class Known:
    """One conversation as a tab knows it."""

    version: int = 0
    messages: dict[int, str] = field(default_factory=dict)
    held: dict[int, Frame] = field(default_factory=dict)


class Tab:
    def __init__(self, servers: list[str], token: str, member: str, name: str) -> None:
        self.servers, self.token, self.member, self.name = servers, token, member, name
        self.known: defaultdict[str, Known] = defaultdict(Known)
        self.outbox: dict[str, Sending] = {}
        self.acked: dict[str, tuple[str, int]] = {}
        self.first_seen: dict[str, float] = {}
        self.limited: dict[str, int] = {}
        self.problems: list[str] = []
        self.wire: ClientConnection | None = None
        self.task: asyncio.Task[None] | None = None
        self._needs_sync = asyncio.Event()
        self._number = 0

    # --- what a story asks for --------------------------------------------------------------------------------------

    def say(self, conversation: str) -> Sending:
        client_id = str(uuid4())
        sending = Sending(client_id, conversation, f"{self.name} {client_id}")
        self.outbox[client_id] = sending
        return sending

    def start(self) -> None:
        self.task = asyncio.create_task(self._live())

    async def stop(self) -> None:
        if self.task:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    # --- one life after another -------------------------------------------------------------------------------------

    async def _live(self) -> None:
        attempt = 0
        while True:
            began = time.monotonic()
            with suppress(*LIFE_ENDS):
                await self._one_life(random.choice(self.servers))
            attempt = 0 if time.monotonic() - began > 5 else attempt + 1
            await asyncio.sleep(random.uniform(0.05, min(2.0, 0.2 * 2**attempt)))

    async def _one_life(self, server: str) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=f"{server}/api/v1/", headers=headers, timeout=5) as http:
            ticket = (await http.post("socket-ticket/", json={})).raise_for_status().json()["ticket"]
        url = server.replace("http", "ws") + "/ws/chat/"
        async with connect(
            url, subprotocols=[Subprotocol("parley.v1")], open_timeout=5, ping_timeout=10, max_size=None
        ) as wire:
            await self._tell(wire, "hello", ticket=ticket, cursors=self._cursors())
            async with asyncio.TaskGroup() as group:
                group.create_task(self._hear(wire, group))

    async def page_back(self) -> None:
        """A sync that was `limited` brought the newest page only: what lies before that page is paged by REST."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=f"{self.servers[-1]}/api/v1/", headers=headers) as http:
            for conversation, oldest in self.limited.items():
                path = f"chat/conversations/{conversation}/messages/?before={oldest}&limit=200"
                for message in (await http.get(path)).raise_for_status().json()["results"]:
                    self.known[conversation].messages.setdefault(message["seq"], message["client_id"])

    async def _hear(self, wire: ClientConnection, group: asyncio.TaskGroup) -> None:
        async for text in wire:
            frame = json.loads(text)
            self._apply(frame)
            if frame["type"] == "welcome":
                group.create_task(self._pump(wire))
                group.create_task(self._ping(wire))
        raise WebSocketException

    async def _pump(self, wire: ClientConnection) -> None:
        """Sends what waits, one at a time; what is not answered in time goes again, as it is, in a new life."""
        while True:
            if self._needs_sync.is_set():
                self._needs_sync.clear()
                await asyncio.sleep(HOLD)
                await self._tell(wire, "sync", cursors=self._cursors())
            waiting = next(iter(self.outbox.values()), None)
            if waiting is None:
                await asyncio.sleep(0.02)
                continue
            await self._tell(
                wire,
                "message.send",
                conversation=waiting.conversation,
                client_id=waiting.client_id,
                body=waiting.body,
            )
            await self._answered(waiting.client_id)

    async def _answered(self, client_id: str) -> None:
        async with asyncio.timeout(ANSWER_WITHIN):
            while client_id in self.outbox:
                await asyncio.sleep(0.01)

    async def _ping(self, wire: ClientConnection) -> None:
        while True:
            await asyncio.sleep(2)
            await self._tell(wire, "ping", seen=self._seen)

    async def _tell(self, wire: ClientConnection, type: str, **fields: Any) -> None:
        if type == "hello":
            self._seen = 0
        self._number += 1
        await wire.send(json.dumps({"type": type, "id": self._number, **fields}))

    # --- news -------------------------------------------------------------------------------------------------------

    def _apply(self, frame: Frame) -> None:
        self._seen += 1
        kind = frame["type"]
        if kind in ("message", "conversation"):
            self._change(frame)
        elif kind == "heads":
            if any(mark[0] > self.known[one].version for one, mark in frame["cursors"].items()):
                self._needs_sync.set()
        elif kind in ("welcome", "sync"):
            self._catch_up(frame["sync"] if kind == "welcome" else frame)
        elif kind == "ok" and "message" in frame:
            self._ack(frame["message"])
        elif kind == "error" and frame["temporary"]:
            # A sync that was refused is asked for again; a send waits for its answer and goes again.
            self._needs_sync.set()

    def _change(self, frame: Frame) -> None:
        known = self.known[frame["conversation"]]
        if frame["version"] <= known.version:
            return
        known.held[frame["version"]] = frame
        while known.version + 1 in known.held:
            self._take(known, known.held.pop(known.version + 1))
        if known.held:
            self._needs_sync.set()

    def _take(self, known: Known, frame: Frame) -> None:
        known.version = frame["version"]
        if frame["type"] == "message":
            self._keep(known, frame["message"])

    def _catch_up(self, answer: Frame) -> None:
        for one in answer["conversations"]:
            known = self.known[one["conversation"]["id"]]
            if one["conversation"]["version"] >= known.version:
                for message in sorted(one["messages"], key=lambda message: message["seq"]):
                    self._keep(known, message)
                known.version = one["conversation"]["version"]
                if one["limited"]:
                    self.limited[one["conversation"]["id"]] = min(
                        message["seq"] for message in one["messages"]
                    )
                known.held = {
                    version: held for version, held in known.held.items() if version > known.version
                }
        if answer["more"]:
            self._needs_sync.set()

    def _keep(self, known: Known, message: Frame) -> None:
        seq, client_id = message["seq"], message["client_id"]
        if known.messages.get(seq, client_id) != client_id:
            self.problems.append(f"{self.name}: seq {seq} was {known.messages[seq]}, is {client_id}")
        if client_id not in self.first_seen:
            self.first_seen[client_id] = time.monotonic()
            if known.messages and seq < max(known.messages):
                self.problems.append(f"{self.name}: seq {seq} shown after {max(known.messages)}")
        known.messages[seq] = client_id

    def _ack(self, message: Frame) -> None:
        client_id, place = message["client_id"], (message["conversation"], message["seq"])
        if self.acked.setdefault(client_id, place) != place:
            self.problems.append(
                f"{self.name}: {client_id} acknowledged at {self.acked[client_id]} and {place}"
            )
        self.outbox.pop(client_id, None)

    def _cursors(self) -> dict[str, list[int]]:
        return {one: [known.version, 0] for one, known in self.known.items()}
