"""Uploads come in at a pace, whoever began first before the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from config.pace import Pace


class Clock:
    """What the loop was asked to call, and after how long."""

    def __init__(self) -> None:
        self.later: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, seconds: float, act: Callable[[], None]) -> None:
        self.later.append((seconds, act))

    def strikes(self) -> float:
        seconds, act = self.later.pop(0)
        act()
        return seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: clock)
    return clock


def test_whoever_began_first_goes_first(clock: Clock) -> None:
    pace, served = Pace(1000), list[str]()
    first, second = pace.turn(), pace.turn()

    pace.ask(second, 100, lambda: served.append("second"))
    assert served == ["second"], "nobody else is there"
    pace.ask(second, 200, lambda: served.append("second again"))
    pace.ask(first, 500, lambda: served.append("first"))
    assert served == ["second"]

    assert clock.strikes() == 0.1
    assert served == ["second", "first"]
    assert clock.strikes() == 0.5
    assert served == ["second", "first", "second again"]
    assert clock.strikes() == 0.2
    assert clock.later == [], "it rests"

    pace.ask(first, 100, lambda: served.append("at once"))
    assert served[-1] == "at once"


@pytest.mark.asyncio
async def test_whoever_has_gone_holds_up_nobody() -> None:
    pace = Pace(1_000_000)
    await pace.wait(pace.turn(), 50_000)
    gone = asyncio.create_task(pace.wait(pace.turn(), 1))
    there = asyncio.create_task(pace.wait(pace.turn(), 1))
    await asyncio.sleep(0)

    gone.cancel()
    await asyncio.wait_for(there, 10)
    assert gone.cancelled()


def test_another_loop_begins_anew() -> None:
    pace = Pace(1)

    for _ in range(2):
        # Each ends with most of a minute left to rest.
        asyncio.run(asyncio.wait_for(pace.wait(pace.turn(), 60), 10))
