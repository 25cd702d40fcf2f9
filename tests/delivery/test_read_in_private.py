"""Carol does not want it to be seen what she has read: nobody but her own devices learns of it."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actions import change_settings
from delivery.actions import move_receipt
from delivery.queries import sync
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast, Person
from tests.conftest import ApiFactory, Published
from tests.messaging.test_send_message import say


@pytest.fixture
def talk(cast: Cast, published: Published) -> Conversation:
    """Bob wrote Carol three messages; she had read the first before she turned private."""
    talk = start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.carol.member.id).conversation
    for body in ("One", "Two", "Three"):
        say(cast.bob, talk, body)
    move_receipt(cast.carol.actor, conversation_id=talk.id, delivered=3, read=1)
    change_settings(cast.carol.actor, read_private=True)
    published()
    return talk


def carols_marks_for(viewer: Person, talk: Conversation, api: ApiFactory) -> tuple[int, int]:
    participants = api(viewer).get(f"chat/conversations/{talk.id}/").json()["participants"]
    (carol,) = [one for one in participants if one["member"]["name"] == "Carol"]
    return carol["delivered_seq"], carol["read_seq"]


def frames(published: Published) -> list[tuple[Any, set[str]]]:
    return [(event.frame(), {str(one) for one in audience}) for event, audience in published()]


def test_only_she_is_told(cast: Cast, talk: Conversation, api: ApiFactory, published: Published) -> None:
    answer = api(cast.carol).post(f"chat/conversations/{talk.id}/mark_read/", {"seq": 3}).json()
    assert answer == {
        "conversation": str(talk.id),
        "receipt_version": 1,
        "delivered_seq": 3,
        "read_seq": 3,
    }
    told = {
        "type": "receipt",
        "conversation": str(talk.id),
        "receipt_version": 1,
        "watermarks": [[cast.carol.id, 3, 3]],
    }
    assert frames(published) == [(told, {cast.carol.id})]
    assert carols_marks_for(cast.bob, talk, api) == (3, 1)
    assert carols_marks_for(cast.carol, talk, api) == (3, 3)
    assert api(cast.carol).get(f"chat/conversations/{talk.id}/").json()["unread_count"] == 0


def test_the_sender_sees_delivered(cast: Cast, talk: Conversation, api: ApiFactory) -> None:
    move_receipt(cast.carol.actor, conversation_id=talk.id, read=3)
    messages = api(cast.bob).get(f"chat/conversations/{talk.id}/messages/").json()["results"]
    assert [one["status"] for one in messages] == ["read", "delivered", "delivered"]
    (delivery,) = api(cast.bob).get(f"chat/messages/{messages[2]['id']}/deliveries/").json()["results"]
    assert (delivery["status"], delivery["read_at"]) == ("delivered", None)


def test_what_is_delivered_is_told_as_ever(cast: Cast, talk: Conversation, published: Published) -> None:
    say(cast.bob, talk, "Four")
    published()
    move_receipt(cast.carol.actor, conversation_id=talk.id, read=4)
    (to_all, audience), (to_her, own) = frames(published)
    assert (to_all["watermarks"], audience) == ([[cast.carol.id, 4, 1]], {cast.bob.id, cast.carol.id})
    assert (to_her["watermarks"], own) == ([[cast.carol.id, 4, 4]], {cast.carol.id})
    assert to_all["receipt_version"] == to_her["receipt_version"] == 2


def test_her_other_device_learns_by_sync(cast: Cast, talk: Conversation) -> None:
    """Nothing in the conversation's versions tells of it: her own watermark does."""
    talk.refresh_from_db()
    cursors = {talk.id: (talk.version, talk.receipt_version)}
    move_receipt(cast.carol.actor, conversation_id=talk.id, read=3)
    assert sync(cast.carol.actor, cursors=cursors, limit=50)["conversations"] == []
    (entry,) = sync(cast.carol.actor, cursors=cursors, limit=50, read={talk.id: (3, 1)})["conversations"]
    assert [cast.carol.id, 3, 3] in entry["watermarks"]
    assert entry["conversation"]["unread_count"] == 0
    assert sync(cast.carol.actor, cursors=cursors, limit=50, read={talk.id: (3, 3)})["conversations"] == []
    assert sync(cast.bob.actor, cursors=cursors, limit=50, read={talk.id: (3, 0)})["conversations"] == []


def test_when_she_shows_it_again_the_others_see_how_far_she_is(
    cast: Cast, talk: Conversation, api: ApiFactory
) -> None:
    move_receipt(cast.carol.actor, conversation_id=talk.id, read=2)
    answer = api(cast.carol).patch("me/", {"read_private": False})
    assert answer.json()["settings"]["read_private"] is False
    assert carols_marks_for(cast.bob, talk, api) == (3, 1)
    move_receipt(cast.carol.actor, conversation_id=talk.id, read=3)
    assert carols_marks_for(cast.bob, talk, api) == (3, 3)


def test_bad_input_is_named(cast: Cast, api: ApiFactory) -> None:
    response = api(cast.carol).patch("me/", {"read_private": "sometimes"})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["read_private"])
