"""Carol shares a picture of the leak: it is looked into, said with a message, and read by whoever reads that."""

from __future__ import annotations

import subprocess
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import make_token
from accounts.models import AuditEntry, TokenKind
from accounts.permissions import Scope
from attachments.models import Attachment, UploadPolicy
from common.clock import now
from common.errors import NotFound
from messaging.actions import delete_message, erase_message, send_messages
from messaging.models import Conversation, Participant
from messaging.saying import Saying, Sent
from tests.attachments.sharing import picture, say_with, taken, upload
from tests.cast import Cast, Person
from tests.clients import Client
from tests.conftest import Api, Published


def test_carol_shares_a_picture_and_bob_sees_it(
    cast: Cast, support: Conversation, published: Published
) -> None:
    content = picture()
    file = taken(cast.carol, support, "leak.jpg", content)
    assert {**file, "created_at": ""} == {
        "id": file["id"],
        "state": "approved",
        "held_for": "",
        "reason": "",
        "name": "leak.jpg",
        "kind": "image",
        "mime": "image/jpeg",
        "size": len(content),
        "width": 640,
        "height": 480,
        "pages": None,
        "seconds": None,
        "thumbnails": [
            {"size": 150, "width": 150, "height": 112},
            {"size": 300, "width": 300, "height": 225},
            {"size": 800, "width": 640, "height": 480},
        ],
        "version": 1,
        "waiting": None,
        "uploader": cast.carol.id,
        "created_at": "",
    }
    # Nobody has said anything yet.
    path = f"chat/download/{file['id']}/"
    assert Api(cast.carol).get(path).status_code == 200
    assert Api(cast.bob).get(path).status_code == 404

    published()
    said = say_with(cast.carol, support, file["id"])
    assert said.status_code == 201
    assert said.json()["attachments"] == [file]
    [(event, _)] = published()
    assert event.frame()["message"]["attachments"] == [file]

    for person in (cast.carol, cast.bob, cast.alice):
        assert Api(person).get(path).status_code == 200
    for person in (cast.mallory, cast.dana, cast.vera):
        assert Api(person).get(path).status_code == 404
    [listed] = Api(cast.bob).get(f"chat/files/{support.id}/").json()["results"]
    assert listed == {
        **file,
        "by": {"id": cast.carol.id, "name": "Carol", "role": "client"},
        "conversation": str(support.id),
        "message": said.json()["id"],
        "request": None,
        "category": "client",
        "tags": [],
        "reviewer": None,
        "reviewed_at": None,
        "metadata": {},
    }


def test_several_at_once_each_for_itself(cast: Cast, support: Conversation) -> None:
    response = upload(cast.carol, support, ("a.txt", b"Good."), ("b.exe", b"MZ"), ("c.png", picture()))
    assert response.status_code == 201
    good, runs, lies = response.json()["results"]
    assert good["name"] == "a.txt"
    assert runs == {
        "name": "b.exe",
        "error": {"code": "type_not_allowed", "message": "Files of this type are not taken here."},
    }
    assert lies == {
        "name": "c.png",
        "error": {"code": "type_mismatch", "message": "This file is not what its name says."},
    }
    assert Attachment.objects.count() == 1


def test_none_of_them_is_good(cast: Cast, support: Conversation) -> None:
    response = upload(cast.carol, support, ("b.exe", b"MZ"), ("c.txt", b""))
    assert response.status_code == 415
    assert [one["error"]["code"] for one in response.json()["results"]] == ["type_not_allowed", "empty"]


def test_there_may_be_twenty(cast: Cast, support: Conversation) -> None:
    response = upload(cast.carol, support, *[("a.exe", b"MZ")] * 21)
    assert response.status_code == 400
    assert response.json() == {"error": {"code": "invalid_input", "message": "Some fields are not right."}}


def test_there_must_be_one(cast: Cast, support: Conversation) -> None:
    response = upload(cast.carol, support)
    assert response.status_code == 400
    assert response.json()["error"]["fields"] == {"files": ["Send at least one file."]}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"is_enabled": False}, 403, "forbidden"),
        ({"max_bytes": 4}, 413, "too_large"),
        ({"quota": 4}, 413, "too_large"),
        ({"extensions": ["png"]}, 415, "type_not_allowed"),
    ],
)
def test_what_an_organisation_takes(
    cast: Cast, support: Conversation, change: dict[str, object], status: int, code: str
) -> None:
    UploadPolicy.objects.create(organisation=cast.hotel, **change)
    response = upload(cast.carol, support, ("a.txt", b"Hello"))
    assert (response.status_code, response.json()["results"][0]["error"]["code"]) == (status, code)


