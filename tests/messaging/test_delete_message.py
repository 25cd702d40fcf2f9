"""A tombstone for everybody; what it said stays for the audit. Erased, it is gone for good."""

from __future__ import annotations

from unittest.mock import ANY

import pytest

from accounts.models import AuditEntry
from delivery.queries import sync
from messaging.actions import delete_message, edit_message, pin_message, react
from messaging.models import Conversation, Mention, Message, MessageRevision, Reaction
from tests.cast import Cast
from tests.conftest import ApiFactory, Published
from tests.messaging.said import news_of, path, say
from tests.sockets import Socket


def tombstone(message: Message, **also: object) -> dict[str, object]:
    return {
        "id": str(message.id),
        "conversation": str(message.conversation_id),
        "seq": message.seq,
        "version": ANY,
        "client_id": str(message.client_id),
        "kind": "text",
        "sender": ANY,
        "body": "",
        "reply_to": None,
        "link_url": "",
        "attachments": [],
        "mentions": [],
        "reactions": [],
        "pinned": False,
        "created_at": ANY,
        "edited_at": None,
        "deleted_at": ANY,
        **also,
    }


def test_carol_deletes_what_she_said(
    cast: Cast, pair: Conversation, api: ApiFactory, published: Published
) -> None:
    first = say(cast.bob, pair, "Which room?")
    message = say(
        cast.carol, pair, "My word is pelican, @Bob", reply_to=first.id, link_url="https://a.example"
    )
    edit_message(cast.carol.actor, message_id=message.id, body="My code is 4712, @Bob")
    react(cast.bob.actor, message_id=message.id, emoji="👍", on=True)
    pin_message(cast.bob.actor, message_id=message.id, on=True)
    published()
    response = api(cast.carol).delete(path(message))

    assert response.status_code == 200
    assert response.json() == tombstone(message, version=7, status="sent")
    assert response.json()["deleted_at"] is not None
    ((event, audience),) = news_of(message, published)
    assert event.frame() == {
        "type": "message",
        "conversation": str(pair.id),
        "version": 7,
        "event": "deleted",
        "message": tombstone(message, version=7),
    }
    assert audience == {cast.bob.member.id, cast.carol.member.id}
    message.refresh_from_db()
    assert (message.body, message.deleted_by) == ("My code is 4712, @Bob", cast.carol.member)
    assert [one.body for one in message.revisions.all()] == ["My word is pelican, @Bob"]


def test_deleted_twice_is_deleted_once(
    cast: Cast, pair: Conversation, api: ApiFactory, published: Published
) -> None:
    message = say(cast.carol, pair)
    once = api(cast.carol).delete(path(message)).json()
    published()
    assert api(cast.carol).delete(path(message)).json() == once
    assert published() == []


def test_it_is_unread_no_more(cast: Cast, pair: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, pair)
    detail = f"chat/conversations/{pair.id}/"
    assert api(cast.bob).get(detail).json()["unread_count"] == 1
    delete_message(cast.carol.actor, message_id=message.id)
    assert api(cast.bob).get(detail).json()["unread_count"] == 0


def test_a_reply_quotes_it_no_more(cast: Cast, pair: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, pair, "My word is pelican")
    reply = say(cast.bob, pair, "Thank you", reply_to=message.id)
    delete_message(cast.carol.actor, message_id=message.id)
    synced = sync(cast.bob.actor, cursors={}, limit=50)["conversations"][0]["messages"]
    for shown in (
        api(cast.bob).get(path(reply)).json(),
        api(cast.bob).get(f"chat/conversations/{pair.id}/messages/").json()["results"][-1],
        next(one for one in synced if one["id"] == str(reply.id)),
    ):
        assert shown["reply_to"] == {"id": str(message.id), "sender": ANY, "excerpt": "", "files": []}


# --- for good -------------------------------------------------------------------------------------------------------


def test_marta_erases_it_for_good(
    cast: Cast, pair: Conversation, group: Conversation, api: ApiFactory, published: Published
) -> None:
    message = say(cast.carol, group, "My word is pelican, @Bob", link_url="https://a.example")
    edit_message(cast.carol.actor, message_id=message.id, body="My code is 4712, @Bob")
    react(cast.bob.actor, message_id=message.id, emoji="👍", on=True)
    published()
    response = api(cast.marta).delete(path(message) + "?hard=true")

    assert (response.status_code, response.json()) == (200, tombstone(message, status="sent"))
    ((event, _),) = news_of(message, published)
    assert event.frame()["message"] == tombstone(message)
    message.refresh_from_db()
    assert (message.body, message.link_url, message.deleted_by) == ("", "", cast.marta.member)
    for model in (MessageRevision, Reaction, Mention):
        assert not model.objects.exists()
    entry = AuditEntry.objects.get(verb="message.erased")
    assert (entry.actor, entry.object_id) == (cast.marta.member, str(message.id))
    assert entry.data == {"conversation": str(group.id), "sender": cast.carol.id}
    group.refresh_from_db()
    assert group.last_seq == 1


