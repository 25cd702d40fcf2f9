"""Bob answers a picture that came without a word: who sees only the answer is told what it answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attachments.inspection.kinds import Kind
from attachments.models import FileState
from messaging.actions import delete_attachment, delete_message, edit_message
from messaging.models import Conversation, Message
from tests.attachments.kept import shared, uploaded
from tests.attachments.sharing import say_with
from tests.cast import Cast, Person
from tests.conftest import Api, Published


def answered(person: Person, conversation: Conversation, original: Any) -> Any:
    body = {"channel": str(conversation.id), "message": "I see", "reply_to": str(original)}
    response = Api(person).post("chat/messages/", body)
    assert response.status_code == 201, response.content
    return response.json()


def test_what_kind_they_are(cast: Cast, support: Conversation, published: Published) -> None:
    files = [
        uploaded(cast.carol, support.id, "a", kind=Kind.IMAGE),
        uploaded(cast.carol, support.id, "b", kind=Kind.PDF),
        uploaded(cast.carol, support.id, "c", kind=Kind.VIDEO, state=FileState.PENDING),
    ]
    original = say_with(cast.carol, support, *files).json()["id"]
    published()
    said = answered(cast.bob, support, original)
    quote = {
        "id": original,
        "sender": {"id": cast.carol.id, "name": "Carol", "role": "client"},
        "excerpt": "",
        "files": ["image", "pdf", None],
    }
    assert said["reply_to"] == quote
    frames = [event.frame() for event, _ in published()]
    assert [one["message"]["reply_to"] for one in frames if one["type"] == "message"][-1] == quote
    for person in (cast.carol, cast.bob):
        path = f"chat/conversations/{support.id}/messages/"
        assert Api(person).get(path).json()["results"][-1]["reply_to"] == quote
        [talk] = Api(person).get("chat/conversations/").json()["results"]
        assert talk["last_message"]["reply_to"] == quote


@pytest.mark.parametrize("change", ["deleted", "taken out", "words"])
def test_as_it_is_now(cast: Cast, support: Conversation, change: str) -> None:
    file = UUID(shared(cast.carol, support.id, "a"))
    original = Message.objects.get(is_adorned=True)
    said = answered(cast.bob, support, original.pk)
    assert said["reply_to"]["files"] == ["text"]
    if change == "deleted":
        delete_message(cast.carol.actor, message_id=original.pk)
    if change == "taken out":
        delete_attachment(cast.carol.actor, attachment_id=file)
    if change == "words":
        edit_message(cast.carol.actor, message_id=original.pk, body="The leak")
    quote = Api(cast.bob).get(f"chat/messages/{said['id']}/").json()["reply_to"]
    assert (quote["excerpt"], quote["files"]) == ("The leak" if change == "words" else "", [])


def test_as_many_queries_however_many_quotes(cast: Cast, support: Conversation) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert Api(cast.carol).get(f"chat/conversations/{support.id}/messages/").status_code == 200
        return len(queries)

    answered(cast.bob, support, shared_message(cast.carol, support, "1"))
    asked()
    before = asked()
    for number in "2345":
        answered(cast.bob, support, shared_message(cast.carol, support, number))
    assert asked() == before


def shared_message(person: Person, conversation: Conversation, words: str) -> UUID:
    shared(person, conversation.id, words)
    return Message.objects.filter(conversation=conversation).latest("seq").pk
