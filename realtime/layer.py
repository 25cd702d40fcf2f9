"""The channel layer: Redis pub/sub between processes, or this process's memory.

Both are subclassed for the same reasons: a socket must open, live and send while Redis is away; all groups of a batch
go in one round trip; and nothing may forget a living socket. Never the list-based layer: its capacity of 100 is shared
by all sockets of a process, and it closes every one of them when Redis blinks.
"""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Any, cast
from uuid import uuid4

from channels.layers import InMemoryChannelLayer, get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer
from channels_redis.utils import _wrap_close, create_pool
from redis.asyncio import Redis

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Batch = list[tuple[list[str], Message]]

SUBSCRIBE_WITHIN = 1.0
GROUPS_PER_SCRIPT = 500
PUBLISH_TO_ALL = "for _, key in ipairs(KEYS) do redis.call('PUBLISH', key, ARGV[1]) end"


class PubSubLayer(RedisPubSubChannelLayer):
    def _get_layer(self) -> PubSubLoopLayer:
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            self._layers[loop] = PubSubLoopLayer(*self._args, **self._kwargs, channel_layer=self)
            _wrap_close(self, loop)
        layer: PubSubLoopLayer = self._layers[loop]
        return layer

    async def send_to_groups(self, batch: Batch) -> None:
        await self._get_layer().send_to_groups(batch)

    async def forget(self, channel: str) -> None:
        await self._get_layer().forget(channel)


class PubSubLoopLayer(RedisPubSubLoopLayer):
    """Local first: channels and groups exist in this process at once, Redis is told in the background if it must be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._repairs: set[asyncio.Task[None]] = set()
        self._publishers: dict[Any, Redis] = {}

    async def new_channel(self, prefix: str = "specific.") -> str:
        """A socket's own channel is never sent to from another process: no subscription, so no Redis."""
        channel = f"{self.prefix}{prefix}{uuid4().hex}"
        self.channels[channel] = asyncio.Queue()
        return channel

    async def receive(self, channel: str) -> Message:
        message: Message = self.channel_layer.deserialize(await self.channels[channel].get())
        return message

    async def forget(self, channel: str) -> None:
        """Its socket is gone, whether it ever joined a group or not."""
        self.channels.pop(channel, None)

    async def group_add(self, group: str, channel: str) -> None:
        key = self._get_group_channel_name(group)
        self.groups.setdefault(key, set()).add(channel)
        await self._in_background_if_slow(self._subscribe(key))

    async def group_discard(self, group: str, channel: str) -> None:
        key = self._get_group_channel_name(group)
        self.groups.get(key, set()).discard(channel)
        if not self.groups.get(key):
            self.groups.pop(key, None)
            await self._in_background_if_slow(self._unsubscribe(key))

    async def send_to_groups(self, batch: Batch) -> None:
        """One round trip per shard for the whole batch; each message is serialised once.

        When Redis does not take it, the sockets of this process still hear it, and the caller is told.
        """
        try:
            await self._publish(batch)
        except BaseException:
            self._deliver_here(batch)
            raise

    async def _publish(self, batch: Batch) -> None:
        pipelines: dict[Any, Any] = {}
        for groups, message in batch:
            payload = self.channel_layer.serialize(message)
            for shard, keys in self._by_shard(groups).items():
                pipeline = pipelines.setdefault(shard, self._publisher(shard).pipeline(transaction=False))
                for start in range(0, len(keys), GROUPS_PER_SCRIPT):
                    chunk = keys[start : start + GROUPS_PER_SCRIPT]
                    pipeline.eval(PUBLISH_TO_ALL, len(chunk), *chunk, payload)
        await asyncio.gather(*(pipeline.execute() for pipeline in pipelines.values()))

    def _deliver_here(self, batch: Batch) -> None:
        for groups, message in batch:
            payload = self.channel_layer.serialize(message)
            for group in groups:
                here = self.groups.get(self._get_group_channel_name(group), set())
                for channel in here & self.channels.keys():
                    self.channels[channel].put_nowait(payload)

    async def flush(self) -> None:
        for repair in self._repairs:
            repair.cancel()
        for publisher in self._publishers.values():
            await publisher.aclose(close_connection_pool=True)
        self._publishers.clear()
        await super().flush()

    def _by_shard(self, groups: list[str]) -> dict[Any, list[str]]:
        shards: dict[Any, list[str]] = {}
        for group in groups:
            key = self._get_group_channel_name(group)
            shards.setdefault(self._get_shard(key), []).append(key)
        return shards

    def _publisher(self, shard: Any) -> Redis:
        """Publishing has connections of its own: it never waits behind a slow SUBSCRIBE."""
        if shard not in self._publishers:
            self._publishers[shard] = Redis(connection_pool=create_pool(shard.host))
        return self._publishers[shard]

    async def _in_background_if_slow(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._repairs.add(task)
        task.add_done_callback(self._repairs.discard)
        await asyncio.wait({task}, timeout=SUBSCRIBE_WITHIN)

    async def _subscribe(self, key: str) -> None:
        """Tries until Redis knows the subscription, or nobody here needs it any more."""
        attempt = 0
        while key in self.groups:
            try:
                await self._get_shard(key).subscribe(key)
                return
            except Exception as error:
                attempt += 1
                logger.warning("Redis does not take the subscription %s yet: %r", key, error)
                await asyncio.sleep(random.uniform(0.1, min(5.0, 0.2 * 2**attempt)))  # noqa: S311  jitter, no secret

    async def _unsubscribe(self, key: str) -> None:
        try:
            await self._get_shard(key).unsubscribe(key)
        except Exception as error:
            logger.warning("Redis does not take the end of subscription %s: %r", key, error)


class MemoryLayer(InMemoryChannelLayer):
    """For one process. A message waits for its socket as long as it takes; a slow reader loses it, and heals."""

    CAPACITY = 1000

    async def group_send(self, group: str, message: Message) -> None:
        await self.send_to_groups([([group], message)])

    async def send_to_groups(self, batch: Batch) -> None:
        for groups, message in batch:
            for group in groups:
                for channel in self.groups.get(group, ()):
                    queue = self.channels.setdefault(channel, asyncio.Queue())
                    if queue.qsize() < self.CAPACITY:
                        queue.put_nowait((0, message))

    async def forget(self, channel: str) -> None:
        """Its socket is gone, whether it ever joined a group or not."""
        self.channels.pop(channel, None)

    def _clean_expired(self) -> None:
        """The parent sweeps every channel at every call, and drops sockets from their groups for one late message."""


def current_layer() -> PubSubLayer | MemoryLayer:
    """The one of the settings, as what it is: the stubs know of no layer's own methods."""
    return cast("PubSubLayer | MemoryLayer", get_channel_layer())
