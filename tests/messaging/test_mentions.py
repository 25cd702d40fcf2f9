"""Naming people in a message: ids are kept, so that another name breaks nothing."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Member, Role
from common.clock import now
from messaging import signals
from messaging.actions import delete_message, edit_message, send_message
from messaging.models import Conversation, Mention
from tests.cast import Cast, Person, make_person
from tests.conftest import ApiFactory, Published
from tests.messaging.said import path, say


def user(person: Person, text: str) -> dict[str, str]:
    return {"type": "user", "text": text, "member": person.id, "name": person.member.name}


def test_carol_mentions_bob(cast: Cast, group: Conversation, api: ApiFactory, published: Published) -> None:
    published()
    response = api(cast.carol).post(
        f"chat/conversations/{group.id}/messages/",
        {"client_id": "0190a0a0-0000-7000-8000-000000000001", "body": "@bob and @Alice: who paints?"},
    )
    mentions = [user(cast.bob, "@bob"), user(cast.alice, "@Alice")]
    assert (response.status_code, response.json()["mentions"]) == (201, mentions)
    created = [event.frame() for event, _ in published() if event.type == "message"]
    assert [one["message"]["mentions"] for one in created] == [mentions]
    timeline = api(cast.bob).get(f"chat/conversations/{group.id}/messages/").json()["results"]
    assert timeline[0]["mentions"] == mentions


def test_whoever_is_renamed_is_still_meant(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, group, "@Bob, who paints?")
    Member.objects.filter(pk=cast.bob.member.pk).update(name="Robert")
    shown = api(cast.carol).get(path(message)).json()
    assert shown["mentions"] == [{**user(cast.bob, "@Bob"), "name": "Robert"}]
    assert shown["body"] == "@Bob, who paints?"


@pytest.mark.parametrize("name", ["Marta", "Vera", "Mallory", "Nobody"])
def test_whoever_is_not_there_is_not_mentioned(cast: Cast, group: Conversation, name: str) -> None:
    say(cast.carol, group, f"@{name}, who paints?")
    assert not Mention.objects.exists()


def test_whoever_left_is_not_mentioned(cast: Cast, group: Conversation) -> None:
    group.participants.filter(member=cast.alice.member).update(left_at=now())
    say(cast.carol, group, "@Alice, who paints?")
    assert not Mention.objects.exists()


def test_of_two_with_one_name_the_one_who_was_chosen(
    cast: Cast, group: Conversation, api: ApiFactory
) -> None:
    other = make_person(cast.hotel, Role.AGENT, "Bob")
    group.participants.create(member=other.member)
    message = send_message(
        cast.carol.actor,
        conversation_id=group.id,
        client_id=cast.bob.member.id,
        body="@Bob",
        mentions=[other.member.id],
    ).message
    assert api(cast.carol).get(path(message)).json()["mentions"] == [user(other, "@Bob")]


@pytest.mark.parametrize("who", ["mallory", "vera"])
def test_a_stranger_who_was_chosen_is_nobody(
    cast: Cast, group: Conversation, api: ApiFactory, who: str
) -> None:
    """As if nobody had been chosen: it tells nothing of whether there is such a person."""
    response = api(cast.carol).post(
        f"chat/conversations/{group.id}/messages/",
        {
            "client_id": "0190a0a0-0000-7000-8000-000000000001",
            "body": f"@{who} @Bob",
            "mentions": [getattr(cast, who).id],
        },
    )
    assert response.json()["mentions"] == [user(cast.bob, "@Bob")]


# --- told upwards ---------------------------------------------------------------------------------------------------


@pytest.fixture
def newly_mentioned() -> Any:
    heard: list[list[str]] = []

    def hear(mentioned: list[Member], **_: Any) -> None:
        heard.append([one.name for one in mentioned])

    signals.message_changed.connect(hear)
    yield heard
    signals.message_changed.disconnect(hear)


def test_an_edit_names_whom_it_mentions_anew(
    cast: Cast, group: Conversation, api: ApiFactory, newly_mentioned: list[list[str]]
) -> None:
    message = say(cast.carol, group, "@Bob, who paints?")
    for body in ("@Bob, @Alice, who paints?", "@Alice, who paints?", "Who paints?", "@Bob"):
        edit_message(cast.carol.actor, message_id=message.id, body=body)
    assert newly_mentioned == [["Alice"], [], [], ["Bob"]]
    assert api(cast.carol).get(path(message)).json()["mentions"] == [user(cast.bob, "@Bob")]


# --- my mentions ----------------------------------------------------------------------------------------------------


def test_bob_finds_where_he_is_mentioned(
    cast: Cast, group: Conversation, pair: Conversation, api: ApiFactory, django_assert_num_queries: type
) -> None:
    first = say(cast.carol, group, "@Bob one")
    say(cast.carol, group, "@Alice two")
    third = say(cast.carol, pair, "@Bob three")
    gone = say(cast.carol, pair, "@Bob gone")
    delete_message(cast.carol.actor, message_id=gone.id)
    client = api(cast.bob)
    client.get("chat/messages/my_mentions/")
    with django_assert_num_queries(7):
        found = client.get("chat/messages/my_mentions/").json()
    assert [one["id"] for one in found["results"]] == [str(third.id), str(first.id)]
    assert found["next"] is None
    assert found["results"][0]["status"] == "sent"

    page = client.get("chat/messages/my_mentions/?limit=1").json()
    assert [one["id"] for one in page["results"]] == [str(third.id)]
    page = client.get(f"chat/messages/my_mentions/?limit=1&cursor={page['next']}").json()
    assert ([one["id"] for one in page["results"]], page["next"]) == ([str(first.id)], None)


def test_where_he_is_no_longer_he_finds_nothing(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    say(cast.carol, group, "@Bob one")
    group.participants.filter(member=cast.bob.member).update(left_at=now())
    assert api(cast.bob).get("chat/messages/my_mentions/").json() == {"results": [], "next": None}


def test_nobody_else_finds_them(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    say(cast.carol, group, "@Bob one")
    for who in (cast.carol, cast.alice, cast.mallory):
        assert api(who).get("chat/messages/my_mentions/").json()["results"] == []
    assert api(cast.bob).get("chat/messages/my_mentions/?cursor=nonsense").status_code == 400
