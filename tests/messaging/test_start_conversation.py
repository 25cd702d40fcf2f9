"""Starting a conversation, or finding the one that exists."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest

from messaging.access import audience_of, conversations_heard_by, conversations_visible_to
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast
from tests.conftest import ApiFactory, Published

START = "chat/conversations/start/"


# The viewer's own: frames, which go to many, have none of it.
OWN = {"unread_count": 0, "unread_mentions": 0, "archived": False, "muted_until": None, "notify": ""}


def test_carol_asks_for_support(cast: Cast, api: ApiFactory, published: Published) -> None:
    response = api(cast.carol).post(START, {"kind": "support"})

    assert response.status_code == 201
    assert response.json() == {
        "id": ANY,
        "kind": "support",
        "space": None,
        "title": "",
        "is_default": False,
        "status": "open",
        "client": cast.carol.id,
        "assignee": None,
        "created_at": ANY,
        "seq": 0,
        "version": 1,
        "receipt_version": 0,
        "participants": [
            {
                "member": {"id": cast.carol.id, "name": "Carol", "role": "client"},
                "role": "owner",
                "joined_at": ANY,
                "delivered_seq": 0,
                "read_seq": 0,
            }
        ],
        "last_message": None,
        **OWN,
    }
    ((event, audience),) = published()
    started = response.json()
    for name in OWN:
        started.pop(name)
    assert event.frame() == {
        "type": "conversation",
        "conversation": started["id"],
        "version": 1,
        "event": "started",
        "data": {"conversation": started},
    }
    assert audience == {one.member.id for one in (cast.carol, cast.alice, cast.marta, cast.bob)}


def test_open_support_is_found_again(cast: Cast, api: ApiFactory, published: Published) -> None:
    first = api(cast.dana).post(START, {"kind": "support"})
    published()
    again = api(cast.dana).post(START, {"kind": "support"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert published() == []


def test_staff_open_support_for_a_client(cast: Cast, api: ApiFactory) -> None:
    response = api(cast.bob).post(START, {"kind": "support", "member": cast.carol.id})
    assert response.json()["client"] == cast.carol.id
    assert {one["member"]["name"] for one in response.json()["participants"]} == {"Bob", "Carol"}


def test_a_pair_has_one_direct_conversation_whoever_starts(cast: Cast, api: ApiFactory) -> None:
    first = api(cast.bob).post(START, {"kind": "direct", "member": cast.carol.id})
    again = api(cast.carol).post(START, {"kind": "direct", "member": cast.bob.id})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]


def test_groups_are_always_new(cast: Cast, api: ApiFactory) -> None:
    body = {"kind": "group", "title": "Night shift", "members": [cast.alice.id, cast.marta.id]}
    first, second = (api(cast.bob).post(START, body) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


def test_a_space_has_one_channel_of_a_title_whatever_its_case(cast: Cast, api: ApiFactory) -> None:
    body = {"kind": "channel", "title": "Repairs", "space": str(cast.room.id)}
    first = api(cast.bob).post(START, body)
    again = api(cast.alice).post(START, {**body, "title": "repairs"})
    elsewhere = api(cast.bob).post(START, {**body, "space": str(cast.other_room.id)})

    assert (first.status_code, again.status_code, elsewhere.status_code) == (201, 200, 201)
    assert again.json()["id"] == first.json()["id"] != elsewhere.json()["id"]


def test_whoever_lost_the_race_gets_the_winners(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both looked, found nothing and opened: the database lets one through."""
    winner = start_conversation(cast.carol.actor, kind=Kind.SUPPORT)
    looks = iter([None, winner.conversation])
    monkeypatch.setattr("messaging.actions.starting._existing", lambda *args: next(looks))

    loser = start_conversation(cast.carol.actor, kind=Kind.SUPPORT)
    assert (loser.conversation, loser.is_new) == (winner.conversation, False)
    assert Conversation.objects.count() == 1


