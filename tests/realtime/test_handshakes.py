"""An address knocks too often."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actions import TICKETS_PER_MEMBER
from realtime import consumer
from realtime.handshakes import ADDRESSES, Handshakes
from tests.cast import Cast
from tests.conftest import ApiFactory, SocketFactory


@pytest.fixture(autouse=True)
def _two_at_once(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HANDSHAKES_PER_SECOND, settings.HANDSHAKES_BURST = 0.001, 2
    monkeypatch.setattr(consumer, "handshakes", Handshakes())


async def test_it_is_told_when_to_come_back(committed_cast: Cast, socket: SocketFactory) -> None:
    for _ in range(2):
        await socket(committed_cast.carol)
    third = await socket()
    bye = await third.receive()
    assert (bye["type"], bye["code"]) == ("bye", 4029)
    assert bye["retry_after_ms"] > 900_000
    assert await third.closed_with() == 4029


async def test_behind_a_proxy_it_is_the_last_hop_that_counts(
    committed_cast: Cast, socket: SocketFactory, settings: Any
) -> None:
    """What a client writes into the header itself comes first, and is not believed."""
    settings.BEHIND_PROXY = True
    for address in ("10.0.0.1", "10.0.0.2"):
        for made_up in ("1.1.1.1", "2.2.2.2"):
            await socket(committed_cast.carol, forwarded_for=f"{made_up}, {address}")
        refused = await socket(forwarded_for=f"3.3.3.3, {address}")
        assert (await refused.receive())["code"] == 4029


def test_the_longest_unseen_addresses_are_forgotten() -> None:
    handshakes = Handshakes()
    for number in range(ADDRESSES + 5):
        handshakes.take(str(number))
    assert len(handshakes._buckets) == ADDRESSES


def test_tickets_have_a_rate(cast: Cast, api: ApiFactory) -> None:
    carol, most = api(cast.carol), int(TICKETS_PER_MEMBER.split("/")[0])
    statuses = [carol.post("socket-ticket/").status_code for _ in range(most + 1)]
    assert statuses == [200] * most + [429]
