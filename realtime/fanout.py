"""Fan-out: what was published goes, in order and in batches, to one group per member.

Actions run in threads, the channel layer lives in the server's event loop. `put` hands over and returns at once; the
sockets of this process are told as soon as the loop comes to it, the other processes in one round trip for all that
has gathered meanwhile, with a time limit.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from threading import local
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from asgiref.sync import async_to_sync

from realtime.groups import Batch
from realtime.layer import current_layer

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

SEND_WITHIN = 2.0


@dataclass(frozen=True, slots=True)
class Push:
    groups: tuple[str, ...]
    message: dict[str, Any]


@lru_cache(maxsize=20_000)
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
        self._of_this_thread = local()
        self._abroad: Batch = []
        self._is_woken = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pump: asyncio.Task[None] | None = None

    def bind(self) -> None:
        """Called inside the server's loop, before anything is published from it."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._pump, self._is_woken = loop, None, False
            self._pending.clear()
            self._abroad.clear()

    def put(self, push: Push) -> None:
        held: list[Push] | None = getattr(self._of_this_thread, "held", None)
        if held is None:
            self._put([push])
        else:
            held.append(push)

    def hold(self, run: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> tuple[R, list[Push]]:
        """What `run` gives, and what was put meanwhile in this thread, for the caller to `release` in the event loop.

        The loop is not woken in the middle of it: the two would only take turns with each other.
        """
        before = getattr(self._of_this_thread, "held", None)
        held = self._of_this_thread.held = []
        try:
            return run(*args, **kwargs), held
        except BaseException:
            self._put(held)
            raise
        finally:
            self._of_this_thread.held = before

    def release(self, held: list[Push]) -> None:
        if held:
            self._pending.extend(held)
            self._deliver()

    def _put(self, pushes: Iterable[Push]) -> None:
        loop = self._loop
        if loop is None or loop.is_closed():
            # A management command: no loop of a server here, and no socket.
            async_to_sync(self._publish)([(push.groups, push.message) for push in pushes])
            return
        self._pending.extend(pushes)
        if not self._is_woken:
            self._is_woken = True
            loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        # First: what is put from now on wakes us again.
        self._is_woken = False
        batch: Batch = []
        while self._pending:
            push = self._pending.popleft()
            batch.append((push.groups, push.message))
        self._abroad += batch
        current_layer().deliver(batch)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        while self._abroad:
            batch, self._abroad = self._abroad, []
            await self._publish(batch)

    async def _publish(self, batch: Batch) -> None:
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await current_layer().publish(batch)
        except Exception as error:
            self.failed += len(batch)
            logger.warning("%d pushes did not leave this process, clients will heal: %r", len(batch), error)


fanout = Fanout()
