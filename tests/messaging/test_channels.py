"""Channels: conversations that the staff make, for a space or for everybody."""

from __future__ import annotations

from unittest.mock import ANY

import pytest

from accounts.models import AuditEntry
from delivery.queries import sync
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind, Message
from tests.cast import Cast
from tests.conftest import ApiFactory, Published
from tests.messaging.said import say
from tests.sockets import Socket


@pytest.fixture
def channel(cast: Cast) -> Conversation:
    """Bob's, of room 101, with Carol in it."""
    return start_conversation(
        cast.bob.actor,
        kind=Kind.CHANNEL,
        title="Repairs",
        space=cast.room.id,
        members=[cast.carol.member.id],
    ).conversation


def one(channel: Conversation, what: str = "") -> str:
    return f"chat/channels/{channel.id}/{what}"


def test_bob_makes_one(cast: Cast, api: ApiFactory) -> None:
    body = {"title": "Repairs", "space": str(cast.room.id), "members": [cast.carol.id]}
    response = api(cast.bob).post("chat/channels/", body)
    assert response.status_code == 201
    made = response.json()
    assert (made["kind"], made["title"], made["is_default"]) == ("channel", "Repairs", False)
    assert {one["member"]["name"] for one in made["participants"]} == {"Bob", "Carol"}
    again = api(cast.bob).post("chat/channels/", {**body, "title": "REPAIRS"})
    assert (again.status_code, again.json()["id"]) == (200, made["id"])


def test_a_space_has_one_default_channel(cast: Cast, api: ApiFactory) -> None:
    first = api(cast.bob).post("chat/channels/", {"space": str(cast.room.id)})
    assert (first.status_code, first.json()["title"], first.json()["is_default"]) == (201, "General", True)
    again = api(cast.alice).post("chat/channels/", {"space": str(cast.room.id)})
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    other = api(cast.alice).post("chat/channels/", {"space": str(cast.other_room.id)})
    assert other.status_code == 201
    nowhere = api(cast.alice).post("chat/channels/", {})
    assert (nowhere.status_code, list(nowhere.json()["error"]["fields"])) == (400, ["title"])


def test_renamed_it_is_still_the_default(cast: Cast, api: ApiFactory) -> None:
    made = api(cast.bob).post("chat/channels/", {"space": str(cast.room.id)}).json()
    assert api(cast.bob).patch(f"chat/channels/{made['id']}/", {"title": "Lobby"}).status_code == 200
    assert api(cast.bob).post("chat/channels/", {"space": str(cast.room.id)}).json()["id"] == made["id"]


def test_a_channel_that_is_called_so_already_is_not_in_the_way(cast: Cast, api: ApiFactory) -> None:
    api(cast.bob).post("chat/channels/", {"title": "GENERAL", "space": str(cast.room.id)})
    response = api(cast.bob).post("chat/channels/", {"space": str(cast.room.id)})
    assert (response.status_code, response.json()["title"]) == (201, "General 2")


def test_the_list_of_them(cast: Cast, channel: Conversation, group: Conversation, api: ApiFactory) -> None:
    for who, found in ((cast.carol, 1), (cast.vera, 1), (cast.alice, 1), (cast.dana, 0), (cast.mallory, 0)):
        listed = api(who).get("chat/channels/").json()["results"]
        assert [row["id"] for row in listed] == [str(channel.id)] * found
    of_room = api(cast.bob).get(f"chat/channels/?space={cast.room.id}").json()["results"]
    assert [row["id"] for row in of_room] == [str(channel.id)]
    assert api(cast.bob).get(f"chat/channels/?space={cast.other_room.id}").json()["results"] == []


