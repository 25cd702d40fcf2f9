"""Presence over the wire: who may watch whom, what they are told, and what one says of oneself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import ANY
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async as in_thread

from accounts.actions import make_token
from accounts.models import SpaceAccess, TokenKind
from accounts.permissions import Scope
from common.clock import now
from config.realtime import BACKGROUND as background
from messaging.actions import send_message, start_conversation
from messaging.models import Kind
from presence.actions import set_availability
from presence.models import Availability, Presence
from realtime import credit
from realtime.registry import registry
from tests.cast import Cast
from tests.conftest import Api, ApiFactory, SocketFactory

ONLINE = {"state": "online", "last_seen_at": None}
OFFLINE = {"state": "offline", "last_seen_at": None}


pytestmark = pytest.mark.usefixtures("only_when_told")


async def test_carol_sees_bob_come_and_turn_away(committed_cast: Cast, socket: SocketFactory) -> None:
    bob_id = committed_cast.bob.id
    carol = await socket(committed_cast.carol)
    assert await carol.push("presence.watch", members=[bob_id]) == {
        "type": "ok",
        "re": ANY,
        "members": {bob_id: OFFLINE},
    }
    bob = await socket(committed_cast.bob)
    await background.attend()
    assert await carol.hear() == {"type": "presence", "members": {bob_id: ONLINE}}
    assert await bob.push("presence.set", away=True) == {"type": "ok", "re": ANY, "away": True}
    await background.attend()
    assert await carol.hear() == {
        "type": "presence",
        "members": {bob_id: {"state": "away", "last_seen_at": None}},
    }
    await background.attend()
    assert await carol.hears_nothing()
    assert await bob.hears_nothing()


async def test_a_new_list_replaces_the_former(committed_cast: Cast, socket: SocketFactory) -> None:
    carol = await socket(committed_cast.carol)
    await carol.push("presence.watch", members=[committed_cast.bob.id])
    await carol.push("presence.watch", members=[committed_cast.alice.id])
    for one in (committed_cast.bob, committed_cast.alice):
        await socket(one)
    await background.attend()
    assert await carol.hear() == {"type": "presence", "members": {committed_cast.alice.id: ONLINE}}
    assert await carol.hears_nothing()


async def test_whoever_may_not_be_seen_is_left_out(committed_cast: Cast, socket: SocketFactory) -> None:
    cast = committed_cast
    asked = [cast.bob.id, cast.mallory.id, str(uuid4())]
    carol, mallory = await socket(cast.carol), await socket(cast.mallory)
    assert (await carol.push("presence.watch", members=asked))["members"] == {cast.bob.id: OFFLINE}
    assert (await mallory.push("presence.watch", members=asked))["members"] == {cast.mallory.id: OFFLINE}
    await socket(cast.bob)
    await background.attend()
    assert (await mallory.hear())["members"] == {cast.mallory.id: ONLINE}
    assert await mallory.hears_nothing()


def test_a_visitor_sees_whom_they_talk_with(cast: Cast, api: ApiFactory) -> None:
    path = f"chat/conversations/presence/?members={cast.bob.id},{cast.alice.id}"
    assert api(cast.dana).get(path).json() == {"members": {}}
    talk = start_conversation(cast.dana.actor, kind=Kind.SUPPORT).conversation
    send_message(cast.bob.actor, conversation_id=talk.id, client_id=uuid4(), body="Hello")
    assert api(cast.dana).get(path).json() == {"members": {cast.bob.id: OFFLINE}}


def test_rest_tells_the_same(cast: Cast, api: ApiFactory) -> None:
    path = f"chat/conversations/presence/?members={cast.bob.id}"
    assert api(cast.carol).get(path).json() == {"members": {cast.bob.id: OFFLINE}}
    assert api(cast.mallory).get(path).json() == {"members": {}}


def test_bob_says_that_he_is_busy(cast: Cast, api: ApiFactory) -> None:
    bob = api(cast.bob)
    assert bob.get("me/presence/").json() == {"availability": "auto", **OFFLINE}
    said = {"availability": "busy", **OFFLINE}
    assert bob.patch("me/presence/", {"availability": "busy"}).json() == said
    assert bob.get("me/presence/").json() == said


async def test_whoever_is_invisible_looks_gone(committed_cast: Cast, socket: SocketFactory) -> None:
    carol, bob = await socket(committed_cast.carol), committed_cast.bob
    await socket(bob)
    await background.attend()
    await carol.push("presence.watch", members=[bob.id])
    await in_thread(Presence.objects.create)(member=bob.member, last_seen_at=now() - timedelta(days=3))
    await in_thread(set_availability)(bob.actor, availability=Availability.INVISIBLE)
    await background.attend()
    told = (await carol.hear())["members"][bob.id]
    assert told == {"state": "offline", "last_seen_at": ANY}
    seen = now() - datetime.fromisoformat(told["last_seen_at"])
    assert seen < timedelta(minutes=1), "as if he had left just now"


async def test_an_answer_that_was_old_when_it_came_is_put_right(
    committed_cast: Cast, socket: SocketFactory
) -> None:
    """Bob came between the look and the watch; the others who watch him have been told already."""
    cast = committed_cast
    alice, carol = await socket(cast.alice), await socket(cast.carol)
    await alice.push("presence.watch", members=[cast.bob.id])
    await socket(cast.bob)
    await background.attend()
    (of_carol,) = registry.of(cast.carol.member.id)
    registry.watch(of_carol, {cast.bob.member.id: OFFLINE})
    await background.attend()
    assert await carol.hear() == {"type": "presence", "members": {cast.bob.id: ONLINE}}
    await background.attend()
    assert await carol.hears_nothing()


async def test_whoever_may_not_know_of_somebody_any_more_hears_no_more(
    committed_cast: Cast, socket: SocketFactory
) -> None:
    cast = committed_cast
    carol = await socket(cast.carol)
    await carol.push("presence.watch", members=[cast.vera.id, cast.bob.id])
    vera, bob = await socket(cast.vera), await socket(cast.bob)
    await background.attend()
    assert (await carol.hear())["members"] == {cast.vera.id: ONLINE, cast.bob.id: ONLINE}

    await in_thread(SpaceAccess.objects.filter(member=cast.vera.member).delete)()
    await background.recheck()
    for one in (vera, bob):
        await one.push("presence.set", away=True)
    await background.attend()
    assert list((await carol.hear())["members"]) == [cast.bob.id]


async def test_a_socket_that_is_behind_is_told_later(
    committed_cast: Cast, socket: SocketFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    carol = await socket(committed_cast.carol)
    await carol.push("presence.watch", members=[committed_cast.bob.id])
    await socket(committed_cast.bob)
    with monkeypatch.context() as behind:
        behind.setattr(credit, "HEADS_ONLY_OVER", -1)
        await background.attend()
        assert await carol.hears_nothing()
    await background.attend()
    assert await carol.hear() == {"type": "presence", "members": {committed_cast.bob.id: ONLINE}}


async def test_the_oldest_socket_makes_room(
    committed_cast: Cast, socket: SocketFactory, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another process would find it: too many, over all of them."""
    first, second = await socket(committed_cast.bob), await socket(committed_cast.bob)
    settings.SOCKETS_PER_MEMBER = 1
    await background.attend()
    assert await first.closed_with() == 4009
    assert (await second.push("ping"))["type"] == "pong"


