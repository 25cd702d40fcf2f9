"""The channel layers: many groups at once, and a Redis that is away."""

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


@pytest.fixture(params=["memory", "redis"])
async def layer(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    if request.param == "memory":
        yield MemoryLayer()
        return
    if not settings.REDIS_URL:
        pytest.skip("REDIS_URL is not set (make test-services sets it)")
    layer = PubSubLayer(hosts=[settings.REDIS_URL], prefix="layer-test")
    yield layer
    await layer.flush()


async def test_each_group_hears_what_was_sent_to_it(layer: Any) -> None:
    first, second = await layer.new_channel(), await layer.new_channel()
    await layer.group_add("member.a", first)
    await layer.group_add("member.b", second)

    await layer.send_to_groups(
        [(["member.a", "member.b", "member.nobody"], {"n": 1}), (["member.b"], {"n": 2})]
    )
    assert await asyncio.wait_for(layer.receive(first), 2) == {"n": 1}
    assert [await asyncio.wait_for(layer.receive(second), 2) for _ in range(2)] == [{"n": 1}, {"n": 2}]


async def test_whoever_left_hears_no_more(layer: Any) -> None:
    channel, witness = await layer.new_channel(), await layer.new_channel()
    await layer.group_add("member.a", channel)
    await layer.group_add("member.a", witness)
    await layer.group_discard("member.a", witness)

    await layer.send_to_groups([(["member.a"], {"n": 1})])
    assert await asyncio.wait_for(layer.receive(channel), 2) == {"n": 1}


async def test_a_thousand_groups_are_one_batch(layer: Any) -> None:
    channel = await layer.new_channel()
    await layer.group_add("member.999", channel)
    await layer.send_to_groups([([f"member.{n}" for n in range(1000)], {"n": 1})])
    assert await asyncio.wait_for(layer.receive(channel), 2) == {"n": 1}


async def test_without_redis_a_socket_still_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.layer.SUBSCRIBE_WITHIN", 0.1)
    layer = PubSubLayer(hosts=[NOBODY_LISTENS])
    channel = await layer.new_channel()
    await layer.group_add("member.a", channel)
    await layer.group_discard("member.a", channel)
    await layer.flush()


async def test_without_redis_this_process_still_hears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.layer.SUBSCRIBE_WITHIN", 0.1)
    layer = PubSubLayer(hosts=[NOBODY_LISTENS])
    channel = await layer.new_channel()
    await layer.group_add("member.a", channel)
    with pytest.raises(ConnectionError):
        await layer.send_to_groups([(["member.a"], {"n": 1})])
    assert await layer.receive(channel) == {"n": 1}
    await layer.flush()


async def test_whoever_left_a_group_can_join_another(layer: Any) -> None:
    """A hello that failed, and the next one."""
    channel = await layer.new_channel()
    waiting = asyncio.create_task(layer.receive(channel))
    await layer.group_add("member.a", channel)
    await layer.group_discard("member.a", channel)
    await layer.group_add("member.b", channel)

    await layer.send_to_groups([(["member.a"], {"n": 1}), (["member.b"], {"n": 2})])
    assert await asyncio.wait_for(waiting, 2) == {"n": 2}


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
