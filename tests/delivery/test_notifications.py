"""Carol is mentioned, and is told of it once, until she has read it or it is gone."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delivery.actions import Notice, move_receipt, notify
from delivery.models import NoticeKind, Notification
from messaging.actions import (
    choose_notices,
    delete_channel,
    delete_message,
    edit_message,
    erase_message,
    mute_conversation,
    remove_participant,
    start_conversation,
)
from messaging.models import Conversation, Kind
from tests.cast import Cast, Person
from tests.conftest import ApiFactory, Published, SocketFactory
from tests.messaging.test_send_message import say
from tests.sockets import Socket


@pytest.fixture
def painters(cast: Cast, published: Published) -> Conversation:
    others = [cast.carol.member.id, cast.alice.member.id]
    group = start_conversation(cast.bob.actor, kind=Kind.GROUP, title="Painters", members=others)
    published()
    return group.conversation


def inbox(person: Person, api: ApiFactory, query: str = "") -> Any:
    return api(person).get(f"notifications/{query}").json()


def told(published: Published) -> list[tuple[Any, set[str]]]:
    frames = [(event.frame(), {str(one) for one in audience}) for event, audience in published()]
    return [one for one in frames if one[0]["type"].startswith("notification")]


def test_carol_is_mentioned(
    cast: Cast, painters: Conversation, api: ApiFactory, published: Published
) -> None:
    message = say(cast.bob, painters, "Can you paint, @Carol?")

    mention = {
        "id": ANY,
        "kind": "mention",
        "conversation": str(painters.id),
        "message": str(message.id),
        "seq": message.seq,
        "actor": {"id": cast.bob.id, "name": "Bob", "role": "agent"},
        "excerpt": "Can you paint, @Carol?",
        "data": {},
        "created_at": ANY,
        "read_at": None,
        "dismissed_at": None,
    }
    frame = {"type": "notification", "notification": mention, "unread": 1, "alert": True}
    assert told(published) == [(frame, {cast.carol.id})]
    assert inbox(cast.carol, api) == {"results": [mention], "next": None, "unread": 1}
    assert inbox(cast.alice, api) == {"results": [], "next": None, "unread": 0}


def test_what_mentions_nobody_asks_nothing_more(cast: Cast, painters: Conversation) -> None:
    with CaptureQueriesContext(connection) as queries:
        say(cast.bob, painters, "Hello")
    asked = [one["sql"] for one in queries if "delivery_" in one["sql"]]
    # Whether a host is to be told is all.
    assert [one for one in asked if "delivery_webhook" not in one] == []


def test_nobody_is_told_of_what_they_say_themselves(
    cast: Cast, painters: Conversation, published: Published
) -> None:
    say(cast.carol, painters, "@Carol paints")
    assert told(published) == []


def test_an_edit_tells_only_whom_it_mentions_anew(
    cast: Cast, painters: Conversation, api: ApiFactory, published: Published
) -> None:
    message = say(cast.bob, painters, "@Carol paints")
    published()
    edit_message(cast.bob.actor, message_id=message.id, body="@Carol and @Alice paint")
    assert [audience for _, audience in told(published)] == [{cast.alice.id}]
    edit_message(cast.bob.actor, message_id=message.id, body="Nobody paints")
    edit_message(cast.bob.actor, message_id=message.id, body="@Carol paints")

    assert told(published) == []
    (mention,) = inbox(cast.carol, api)["results"]
    assert mention["excerpt"] == "@Carol paints"


@pytest.mark.parametrize("end", [delete_message, erase_message])
def test_what_is_deleted_tells_nobody_anything(
    cast: Cast, painters: Conversation, api: ApiFactory, published: Published, end: Any
) -> None:
    message = say(cast.bob, painters, "@Carol, the safe opens with pelican")
    seen = say(cast.bob, painters, "@Carol, pelican, I said")
    api(cast.carol).post(f"notifications/{inbox(cast.carol, api)['results'][0]['id']}/read/")
    published()
    for one in (message, seen):
        end(cast.marta.actor, message_id=one.id)

    ((frame, audience),) = told(published)
    assert (frame["unread"], frame["alert"], audience) == (0, False, {cast.carol.id})
    assert (frame["notification"]["excerpt"], frame["notification"]["dismissed_at"]) == ("", ANY)
    response = api(cast.carol).get("notifications/")
    assert "pelican" not in response.text
    assert [one["message"] for one in response.json()["results"]] == [str(seen.id)]


def test_reading_the_conversation_reads_them(
    cast: Cast, painters: Conversation, api: ApiFactory, published: Published
) -> None:
    first, second = say(cast.bob, painters, "@Carol?"), say(cast.bob, painters, "@Carol!")
    published()
    move_receipt(cast.carol.actor, conversation_id=painters.id, read=first.seq)

    ((frame, audience),) = told(published)
    assert (frame["notification"]["message"], frame["notification"]["read_at"]) == (str(first.id), ANY)
    assert (frame["unread"], audience) == (1, {cast.carol.id})
    assert [one["message"] for one in inbox(cast.carol, api, "?unread=1")["results"]] == [str(second.id)]


def test_one_by_one_or_all(cast: Cast, painters: Conversation, api: ApiFactory, published: Published) -> None:
    for body in ("@Carol one", "@Carol two", "@Carol three"):
        say(cast.bob, painters, body)
    published()
    three, two, one = [each["id"] for each in inbox(cast.carol, api)["results"]]

    read = api(cast.carol).post(f"notifications/{one}/read/").json()
    assert (read["unread"], read["notification"]["read_at"]) == (2, ANY)
    assert [frame["unread"] for frame, _ in told(published)] == [2]
    assert api(cast.carol).post(f"notifications/{one}/read/").json() == read
    assert told(published) == []
    assert api(cast.carol).post(f"notifications/{two}/dismiss/").json()["unread"] == 1
    assert [each["id"] for each in inbox(cast.carol, api)["results"]] == [three, one]
    published()
    assert api(cast.carol).post("notifications/read_all/").json() == {"read": 1, "unread": 0}
    assert told(published) == [
        ({"type": "notifications", "event": "read", "unread": 0}, {cast.carol.id}),
    ]
    assert inbox(cast.carol, api, "?unread=1")["results"] == []


def test_pages(cast: Cast, painters: Conversation, api: ApiFactory) -> None:
    for number in range(3):
        say(cast.bob, painters, f"@Carol {number}")
    first = inbox(cast.carol, api, "?limit=2")
    second = inbox(cast.carol, api, f"?limit=2&cursor={first['next']}")
    assert [one["excerpt"] for one in first["results"] + second["results"]] == [
        "@Carol 2",
        "@Carol 1",
        "@Carol 0",
    ]
    assert second["next"] is None


def test_whoever_leaves_takes_none_along(
    cast: Cast, painters: Conversation, api: ApiFactory, published: Published
) -> None:
    say(cast.bob, painters, "@Carol, the safe opens with pelican")
    published()
    remove_participant(cast.bob.actor, conversation_id=painters.id, member=cast.carol.member.id)
    assert [frame["unread"] for frame, _ in told(published)] == [0]
    assert inbox(cast.carol, api) == {"results": [], "next": None, "unread": 0}


def test_a_channel_that_is_deleted_takes_them_along(cast: Cast, api: ApiFactory) -> None:
    channel = start_conversation(
        cast.alice.actor, kind=Kind.CHANNEL, title="Works", members=[cast.bob.member.id]
    ).conversation
    say(cast.alice, channel, "@Bob?")
    assert inbox(cast.bob, api)["unread"] == 1
    delete_channel(cast.alice.actor, conversation_id=channel.id)
    assert inbox(cast.bob, api) == {"results": [], "next": None, "unread": 0}


def test_muted_it_waits_in_the_inbox_and_unwanted_not_even_there(
    cast: Cast, painters: Conversation, published: Published
) -> None:
    mute_conversation(cast.carol.actor, conversation_id=painters.id, muted=True)
    choose_notices(cast.alice.actor, conversation_id=painters.id, notify="nothing")
    say(cast.bob, painters, "@Carol @Alice")
    assert [(frame["alert"], audience) for frame, audience in told(published)] == [(False, {cast.carol.id})]


# --- what the rooms above tell --------------------------------------------------------------------------------------


def assignment(cast: Cast, *members: Person) -> Notice:
    return Notice(
        NoticeKind.ASSIGNMENT,
        "assignment 1",
        cast.hotel.pk,
        [one.member.id for one in members],
        actor=cast.marta.member,
        data={"title": "Heating"},
    )


def test_another_room_tells_once(cast: Cast, api: ApiFactory, published: Published) -> None:
    published()
    assert len(notify([assignment(cast, cast.bob)])) == 1
    assert notify([assignment(cast, cast.bob)]) == []

    (assigned,) = inbox(cast.bob, api)["results"]
    assert (assigned["kind"], assigned["data"], assigned["message"]) == (
        "assignment",
        {"title": "Heating"},
        None,
    )
    assert [audience for _, audience in told(published)] == [{cast.bob.id}]


def test_nobody_else_and_nobody_elsewhere(cast: Cast) -> None:
    """Not whoever did it, not whoever is gone, not another organisation's people."""
    notify([assignment(cast, cast.marta, cast.greta, cast.mallory)])
    assert not Notification.objects.exists()


