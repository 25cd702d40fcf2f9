"""Giving one's own message another text."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import ANY

import pytest

from common.clock import now
from messaging.actions import delete_message, react, start_conversation
from messaging.models import Conversation, Kind, Message, MessageRevision
from tests.cast import Cast
from tests.conftest import ApiFactory, Published
from tests.messaging.said import path, say
from tests.sockets import Socket


def test_carol_edits_what_she_said(
    cast: Cast, pair: Conversation, api: ApiFactory, published: Published
) -> None:
    message = say(cast.carol, pair, "The heting is off")
    published()
    response = api(cast.carol).patch(path(message), {"body": "The heating is off"})

    assert response.status_code == 200
    assert response.json() == {
        "id": str(message.id),
        "conversation": str(pair.id),
        "seq": 1,
        "version": 3,
        "client_id": str(message.client_id),
        "kind": "text",
        "sender": {"id": cast.carol.id, "name": "Carol", "role": "client"},
        "body": "The heating is off",
        "reply_to": None,
        "link_url": "",
        "attachments": [],
        "mentions": [],
        "reactions": [],
        "pinned": False,
        "created_at": ANY,
        "edited_at": ANY,
        "deleted_at": None,
        "status": "sent",
    }
    assert response.json()["edited_at"] is not None
    ((event, audience),) = published()
    without_status = {name: value for name, value in response.json().items() if name != "status"}
    assert event.frame() == {
        "type": "message",
        "conversation": str(pair.id),
        "version": 3,
        "event": "edited",
        "message": without_status,
    }
    assert audience == {cast.bob.member.id, cast.carol.member.id}
    pair.refresh_from_db()
    assert (pair.version, pair.last_seq) == (3, 1)


def test_every_former_text_is_kept(cast: Cast, pair: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, pair, "one")
    for body in ("two", "three"):
        api(cast.carol).patch(path(message), {"body": body})
    one, two = MessageRevision.objects.filter(message=message)
    assert (one.body, two.body) == ("one", "two")
    assert (one.written_at, one.replaced_at) == (message.created_at, two.written_at)


def test_the_same_text_changes_nothing(
    cast: Cast, pair: Conversation, api: ApiFactory, published: Published
) -> None:
    message = say(cast.carol, pair)
    published()
    assert api(cast.carol).patch(path(message), {"body": message.body}).json()["edited_at"] is None
    assert published() == []
    assert not MessageRevision.objects.exists()


def test_at_most_so_many_queries(
    cast: Cast, pair: Conversation, api: ApiFactory, django_assert_max_num_queries: type
) -> None:
    message = say(cast.carol, pair)
    client = api(cast.carol)
    with django_assert_max_num_queries(24):
        client.patch(path(message), {"body": "Good evening"})


# --- two devices ----------------------------------------------------------------------------------------------------


def test_whoever_edits_what_has_changed_meanwhile_is_shown_it(
    cast: Cast, pair: Conversation, api: ApiFactory
) -> None:
    message = say(cast.carol, pair, "At six")
    on_the_phone = api(cast.carol).patch(path(message), {"body": "At seven", "base_version": 2})
    assert on_the_phone.status_code == 200

    response = api(cast.carol).patch(path(message), {"body": "At eight", "base_version": 2})
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (409, "conflict")
    assert (error["current"]["body"], error["current"]["version"]) == ("At seven", 3)
    message.refresh_from_db()
    assert message.body == "At seven"


def test_a_reaction_is_no_other_text(cast: Cast, pair: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, pair, "At six")
    react(cast.bob.actor, message_id=message.id, emoji="👍", on=True)
    assert api(cast.carol).patch(path(message), {"body": "At 6", "base_version": 2}).status_code == 200


# --- the window -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "age", "status"), [(None, 9999, 200), (10, 9, 200), (10, 11, 403), (0, 0, 403)]
)
def test_within_the_organisations_window(
    cast: Cast, pair: Conversation, api: ApiFactory, minutes: int | None, age: int, status: int
) -> None:
    cast.hotel.edit_window_minutes = minutes
    cast.hotel.save()
    message = say(cast.carol, pair)
    Message.objects.update(created_at=now() - timedelta(minutes=age))
    assert api(cast.carol).patch(path(message), {"body": "Good evening"}).status_code == status


def test_a_manager_edits_at_any_time(cast: Cast, pair: Conversation, api: ApiFactory) -> None:
    cast.hotel.edit_window_minutes = 0
    cast.hotel.save()
    pair = start_conversation(cast.marta.actor, kind=Kind.DIRECT, member=cast.carol.member.id).conversation
    message = say(cast.marta, pair, "Welcome")
    assert api(cast.marta).patch(path(message), {"body": "Welcome back"}).status_code == 200


# --- who is turned away ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["bob", "alice"])
def test_nobody_edits_what_another_said(
    cast: Cast, group: Conversation, api: ApiFactory, who: str, published: Published
) -> None:
    message = say(cast.carol, group)
    published()
    response = api(getattr(cast, who)).patch(path(message), {"body": "I agree with everything"})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "forbidden")
    assert published() == []


@pytest.mark.parametrize("who", ["vera", "dana", "mallory"])
def test_an_outsider_learns_nothing(cast: Cast, group: Conversation, api: ApiFactory, who: str) -> None:
    message = say(cast.carol, group)
    response = api(getattr(cast, who)).patch(path(message), {})
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_whoever_left_edits_no_more(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, group)
    group.participants.filter(member=cast.carol.member).update(left_at=now())
    assert api(cast.carol).patch(path(message), {"body": "Bye"}).status_code == 404


def test_what_is_deleted_is_not_edited(cast: Cast, pair: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, pair, "A secret")
    delete_message(cast.carol.actor, message_id=message.id)
    response = api(cast.carol).patch(path(message), {"body": "Another"})
    error = response.json()["error"]
    assert (response.status_code, error["current"]["body"]) == (409, "")
    assert error["current"]["deleted_at"] is not None


@pytest.mark.parametrize("body", [{}, {"body": ""}, {"body": "  "}, {"body": "a" * 5001}, {"body": []}])
def test_a_text_is_asked_for(cast: Cast, pair: Conversation, api: ApiFactory, body: object) -> None:
    message = say(cast.carol, pair)
    response = api(cast.carol).patch(path(message), body)
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["body"])


# --- on the socket --------------------------------------------------------------------------------------------------


async def test_on_the_socket(committed_cast: Cast, socket: type) -> None:
    carol: Socket = await socket(committed_cast.carol)
    bob: Socket = await socket(committed_cast.bob)
    started = await carol.push("conversation.start", kind="direct", member=committed_cast.bob.id)
    conversation = started["conversation"]["id"]
    sent = await carol.push(
        "message.send",
        conversation=conversation,
        client_id="0190a0a0-0000-7000-8000-000000000001",
        body="Helo",
    )
    answer = await carol.push("message.edit", message=sent["message"]["id"], body="Hello")
    assert (answer["type"], answer["message"]["body"]) == ("ok", "Hello")
    heard = [await bob.hear() for _ in range(3)]
    assert [one["event"] for one in heard] == ["started", "created", "edited"]
    assert heard[-1]["message"] == answer["message"]

    refused = await bob.push("message.edit", message=sent["message"]["id"], body="Mine")
    assert (refused["type"], refused["code"]) == ("error", "forbidden")
