"""Two people on two sockets."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async as in_thread

from messaging.actions import start_conversation
from messaging.models import Conversation, Kind, Message
from tests.cast import Cast
from tests.conftest import Api, SocketFactory
from tests.sockets import Socket


@pytest.fixture
def talk(committed_cast: Cast) -> Conversation:
    """Carol's support conversation, committed."""
    return start_conversation(committed_cast.carol.actor, kind=Kind.SUPPORT).conversation


async def say(wire: Socket, conversation: Conversation, body: str, **fields: Any) -> Any:
    frame = {"conversation": str(conversation.id), "client_id": str(uuid4()), "body": body, **fields}
    return await wire.push("message.send", **frame)


async def test_carol_and_bob_talk(committed_cast: Cast, talk: Conversation, socket: SocketFactory) -> None:
    carol, bob = await socket(committed_cast.carol), await socket(committed_cast.bob)

    ok = await say(carol, talk, "The heating is off")
    assert ok == {"type": "ok", "re": ANY, "message": ANY, "duplicate": False}
    heard = await bob.hear()
    assert heard == {
        "type": "message",
        "conversation": str(talk.id),
        "version": 2,
        "event": "created",
        "message": ok["message"],
    }
    assert await carol.hear() == heard

    await say(bob, talk, "I am on my way")
    assert [(await carol.hear())["event"] for _ in range(3)] == ["assigned", "created", "created"]


async def test_rest_and_socket_tell_the_same(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    carol = await socket(committed_cast.carol)
    path = f"chat/conversations/{talk.id}/messages/"

    said = (await say(carol, talk, "By socket"))["message"]
    (read,) = (await in_thread(Api(committed_cast.carol).get)(path)).json()["results"]
    assert read == {**said, "status": "sent"}

    await carol.hear()
    posted = await in_thread(Api(committed_cast.bob).post)(
        path, {"client_id": str(uuid4()), "body": "By REST"}
    )
    assert (await carol.hear())["event"] == "assigned"
    assert (await carol.hear())["message"]["kind"] == "system"
    heard = (await carol.hear())["message"]
    assert posted.json() == {**heard, "status": "sent"}


async def test_a_retry_is_a_duplicate_and_no_news(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    carol, bob = await socket(committed_cast.carol), await socket(committed_cast.bob)
    client_id = str(uuid4())
    first = await say(carol, talk, "Once", client_id=client_id)
    again = await say(carol, talk, "Once", client_id=client_id)

    assert again == {**first, "re": ANY, "duplicate": True}
    await bob.hear()
    assert await bob.hears_nothing()


async def test_receipts_travel(committed_cast: Cast, talk: Conversation, socket: SocketFactory) -> None:
    carol, bob = await socket(committed_cast.carol), await socket(committed_cast.bob)
    await say(bob, talk, "Hello")
    for _ in range(3):
        await carol.hear()

    await carol.send({"type": "receipt.move", "conversation": str(talk.id), "delivered": 1, "read": 1})
    expected = {
        "type": "receipt",
        "conversation": str(talk.id),
        "receipt_version": 1,
        "watermarks": [[committed_cast.carol.id, 1, 1]],
    }
    assert await carol.hear() == expected
    heard = [await bob.hear() for _ in range(4)]
    assert heard[-1] == expected


async def test_hello_repeats_receipts_that_were_missed(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    bob = await socket(committed_cast.bob)
    await say(bob, talk, "Hello")
    carol = await socket(hello=False)
    read = {str(talk.id): [1, 1], str(uuid4()): [5, 5]}

    welcome = await carol.hello(committed_cast.carol, read=read)
    (caught_up,) = welcome["sync"]["conversations"]
    assert [committed_cast.carol.id, 1, 1] in caught_up["watermarks"]
    heard = [(await bob.hear())["type"] for _ in range(4)]
    assert heard == ["conversation", "message", "message", "receipt"]


async def test_sync_brings_what_was_missed(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    carol, bob = await socket(committed_cast.carol), await socket(committed_cast.bob)
    await say(carol, talk, "One")
    answer = await bob.push("sync", cursors={str(talk.id): [1, 0]})
    assert answer == {
        "type": "sync",
        "re": ANY,
        "epoch": ANY,
        "conversations": [ANY],
        "gone": [],
        "more": False,
    }
    assert [one["body"] for one in answer["conversations"][0]["messages"]] == ["One"]


async def test_all_of_a_members_sockets_hear(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    desk, phone = await socket(committed_cast.bob), await socket(committed_cast.bob)
    carol = await socket(committed_cast.carol)
    await say(carol, talk, "Hi")
    assert await desk.hear() == await phone.hear()


async def test_strangers_hear_nothing(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    strangers = [await socket(one) for one in (committed_cast.mallory, committed_cast.robo)]
    carol = await socket(committed_cast.carol)
    await say(carol, talk, "Between us")
    assert [await one.hears_nothing() for one in strangers] == [True, True]


async def test_a_command_asks_anew_whether_one_may(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    """Even when the news of the removal never arrived."""
    bob = await socket(committed_cast.bob)
    await in_thread(type(committed_cast.bob.member).objects.filter(pk=committed_cast.bob.member.pk).update)(
        deactivated_at=talk.created_at
    )
    answer = await say(bob, talk, "Still here")
    assert answer["code"] == "not_authenticated"
    assert await bob.closed_with() == 4501
    assert not await in_thread(Message.objects.exists)()