@pytest.mark.parametrize(
    ("type", "fields", "named"),
    [
        ("presence.watch", {}, "members"),
        ("presence.watch", {"members": ["bob"]}, "members.0"),
        ("presence.watch", {"members": [str(uuid4())] * 201}, "members"),
        ("presence.set", {"away": "perhaps"}, "away"),
    ],
)
async def test_bad_input_is_named(
    committed_cast: Cast, socket: SocketFactory, type: str, fields: Any, named: str
) -> None:
    bob = await socket(committed_cast.bob)
    answer = await bob.push(type, **fields)
    assert (answer["code"], list(answer["fields"])) == ("invalid_input", [named])


@pytest.mark.parametrize(
    ("members", "named"),
    [("", "members"), ("bob", "members.0"), (",".join([str(uuid4())] * 201), "members")],
)
def test_bad_members_are_named(cast: Cast, api: ApiFactory, members: str, named: str) -> None:
    response = api(cast.bob).get(f"chat/conversations/presence/?members={members}")
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, [named])


def test_bad_availability_is_named(cast: Cast, api: ApiFactory) -> None:
    response = api(cast.bob).patch("me/presence/", {"availability": "asleep"})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["availability"])


def test_a_token_that_may_only_read_changes_nothing(cast: Cast, api: ApiFactory) -> None:
    reader = make_token(cast.bob.member, kind=TokenKind.API, scopes=frozenset({Scope.READ})).secret
    for path, body in (("me/presence/", {"availability": "busy"}), ("me/", {"read_private": True})):
        assert api(Authorization=f"Bearer {reader}").patch(path, body).status_code == 403


def test_strangers_have_no_presence(api: ApiFactory, db: None) -> None:
    for path in ("me/presence/", f"chat/conversations/presence/?members={uuid4()}"):
        assert Api().get(path).status_code == 401