# --- who is turned away ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "body", "status"),
    [
        ("vera", {"kind": "support"}, 403),
        ("robo", {"kind": "support"}, 403),
        ("dana", {"kind": "direct", "member": "bob"}, 403),
        ("dana", {"kind": "group", "members": ["bob"]}, 403),
        ("carol", {"kind": "channel", "title": "Mine"}, 403),
        ("carol", {"kind": "direct", "member": "dana"}, 404),
        ("carol", {"kind": "direct", "member": "mallory"}, 404),
        ("bob", {"kind": "direct", "member": "mallory"}, 404),
        ("bob", {"kind": "direct", "member": "greta"}, 404),
        ("bob", {"kind": "group", "members": ["alice", "mallory"]}, 404),
        ("bob", {"kind": "support", "member": "paula"}, 404),
        ("bob", {"kind": "direct", "member": "dana"}, 400),
        ("bob", {"kind": "group", "members": ["alice", "dana"]}, 400),
        ("bob", {"kind": "channel", "title": "All", "members": ["dana"]}, 400),
        ("bob", {"kind": "direct", "member": "bob"}, 400),
        ("bob", {"kind": "direct"}, 400),
        ("bob", {"kind": "group", "members": []}, 400),
        ("bob", {"kind": "support"}, 400),
        ("bob", {"kind": "support", "member": "alice"}, 400),
        ("bob", {"kind": "channel", "title": " "}, 400),
        ("carol", {"kind": "support", "member": "bob"}, 400),
        ("bob", {"kind": "party"}, 400),
    ],
)
def test_turned_away(
    cast: Cast, api: ApiFactory, published: Published, who: str, body: dict[str, object], status: int
) -> None:
    def id_of(name: object) -> object:
        return getattr(cast, str(name)).id

    if "member" in body:
        body = {**body, "member": id_of(body["member"])}
    if "members" in body:
        body = {**body, "members": [id_of(name) for name in body["members"]]}  # type: ignore[attr-defined]

    assert api(getattr(cast, who)).post(START, body).status_code == status
    assert not Conversation.objects.exists()
    assert published() == []


def test_a_space_out_of_reach_is_not_found(cast: Cast, api: ApiFactory) -> None:
    for person, space in ((cast.carol, cast.other_room), (cast.bob, cast.acme_project)):
        response = api(person).post(START, {"kind": "support", "space": str(space.id)})
        assert response.status_code == 404


def test_a_channel_of_a_space_takes_those_with_access(cast: Cast, api: ApiFactory) -> None:
    def start(**body: object) -> int:
        status: int = api(cast.bob).post(START, {"kind": "channel", "title": "Repairs", **body}).status_code
        return status

    assert start(space=str(cast.other_room.id), members=[cast.carol.id]) == 400
    assert start(space=str(cast.room.id), members=[cast.carol.id, cast.vera.id]) == 201


def test_whoever_loses_access_leaves_the_channel(cast: Cast, published: Published) -> None:
    channel = start_conversation(
        cast.bob.actor, kind=Kind.CHANNEL, title="Repairs", space=cast.room.id, members=[cast.carol.member.id]
    ).conversation
    assert cast.carol.member.id in audience_of(channel)
    cast.carol.member.space_access.all().delete()

    assert channel not in conversations_visible_to(cast.carol.actor)
    assert channel not in conversations_heard_by(cast.carol.actor)
    assert audience_of(channel) == {cast.bob.member.id}


@pytest.mark.parametrize(("one", "other"), [("Café", "CAFÉ"), ("Straße", "STRASSE"), ("5 k", "5 \u212a")])
def test_titles_are_compared_alike_by_every_database(
    cast: Cast, api: ApiFactory, one: str, other: str
) -> None:
    first = api(cast.bob).post(START, {"kind": "channel", "title": one})
    again = api(cast.bob).post(START, {"kind": "channel", "title": other})
    assert (first.status_code, again.status_code) == (201, 200)


def test_the_cost_does_not_grow_with_the_invited(cast: Cast, django_assert_num_queries: Any) -> None:
    everybody = [one.member.id for one in (cast.alice, cast.marta, cast.carol, cast.vera, cast.robo)]
    # Those invited; a savepoint and its end; the conversation, its participants, who they are; the audience; webhooks.
    for invited in (everybody[:1], everybody):
        with django_assert_num_queries(9):
            start_conversation(cast.bob.actor, kind=Kind.GROUP, members=invited)
