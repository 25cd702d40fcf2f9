"""A coroutine that a plain call begins: no task unless it has to wait, and else a task like any other."""

from __future__ import annotations

import asyncio

import pytest

from realtime.started import start


class Work:
    """Notes how far it has come; waits where it is told to."""

    def __init__(self) -> None:
        self.so_far: list[str] = []

    async def run(self, *waits: asyncio.Future[str]) -> None:
        self.so_far.append("begun")
        try:
            for one in waits:
                self.so_far.append(await one)
            self.so_far.append("done")
        except asyncio.CancelledError:
            self.so_far.append("cancelled")
            raise
        finally:
            self.so_far.append("tidied")


@pytest.fixture
def work() -> Work:
    return Work()


def futures(count: int) -> list[asyncio.Future[str]]:
    return [asyncio.get_running_loop().create_future() for _ in range(count)]


async def test_what_need_not_wait_is_done_at_once(work: Work) -> None:
    (ready,) = futures(1)
    ready.set_result("ready")
    assert start(work.run(ready)) is None
    assert work.so_far == ["begun", "ready", "done", "tidied"]


async def test_what_waits_goes_on_as_a_task(work: Work) -> None:
    first, second = futures(2)
    task = start(work.run(first, second))
    assert task
    assert work.so_far == ["begun"]
    first.set_result("first")
    await asyncio.sleep(0)
    second.set_result("second")
    await task
    assert work.so_far == ["begun", "first", "second", "done", "tidied"]


async def test_a_turn_of_the_loop_is_a_wait() -> None:
    """That is all that `sleep(0)` waits for: it gives the loop no future."""
    turns: list[int] = []

    async def wait_for_turns() -> None:
        for turn in range(3):
            await asyncio.sleep(0)
            turns.append(turn)

    task = start(wait_for_turns())
    assert task
    assert turns == []
    await task
    assert turns == [0, 1, 2]


async def test_what_fails_at_once_fails_the_call() -> None:
    async def fail() -> None:
        raise RuntimeError("at once")

    with pytest.raises(RuntimeError, match="at once"):
        start(fail())


async def test_what_it_waits_for_may_fail(work: Work) -> None:
    (waits,) = futures(1)
    task = start(work.run(waits))
    assert task
    waits.set_exception(RuntimeError("later"))
    with pytest.raises(RuntimeError, match="later"):
        await task
    assert work.so_far == ["begun", "tidied"]


async def test_what_fails_may_be_caught_and_waited_for_again() -> None:
    first, second = futures(2)
    heard: list[str] = []

    async def work() -> None:
        try:
            await first
        except RuntimeError as error:
            heard.append(str(error))
            heard.append(await second)

    task = start(work())
    assert task
    first.set_exception(RuntimeError("the first failed"))
    await asyncio.sleep(0)
    second.set_result("the second did not")
    await task
    assert heard == ["the first failed", "the second did not"]


async def test_a_task_that_has_gone_on_is_cancelled_where_it_waits(work: Work) -> None:
    (waits,) = futures(1)
    task = start(work.run(waits))
    assert task
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.so_far == ["begun", "cancelled", "tidied"]
    assert waits.cancelled()
