"""What everybody should find again."""

from __future__ import annotations

import pytest

from messaging.actions import delete_message, pin_message, start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast
from tests.conftest import ApiFactory, Published
from tests.messaging.said import path, say
from tests.sockets import Socket


@pytest.fixture
def channel(cast: Cast) -> Conversation:
    return start_conversation(
        cast.bob.actor,
        kind=Kind.CHANNEL,
        title="Repairs",
        space=cast.room.id,
        members=[cast.carol.member.id],
    ).conversation


def test_bob_pins(cast: Cast, group: Conversation, api: ApiFactory, published: Published) -> None:
    message = say(cast.carol, group, "The key is at the desk")
    published()
    response = api(cast.bob).post(path(message, "pin/"))
    assert (response.status_code, response.json()["pinned"]) == (200, True)
    ((event, audience),) = published()
    assert (event.frame()["event"], event.frame()["message"]["pinned"]) == ("pinned", True)
    assert audience == {one.member.id for one in (cast.alice, cast.bob, cast.carol)}

    response = api(cast.carol).delete(path(message, "pin/"))
    assert (response.status_code, response.json()["pinned"]) == (200, False)
    ((event, _),) = published()
    assert (event.frame()["event"], event.frame()["message"]["pinned"]) == ("pinned", False)


def test_the_list_of_them(
    cast: Cast, group: Conversation, api: ApiFactory, django_assert_num_queries: type
) -> None:
    first, second, third, gone = (say(cast.carol, group, word) for word in ("one", "two", "three", "gone"))
    for message in (second, first, gone):
        pin_message(cast.bob.actor, message_id=message.id, on=True)
    delete_message(cast.carol.actor, message_id=gone.id)
    assert not third.pinned_at
    client, pins = api(cast.alice), f"chat/conversations/{group.id}/pins/"
    client.get(pins)
    with django_assert_num_queries(4):
        found = client.get(pins).json()
    assert [one["body"] for one in found["results"]] == ["one", "two"]
    assert found["next"] is None
    assert all(one["pinned"] for one in found["results"])


@pytest.mark.parametrize("on", [True, False])
def test_what_is_so_already_is_no_news(
    cast: Cast, group: Conversation, published: Published, on: bool
) -> None:
    message = say(cast.carol, group)
    if on:
        pin_message(cast.bob.actor, message_id=message.id, on=True)
    published()
    pin_message(cast.bob.actor, message_id=message.id, on=on)
    assert published() == []


def test_in_a_channel_the_staff_do(cast: Cast, channel: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, channel)
    assert api(cast.carol).post(path(message, "pin/")).status_code == 403
    assert api(cast.bob).post(path(message, "pin/")).status_code == 200


def test_not_what_is_deleted(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, group)
    delete_message(cast.carol.actor, message_id=message.id)
    assert api(cast.bob).post(path(message, "pin/")).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("vera", 404), ("dana", 404), ("mallory", 404), ("marta", 403)])
def test_who_is_turned_away(cast: Cast, group: Conversation, api: ApiFactory, who: str, status: int) -> None:
    message = say(cast.carol, group)
    assert api(getattr(cast, who)).post(path(message, "pin/")).status_code == status
    if status == 404:
        assert api(getattr(cast, who)).get(f"chat/conversations/{group.id}/pins/").status_code == 404


async def test_on_the_socket(committed_cast: Cast, socket: type) -> None:
    carol: Socket = await socket(committed_cast.carol)
    started = await carol.push("conversation.start", kind="direct", member=committed_cast.bob.id)
    sent = await carol.push(
        "message.send",
        conversation=started["conversation"]["id"],
        client_id="0190a0a0-0000-7000-8000-000000000001",
        body="Done",
    )
    for on in (True, False):
        answer = await carol.push("message.pin", message=sent["message"]["id"], on=on)
        assert answer["message"]["pinned"] is on
