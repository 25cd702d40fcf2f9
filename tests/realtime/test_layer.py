"""The channel layers: whoever is in a group hears at once, other processes over the bus, and a Redis that is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from channels.layers import channel_layers
from django.conf import settings
from redis.exceptions import ConnectionError

from realtime.fanout import Fanout, Push, group_of
from realtime.layer import MemoryLayer, PubSubLayer

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
THOUSAND = [f"member.{n}" for n in range(1000)]


class Ear:
    """What one channel has been handed."""

    def __init__(self, layer: Any, channel: str) -> None:
        self.channel = channel
        self.heard: list[tuple[str, Any]] = []
        self.came = asyncio.Event()
        layer.attach(channel, self.take)

    def take(self, group: str, message: Any) -> None:
        self.heard.append((group, message["n"]))
        self.came.set()


async def ear(layer: Any, *groups: str) -> Ear:
    one = Ear(layer, await layer.new_channel())
    for group in groups:
        await layer.group_add(group, one.channel)
    return one


@pytest.fixture(params=["memory", "redis"])
async def layer(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    if request.param == "memory":
        yield MemoryLayer()
        return
    async with redis_layer() as layer:
        yield layer


class redis_layer:
    """A process's own, as another process has its own."""

    async def __aenter__(self) -> PubSubLayer:
        if not settings.REDIS_URL:
            pytest.skip("REDIS_URL is not set (make test-services sets it)")
        self.layer = PubSubLayer(hosts=[settings.REDIS_URL], prefix="layer-test")
        return self.layer

    async def __aexit__(self, *_: object) -> None:
        await self.layer.flush()


async def test_each_group_hears_what_was_sent_to_it(layer: Any) -> None:
    first, second = await ear(layer, "member.a"), await ear(layer, "member.b")
    layer.deliver([(["member.a", "member.b", "member.nobody"], {"n": 1}), (["member.b"], {"n": 2})])
    assert first.heard == [("member.a", 1)]
    assert second.heard == [("member.b", 1), ("member.b", 2)]


async def test_whoever_left_hears_no_more(layer: Any) -> None:
    stays, leaves = await ear(layer, "member.a"), await ear(layer, "member.a")
    await layer.group_discard("member.a", leaves.channel)
    await layer.group_send("member.a", {"n": 1})
    assert (stays.heard, leaves.heard) == ([("member.a", 1)], [])


async def test_whoever_left_a_group_can_join_another(layer: Any) -> None:
    """A hello that failed, and the next one."""
    one = await ear(layer, "member.a")
    await layer.group_discard("member.a", one.channel)
    await layer.group_add("member.b", one.channel)
    layer.deliver([(["member.a"], {"n": 1}), (["member.b"], {"n": 2})])
    assert one.heard == [("member.b", 2)]


async def test_a_socket_that_fails_keeps_nothing_from_the_others(layer: Any) -> None:
    failing, channel = [], await layer.new_channel()

    def fail(group: str, message: Any) -> None:
        failing.append(message["n"])
        raise RuntimeError("this socket is broken")

    layer.attach(channel, fail)
    await layer.group_add("member.a", channel)
    other = await ear(layer, "member.a")
    layer.deliver([(["member.a"], {"n": 1}), (["member.a"], {"n": 2})])
    assert failing == [1, 2]
    assert other.heard == [("member.a", 1), ("member.a", 2)]


async def test_whoever_joins_or_leaves_while_a_message_goes_round_spoils_nothing(layer: Any) -> None:
    """A socket that is told closes itself, and with it goes its place in the group."""
    groups, leaving = layer, await ear(layer, "member.a")
    channel = await layer.new_channel()

    def leave(group: str, message: Any) -> None:
        groups.detach(leaving.channel)

    layer.attach(channel, leave)
    await layer.group_add("member.a", channel)
    last = await ear(layer, "member.a")
    layer.deliver([(["member.a"], {"n": 1}), (["member.a"], {"n": 2})])
    assert leaving.heard == [("member.a", 1)]
    assert last.heard == [("member.a", 1), ("member.a", 2)]


# --- between processes ----------------------------------------------------------------------------------------------


async def test_another_process_hears_what_is_published() -> None:
    async with redis_layer() as here, redis_layer() as there:
        near, far = await ear(here, "member.a"), await ear(there, "member.a", "member.999")
        await here.publish([(["member.a"], {"n": 1}), (THOUSAND, {"n": 2})])
        while len(far.heard) < 2:
            far.came.clear()
            await asyncio.wait_for(far.came.wait(), 5)
        assert far.heard == [("member.a", 1), ("member.999", 2)]
        # What was published was delivered here before; it does not come back.
        await there.publish([(["member.a"], {"n": 3})])
        await asyncio.wait_for(near.came.wait(), 5)
        assert near.heard == [("member.a", 3)]


async def test_without_redis_a_socket_still_opens_and_hears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.layer.SUBSCRIBE_WITHIN", 0.1)
    layer = PubSubLayer(hosts=[NOBODY_LISTENS])
    one = await ear(layer, "member.a")
    with pytest.raises(ConnectionError):
        await layer.group_send("member.a", {"n": 1})
    assert one.heard == [("member.a", 1)]
    await layer.group_discard("member.a", one.channel)
    await layer.flush()


async def test_a_publish_that_fails_is_counted_and_never_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = PubSubLayer(hosts=[NOBODY_LISTENS])
    monkeypatch.setitem(channel_layers.backends, "default", layer)
    fanout = Fanout()
    fanout.bind()

    fanout.put(Push((group_of(UUID(int=1)),), {"type": "push", "text": "{}"}))
    while not fanout.failed:
        await asyncio.sleep(0)
    assert fanout.failed == 1
    await layer.flush()


def test_group_names_know_no_colon() -> None:
    assert group_of(UUID(int=7)) == "member.00000000000000000000000000000007"
