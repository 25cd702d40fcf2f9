"""The groups of one process: who of its sockets is in which, and a message handed to each of them by a plain call.

A queue and a coroutine per socket and message cost more than writing the message does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Take = Callable[[str, Message], None]
Batch = list[tuple[Iterable[str], Message]]


class Groups:
    """Touched in the event loop only."""

    def __init__(self) -> None:
        self._takers: dict[str, Take] = {}
        self._channels: dict[str, dict[str, None]] = {}

    def attach(self, channel: str, take: Take) -> None:
        """What is sent to a group of this channel is `take(group, message)` from now on. It must not raise or wait."""
        self._takers[channel] = take

    def detach(self, channel: str) -> None:
        self._takers.pop(channel, None)

    def add(self, group: str, channel: str) -> None:
        self._channels.setdefault(group, {})[channel] = None

    def discard(self, group: str, channel: str) -> None:
        channels = self._channels.get(group, {})
        channels.pop(channel, None)
        if not channels:
            self._channels.pop(group, None)

    def clear(self) -> None:
        self._takers.clear()
        self._channels.clear()

    def deliver(self, batch: Batch) -> None:
        for groups, message in batch:
            for group in groups:
                if group in self._channels:
                    self._deliver(group, message)

    def _deliver(self, group: str, message: Message) -> None:
        for channel in tuple(self._channels[group]):
            take = self._takers.get(channel)
            if take is None:
                continue
            try:
                take(group, message)
            except Exception:
                logger.exception("one socket did not take a message; the others have it")
