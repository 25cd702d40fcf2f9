"""What goes out to one socket is written by the plain call that says it; what has to wait keeps its order."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from realtime.frames import encode
from realtime.marks import Mark
from realtime.outgoing import Message, Outgoing


class Server:
    """Takes what is written, unless it is told to wait."""

    def __init__(self) -> None:
        self.written: list[Message] = []
        self.wrong: Exception | None = None
        self.takes, self.has_taken = asyncio.Event(), asyncio.Condition()
        self.takes.set()

    async def send(self, message: Message) -> None:
        await self.takes.wait()
        if self.wrong:
            raise self.wrong
        self.written.append(message)
        async with self.has_taken:
            self.has_taken.notify_all()

    async def until_written(self, count: int) -> list[Message]:
        async with self.has_taken, asyncio.timeout(5):
            await self.has_taken.wait_for(lambda: len(self.written) >= count)
        return self.written


@pytest.fixture
async def server() -> Server:
    return Server()


@pytest.fixture
async def outgoing(server: Server) -> Outgoing:
    return Outgoing(server.send)


def text(body: Any) -> Message:
    return {"type": "websocket.send", "text": encode(body)}


def close(code: int) -> Message:
    return {"type": "websocket.close", "code": code}


async def test_what_the_server_takes_is_written_before_the_call_returns(
    server: Server, outgoing: Outgoing
) -> None:
    outgoing.accept("parley.v1")
    outgoing.say({"n": 1})
    outgoing.push(encode({"n": 2}))
    outgoing.close(4000)
    assert server.written == [
        {"type": "websocket.accept", "subprotocol": "parley.v1"},
        text({"n": 1}),
        text({"n": 2}),
        close(4000),
    ]
    assert others() == set()


async def test_what_has_to_wait_keeps_its_order(server: Server, outgoing: Outgoing) -> None:
    outgoing.say({"n": 1})
    server.takes.clear()
    for n in (2, 3, 4):
        outgoing.say({"n": n})
    assert server.written == [text({"n": 1})]

    server.takes.set()
    outgoing.say({"n": 5})
    assert await server.until_written(5) == [text({"n": n}) for n in (1, 2, 3, 4, 5)]


async def test_it_waits_again_and_again(server: Server, outgoing: Outgoing) -> None:
    for n in (1, 2, 3):
        server.takes.clear()
        outgoing.say({"n": n})
        assert len(server.written) == n - 1
        server.takes.set()
        await server.until_written(n)
        await all_of(others())
    outgoing.say({"n": 4})
    assert server.written == [text({"n": n}) for n in (1, 2, 3, 4)]


async def test_the_end_comes_last(server: Server, outgoing: Outgoing) -> None:
    server.takes.clear()
    outgoing.say({"n": 1})
    outgoing.close(4000)
    outgoing.close(4001)
    outgoing.say({"n": 2})
    outgoing.push(encode({"n": 3}), "a subject", Mark(version=1))
    server.takes.set()
    await all_of(others())
    assert server.written == [text({"n": 1}), close(4000)]


async def test_to_a_socket_that_is_gone_nothing_is_written(server: Server, outgoing: Outgoing) -> None:
    server.takes.clear()
    for n in (1, 2):
        outgoing.say({"n": n})
    (writing,) = others()
    outgoing.drop()
    await all_of({writing})
    server.takes.set()
    outgoing.say({"n": 3})
    outgoing.close(4000)
    assert (writing.cancelled(), server.written, others()) == (True, [], set())


async def test_it_may_be_gone_after_the_writing_went_on(server: Server, outgoing: Outgoing) -> None:
    """The other case: the task has begun to wait for itself."""
    server.takes.clear()
    outgoing.say({"n": 1})
    (writing,) = others()
    await asyncio.sleep(0)
    outgoing.drop()
    await all_of({writing})
    server.takes.set()
    assert (writing.cancelled(), server.written, others()) == (True, [], set())


@pytest.mark.parametrize("waits", [False, True])
async def test_a_server_that_takes_nothing_more_is_no_error(
    server: Server, outgoing: Outgoing, waits: bool
) -> None:
    server.wrong = RuntimeError("the connection is closed")
    if waits:
        server.takes.clear()
    outgoing.say({"n": 1})
    outgoing.say({"n": 2})
    server.takes.set()
    await all_of(others())
    # What its client had said before it went is still obeyed.
    assert not outgoing.is_closed
    assert (server.written, others()) == ([], set())


def others() -> set[asyncio.Task[Any]]:
    """The tasks that are there beside the test's."""
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


async def all_of(tasks: set[asyncio.Task[Any]]) -> None:
    """Waits for them; none of them may fail."""
    if tasks:
        await asyncio.wait(tasks, timeout=5)
    assert not any(task.exception() for task in tasks if not task.cancelled())