def test_what_was_deleted_before_is_erased_without_a_word(
    cast: Cast, group: Conversation, api: ApiFactory, published: Published
) -> None:
    message = say(cast.carol, group, "My word is pelican")
    delete_message(cast.carol.actor, message_id=message.id)
    published()
    assert api(cast.alice).delete(path(message) + "?hard=true").status_code == 200
    assert published() == []
    message.refresh_from_db()
    assert (message.body, message.deleted_by) == ("", cast.carol.member)


@pytest.mark.parametrize(("who", "status"), [("carol", 403), ("bob", 403), ("vera", 404), ("mallory", 404)])
def test_only_managers_erase(cast: Cast, group: Conversation, api: ApiFactory, who: str, status: int) -> None:
    message = say(cast.carol, group)
    assert api(getattr(cast, who)).delete(path(message) + "?hard=true").status_code == status
    message.refresh_from_db()
    assert message.deleted_at is None


# --- another's ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("alice", 200), ("marta", 200)])
def test_in_a_group_managers_delete_what_others_said(
    cast: Cast, group: Conversation, api: ApiFactory, who: str, status: int
) -> None:
    message = say(cast.carol, group)
    assert api(getattr(cast, who)).delete(path(message)).status_code == status


def test_an_agent_deletes_in_the_support_conversation_that_it_handles(
    cast: Cast, support: Conversation, api: ApiFactory
) -> None:
    message = say(cast.carol, support, "My card is 4929 1234")
    assert api(cast.bob).delete(path(message)).status_code == 403
    say(cast.bob, support, "How can I help?")
    assert api(cast.bob).delete(path(message)).status_code == 200


def test_an_agent_does_not_where_another_is_assigned(
    cast: Cast, support: Conversation, api: ApiFactory
) -> None:
    message = say(cast.carol, support)
    say(cast.bob, support, "How can I help?")
    Conversation.objects.filter(pk=support.pk).update(assignee=cast.marta.member)
    assert api(cast.bob).delete(path(message)).status_code == 403


@pytest.mark.parametrize("who", ["carol", "bob", "alice"])
def test_what_the_system_says_stays(cast: Cast, support: Conversation, api: ApiFactory, who: str) -> None:
    say(cast.bob, support, "Hello")
    joined = Message.objects.get(kind="system")
    assert api(getattr(cast, who)).delete(path(joined)).status_code == 403
    assert api(getattr(cast, who)).patch(path(joined), {"body": "x"}).status_code == 403


@pytest.mark.parametrize("who", ["vera", "dana", "mallory", "paula"])
def test_an_outsider_learns_nothing(cast: Cast, group: Conversation, api: ApiFactory, who: str) -> None:
    message = say(cast.carol, group)
    assert api(getattr(cast, who)).delete(path(message)).status_code == 404


def test_a_pair_of_clients_is_theirs(cast: Cast, pair: Conversation, api: ApiFactory) -> None:
    """Bob is staff, and deletes nothing of Carol's in it."""
    assert api(cast.bob).delete(path(say(cast.carol, pair))).status_code == 403


# --- on the socket --------------------------------------------------------------------------------------------------


async def test_on_the_socket(committed_cast: Cast, socket: type) -> None:
    carol: Socket = await socket(committed_cast.carol)
    alice: Socket = await socket(committed_cast.alice)
    started = await carol.push("conversation.start", kind="direct", member=committed_cast.alice.id)
    sent = await carol.push(
        "message.send",
        conversation=started["conversation"]["id"],
        client_id="0190a0a0-0000-7000-8000-000000000001",
        body="My word is pelican",
    )
    answer = await carol.push("message.delete", message=sent["message"]["id"])
    assert (answer["message"]["body"], answer["message"]["deleted_at"]) == ("", ANY)
    assert [(await alice.hear())["event"] for _ in range(3)] == ["started", "created", "deleted"]
    erased = await alice.push("message.delete", message=sent["message"]["id"], hard=True)
    assert erased["message"] == answer["message"]
