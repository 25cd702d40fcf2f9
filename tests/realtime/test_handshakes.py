"""An address knocks too often."""

from __future__ import annotations

from typing import Any

import pytest

from accounts import middleware
from accounts.actions import TICKETS_PER_MEMBER
from realtime.handshakes import ADDRESSES, Handshakes
from tests.cast import ACME_ORIGIN, Cast
from tests.conftest import ApiFactory, SocketFactory


@pytest.fixture(autouse=True)
def _two_at_once(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HANDSHAKES_PER_SECOND, settings.HANDSHAKES_BURST = 0.001, 2
    monkeypatch.setattr(middleware, "handshakes", Handshakes())


async def test_it_is_told_when_to_come_back(committed_cast: Cast, socket: SocketFactory) -> None:
    for _ in range(2):
        await socket(committed_cast.carol)
    third = await socket()
    bye = await third.receive()
    assert (bye["type"], bye["code"]) == ("bye", 4029)
    assert 1000 <= bye["retry_after_ms"] <= 2_001_000
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


async def test_whoever_only_knocks_does_not_keep_the_database_busy(
    committed_cast: Cast, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await socket(origin="https://nobody.example")
    monkeypatch.setattr(middleware, "is_origin_of_a_site", lambda origin: pytest.fail("was asked"))
    assert (await (await socket(origin=ACME_ORIGIN)).receive())["code"] == 4029


@pytest.mark.parametrize(
    ("first", "second", "is_one_house"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "", True),
    ],
)
def test_one_house_is_counted_once(first: str, second: str, is_one_house: bool) -> None:
    handshakes = Handshakes()
    waits = [handshakes.wait_ms(address) for address in (first, first, second)]
    assert [bool(wait) for wait in waits] == [False, False, is_one_house]


def test_the_longest_unseen_are_forgotten() -> None:
    handshakes = Handshakes()
    for number in range(ADDRESSES):
        for _ in range(3):
            handshakes.wait_ms(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    handshakes.wait_ms("192.0.2.1")
    assert not handshakes.wait_ms("10.0.0.0"), "it was the longest unseen"
    assert handshakes.wait_ms("10.0.0.2")


def test_tickets_have_a_rate(cast: Cast, api: ApiFactory) -> None:
    carol, most = api(cast.carol), int(TICKETS_PER_MEMBER.split("/")[0])
    statuses = [carol.post("socket-ticket/").status_code for _ in range(most + 1)]
    assert statuses == [200] * most + [429]
