"""Whoever loses the right is sent away with 4501 and hears nothing said afterwards; whoever keeps it stays."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async as in_thread

from config.realtime import BACKGROUND as background
from messaging.actions import send_message, start_conversation
from messaging.models import Conversation, Kind, Participant
from realtime.fanout import Push, fanout
from realtime.frames import NOT_AUTHENTICATED
from realtime.layer import current_layer
from tests.accounts.revocation import (
    TOLD,
    UNTOLD,
    Visit,
    Way,
    by_session,
    by_token,
    loses_access_to_the_space,
    signs_out,
    token_is_revoked,
)
from tests.cast import Cast, Person
from tests.conftest import SocketFactory
from tests.sockets import Closed, Frame, Socket

BEFORE, AFTER = "You may hear this", "This is not for you any more"
SENT_AWAY: tuple[list[Frame], int] = ([], NOT_AUTHENTICATED)


@pytest.fixture
def talk(committed_cast: Cast) -> Conversation:
    """A group of Marta's with Alice, Vera, and Dana, whom nobody could invite."""
    cast = committed_cast
    members = [cast.alice.member.id, cast.vera.member.id]
    group = start_conversation(cast.marta.actor, kind=Kind.GROUP, members=members).conversation
    Participant.objects.create(conversation=group, member=cast.dana.member)
    return group


async def say(speaker: Person, talk: Conversation, body: str) -> None:
    await in_thread(send_message)(speaker.actor, conversation_id=talk.id, client_id=uuid4(), body=body)


async def comes_in(socket: SocketFactory, visit: Visit) -> Socket:
    wire = await socket(origin=visit.origin)
    welcome = await wire.push("hello", ticket=await in_thread(visit.ticket)())
    assert welcome["type"] == "welcome"
    return wire


async def news(wire: Socket) -> Frame:
    """The heal loop may have its turn in any story."""
    frame = await wire.hear()
    return await news(wire) if frame["type"] == "heads" else frame


async def hears(body: str, *wires: Socket) -> bool:
    return [(await news(wire))["message"]["body"] for wire in wires] == [body] * len(wires)


async def until_closed(wire: Socket) -> tuple[list[Frame], int]:
    """What was heard, and the close code."""
    frames: list[Frame] = []
    try:
        while True:
            frames.append(await news(wire))
    except Closed as closed:
        return frames, closed.code


async def opened(way: Way, cast: Cast, socket: SocketFactory) -> tuple[Visit, Socket]:
    visit = await in_thread(way.enter)(cast, getattr(cast, way.who))
    return visit, await comes_in(socket, visit)


@pytest.mark.parametrize("way", TOLD, ids=str)
async def test_the_socket_closes_at_once(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, way: Way
) -> None:
    cast = committed_cast
    visit, wire = await opened(way, cast, socket)
    marta = await socket(cast.marta)
    await say(cast.marta, talk, BEFORE)
    assert await hears(BEFORE, wire, marta)

    await in_thread(way.end)(visit)
    await say(cast.marta, talk, AFTER)
    assert await until_closed(wire) == SENT_AWAY
    assert await hears(AFTER, marta) if way.spares_others else await until_closed(marta) == SENT_AWAY


@pytest.fixture
def no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages arrive, the request to check again is lost."""
    put = fanout.put

    def all_but_rechecks(push: Push) -> None:
        if push.message["type"] != "recheck":
            put(push)

    monkeypatch.setattr(fanout, "put", all_but_rechecks)


@pytest.mark.parametrize("way", [*TOLD, *UNTOLD], ids=str)
async def test_the_next_check_closes_it_when_the_word_was_lost(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, no_word: None, way: Way
) -> None:
    cast = committed_cast
    visit, wire = await opened(way, cast, socket)
    marta = await socket(cast.marta)
    await say(cast.marta, talk, BEFORE)
    assert await hears(BEFORE, wire, marta)
    await background.recheck()
    assert (await wire.push("ping"))["type"] == "pong"

    await in_thread(way.end)(visit)
    assert (await wire.push("ping"))["type"] == "pong"
    await background.recheck()
    await say(cast.marta, talk, AFTER)
    assert await until_closed(wire) == SENT_AWAY
    assert await hears(AFTER, marta) if way.spares_others else await until_closed(marta) == SENT_AWAY


@pytest.mark.parametrize(
    ("ended", "kept", "end"),
    [
        pytest.param(by_session, by_session, signs_out, id="another session"),
        pytest.param(by_session, by_token, signs_out, id="a token"),
        pytest.param(by_token, by_session, token_is_revoked, id="a session"),
    ],
)
async def test_what_else_one_came_in_by_holds(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, ended: Any, kept: Any, end: Any
) -> None:
    """Vera signs out at the desk; her phone stays."""
    cast = committed_cast
    desk, phone = [await in_thread(enter)(cast, cast.vera) for enter in (ended, kept)]
    at_desk, on_phone = await comes_in(socket, desk), await comes_in(socket, phone)
    await in_thread(end)(desk)
    await say(cast.marta, talk, AFTER)
    assert await until_closed(at_desk) == SENT_AWAY
    assert await hears(AFTER, on_phone)
    await background.recheck()
    assert (await on_phone.push("ping"))["type"] == "pong"


@pytest.mark.parametrize("enter", [by_session, by_token])
async def test_whoever_loses_a_space_hears_no_more_of_its_channel(
    committed_cast: Cast, talk: Conversation, socket: SocketFactory, enter: Any
) -> None:
    """And stays connected: the rest is still hers."""
    cast = committed_cast
    started = await in_thread(start_conversation)(
        cast.marta.actor,
        kind=Kind.CHANNEL,
        title="Works",
        space=cast.room.id,
        members=[cast.vera.member.id],
    )
    channel = started.conversation
    visit = await in_thread(enter)(cast, cast.vera)
    vera, marta = await comes_in(socket, visit), await socket(cast.marta)
    await say(cast.marta, channel, BEFORE)
    assert await hears(BEFORE, vera, marta)

    await in_thread(loses_access_to_the_space)(visit)
    await say(cast.marta, channel, AFTER)
    assert await hears(AFTER, marta)
    await say(cast.marta, talk, "Among us")
    assert await hears("Among us", vera)

    await background.heal()
    assert await vera.hears_nothing()
    answer = await vera.push("sync", cursors={str(channel.id): [2, 0], str(talk.id): [2, 0]})
    assert answer["gone"] == [str(channel.id)]
    assert answer["conversations"] == []


async def test_what_ends_between_the_ticket_and_the_joining_counts(
    committed_cast: Cast, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ticket was good, and the word came before there was a socket to hear it."""
    layer, visit = current_layer(), await in_thread(by_token)(committed_cast, committed_cast.vera)
    join = layer.group_add

    async def join_too_late(group: str, channel: str) -> None:
        await in_thread(token_is_revoked)(visit)
        await join(group, channel)

    wire, ticket = await socket(), await in_thread(visit.ticket)()
    monkeypatch.setattr(layer, "group_add", join_too_late)
    assert (await wire.push("hello", ticket=ticket))["code"] == "not_authenticated"
    assert await until_closed(wire) == SENT_AWAY
