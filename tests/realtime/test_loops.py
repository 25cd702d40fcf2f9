"""What a serving process does by itself, from its first socket to its last, and a little longer."""

from __future__ import annotations

import asyncio

import pytest

from realtime import background
from realtime.background import Loop


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands for the registry: there are sockets, or there are none."""
    sockets: list[str] = []
    monkeypatch.setattr(background, "registry", sockets)
    return sockets


async def test_it_runs_once_more_after_the_last_socket_has_gone(sockets: list[str]) -> None:
    ran: list[int] = []

    async def job() -> None:
        ran.append(len(sockets))

    loop = Loop("job", 0, job)
    loop.ensure()
    assert loop.task
    await loop.task
    assert ran == [0]


async def test_a_socket_that_comes_during_the_last_round_keeps_it_running(sockets: list[str]) -> None:
    """It finds the loop running, and starts no other."""
    rounds = 0

    async def job() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            sockets.append("a socket")
            assert not loop.ensure()
        if rounds == 3:
            sockets.clear()

    loop = Loop("job", 0, job)
    loop.ensure()
    assert loop.task
    await loop.task
    assert rounds >= 4


async def test_what_is_not_done_is_done_first(sockets: list[str]) -> None:
    todo = ["a receipt", "another"]

    async def job() -> None:
        todo.pop()

    loop = Loop("job", 0, job, done=lambda: not todo)
    loop.ensure()
    assert loop.task
    await loop.task
    assert todo == []


async def test_a_job_that_fails_is_tried_again(sockets: list[str], caplog: pytest.LogCaptureFixture) -> None:
    attempts: list[int] = []

    async def job() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise RuntimeError("not now")

    loop = Loop("job", 0, job, done=lambda: len(attempts) > 1)
    loop.ensure()
    assert loop.task
    await asyncio.wait_for(loop.task, 5)
    assert len(attempts) == 2
    assert "job failed" in caplog.text