def test_nobody_reads_anothers(cast: Cast, painters: Conversation, api: ApiFactory) -> None:
    say(cast.bob, painters, "@Carol?")
    (mention,) = inbox(cast.carol, api)["results"]
    for person in (cast.bob, cast.alice, cast.mallory):
        for what in ("read", "dismiss"):
            assert api(person).post(f"notifications/{mention['id']}/{what}/").status_code == 404
    assert inbox(cast.carol, api)["unread"] == 1


# --- by socket ------------------------------------------------------------------------------------------------------


async def test_live_on_all_of_her_tabs(committed_cast: Cast, socket: SocketFactory) -> None:
    cast = committed_cast
    carol, other_tab, bob = await socket(hello=False), await socket(cast.carol), await socket(cast.bob)
    assert (await carol.hello(cast.carol))["unread"] == 0
    started = await bob.push("conversation.start", kind="direct", member=cast.carol.id)
    said = {"conversation": started["conversation"]["id"], "client_id": str(uuid4())}
    await bob.push("message.send", **said, body="@Carol, are you there?")

    mention = await next_notification(carol)
    assert (mention["notification"]["excerpt"], mention["unread"]) == ("@Carol, are you there?", 1)
    id = mention["notification"]["id"]
    answer = await carol.push("notification.read", notification=id)
    assert (answer["unread"], answer["notification"]["id"]) == (0, id)
    assert [(await next_notification(other_tab))["unread"] for _ in range(2)] == [1, 0]
    again = await socket(hello=False)
    assert (await again.hello(cast.carol))["unread"] == 0
    assert (await bob.push("notification.dismiss", notification=id))["code"] == "not_found"


async def next_notification(one: Socket) -> Any:
    while (frame := await one.hear())["type"] != "notification":
        pass
    return frame
