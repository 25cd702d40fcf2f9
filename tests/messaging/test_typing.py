"""Somebody is typing: told to those who hear the conversation, kept nowhere."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest
from channels.db import database_sync_to_async as in_thread

from messaging import actions
from messaging.actions import sending, start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast
from tests.conftest import ApiFactory, Published, SocketFactory


def frames(published: Published) -> list[tuple[Any, set[str]]]:
    return [(event.frame(), {str(one) for one in audience}) for event, audience in published()]


@pytest.fixture
def room(cast: Cast, published: Published) -> Conversation:
    """A group of Carol, Bob and Alice."""
    members = [cast.bob.member.id, cast.alice.member.id]
    room = start_conversation(cast.carol.actor, kind=Kind.GROUP, title="Room", members=members).conversation
    published()
    return room


def test_carol_types_and_stops(cast: Cast, room: Conversation, api: ApiFactory, published: Published) -> None:
    carol, path = api(cast.carol), f"chat/conversations/{room.id}/typing/"
    for typing, ttl in ((True, 6000), (False, 0)):
        assert carol.post(path, {"typing": typing}).status_code == 204
        told = {"type": "typing", "conversation": str(room.id), "members": [cast.carol.id], "ttl_ms": ttl}
        assert frames(published) == [(told, {cast.bob.id, cast.alice.id})]


async def test_by_socket(committed_cast: Cast, socket: SocketFactory) -> None:
    talk = (await in_thread(start_conversation)(committed_cast.carol.actor, kind=Kind.SUPPORT)).conversation
    carol, bob, mallory = [
        await socket(one) for one in (committed_cast.carol, committed_cast.bob, committed_cast.mallory)
    ]
    answer = await carol.push("typing.set", conversation=str(talk.id), on=True)
    assert answer == {"type": "ok", "re": ANY, "conversation": str(talk.id)}
    assert await bob.hear() == {
        "type": "typing",
        "conversation": str(talk.id),
        "members": [committed_cast.carol.id],
        "ttl_ms": 6000,
    }
    assert await carol.hears_nothing()
    assert await mallory.hears_nothing()
    await carol.send({"type": "typing.set", "conversation": str(talk.id), "on": False})
    assert (await bob.hear())["ttl_ms"] == 0
    assert await carol.hears_nothing()


def test_in_a_large_group_nobody_is_told(
    cast: Cast, room: Conversation, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TYPING_IS_TOLD_TO", 1)
    actions.tell_typing(cast.carol.actor, conversation_id=room.id, on=True)
    assert published() == []


def test_whoever_may_not_speak_does_not_type(cast: Cast, room: Conversation, api: ApiFactory) -> None:
    path = f"chat/conversations/{room.id}/typing/"
    assert api(cast.mallory).post(path, {"typing": True}).status_code == 404
    assert api(cast.dana).post(path, {"typing": True}).status_code == 404
    assert api(cast.marta).post(path, {"typing": True}).status_code == 403


def test_bad_input_is_named(cast: Cast, room: Conversation, api: ApiFactory) -> None:
    response = api(cast.carol).post(f"chat/conversations/{room.id}/typing/", {"typing": "much"})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["typing"])


def test_it_has_a_rate(cast: Cast, room: Conversation, api: ApiFactory) -> None:
    carol, path = api(cast.carol), f"chat/conversations/{room.id}/typing/"
    statuses = [carol.post(path, {"typing": True}).status_code for _ in range(61)]
    assert statuses == [204] * 60 + [429]
