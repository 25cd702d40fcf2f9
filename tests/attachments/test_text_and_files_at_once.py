"""A program of Bob's sends a text and its files in one form: all of it is said, or nothing is."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from attachments.actions import purge_files
from attachments.models import Attachment, FileCount, FileState, StorageUse, UploadPolicy
from attachments.tasks import KEPT
from messaging.actions import enclosing
from messaging.models import Conversation, Message, Participant
from tests.attachments.sharing import picture, taken
from tests.cast import Cast, Person
from tests.conftest import Api, Published

PATH = "/api/v1/chat/messages/"
GOOD, RUNS, EMPTY = ("a.txt", b"Good."), ("b.exe", b"MZ"), ("c.txt", b"")


def send(
    person: Person, conversation: Conversation, *files: tuple[str, bytes], by: str = "files", **fields: Any
) -> Any:
    attached = {by: [SimpleUploadedFile(name, content) for name, content in files]} if files else {}
    return Api(person).client.post(PATH, {"channel": str(conversation.id), **fields, **attached})


def unclaimed() -> int:
    return Attachment.objects.filter(holder=None, deleted_at=None).count()


def test_both_are_said_at_once(cast: Cast, support: Conversation, published: Published) -> None:
    original = send(cast.carol, support, message="The lift is stuck").json()
    published()
    response = send(
        cast.carol,
        support,
        ("plan.txt", b"The plan"),
        ("lift.jpg", picture()),
        message="See these, @Carol",
        client_id=str(uuid4()),
        reply_to=original["id"],
        link_url="https://hotel.example/lift",
        mentions=[cast.carol.id, cast.bob.id],
    )
    assert response.status_code == 201, response.content
    said = response.json()
    assert (said["body"], said["seq"], said["link_url"]) == (
        "See these, @Carol",
        2,
        "https://hotel.example/lift",
    )
    assert said["reply_to"]["id"] == original["id"]
    assert [one["name"] for one in said["attachments"]] == ["plan.txt", "lift.jpg"]
    assert [(event.type, event.frame()["event"]) for event, _ in published()] == [("message", "created")]
    path = f"chat/download/{said['attachments'][0]['id']}/"
    assert Api(cast.bob).get(path).status_code == 200
    counted = FileCount.objects.values_list("what", "key", "number")
    assert set(counted) == {("taken", "text", 1), ("taken", "image", 1)}


def test_files_speak_for_themselves(cast: Cast, support: Conversation) -> None:
    assert send(cast.carol, support, GOOD).json()["body"] == ""
    assert send(cast.carol, support, GOOD, message="").status_code == 201
    response = send(cast.carol, support, message="")
    assert response.json()["error"]["fields"] == {"message": ["This field may not be blank."]}


def test_beside_what_was_uploaded_before(cast: Cast, support: Conversation) -> None:
    before = taken(cast.carol, support, "before.txt", b"Before")["id"]
    said = send(cast.carol, support, GOOD, attachments=[before]).json()
    assert [one["name"] for one in said["attachments"]] == ["before.txt", "a.txt"]


def test_one_is_refused_so_nothing_is_said(cast: Cast, support: Conversation, published: Published) -> None:
    response = send(cast.carol, support, GOOD, RUNS, EMPTY, message="See these")
    assert response.status_code == 415
    type_not_allowed = {"code": "type_not_allowed", "message": "Files of this type are not taken here."}
    assert response.json() == {
        "error": {
            **type_not_allowed,
            "files": [
                {"name": "b.exe", "error": type_not_allowed},
                {"name": "c.txt", "error": {"code": "empty", "message": "This file is empty."}},
            ],
        }
    }
    assert not Message.objects.exists()
    assert not published()
    assert unclaimed() == 0
    purge_files(quarantined_for=KEPT)
    assert StorageUse.objects.get(space=None).bytes == 0, "the one that was taken fills no quota"
    assert send(cast.carol, support, GOOD, message="See this").status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"is_enabled": False}, 403, "forbidden"),
        ({"max_bytes": 3}, 413, "too_large"),
        ({"quota": 7}, 413, "too_large"),
        ({"extensions": ["png"]}, 415, "type_not_allowed"),
    ],
)
def test_as_any_upload(
    cast: Cast, support: Conversation, change: dict[str, object], status: int, code: str
) -> None:
    UploadPolicy.objects.create(organisation=cast.hotel, **change)
    response = send(cast.carol, support, GOOD, ("b.txt", b"Good."))
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert unclaimed() == 0


def test_said_again_it_is_the_same_message(cast: Cast, support: Conversation) -> None:
    """The answer was lost, and nobody looks at the files once more."""
    once = {"message": "See this", "client_id": str(uuid4())}
    first, again = (send(cast.carol, support, GOOD, **once) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}
    assert Attachment.objects.count() == 1


def test_of_the_same_twice_at_once_one_is_said(
    cast: Cast, support: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both asked before either was said; the other's files go again."""
    once = {"message": "See this", "client_id": str(uuid4())}
    first = send(cast.carol, support, GOOD, **once)
    monkeypatch.setattr(enclosing, "sent_before", lambda *_: None)
    again = send(cast.carol, support, GOOD, **once)
    assert (again.status_code, again.json()) == (200, {**first.json(), "duplicate": True})
    assert (Attachment.objects.count(), unclaimed()) == (2, 0)


