"""The channel layer: Redis pub/sub between processes, or this process's memory.

Both hand a message to the sockets of this process at once, by a plain call (realtime.groups); Redis is for the other
processes. One channel, the bus, carries each batch once, whatever its number of members: a broker that is told of
every group costs a command per member and a subscription per socket. Never the list-based layer: its capacity of 100
is shared by all sockets of a process, and it closes every one of them when Redis blinks.
"""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Any, cast
from uuid import uuid4

from channels.layers import BaseChannelLayer, get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer
from channels_redis.utils import _wrap_close, create_pool
from redis.asyncio import Redis

from realtime.groups import Batch, Groups, Message, Take
from realtime.marks import Mark

logger = logging.getLogger(__name__)

SUBSCRIBE_WITHIN = 1.0
BUS = "bus"


class PubSubLayer(RedisPubSubChannelLayer):
    """One for the process; what lives in an event loop is in its PubSubLoopLayer."""

    def _get_layer(self) -> PubSubLoopLayer:
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            self._layers[loop] = PubSubLoopLayer(*self._args, **self._kwargs, channel_layer=self)
            _wrap_close(self, loop)
        layer: PubSubLoopLayer = self._layers[loop]
        return layer

    def attach(self, channel: str, take: Take) -> None:
        self._get_layer().attach(channel, take)

    def detach(self, channel: str) -> None:
        self._get_layer().detach(channel)

    def deliver(self, batch: Batch) -> None:
        """To the sockets of this process."""
        self._get_layer().deliver(batch)

    async def publish(self, batch: Batch) -> None:
        """To the other processes, in one round trip."""
        await self._get_layer().publish(batch)


class PubSubLoopLayer(RedisPubSubLoopLayer):
    """Channels and groups exist in this process only; Redis knows one subscription of it, kept up in the background."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._here = Groups()
        self._bus = f"{self.prefix}.{BUS}"
        self._shard = self._get_shard(self._bus)
        self._sender = uuid4().bytes
        self._publisher: Redis | None = None
        self._subscription: asyncio.Task[None] | None = None
        # Where the library looks for whoever hears what has come in on a channel.
        self.channels = {self._bus: self}
        self.attach, self.detach, self.deliver = self._here.attach, self._here.detach, self._here.deliver

    async def new_channel(self, prefix: str = "specific.") -> str:
        return f"{self.prefix}{prefix}{uuid4().hex}"

    async def group_add(self, group: str, channel: str) -> None:
        self._here.add(group, channel)
        if self._subscription is None:
            self._subscription = asyncio.ensure_future(self._subscribe())
        if not self._subscription.done():
            await asyncio.wait({self._subscription}, timeout=SUBSCRIBE_WITHIN)

    async def group_discard(self, group: str, channel: str) -> None:
        self._here.discard(group, channel)

    async def group_send(self, group: str, message: Message) -> None:
        batch: Batch = [([group], message)]
        self.deliver(batch)
        await self.publish(batch)

    async def publish(self, batch: Batch) -> None:
        if self._publisher is None:
            # Connections of its own: publishing never waits behind a slow SUBSCRIBE.
            self._publisher = Redis(connection_pool=create_pool(self._shard.host))
        said = {"batch": [(list(groups), message) for groups, message in batch]}
        await self._publisher.publish(self._bus, self._sender + self.channel_layer.serialize(said))

    def put_nowait(self, data: bytes) -> None:
        """What the bus brings. Our own was delivered before it left."""
        if not data.startswith(self._sender):
            batch: Batch = self.channel_layer.deserialize(data[len(self._sender) :])["batch"]
            for _, message in batch:
                if "mark" in message:
                    message["mark"] = Mark(*message["mark"])
            self.deliver(batch)

    async def flush(self) -> None:
        if self._subscription:
            self._subscription.cancel()
        self._here.clear()
        if self._publisher:
            await self._publisher.aclose(close_connection_pool=True)
        await super().flush()

    async def _subscribe(self) -> None:
        """Tries until Redis knows the subscription; when it forgets, the library says it again."""
        attempt = 0
        while True:
            try:
                await self._shard.subscribe(self._bus)
                return
            except Exception as error:
                attempt += 1
                logger.warning("Redis does not take the subscription yet: %r", error)
                await asyncio.sleep(random.uniform(0.1, min(5.0, 0.2 * 2**attempt)))  # noqa: S311  jitter, no secret


class MemoryLayer(BaseChannelLayer):
    """For one process."""

    def __init__(self) -> None:
        super().__init__()
        self._here = Groups()
        self.attach, self.detach, self.deliver = self._here.attach, self._here.detach, self._here.deliver

    async def new_channel(self, prefix: str = "specific.") -> str:
        return f"{prefix}{uuid4().hex}"

    async def group_add(self, group: str, channel: str) -> None:
        self._here.add(group, channel)

    async def group_discard(self, group: str, channel: str) -> None:
        self._here.discard(group, channel)

    async def group_send(self, group: str, message: Message) -> None:
        self.deliver([([group], message)])

    async def publish(self, batch: Batch) -> None:
        """There are no other processes."""

    async def flush(self) -> None:
        self._here.clear()


def current_layer() -> PubSubLayer | MemoryLayer:
    """The one of the settings, as what it is: the stubs know of no layer's own methods."""
    return cast("PubSubLayer | MemoryLayer", get_channel_layer())
