"""Saying something: idempotent, in order, by those who may."""

from __future__ import annotations

from unittest.mock import ANY
from uuid import UUID, uuid4

import pytest

from accounts.actor import Actor, Credential
from accounts.permissions import Scope
from common.clock import now
from common.errors import Forbidden, NotFound
from messaging.actions import send_message, start_conversation
from messaging.models import Conversation, Kind, Message, Participant
from tests.cast import Cast, Person
from tests.conftest import ApiFactory, Published


def path(conversation: Conversation) -> str:
    return f"chat/conversations/{conversation.id}/messages/"


def say(person: Person, conversation: Conversation, body: str = "Hello") -> Message:
    return send_message(person.actor, conversation_id=conversation.id, client_id=uuid4(), body=body).message


def test_carol_sends(cast: Cast, support: Conversation, api: ApiFactory, client_id: str) -> None:
    response = api(cast.carol).post(path(support), {"client_id": client_id, "body": "The heating is off"})

    assert response.status_code == 201
    assert response.json() == {
        "id": ANY,
        "conversation": str(support.id),
        "seq": 1,
        "version": 2,
        "client_id": client_id,
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
        "edited_at": None,
        "deleted_at": None,
        "status": "sent",
    }


def test_participants_and_the_queue_hear_it_once(
    cast: Cast, support: Conversation, published: Published
) -> None:
    published()
    message = say(cast.carol, support)

    ((event, audience),) = published()
    assert event.frame() == {
        "type": "message",
        "conversation": str(support.id),
        "version": 2,
        "event": "created",
        "message": ANY,
    }
    assert event.frame()["message"]["id"] == str(message.id)
    assert audience == {one.member.id for one in (cast.carol, cast.alice, cast.marta, cast.bob)}


def test_bob_joins_by_answering(cast: Cast, support: Conversation, published: Published) -> None:
    published()
    say(cast.bob, support)

    (taken, _), (line, _), (created, _) = published()
    assert (taken.frame()["event"], taken.frame()["version"]) == ("assigned", 2)
    assert taken.frame()["data"]["participant"]["member"]["id"] == cast.bob.id
    assert (line.frame()["event"], line.frame()["version"]) == ("created", 3)
    assert line.frame()["message"]["system"] == {
        "event": "assigned",
        "member": {"id": cast.bob.id, "name": "Bob", "role": "agent"},
    }
    assert (created.frame()["event"], created.frame()["version"]) == ("created", 4)


def test_seq_and_version_have_no_holes(cast: Cast, support: Conversation) -> None:
    for person in (cast.carol, cast.bob, cast.carol, cast.marta):
        say(person, support)

    support.refresh_from_db()
    seqs = list(support.messages.order_by("seq").values_list("seq", flat=True))
    assert seqs == [1, 2, 3, 4, 5, 6]
    # One for the start, four messages, and two who joined by speaking, with a line for each.
    assert (support.last_seq, support.version) == (6, 9)


def test_a_retry_gets_the_first_answer(
    cast: Cast, support: Conversation, api: ApiFactory, client_id: str, published: Published
) -> None:
    first = api(cast.carol).post(path(support), {"client_id": client_id, "body": "Once"})
    published()
    again = api(cast.carol).post(path(support), {"client_id": client_id, "body": "Once, again"})

    assert again.status_code == 200
    assert again.json() == {**first.json(), "duplicate": True}
    assert Message.objects.count() == 1
    assert published() == []


def test_two_people_may_use_the_same_client_id(cast: Cast, support: Conversation) -> None:
    client_id = uuid4()
    for person in (cast.carol, cast.bob):
        sent = send_message(person.actor, conversation_id=support.id, client_id=client_id, body="Hi")
        assert not sent.duplicate


def test_a_send_delivers_to_oneself_and_reads_nothing(cast: Cast, support: Conversation) -> None:
    say(cast.bob, support)
    say(cast.carol, support)

    own = Participant.objects.get(conversation=support, member=cast.carol.member)
    assert (own.delivered_seq, own.read_seq) == (3, 0)


def test_a_reply_quotes_the_original(
    cast: Cast, support: Conversation, api: ApiFactory, client_id: str
) -> None:
    original = say(cast.bob, support, "Which room? " + "x" * 200)
    body = {"client_id": client_id, "body": "101", "reply_to": str(original.id)}

    quoted = api(cast.carol).post(path(support), body).json()["reply_to"]
    assert quoted == {
        "id": str(original.id),
        "sender": {"id": cast.bob.id, "name": "Bob", "role": "agent"},
        "excerpt": ("Which room? " + "x" * 200)[:140],
        "files": [],
    }


def test_the_excerpt_of_a_deleted_original_is_empty(
    cast: Cast, support: Conversation, api: ApiFactory, client_id: str
) -> None:
    original = say(cast.bob, support, "Forget I said that")
    Message.objects.filter(pk=original.pk).update(deleted_at=now())
    body = {"client_id": client_id, "body": "What?", "reply_to": str(original.id)}

    assert api(cast.carol).post(path(support), body).json()["reply_to"]["excerpt"] == ""


