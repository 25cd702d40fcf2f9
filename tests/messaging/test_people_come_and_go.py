"""Bringing people into conversations, taking them out, and leaving."""

from __future__ import annotations

from typing import Any

import pytest

from delivery.queries import sync
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind, Message, Participant
from tests.cast import Cast, Person
from tests.conftest import ApiFactory, Published
from tests.messaging.said import say
from tests.sockets import Socket


def add(conversation: Conversation) -> str:
    return f"chat/conversations/{conversation.id}/add_participant/"


def remove(conversation: Conversation) -> str:
    return f"chat/conversations/{conversation.id}/remove_participant/"


def leave(conversation: Conversation) -> str:
    return f"chat/conversations/{conversation.id}/leave/"


def people(api: Any, who: Person, conversation: Conversation) -> set[str]:
    detail = api(who).get(f"chat/conversations/{conversation.id}/").json()
    return {one["member"]["name"] for one in detail["participants"]}


@pytest.fixture
def channel(cast: Cast) -> Conversation:
    """Bob's, of room 101."""
    return start_conversation(
        cast.bob.actor, kind=Kind.CHANNEL, title="Repairs", space=cast.room.id
    ).conversation


# --- coming ---------------------------------------------------------------------------------------------------------


def test_carol_brings_marta_into_the_group(
    cast: Cast, group: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    response = api(cast.carol).post(add(group), {"member": cast.marta.id})
    assert response.status_code == 200
    assert people(api, cast.marta, group) == {"Bob", "Carol", "Alice", "Marta"}

    (joined, everybody), (line, also) = published()
    assert (joined.frame()["event"], joined.frame()["version"]) == ("joined", 2)
    assert joined.frame()["data"]["participant"]["member"]["name"] == "Marta"
    message = line.frame()["message"]
    assert (message["kind"], message["body"], message["seq"], message["version"]) == ("system", "", 1, 3)
    assert message["sender"]["name"] == "Carol"
    assert message["system"] == {
        "event": "joined",
        "member": {"id": cast.marta.id, "name": "Marta", "role": "manager"},
    }
    assert everybody == also
    assert cast.marta.member.id in everybody


def test_whoever_is_there_already_is_no_news(
    cast: Cast, group: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    assert api(cast.bob).post(add(group), {"member": cast.carol.id}).status_code == 200
    assert published() == []


def test_whoever_comes_back_has_read_what_they_had(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    say(cast.bob, group, "One")
    api(cast.carol).post(f"chat/conversations/{group.id}/mark_read/", {"seq": 1})
    api(cast.carol).post(leave(group))
    say(cast.bob, group, "Two")
    api(cast.bob).post(add(group), {"member": cast.carol.id})
    detail = api(cast.carol).get(f"chat/conversations/{group.id}/").json()
    assert detail["unread_count"] == 1


def test_a_client_of_the_space_comes_into_its_channel(
    cast: Cast, channel: Conversation, api: ApiFactory
) -> None:
    assert api(cast.bob).post(add(channel), {"member": cast.carol.id}).status_code == 200
    assert api(cast.carol).post(add(channel), {"member": cast.vera.id}).status_code == 200
    assert people(api, cast.vera, channel) == {"Bob", "Carol", "Vera"}


def test_a_colleague_comes_into_a_support_conversation(
    cast: Cast, support: Conversation, api: ApiFactory
) -> None:
    assert api(cast.bob).post(add(support), {"member": cast.marta.id}).status_code == 200
    assert people(api, cast.carol, support) == {"Carol", "Marta"}


@pytest.mark.parametrize(
    ("by", "member", "status"),
    [
        ("bob", "dana", 400),  # a visitor
        ("bob", "mallory", 404),  # of another organisation
        ("bob", "greta", 404),  # deactivated
        ("marta", "marta", 403),  # sees the group, is not in it
        ("vera", "vera", 404),
        ("dana", "dana", 404),
        ("mallory", "mallory", 404),
    ],
)
def test_who_does_not_come_into_a_group(
    cast: Cast, group: Conversation, api: ApiFactory, by: str, member: str, status: int
) -> None:
    response = api(getattr(cast, by)).post(add(group), {"member": getattr(cast, member).id})
    assert response.status_code == status
    assert people(api, cast.bob, group) == {"Bob", "Carol", "Alice"}


def test_nobody_comes_into_a_pair(cast: Cast, pair: Conversation, api: ApiFactory) -> None:
    assert api(cast.bob).post(add(pair), {"member": cast.marta.id}).status_code == 400


def test_who_has_no_access_to_the_space_does_not_come_into_its_channel(cast: Cast, api: ApiFactory) -> None:
    other = start_conversation(cast.bob.actor, kind=Kind.CHANNEL, title="X", space=cast.other_room.id)
    response = api(cast.bob).post(add(other.conversation), {"member": cast.carol.id})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["member"])


def test_the_client_of_support_is_there_already(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    assert api(cast.bob).post(add(support), {"member": cast.carol.id}).status_code == 200


def test_clients_bring_nobody_into_support(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    assert api(cast.carol).post(add(support), {"member": cast.bob.id}).status_code == 403
    assert api(cast.bob).post(add(support), {"member": cast.vera.id}).status_code == 400


# --- going ----------------------------------------------------------------------------------------------------------


def test_carol_leaves_the_group(
    cast: Cast, group: Conversation, api: ApiFactory, published: Published
) -> None:
    say(cast.bob, group, "Who paints?")
    published()
    assert api(cast.carol).post(leave(group)).status_code == 204

    (left, audience), (line, _) = published()
    assert left.frame()["event"] == "left"
    assert left.frame()["data"] == {"member": cast.carol.id, "owner": None}
    assert audience == {one.member.id for one in (cast.alice, cast.bob, cast.carol)}
    assert line.frame()["message"]["system"] == {
        "event": "left",
        "member": {"id": cast.carol.id, "name": "Carol", "role": "client"},
    }
    assert people(api, cast.bob, group) == {"Bob", "Alice"}
    assert api(cast.carol).get(f"chat/conversations/{group.id}/").status_code == 404
    assert sync(cast.carol.actor, cursors={group.id: (2, 0)}, limit=50)["gone"] == [str(group.id)]
    published()
    say(cast.bob, group, "Nobody?")
    assert all(cast.carol.member.id not in audience for _, audience in published())


def test_a_group_whose_owner_leaves_has_another(
    cast: Cast, group: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    api(cast.bob).post(leave(group))
    owner = group.participants.get(role="owner")
    assert owner.member_id in (cast.alice.member.id, cast.carol.member.id)
    (left, _), _ = published()
    assert left.frame()["data"] == {"member": cast.bob.id, "owner": str(owner.member_id)}


def test_the_last_one_leaves(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    for who in (cast.bob, cast.carol, cast.alice):
        assert api(who).post(leave(group)).status_code == 204
    assert not group.participants.filter(left_at=None).exists()


def test_the_owner_takes_somebody_out(
    cast: Cast, group: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    assert api(cast.bob).post(remove(group), {"member": cast.carol.id}).status_code == 204
    (_, audience), (line, _) = published()
    assert cast.carol.member.id in audience
    assert line.frame()["message"]["sender"]["name"] == "Bob"
    assert people(api, cast.bob, group) == {"Bob", "Alice"}


@pytest.mark.parametrize(
    ("by", "member", "status"),
    [
        ("carol", "alice", 403),  # neither owner nor manager
        ("alice", "carol", 204),  # an admin
        ("marta", "carol", 204),  # a manager, from outside
        ("bob", "marta", 404),  # not there
        ("bob", "mallory", 404),
        ("vera", "carol", 404),
        ("mallory", "carol", 404),
    ],
)
def test_who_takes_whom_out_of_a_group(
    cast: Cast, group: Conversation, api: ApiFactory, by: str, member: str, status: int
) -> None:
    response = api(getattr(cast, by)).post(remove(group), {"member": getattr(cast, member).id})
    assert response.status_code == status


def test_out_of_a_channel_staff_take_people_and_clients_themselves(
    cast: Cast, channel: Conversation, api: ApiFactory
) -> None:
    for who in (cast.carol, cast.vera):
        api(cast.bob).post(add(channel), {"member": who.id})
    assert api(cast.carol).post(remove(channel), {"member": cast.vera.id}).status_code == 403
    assert api(cast.carol).post(remove(channel), {"member": cast.carol.id}).status_code == 204
    assert api(cast.bob).post(remove(channel), {"member": cast.vera.id}).status_code == 204


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_nobody_leaves_a_pair(cast: Cast, pair: Conversation, api: ApiFactory, who: str) -> None:
    assert api(getattr(cast, who)).post(leave(pair)).status_code == 400


def test_a_client_stays_in_its_support_conversation(
    cast: Cast, support: Conversation, api: ApiFactory
) -> None:
    say(cast.bob, support)
    assert api(cast.carol).post(leave(support)).status_code == 400
    assert api(cast.bob).post(remove(support), {"member": cast.carol.id}).status_code == 400
    assert api(cast.carol).post(remove(support), {"member": cast.bob.id}).status_code == 403
    assert api(cast.bob).post(leave(support)).status_code == 204


def test_whoever_is_not_there_cannot_leave(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    for who in (cast.marta, cast.vera, cast.mallory):
        assert api(who).post(leave(group)).status_code == 404


# --- what the timeline says -----------------------------------------------------------------------------------------


def test_the_systems_words_are_unread_by_nobody(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    api(cast.bob).post(add(group), {"member": cast.marta.id})
    listed = api(cast.carol).get("chat/conversations/").json()["results"][0]
    assert (listed["unread_count"], listed["seq"], listed["last_message"]["kind"]) == (0, 1, "system")


def test_whoever_did_it_has_it(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    api(cast.bob).post(add(group), {"member": cast.marta.id})
    own = Participant.objects.get(conversation=group, member=cast.bob.member)
    assert (own.delivered_seq, own.read_seq) == (1, 0)


def test_bob_joins_support_by_speaking(cast: Cast, support: Conversation) -> None:
    say(cast.carol, support, "Is breakfast included?")
    say(cast.bob, support, "Yes")
    said = [
        (one.seq, one.kind, one.body) for one in Message.objects.filter(conversation=support).order_by("seq")
    ]
    assert said == [(1, "text", "Is breakfast included?"), (2, "system", ""), (3, "text", "Yes")]


# --- on the socket --------------------------------------------------------------------------------------------------


async def test_on_the_socket(committed_cast: Cast, socket: type) -> None:
    bob: Socket = await socket(committed_cast.bob)
    marta: Socket = await socket(committed_cast.marta)
    started = await bob.push("conversation.start", kind="group", members=[committed_cast.carol.id])
    id = started["conversation"]["id"]
    added = await bob.push("participant.add", conversation=id, member=committed_cast.marta.id)
    assert (added["type"], added["conversation"], added["version"]) == ("ok", id, 3)
    assert [(await marta.hear())["event"] for _ in range(2)] == ["joined", "created"]
    removed = await bob.push("participant.remove", conversation=id, member=committed_cast.marta.id)
    assert removed["version"] == 5
    assert (await marta.hear())["event"] == "left"
    await bob.push("message.send", conversation=id, client_id=id, body="Among us")
    assert await marta.hears_nothing()