def test_only_where_one_may_speak(cast: Cast, support: Conversation) -> None:
    assert upload(cast.vera, support, ("a.txt", b"Hello")).status_code == 404
    assert upload(cast.mallory, support, ("a.txt", b"Hello")).status_code == 404
    Participant.objects.create(conversation=support, member=cast.vera.member)
    assert upload(cast.vera, support, ("a.txt", b"Hello")).status_code == 403


def test_whoever_left_has_left_what_was_not_said(cast: Cast, support: Conversation) -> None:
    Conversation.objects.update(queue_open=False)
    Participant.objects.create(conversation=support, member=cast.bob.member)
    file = taken(cast.bob, support, "a.txt", b"Hello")["id"]
    path = f"chat/download/{file}/"
    assert Api(cast.bob).get(path).status_code == 200
    Participant.objects.filter(member=cast.bob.member).update(left_at=now())
    for gone in (path, f"chat/attachments/{file}/", f"chat/attachments/{file}/text/"):
        assert Api(cast.bob).get(gone).status_code == 404
    assert Api(cast.bob).delete(f"chat/attachments/{file}/").status_code == 404


# --- saying it ------------------------------------------------------------------------------------------------------


def test_a_file_is_said_once_and_by_whoever_uploaded_it(cast: Cast, support: Conversation) -> None:
    file = taken(cast.carol, support, "a.txt", b"Hello")
    assert say_with(cast.bob, support, file["id"]).status_code == 404
    assert say_with(cast.carol, support, str(uuid4())).status_code == 404
    assert say_with(cast.carol, support, file["id"]).status_code == 201
    assert say_with(cast.carol, support, file["id"]).status_code == 404


def test_of_two_messages_said_together_one_has_it(cast: Cast, support: Conversation) -> None:
    id = UUID(taken(cast.carol, support, "a.txt", b"Hello")["id"])
    sayings = [
        Saying(cast.carol.actor, support.id, uuid4(), body, attachments=[id])
        for body in ("See this.", "And this.")
    ]
    first, second = send_messages(sayings)
    assert isinstance(first, Sent)
    assert isinstance(second, NotFound)
    assert [one.holder for one in Attachment.objects.all()] == [first.message.pk]
    assert [one.body for one in support.messages.all()] == ["See this."]


