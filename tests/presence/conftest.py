"""Serving processes, each with its own leases, in one test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from presence import leases as leases_module
from presence import roll
from presence.leases import FallingBack, RowLeases
from presence.roll import RollCall
from realtime.attention import Attention
from realtime.wiring import Attended
from tests.cast import Person


@pytest.fixture(autouse=True)
def _a_new_process() -> Iterator[None]:
    for made in (leases_module.leases, roll.roll_call):
        made.cache_clear()
    yield
    for made in (leases_module.leases, roll.roll_call):
        made.cache_clear()


class Clock:
    """The time of this process's roll calls; the database's own goes on as it does."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(roll, "monotonic", clock)
    return clock


class Process:
    """Another serving process: who is connected to it, and what it tells of whom it watches."""

    def __init__(self) -> None:
        rows = RowLeases(uuid4())
        self.roll = RollCall(FallingBack(rows, rows))
        self.changed: dict[UUID, list[Attention]] = {}

    def connect(self, person: Person, *sockets: Attention) -> None:
        self.changed[person.member.id] = list(sockets) or [Attention()]

    def leave(self, person: Person) -> None:
        self.changed[person.member.id] = []

    def attend(self, watched: set[UUID]) -> Attended:
        changed, self.changed = self.changed, {}
        return self.roll.attend(changed, watched, asked=())

    def tells_of(self, *watched: Person) -> dict[str, str]:
        """name -> state, of those whose presence is news."""
        attended = self.attend({one.member.id for one in watched})
        names = {one.member.id: one.member.name for one in watched}
        return {names[member]: presence["state"] for member, presence in attended.people.items()}


@pytest.fixture
def process(settings: Any) -> type[Process]:
    """Leases are rows here; where they are in Redis, test_leases tells."""
    settings.REDIS_URL = ""
    return Process
