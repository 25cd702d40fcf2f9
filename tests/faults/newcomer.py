"""Who comes when all is said, without cursors, and reads all there is to read: what is gone must not be in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from websockets.asyncio.client import ClientConnection

from tests.faults.memory import Frame, Memory
from tests.faults.tab import Tab
from tests.faults.truth import Truth

# As few as bring several pages.
PAGE = 20


class Diary(Memory):
    """Keeps every word of what it was told."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.told: list[Any] = []

    def apply(self, frame: Frame) -> None:
        self.told.append(frame)
        super().apply(frame)

    def keep_older(self, conversation: str, messages: list[Frame]) -> None:
        self.told.append(messages)
        super().keep_older(conversation, messages)


class Newcomer(Tab):
    memory: Diary

    def __init__(self, servers: list[str], *, token: str, member: str, name: str) -> None:
        super().__init__(servers, token=token, member=member, name=name)
        self.memory = Diary(name)

    def _habits(self, wire: ClientConnection) -> list[Coroutine[Any, Any, None]]:
        return [self._catch_up(wire), self._ping(wire)]

    async def read_everything(self, conversations: set[str], truth: Truth, *, within: float) -> None:
        """A snapshot by the socket, then back from it by REST; and the list of conversations with their last words."""
        self.start()
        deadline = time.monotonic() + within
        while not self._is_at(conversations, truth) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        await self.stop()
        self.memory.told.append(await self.get("chat/conversations/?limit=100"))
        for id in conversations:
            self.memory.oldest_of_page[id] = truth.counters[id].last_seq + 1
        await self.page_back(PAGE)

    def _is_at(self, conversations: set[str], truth: Truth) -> bool:
        return all(self.memory.known[id].changes.at == truth.counters[id].version for id in conversations)