def test_where_no_process_can_be_started_it_may_be_tried_again(
    cast: Cast, support: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_many(*args: object, **options: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", too_many)
    response = upload(cast.carol, support, ("a.txt", b"Hello"))
    assert (response.status_code, response.json()["results"][0]["error"]["code"]) == (503, "unavailable")


def test_only_where_it_was_uploaded(cast: Cast, support: Conversation) -> None:
    start = {"kind": "direct", "member": cast.bob.id}
    pair = Api(cast.carol).post("chat/conversations/start/", start).json()
    file = taken(cast.carol, support, "a.txt", b"Hello")
    assert say_with(cast.carol, Conversation.objects.get(pk=pair["id"]), file["id"]).status_code == 404


def test_said_again_it_is_the_same_message(cast: Cast, support: Conversation) -> None:
    file = taken(cast.carol, support, "a.txt", b"Hello")
    body = {"client_id": str(uuid4()), "body": "", "attachments": [file["id"]]}
    path = f"chat/conversations/{support.id}/messages/"
    first, again = Api(cast.carol).post(path, body), Api(cast.carol).post(path, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}


def test_without_a_text_and_without_a_file_nothing_is_said(cast: Cast, support: Conversation) -> None:
    response = say_with(cast.carol, support)
    assert response.status_code == 400
    assert response.json()["error"]["fields"] == {"body": ["This field may not be blank."]}


def test_a_search_for_files(cast: Cast, support: Conversation) -> None:
    say_with(cast.carol, support, body="Only words")
    said = say_with(cast.carol, support, taken(cast.carol, support, "a.txt", b"Hello")["id"])
    found = Api(cast.bob).get("chat/messages/?has=file").json()["results"]
    assert [one["message"]["id"] for one in found] == [said.json()["id"]]


# --- its end --------------------------------------------------------------------------------------------------------


def test_carol_takes_it_out_again(cast: Cast, support: Conversation, published: Published) -> None:
    file = taken(cast.carol, support, "a.txt", b"Hello")
    said = say_with(cast.carol, support, file["id"], body="See this.").json()
    published()
    assert Api(cast.carol).delete(f"chat/attachments/{file['id']}/").status_code == 204
    [(event, _)] = published()
    frame = event.frame()
    assert (frame["event"], frame["message"]["attachments"]) == ("attachment", [])
    assert frame["message"]["version"] > said["version"]
    assert Api(cast.carol).get(f"chat/download/{file['id']}/").status_code == 404
    assert Api(cast.carol).delete(f"chat/attachments/{file['id']}/").status_code == 404


def test_somebody_elses_goes_by_whoever_may_delete_the_message(cast: Cast, support: Conversation) -> None:
    file = taken(cast.carol, support, "a.txt", b"Hello")
    say_with(cast.carol, support, file["id"])
    path = f"chat/attachments/{file['id']}/"
    assert Api(cast.mallory).delete(path).status_code == 404
    assert Api(cast.bob).delete(path).status_code == 403
    assert Api(cast.marta).delete(path).status_code == 204


def test_a_version_makes_nobody_owner_of_the_document(cast: Cast, support: Conversation) -> None:
    """Bob put Carol's list right while he handled this; now Alice does."""
    first = taken(cast.carol, support, "a.txt", b"Hello")["id"]
    say_with(cast.carol, support, first)
    say_with(cast.bob, support, body="I will look.")
    second = add_version(cast.bob, first, b"Hello, all").json()["results"][0]["id"]
    Conversation.objects.filter(pk=support.pk).update(assignee=cast.alice.member)
    for id in (first, second):
        assert add_version(cast.bob, id, b"Bye").status_code == 403
        assert Api(cast.bob).delete(f"chat/attachments/{id}/").status_code == 403
    assert add_version(cast.carol, second, b"Hello, you").status_code == 201
    assert Api(cast.alice).delete(f"chat/attachments/{second}/").status_code == 204
    assert AuditEntry.objects.filter(verb="attachment.deleted", actor=cast.alice.member).count() == 1


def test_a_newer_version_that_waits_is_told_of_where_the_old_one_is(
    cast: Cast, support: Conversation
) -> None:
    first = taken(cast.carol, support, "a.txt", b"Hello")["id"]
    message = say_with(cast.carol, support, first).json()["id"]

    def waiting() -> list[int | None]:
        [said] = Api(cast.carol).get(f"chat/messages/{message}/").json()["attachments"]
        [listed] = Api(cast.bob).get(f"chat/files/{support.id}/").json()["results"]
        assert said["version"] == listed["version"]
        return [said["version"], said["waiting"], listed["waiting"]]

    assert waiting() == [1, None, None]
    UploadPolicy.objects.create(organisation=cast.hotel, approval="clients", auto_approve=[])
    second, third = (add_version(cast.carol, first, b"Bye").json()["results"][0]["id"] for _ in range(2))
    assert waiting() == [1, 3, 3]
    for id, told in ((second, [2, 3, 3]), (third, [3, None, None])):
        Api(cast.bob).call("put", f"chat/attachments/{id}/approve/", {"decision": "approve"})
        assert waiting() == told


def add_version(person: Person, id: str, content: bytes) -> Any:
    files = {"files": [SimpleUploadedFile("a.txt", content)]}
    return Api(person).client.post(f"/api/v1/chat/attachments/{id}/versions/", files)


def test_a_token_that_only_reads_deletes_nothing(cast: Cast, support: Conversation) -> None:
    """Neither what was said, nor what nobody has said yet."""
    said, unsaid = (taken(cast.bob, support, "a.txt", b"Hello")["id"] for _ in range(2))
    say_with(cast.bob, support, said)
    reader = make_token(cast.bob.member, kind=TokenKind.API, scopes=frozenset({Scope.READ})).secret
    client = Client(headers={"Authorization": f"Bearer {reader}"})
    for id in (said, unsaid):
        assert client.delete(f"/api/v1/chat/attachments/{id}/").status_code == 403
    assert not Attachment.objects.exclude(deleted_at=None).exists()


@pytest.mark.parametrize("by", ["delete", "erase"])
def test_what_was_said_with_a_deleted_message_is_nobodys(cast: Cast, support: Conversation, by: str) -> None:
    file = taken(cast.carol, support, "a.txt", b"Hello")
    message_id = UUID(say_with(cast.carol, support, file["id"]).json()["id"])
    if by == "delete":
        delete_message(cast.carol.actor, message_id=message_id)
    else:
        erase_message(cast.marta.actor, message_id=message_id)
    for person in (cast.carol, cast.bob, cast.alice):
        assert Api(person).get(f"chat/download/{file['id']}/").status_code == 404
        assert Api(person).get(f"chat/files/{support.id}/").json()["results"] == []
