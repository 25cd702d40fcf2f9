"""How many files of one member may be on their way: told to the client, and held to."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from attachments.models import Attachment, UploadPolicy
from messaging.api.files import uploading
from messaging.models import Conversation
from tests.attachments.sharing import say_with, taken, upload
from tests.cast import Cast
from tests.conftest import Api


def on_their_way(actor: Actor, number: int) -> ExitStack:
    """As many requests, each in a thread of its own."""
    held = ExitStack()
    for _ in range(number):
        held.enter_context(uploading(actor, None))
    return held


def test_the_client_is_told(cast: Cast, support: Conversation) -> None:
    path = f"chat/upload/{support.id}/"
    assert Api(cast.carol).get(path).json() == {
        "is_enabled": True,
        "max_bytes": 10 * 1024 * 1024,
        "max_bytes_by_kind": {},
        "extensions": [],
        "uploads_at_once": 3,
    }
    UploadPolicy.objects.create(organisation=cast.hotel, uploads_at_once=1, extensions=["png"])
    told = Api(cast.carol).get(path).json()
    assert (told["uploads_at_once"], told["extensions"]) == (1, ["png"])
    for person in (cast.mallory, cast.dana):
        assert Api(person).get(path).status_code == 404


def test_one_more_waits(cast: Cast, support: Conversation) -> None:
    said = taken(cast.carol, support, "a.txt", b"Hello")["id"]
    say_with(cast.carol, support, said)
    Attachment.objects.exclude(pk=said).delete()

    def files() -> dict[str, Any]:
        return {"files": SimpleUploadedFile("a.txt", b"Hello")}

    def tried() -> list[Any]:
        return [
            upload(cast.carol, support, ("a.txt", b"Hello")),
            Api(cast.carol).client.post("/api/v1/chat/messages/", {"channel": str(support.id), **files()}),
            Api(cast.carol).client.post(f"/api/v1/chat/attachments/{said}/versions/", files()),
        ]

    with on_their_way(cast.carol.actor, 3):
        for refused in tried():
            assert (refused.status_code, refused.json()["error"]["code"]) == (429, "rate_limited")
            assert refused["Retry-After"] == "1"
        assert upload(cast.bob, support, ("a.txt", b"Hello")).status_code == 201
        assert Attachment.objects.filter(uploader=cast.carol.member).count() == 1
    assert [one.status_code for one in tried()] == [201, 201, 201]


def test_a_space_has_its_own(cast: Cast, support: Conversation) -> None:
    UploadPolicy.objects.create(organisation=cast.hotel, uploads_at_once=1)
    with on_their_way(cast.carol.actor, 1):
        assert upload(cast.carol, support, ("a.txt", b"Hello")).status_code == 429
    UploadPolicy.objects.create(organisation=cast.hotel, space=cast.room, uploads_at_once=2)
    Conversation.objects.update(space=cast.room)
    with on_their_way(cast.carol.actor, 1):
        assert upload(cast.carol, support, ("a.txt", b"Hello")).status_code == 201
