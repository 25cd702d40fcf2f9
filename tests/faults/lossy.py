"""A channel layer that loses, doubles and delays what it is given, for each member by itself."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any

from realtime.layer import Batch, PubSubLayer


class LossyLayer(PubSubLayer):
    """`drop` and `double` are probabilities; `delay` is the longest time, in seconds, that a message is late."""

    def __init__(
        self, *args: Any, drop: float = 0.0, double: float = 0.0, delay: float = 0.0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.drop, self.double, self.delay = drop, double, delay
        self._late: set[asyncio.Task[None]] = set()

    async def send_to_groups(self, batch: Batch) -> None:
        kept = list(self._what_is_left_of(batch))
        if not self.delay:
            await super().send_to_groups(kept)
            return
        for one in kept:
            task = asyncio.create_task(self._send_late(one))
            self._late.add(task)
            task.add_done_callback(self._late.discard)

    def _what_is_left_of(self, batch: Batch) -> Iterator[Any]:
        for groups, message in batch:
            for group in groups:
                if random.random() >= self.drop:
                    yield [group], message
                if random.random() < self.double:
                    yield [group], message

    async def _send_late(self, one: Any) -> None:
        await asyncio.sleep(random.uniform(0, self.delay))
        await super().send_to_groups([one])