def test_a_group_is_no_channel(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    client = api(cast.bob)
    for response in (
        client.get(one(group)),
        client.patch(one(group), {"title": "X"}),
        client.delete(one(group)),
        client.post(one(group, "add_participant/"), {"member": cast.marta.id}),
        client.post(one(group, "remove_participant/"), {"member": cast.carol.id}),
    ):
        assert response.status_code == 404


# --- archived -------------------------------------------------------------------------------------------------------


def test_bob_archives_it_for_everybody(
    cast: Cast, channel: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    response = api(cast.bob).patch(one(channel), {"archived": True})
    assert (response.status_code, response.json()["status"]) == (200, "closed")
    closed, line = [event.frame() for event, _ in published()]
    assert (closed["event"], closed["version"], closed["data"]) == ("closed", 2, {"status": "closed"})
    assert line["message"]["system"] == {"event": "closed", "status": "closed"}
    assert AuditEntry.objects.get(verb="channel.closed").object_id == str(channel.id)

    sending = {"client_id": "0190a0a0-0000-7000-8000-000000000001", "body": "Hello?"}
    messages = f"chat/conversations/{channel.id}/messages/"
    assert api(cast.carol).post(messages, sending).status_code == 403
    assert api(cast.carol).get(messages).status_code == 200

    assert api(cast.bob).patch(one(channel), {"archived": False}).json()["status"] == "open"
    assert api(cast.carol).post(messages, sending).status_code == 201


def test_what_is_archived_already_is_no_news(
    cast: Cast, channel: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    assert api(cast.bob).patch(one(channel), {"archived": False, "title": "Repairs"}).status_code == 200
    assert published() == []


# --- deleted --------------------------------------------------------------------------------------------------------


def test_marta_deletes_it(cast: Cast, channel: Conversation, api: ApiFactory, published: Published) -> None:
    say(cast.carol, channel, "The tap drips")
    published()
    assert api(cast.marta).delete(one(channel)).status_code == 204

    ((event, audience),) = published()
    assert event.frame() == {
        "type": "conversation",
        "conversation": str(channel.id),
        "version": 3,
        "event": "deleted",
        "data": {},
    }
    assert audience == {cast.bob.member.id, cast.carol.member.id}
    entry = AuditEntry.objects.get(verb="channel.deleted")
    assert (entry.actor, entry.data) == (cast.marta.member, {"title": "Repairs"})
    # What was said stays, for the audit.
    assert Message.objects.filter(conversation=channel).count() == 1


def test_nobody_sees_it_any_more(cast: Cast, channel: Conversation, api: ApiFactory) -> None:
    api(cast.marta).delete(one(channel))
    messages = f"chat/conversations/{channel.id}/messages/"
    for who in (cast.carol, cast.bob, cast.marta, cast.alice):
        assert api(who).get(messages).status_code == 404
        sending = {"client_id": "0190a0a0-0000-7000-8000-000000000001", "body": "Hello?"}
        assert api(who).post(messages, sending).status_code == 404
        assert api(who).get("chat/channels/").json()["results"] == []
        answer = sync(who.actor, cursors={channel.id: (1, 0)}, limit=50)
        assert (answer["conversations"], answer["gone"]) == ([], [str(channel.id)])
        marked = api(who).post(f"chat/conversations/{channel.id}/mark_read/", {"seq": 0})
        assert marked.status_code == 404


def test_its_title_is_free_again(cast: Cast, channel: Conversation, api: ApiFactory) -> None:
    api(cast.marta).delete(one(channel))
    again = api(cast.bob).post("chat/channels/", {"title": "Repairs", "space": str(cast.room.id)})
    assert (again.status_code, again.json()["id"] != str(channel.id)) == (201, True)


def test_the_default_channel_stays(cast: Cast, api: ApiFactory) -> None:
    made = api(cast.bob).post("chat/channels/", {"space": str(cast.room.id)}).json()
    response = api(cast.marta).delete(f"chat/channels/{made['id']}/")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "conflict")


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("carol", 403), ("dana", 404), ("mallory", 404)])
def test_only_managers_delete(
    cast: Cast, channel: Conversation, api: ApiFactory, who: str, status: int
) -> None:
    assert api(getattr(cast, who)).delete(one(channel)).status_code == status


@pytest.mark.parametrize(("who", "status"), [("carol", 403), ("vera", 403), ("dana", 404), ("mallory", 404)])
@pytest.mark.parametrize("change", [{"title": "Mine"}, {"archived": True}])
def test_only_staff_change_it(
    cast: Cast, channel: Conversation, api: ApiFactory, who: str, status: int, change: dict[str, object]
) -> None:
    assert api(getattr(cast, who)).patch(one(channel), change).status_code == status


# --- on the socket --------------------------------------------------------------------------------------------------


async def test_on_the_socket(committed_cast: Cast, socket: type) -> None:
    marta: Socket = await socket(committed_cast.marta)
    made = await marta.push("conversation.start", kind="channel", title="Repairs")
    assert (made["is_new"], made["conversation"]["title"]) == (True, "Repairs")
    id = made["conversation"]["id"]
    renamed = await marta.push("conversation.rename", conversation=id, title="Works")
    assert renamed == {"type": "ok", "re": ANY, "conversation": id, "version": 3}
    closed = await marta.push("conversation.close", conversation=id, closed=True)
    assert closed["version"] == 5
    gone = await marta.push("conversation.delete", conversation=id)
    assert (gone["type"], gone["conversation"]) == ("ok", id)
    again = await marta.push("conversation.delete", conversation=id)
    assert again["code"] == "not_found"
