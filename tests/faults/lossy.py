"""A channel layer that loses, doubles and delays what it is given, for each member by itself."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any

from realtime.groups import Batch
from realtime.layer import PubSubLayer


class LossyLayer(PubSubLayer):
    """`drop` and `double` are probabilities; `delay` is the longest time, in seconds, that a message is late.

    What goes to this process' own sockets, and what goes to the others, has each its own luck.
    """

    def __init__(
        self, *args: Any, drop: float = 0.0, double: float = 0.0, delay: float = 0.0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.drop, self.double, self.delay = drop, double, delay
        self._late: set[asyncio.Task[None]] = set()

    def deliver(self, batch: Batch) -> None:
        for one in self._what_is_left_of(batch):
            if self.delay:
                asyncio.get_running_loop().call_later(self._how_late(), super().deliver, [one])
            else:
                super().deliver([one])

    async def publish(self, batch: Batch) -> None:
        kept = list(self._what_is_left_of(batch))
        if not self.delay:
            await super().publish(kept)
            return
        for one in kept:
            task = asyncio.create_task(self._publish_late(one))
            self._late.add(task)
            task.add_done_callback(self._late.discard)

    def _what_is_left_of(self, batch: Batch) -> Iterator[Any]:
        for groups, message in batch:
            for group in groups:
                if random.random() >= self.drop:
                    yield [group], message
                if random.random() < self.double:
                    yield [group], message

    def _how_late(self) -> float:
        return random.uniform(0, self.delay)

    async def _publish_late(self, one: Any) -> None:
        await asyncio.sleep(self._how_late())
        await super().publish([one])
