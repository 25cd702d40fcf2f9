"""A person's socket, through the whole ASGI application, without a server."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator

from accounts.actions import issue_socket_ticket
from config.application import application
from tests.cast import Person

Frame = dict[str, Any]
QUIET = 0.15


class Socket:
    def __init__(
        self,
        *,
        origin: str | None = None,
        subprotocols: tuple[str, ...] = ("parley.v1",),
        host: str = "127.0.0.1",
        forwarded_for: str | None = None,
    ) -> None:
        headers = [(b"host", host.encode())]
        if forwarded_for is not None:
            headers.append((b"x-forwarded-for", forwarded_for.encode()))
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        self.wire = WebsocketCommunicator(
            application, "/ws/chat/", headers=headers, subprotocols=list(subprotocols)
        )
        self.accepted = False
        self.answered: Any = None
        self.early: list[Frame] = []

    async def connect(self) -> None:
        self.accepted, self.answered = await self.wire.connect(timeout=5)

    async def hello(self, person: Person, **fields: Any) -> Frame:
        return await self.push("hello", ticket=await ticket_of(person), **fields)

    async def push(self, type: str, **fields: Any) -> Frame:
        """Sends a numbered command and gives its answer; news in between is put back in order."""
        id = uuid4().int % 2**31
        await self.send({"type": type, "id": id, **fields})
        while True:
            frame = await self.receive()
            if frame.get("re") == id:
                return frame
            self.early.append(frame)

    async def send(self, frame: object) -> None:
        await self.wire.send_to(text_data=frame if isinstance(frame, str) else json.dumps(frame))

    async def receive(self) -> Frame:
        output = await self.wire.receive_output(timeout=5)
        if output["type"] == "websocket.close":
            raise Closed(output["code"])
        frame: Frame = json.loads(output["text"])
        return frame

    async def hear(self) -> Frame:
        """The next piece of news."""
        return self.early.pop(0) if self.early else await self.receive()

    async def hears_nothing(self) -> bool:
        return not self.early and await self.wire.receive_nothing(timeout=QUIET)

    async def closed_with(self) -> int:
        """The close code; frames before it are skipped."""
        try:
            while True:
                await self.receive()
        except Closed as closed:
            return closed.code

    async def disconnect(self) -> None:
        if self.accepted and not self.wire.future.done():
            await self.wire.disconnect()


class Closed(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


async def ticket_of(person: Person) -> str:
    issued = await database_sync_to_async(issue_socket_ticket)(person.actor)
    return issued.secret
