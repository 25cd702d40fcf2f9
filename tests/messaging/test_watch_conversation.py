"""A manager follows a conversation that she takes no part in."""

from __future__ import annotations

from unittest.mock import ANY
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async as in_thread

from accounts.actions import change_settings
from accounts.models import Member, Role
from config.realtime import BACKGROUND as background
from delivery.actions import move_receipt
from messaging.actions import send_message, start_conversation
from messaging.models import Conversation, Kind
from realtime import following, publishing
from tests.cast import Cast, Person
from tests.conftest import SocketFactory


@pytest.fixture
def talk(committed_cast: Cast) -> Conversation:
    """Between Carol and Bob."""
    cast = committed_cast
    return start_conversation(cast.carol.actor, kind=Kind.DIRECT, member=cast.bob.member.id).conversation


async def say(person: Person, talk: Conversation, body: str = "Hi") -> None:
    await in_thread(send_message)(person.actor, conversation_id=talk.id, client_id=uuid4(), body=body)


async def test_marta_watches_and_stops(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    marta = await socket(committed_cast.marta)
    await say(committed_cast.carol, talk, "Before")
    assert await marta.hears_nothing()

    watching = await marta.push("conversation.watch", conversation=str(talk.id), on=True)
    assert watching == {"type": "ok", "re": ANY, "conversation": str(talk.id)}
    await say(committed_cast.carol, talk, "Now")
    heard = await marta.hear()
    assert (heard["type"], heard["version"], heard["message"]["body"]) == ("message", 3, "Now")
    assert await marta.hears_nothing()

    await marta.push("conversation.watch", conversation=str(talk.id), on=False)
    await say(committed_cast.carol, talk, "After")
    assert await marta.hears_nothing()


async def test_a_participant_who_watches_hears_it_once(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    bob = await socket(committed_cast.bob)
    await bob.push("conversation.watch", conversation=str(talk.id), on=True)
    await say(committed_cast.carol, talk)
    assert (await bob.hear())["type"] == "message"
    assert await bob.hears_nothing()


async def test_lost_news_of_it_heal(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    marta, alice = await socket(committed_cast.marta), await socket(committed_cast.alice)
    await marta.push("conversation.watch", conversation=str(talk.id), on=True)
    monkeypatch.setattr(publishing, "_send", lambda event, members: None)
    await say(committed_cast.carol, talk)
    await background.heal()
    assert await marta.hear() == {"type": "heads", "cursors": {str(talk.id): [2, 0]}}
    assert await alice.hears_nothing()


async def test_whoever_loses_the_right_hears_no_more(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    """It is asked again at each piece of news."""
    marta = await socket(committed_cast.marta)
    await marta.push("conversation.watch", conversation=str(talk.id), on=True)
    of_marta = Member.objects.filter(pk=committed_cast.marta.member.pk)
    await in_thread(of_marta.update)(role=Role.CLIENT)
    await say(committed_cast.carol, talk)
    assert await marta.hears_nothing()
    await background.heal()
    assert await marta.hears_nothing()
    await in_thread(of_marta.update)(role=Role.MANAGER)
    await say(committed_cast.carol, talk)
    assert await marta.hears_nothing(), "the watch has ended"


async def test_others_cannot(committed_cast: Cast, talk: Conversation, socket: SocketFactory) -> None:
    for person in (committed_cast.mallory, committed_cast.vera, committed_cast.dana):
        wire = await socket(person)
        answer = await wire.push("conversation.watch", conversation=str(talk.id), on=True)
        assert answer["code"] == "not_found"
        await say(committed_cast.carol, talk)
        assert await wire.hears_nothing()


async def test_it_is_no_way_to_hear_everything(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST", 1)
    other = (await in_thread(start_conversation)(committed_cast.carol.actor, kind=Kind.SUPPORT)).conversation
    marta = await socket(committed_cast.marta)
    for _ in range(2):
        assert (await marta.push("conversation.watch", conversation=str(talk.id), on=True))["type"] == "ok"
    for _ in range(4):
        refused = await marta.push("conversation.watch", conversation=str(other.id), on=True)
        assert refused["code"] == "conflict", "and the socket stays open"


async def test_what_is_read_in_private_is_not_told_to_whoever_watches(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory
) -> None:
    await say(committed_cast.bob, talk)
    await in_thread(change_settings)(committed_cast.carol.actor, read_private=True)
    await in_thread(move_receipt)(committed_cast.carol.actor, conversation_id=talk.id, delivered=1)
    watching = [await socket(one) for one in (committed_cast.bob, committed_cast.marta)]
    for one in watching:
        await one.push("conversation.watch", conversation=str(talk.id), on=True)
    carol = await socket(committed_cast.carol)
    await in_thread(move_receipt)(committed_cast.carol.actor, conversation_id=talk.id, read=1)
    assert (await carol.hear())["watermarks"] == [[committed_cast.carol.id, 1, 1]]
    assert [await one.hears_nothing() for one in watching] == [True, True]
