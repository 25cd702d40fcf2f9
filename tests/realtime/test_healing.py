"""What a socket was not sent, it is told of; whoever reads slowly gets heads."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async as in_thread
from django.contrib.sessions.backends.db import SessionStore

from config.realtime import BACKGROUND as background
from messaging.actions import send_message, start_conversation
from messaging.models import Conversation, Kind
from realtime import publishing
from tests.cast import Cast, Person
from tests.conftest import SocketFactory
from tests.sockets import Socket


@pytest.fixture
def talk(committed_cast: Cast) -> Conversation:
    return start_conversation(committed_cast.carol.actor, kind=Kind.SUPPORT).conversation


async def say(person: Person, talk: Conversation, body: str = "Hi") -> None:
    await in_thread(send_message)(person.actor, conversation_id=talk.id, client_id=uuid4(), body=body)


@pytest.fixture
def lost_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is published arrives, as when Redis is away."""
    monkeypatch.setattr(publishing, "_send", lambda event, members: None)


async def test_lost_news_heal(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, lost_news: None
) -> None:
    carol, bob, mallory = [
        await socket(one) for one in (committed_cast.carol, committed_cast.bob, committed_cast.mallory)
    ]
    await say(committed_cast.carol, talk)
    await background.heal()

    heads = {"type": "heads", "cursors": {str(talk.id): [2, 0]}}
    assert [await carol.hear(), await bob.hear()] == [heads, heads]
    assert await mallory.hears_nothing()
    await background.heal()
    assert await bob.hears_nothing()


async def test_whoever_was_sent_it_is_not_told_again(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    bob = await socket(committed_cast.bob)
    await background.heal()
    assert (await bob.hear())["type"] == "heads"
    await say(committed_cast.carol, talk)
    assert (await bob.hear())["type"] == "message"
    await background.heal()
    assert await bob.hears_nothing()


async def test_a_conversation_one_never_heard_of_heals_too(
    committed_cast: Cast, socket: SocketFactory, lost_news: None
) -> None:
    bob = await socket(committed_cast.bob)
    started = await in_thread(start_conversation)(
        committed_cast.alice.actor, kind=Kind.DIRECT, member=committed_cast.bob.member.id
    )
    await background.heal()
    assert (await bob.hear())["cursors"] == {str(started.conversation.id): [1, 0]}


async def test_whoever_does_not_read_gets_heads_and_is_then_closed(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.credit.HEADS_ONLY_OVER", 2000)
    monkeypatch.setattr("realtime.credit.LOST_OVER", 6000)
    bob = await socket(committed_cast.bob)
    await say(committed_cast.carol, talk, "x" * 3000)
    assert (await bob.hear())["message"]["body"] == "x" * 3000

    await say(committed_cast.carol, talk, "This one is not sent")
    await background.heal()
    assert (await bob.hear())["cursors"] == {str(talk.id): [3, 0]}
    answer = await bob.push("sync", cursors={})
    assert (answer["code"], answer["temporary"]) == ("rate_limited", True)

    # The welcome, the message, the heads, the refusal.
    await bob.push("ping", seen=4)
    answer = await bob.push("sync", cursors={str(talk.id): [2, 0]})
    assert [one["body"] for one in answer["conversations"][0]["messages"]] == ["This one is not sent"]

    await say(committed_cast.carol, talk, "y" * 4900)
    await say(committed_cast.carol, talk, "z" * 4900)
    await background.heal()
    assert await bob.closed_with() == 4008


async def test_too_many_frames_are_refused_and_a_flood_is_closed(
    committed_cast: Cast, socket: SocketFactory, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SOCKET_FRAMES_PER_SECOND, settings.SOCKET_FRAMES_BURST = 0.1, 2
    monkeypatch.setattr("realtime.consumer.FLOOD_AFTER", 3)
    wire = await socket(committed_cast.carol)
    assert (await wire.push("ping"))["type"] == "pong"
    refused = await wire.push("ping")
    assert (refused["code"], refused["temporary"]) == ("rate_limited", True)
    assert refused["retry_after_ms"] > 1000
    for _ in range(2):
        await wire.send({"type": "ping"})
    assert await wire.closed_with() == 4029


async def test_sends_are_counted_by_member_over_all_sockets(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(background.wiring.rates, "message.send", (0.01, 2))
    desk, phone = await socket(committed_cast.carol), await socket(committed_cast.carol)

    async def send(wire: Socket) -> str:
        answer = await wire.push("message.send", conversation=str(talk.id), client_id=str(uuid4()), body="Hi")
        return str(answer.get("code", "ok"))

    assert [await send(wire) for wire in (desk, phone, desk)] == ["ok", "ok", "rate_limited"]


async def test_the_oldest_of_too_many_sockets_is_closed(
    committed_cast: Cast, socket: SocketFactory, settings: Any
) -> None:
    settings.SOCKETS_PER_MEMBER = 2
    first, second, third = [await socket(committed_cast.carol) for _ in range(3)]
    assert await first.closed_with() == 4009
    for wire in (second, third):
        assert (await wire.push("ping"))["type"] == "pong"


async def test_a_deploy_sends_everybody_away_with_a_word(
    committed_cast: Cast, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "is_draining", True)
    late = await socket()
    assert await late.closed_with() == 4012
    monkeypatch.setattr(background, "is_draining", False)

    wires = [await socket(one) for one in (committed_cast.carol, committed_cast.bob)]
    await background.drain()
    for wire in wires:
        bye = await wire.hear()
        assert (bye["type"], bye["code"]) == ("bye", 4012)
        assert 0 <= bye["retry_after_ms"] <= 5000
        assert await wire.closed_with() == 4012


def test_the_session_store_is_the_one_we_look_into(settings: Any) -> None:
    assert SessionStore.__module__ == settings.SESSION_ENGINE
