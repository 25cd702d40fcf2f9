"""Commands of one socket are obeyed in order; what others say does not wait for them."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async as in_thread

from config.realtime import COMMANDS, GATHERED
from messaging.actions import send_message, start_conversation
from messaging.models import Conversation, Kind, Message
from realtime.consumer import shortened
from realtime.frames import MAX_FRAME
from realtime.inbox import MOST_WAITING, Inbox
from tests.cast import Cast
from tests.conftest import SocketFactory


@pytest.fixture
def talk(committed_cast: Cast) -> Conversation:
    return start_conversation(committed_cast.carol.actor, kind=Kind.SUPPORT).conversation


class Slow:
    """A command that waits, as for a database that is frozen, until it is let go."""

    def __init__(self, command: Any) -> None:
        self.command, self.may_go = command, Event()

    def __call__(self, *args: Any) -> Any:
        self.may_go.wait(10)
        return self.command(*args)


@pytest.fixture
def slow_typing(monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow(COMMANDS["typing.set"])
    monkeypatch.setitem(COMMANDS, "typing.set", slow)
    return slow


async def test_news_goes_out_while_a_command_waits(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, slow_typing: Slow
) -> None:
    bob = await socket(committed_cast.bob)
    await bob.send({"type": "typing.set", "id": 1, "conversation": str(talk.id), "on": True})
    await bob.send({"type": "ping", "id": 2})
    await in_thread(send_message)(
        committed_cast.carol.actor, conversation_id=talk.id, client_id=uuid4(), body="Anybody there?"
    )
    assert (await bob.receive())["message"]["body"] == "Anybody there?"
    slow_typing.may_go.set()
    assert [(await bob.receive())["re"] for _ in range(2)] == [1, 2]


async def test_a_receipt_holds_nothing_up(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for it, so it may wait for others."""
    monkeypatch.setattr(GATHERED["receipt.move"]._quick, "_pause", 3600)
    bob = await socket(committed_cast.bob)
    for seq in range(3):
        await bob.send({"type": "receipt.move", "id": 9, "conversation": str(talk.id), "delivered": seq})
    assert (await bob.push("ping"))["type"] == "pong"


async def test_what_is_too_large_is_not_kept_while_it_waits(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, slow_typing: Slow
) -> None:
    bob = await socket(committed_cast.bob)
    await bob.send({"type": "typing.set", "id": 1, "conversation": str(talk.id), "on": True})
    await bob.send({"type": "ping", "id": 2, "x": "x" * 500_000})
    await bob.send({"type": "ping", "id": 3})
    slow_typing.may_go.set()
    told = [await bob.receive() for _ in range(3)]
    assert [(one["re"], one.get("code")) for one in told] == [(1, None), (None, "too_large"), (3, None)]
    assert len(shortened("x" * 500_000) or "") == MAX_FRAME + 1


async def test_what_was_sent_before_the_end_is_done(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    carol = await socket(committed_cast.carol)
    for body in ("One", "Two", "Three"):
        frame = {"conversation": str(talk.id), "client_id": str(uuid4()), "body": body}
        await carol.send({"type": "message.send", **frame})
    await carol.disconnect()
    said = await in_thread(lambda: list(Message.objects.order_by("seq").values_list("body", flat=True)))()
    assert said == ["One", "Two", "Three"]


async def test_whoever_sends_faster_than_they_are_served_waits() -> None:
    """So frames are not gathered here without end."""
    may_go, obeyed = asyncio.Event(), []

    async def obey(text: str | None) -> None:
        await may_go.wait()
        obeyed.append(text)

    inbox = Inbox(obey)
    # One is being obeyed, the others wait.
    for number in range(MOST_WAITING):
        inbox.put(str(number))
        await asyncio.wait_for(inbox.has_room(), 1)
    inbox.put("one more")
    one_more = asyncio.ensure_future(inbox.has_room())
    await asyncio.sleep(0)
    assert not one_more.done()
    may_go.set()
    await one_more
    assert obeyed == [*map(str, range(MOST_WAITING)), "one more"]
