"""A server that lends its line is told of all that was said in one turn of the loop at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from realtime.line import TakeText
from realtime.outgoing import Outgoing


class Wire:
    """A server's side of one socket."""

    def __init__(self) -> None:
        self.written: list[Any] = []

    async def send(self, message: dict[str, Any]) -> None:
        self.written.append(message["type"])

    def listen(self, take: TakeText) -> None:
        raise AssertionError

    def taken(self) -> None:
        raise AssertionError

    def write(self, texts: list[bytes]) -> None:
        self.written.append(texts)

    @staticmethod
    def frame(text: str) -> bytes:
        return b"<" + text.encode() + b">"


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def outgoing(wire: Wire) -> Outgoing:
    return Outgoing(wire.send, wire)


async def test_what_is_said_in_one_turn_leaves_together(wire: Wire, outgoing: Outgoing) -> None:
    outgoing.say({"n": 1})
    outgoing.push("news")
    assert wire.written == []
    await asyncio.sleep(0)
    assert wire.written == [[b'<{"n":1}>', b"<news>"]]
    outgoing.push("more")
    await asyncio.sleep(0)
    assert wire.written == [[b'<{"n":1}>', b"<news>"], [b"<more>"]]


async def test_the_last_words_come_before_the_end(wire: Wire, outgoing: Outgoing) -> None:
    outgoing.accept("parley.v1")
    outgoing.say({"type": "bye"})
    outgoing.close(4012)
    outgoing.say({"too": "late"})
    await asyncio.sleep(0)
    assert wire.written == ["websocket.accept", [b'<{"type":"bye"}>'], "websocket.close"]
