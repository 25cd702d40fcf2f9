"""Fan-out: what was published goes, in order and in batches, to one group per member.

Actions run in threads, the channel layer lives in the server's event loop. `put` hands over and returns at once; one
pump per loop takes all that has gathered and sends it in one round trip, with a time limit.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync

from realtime.layer import current_layer

logger = logging.getLogger(__name__)

SEND_WITHIN = 2.0


@dataclass(frozen=True, slots=True)
class Push:
    groups: tuple[str, ...]
    message: dict[str, Any]


def group_of(member: UUID) -> str:
    """Channels' group names know no colon."""
    return f"member.{member.hex}"


def followers_of(subject: str) -> str:
    """The group of the sockets that watch a subject without being of its audience."""
    return f"followers.{subject}"


class Fanout:
    def __init__(self) -> None:
        self.failed = 0
        self._pending: deque[Push] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pump: asyncio.Task[None] | None = None

    def bind(self) -> None:
        """Called inside the server's loop, before anything is published from it."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._pump = loop, None
            self._pending.clear()

    def put(self, push: Push) -> None:
        loop = self._loop
        if loop is None or loop.is_closed():
            # A management command: no loop of a server here.
            async_to_sync(self._send)([push])
            return
        self._pending.append(push)
        loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._pump is None or self._pump.done():
            self._pump = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        while self._pending:
            batch = [self._pending.popleft() for _ in range(len(self._pending))]
            await self._send(batch)

    async def _send(self, batch: list[Push]) -> None:
        messages = [(list(push.groups), push.message) for push in batch]
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await current_layer().send_to_groups(messages)
        except Exception as error:
            self.failed += len(batch)
            logger.warning("%d pushes were not sent, clients will heal: %r", len(batch), error)


fanout = Fanout()