def test_what_names_anothers_file_leaves_nothing(cast: Cast, support: Conversation) -> None:
    foreign = taken(cast.carol, support, "a.txt", b"Mine")["id"]
    assert send(cast.bob, support, GOOD, attachments=[foreign]).status_code == 404
    assert send(cast.bob, support, GOOD, reply_to=str(uuid4())).status_code == 404
    assert not Message.objects.exists()
    [left] = Attachment.objects.all()
    assert str(left.pk) == foreign


def test_what_waits_for_a_person_is_said_as_waiting(cast: Cast, support: Conversation) -> None:
    UploadPolicy.objects.create(organisation=cast.hotel, approval="clients", auto_approve=["image/*"])
    said = send(cast.carol, support, GOOD, ("a.jpg", picture())).json()
    assert [one["state"] for one in said["attachments"]] == [FileState.PENDING, FileState.APPROVED]


def test_what_is_wrong_with_the_form(cast: Cast, support: Conversation) -> None:
    def fields(response: Any) -> dict[str, list[str]]:
        assert response.status_code == 400, response.content
        named: dict[str, list[str]] = response.json()["error"]["fields"]
        return named

    assert fields(send(cast.carol, support, GOOD, by="file")) == {"file": ["Send files as `files`."]}
    assert set(fields(send(cast.carol, support, GOOD, message="x" * 5001))) == {"message"}
    assert set(fields(send(cast.carol, support, GOOD, client_id="x"))) == {"client_id"}
    ids = [str(uuid4()) for _ in range(20)]
    assert fields(send(cast.carol, support, GOOD, attachments=ids)) == {
        "files": ["A message has at most 20."]
    }
    assert send(cast.carol, support, *[GOOD] * 21).status_code == 400
    assert not Attachment.objects.exists()
    cut_off = Api(cast.carol).client.post(PATH, b"--x", content_type="multipart/form-data; boundary=y")
    assert cut_off.status_code == 400


def test_who_is_turned_away(cast: Cast, support: Conversation) -> None:
    for person in (cast.mallory, cast.dana, cast.vera):
        assert send(person, support, GOOD).status_code == 404
    Participant.objects.create(conversation=support, member=cast.vera.member)
    assert send(cast.vera, support, GOOD).status_code == 403
    assert Api().client.post(PATH, {"files": SimpleUploadedFile(*GOOD)}).status_code == 401
    assert not Attachment.objects.exists()


def test_files_and_sends_are_counted(cast: Cast, support: Conversation) -> None:
    for _ in range(3):
        assert send(cast.carol, support, *[RUNS] * 20).status_code == 415
    response = send(cast.carol, support, GOOD)
    assert (response.status_code, response.json()["error"]["code"]) == (429, "rate_limited")
    assert int(response["Retry-After"]) > 0
    assert send(cast.carol, support, message="Words go on").status_code == 201