def test_a_reply_to_another_conversation_finds_nothing(
    cast: Cast, support: Conversation, api: ApiFactory, client_id: str
) -> None:
    elsewhere = start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.alice.member.id).conversation
    body = {"client_id": client_id, "body": "?", "reply_to": str(say(cast.bob, elsewhere).id)}

    assert api(cast.carol).post(path(support), body).status_code == 404
    assert not support.messages.exists()


TOO_LONG = "x" * 5001


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": TOO_LONG}, "body"),
        ({"body": ""}, "body"),
        ({"body": " \n "}, "body"),
        ({"body": "nul \x00"}, "body"),
        ({"body": ["a list"]}, "body"),
        ({"client_id": "not a uuid"}, "client_id"),
        ({"client_id": None}, "client_id"),
        ({"reply_to": "not a uuid"}, "reply_to"),
        ({"link_url": "javascript:alert(1)"}, "link_url"),
        ({"attachments": ["nothing"]}, "attachments.0"),
        ({"attachments": "nothing"}, "attachments"),
        ({"attachments": [str(uuid4())] * 21}, "attachments"),
    ],
)
def test_bad_input_names_the_field(
    cast: Cast,
    support: Conversation,
    api: ApiFactory,
    client_id: str,
    change: dict[str, object],
    field: str,
) -> None:
    response = api(cast.carol).post(path(support), {"client_id": client_id, "body": "Hi", **change})

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "invalid_input"
    assert list(response.json()["error"]["fields"]) == [field]
    assert not support.messages.exists()


def test_5000_characters_fit(cast: Cast, support: Conversation, api: ApiFactory, client_id: str) -> None:
    body = "ñ" * 5000
    assert api(cast.carol).post(path(support), {"client_id": client_id, "body": body}).json()["body"] == body


@pytest.mark.parametrize(
    "text",
    [r'{"kind": "\ud800"}', r'{"\uDFFF": 1}', "{", "[" * 100_000, '"text"', "[1]", "\xff", '{"body": NaN}'],
)
def test_what_is_not_a_json_object_is_refused(
    cast: Cast, support: Conversation, api: ApiFactory, text: str
) -> None:
    response = api(cast.carol).client.post(
        f"/api/v1/{path(support)}", data=text.encode("latin-1"), content_type="application/json"
    )
    assert response.status_code == 400
    assert response.json()["error"]["code"] in ("invalid_json", "invalid_input")


def test_the_right_type_is_asked_for(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    response = api(cast.carol).client.post(f"/api/v1/{path(support)}", data={"body": "a form"})
    assert response.status_code == 415
    assert response.json()["error"]["code"] == "unsupported_media_type"


# --- who is turned away ---------------------------------------------------------------------------------------------


def test_outsiders_find_nothing(cast: Cast, support: Conversation) -> None:
    for outsider in (cast.dana, cast.vera, cast.robo, cast.mallory, cast.oscar):
        with pytest.raises(NotFound):
            say(outsider, support)


def test_staff_do_not_speak_in_what_others_say_among_themselves(cast: Cast) -> None:
    private = start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.carol.member.id).conversation
    with pytest.raises(Forbidden):
        say(cast.marta, private)


def test_a_viewer_reads_a_channel_but_does_not_write(cast: Cast) -> None:
    channel = start_conversation(
        cast.bob.actor, kind=Kind.CHANNEL, title="Repairs", space=cast.room.id
    ).conversation
    say(cast.carol, channel)
    with pytest.raises(Forbidden):
        say(cast.vera, channel)


def test_without_can_comment_a_client_only_reads_the_channel(cast: Cast) -> None:
    channel = start_conversation(
        cast.bob.actor, kind=Kind.CHANNEL, title="Repairs", space=cast.room.id
    ).conversation
    cast.carol.member.space_access.update(can_comment=False)
    with pytest.raises(Forbidden):
        say(cast.carol, channel)


def test_a_token_that_may_only_read_does_not_send(cast: Cast, support: Conversation) -> None:
    reader = Actor(cast.carol.member, Credential(UUID(cast.carol.id)), frozenset({Scope.READ}))
    with pytest.raises(Forbidden):
        send_message(reader, conversation_id=support.id, client_id=uuid4(), body="Hi")


def test_whoever_left_is_an_outsider(cast: Cast) -> None:
    group = start_conversation(cast.bob.actor, kind=Kind.GROUP, members=[cast.carol.member.id]).conversation
    Participant.objects.filter(conversation=group, member=cast.carol.member).update(left_at=now())
    with pytest.raises(NotFound):
        say(cast.carol, group)


def test_sends_by_rest_have_a_rate(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    carol, path = api(cast.carol), f"chat/conversations/{support.id}/messages/"
    bodies = [{"client_id": str(uuid4()), "body": "Hello?"} for _ in range(21)]
    answers = [carol.post(path, body) for body in bodies]
    assert [answer.status_code for answer in answers] == [201] * 20 + [429]
    assert answers[-1].json()["error"]["code"] == "rate_limited"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 4
    assert Message.objects.count() == 20
