"""Files of a request: read by whoever may see it, looked at first where the policy says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import ANY
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry, SpaceAccess, SpaceRole
from attachments.models import Approval, Attachment, FileAccess, StorageUse, UploadPolicy
from common.clock import iso, now
from messaging.queries import MAX_FILES
from portal.models import ClientRequest, RequestStatus
from tests.cast import Cast, Person
from tests.clients import Client
from tests.conftest import Api, Published
from tests.portal.asked import asked, bring, enclosed, file_with

PLAN = ("plan.csv", b"room,colour\n101,red\n")
NOTE = ("note.txt", b"Hello")
HIDDEN = dict.fromkeys(("name", "kind", "mime", "size", "width", "height", "pages", "seconds"))


@pytest.fixture
def request_of_carol(cast: Cast) -> ClientRequest:
    return asked(cast.carol, cast.room)


@pytest.fixture
def policy(cast: Cast) -> UploadPolicy:
    """The room's: what its clients bring is looked at first."""
    return UploadPolicy.objects.create(
        organisation=cast.hotel, space=cast.room, approval=Approval.CLIENTS, quota=10_000
    )


def brought(person: Person, request: ClientRequest, file: tuple[str, bytes] = NOTE) -> Any:
    answer = bring(person, request.pk, file)
    assert answer.status_code == 201, answer.content
    [told] = answer.json()["results"]
    return told


def request_seen_by(person: Person, request: ClientRequest) -> Any:
    return Api(person).get(f"client-requests/{request.pk}/").json()


def download(person: Person, id: str) -> int:
    status: int = Api(person).get(f"chat/download/{id}/").status_code
    return status


def decide(person: Person, id: str, decision: str) -> Any:
    body = {"decision": decision, "reason": "As agreed."}
    return Api(person).call("put", f"chat/attachments/{id}/approve/", body)


def test_carol_brings_two(cast: Cast, request_of_carol: ClientRequest, published: Published) -> None:
    request = request_of_carol
    answer = bring(cast.carol, request.pk, NOTE, ("page.exe", b"MZ"), ("more.txt", b"More"))
    assert answer.status_code == 201
    first, refused, second = answer.json()["results"]
    assert (refused["name"], refused["error"]["code"]) == ("page.exe", "type_not_allowed")
    assert first == {
        "id": ANY,
        "state": "approved",
        "held_for": "",
        "reason": "",
        "name": "note.txt",
        "kind": "text",
        "mime": "text/plain",
        "size": 5,
        "width": None,
        "height": None,
        "pages": None,
        "seconds": None,
        "thumbnails": [],
        "version": 1,
        "waiting": None,
        "uploader": cast.carol.id,
        "created_at": ANY,
    }
    (frame, audience), (last, _) = [(event.frame(), who) for event, who in published()]
    assert (frame["type"], frame["event"], frame["request"]["files"]) == ("request", "file", [first])
    assert {str(one) for one in audience} == {
        one.id for one in (cast.alice, cast.marta, cast.bob, cast.carol, cast.vera)
    }
    assert last["request"] == request_seen_by(cast.vera, request)
    assert (last["request"]["files"], last["request"]["version"]) == ([first, second], 3)
    kept = file_with(first["id"])
    assert (kept.space_id, kept.place, kept.holder, kept.place_kind, kept.holder_kind) == (
        *(cast.room.pk, request.pk, request.pk),
        *("request", "request"),
    )
    for person in (cast.carol, cast.vera, cast.bob, cast.marta):
        assert download(person, first["id"]) == 200
    for person in (cast.dana, cast.robo, cast.oscar, cast.paula):
        assert download(person, first["id"]) == 404


def test_bob_adds_one(cast: Cast, request_of_carol: ClientRequest) -> None:
    file = brought(cast.bob, request_of_carol)
    assert [one["id"] for one in request_seen_by(cast.carol, request_of_carol)["files"]] == [file["id"]]


def test_who_brings_none(cast: Cast, request_of_carol: ClientRequest) -> None:
    statuses = {
        name: bring(getattr(cast, name), request_of_carol.pk, NOTE).status_code
        for name in ("vera", "dana", "robo", "oscar", "paula")
    }
    assert statuses == {"vera": 403, "dana": 404, "robo": 404, "oscar": 404, "paula": 404}
    other = asked(cast.bob, cast.room)
    assert bring(cast.carol, other.pk, NOTE).status_code == 403
    assert bring(cast.carol, uuid4(), NOTE).status_code == 404
    assert bring(cast.carol, "", NOTE).status_code == 400
    assert bring(cast.carol, request_of_carol.pk).json()["error"]["fields"] == {
        "files": ["Send at least one file."]
    }
    assert not Attachment.objects.exists()


def test_what_is_settled_takes_no_more(cast: Cast) -> None:
    request = asked(cast.carol, cast.room, status=RequestStatus.WITHDRAWN)
    answer = bring(cast.carol, request.pk, NOTE)
    assert answer.status_code == 409
    error = answer.json()["results"][0]["error"]
    assert (error["code"], error["current"]) == ("conflict", request_seen_by(cast.carol, request))


def test_there_is_a_most(cast: Cast, request_of_carol: ClientRequest, published: Published) -> None:
    for number in range(MAX_FILES):
        enclosed(cast.carol, request_of_carol, f"No. {number}", position=number)
    answer = bring(cast.carol, request_of_carol.pk, NOTE)
    assert answer.status_code == 400
    assert answer.json()["results"][0]["error"]["fields"] == {"files": ["A request has at most 20."]}
    assert published() == []
    assert len(request_seen_by(cast.bob, request_of_carol)["files"]) == MAX_FILES


def test_the_policy_of_the_space_counts(
    cast: Cast, request_of_carol: ClientRequest, policy: UploadPolicy
) -> None:
    brought(cast.carol, request_of_carol)
    assert StorageUse.objects.get(space=cast.room).bytes == 5
    UploadPolicy.objects.update(max_bytes=4)
    assert bring(cast.carol, request_of_carol.pk, NOTE).status_code == 413
    UploadPolicy.objects.update(max_bytes=100, quota=6)
    assert bring(cast.carol, request_of_carol.pk, NOTE).status_code == 413
    UploadPolicy.objects.update(is_enabled=False)
    assert bring(cast.carol, request_of_carol.pk, NOTE).status_code == 403


# --- what somebody looks at first -----------------------------------------------------------------------------------


def test_a_held_file_is_approved(
    cast: Cast, request_of_carol: ClientRequest, policy: UploadPolicy, published: Published
) -> None:
    request = request_of_carol
    file = brought(cast.carol, request, PLAN)
    assert (file["state"], file["name"]) == ("pending", "plan.csv")
    hidden = {**file, **HIDDEN, "held_for": "", "thumbnails": []}
    assert request_seen_by(cast.vera, request)["files"] == [hidden]
    (changed, everybody), (told, few) = published()
    assert changed.frame()["request"]["files"] == [hidden]
    whole = {
        **file,
        "by": {"id": cast.carol.id, "name": "Carol", "role": "client"},
        "conversation": None,
        "message": None,
        "request": str(request.pk),
        "category": "client",
        "tags": [],
        "reviewer": None,
        "reviewed_at": None,
        "metadata": {},
    }
    assert told.frame() == {"type": "file", "file": whole}
    reviewers = {cast.bob.member.id, cast.marta.member.id, cast.alice.member.id}
    assert few == reviewers | {cast.carol.member.id} <= everybody
    for reviewer in (cast.bob, cast.marta, cast.alice):
        [waiting] = Api(reviewer).get("chat/attachments/pending/").json()["results"]
        assert {**waiting, "metadata": {}} == whole
    assert Api(cast.oscar).get("chat/attachments/pending/").json()["results"] == []
    assert (download(cast.vera, file["id"]), download(cast.carol, file["id"])) == (404, 200)

    assert decide(cast.carol, file["id"], "approve").status_code == 403
    assert decide(cast.oscar, file["id"], "approve").status_code == 404
    answer = decide(cast.marta, file["id"], "approve")
    assert (answer.status_code, answer.json()["state"], answer.json()["request"]) == (
        *(200, "approved"),
        str(request.pk),
    )
    (changed, everybody), (told, few) = published()[:2]
    frame = changed.frame()
    assert (frame["type"], frame["event"], frame["request"]["version"]) == ("request", "file", 3)
    assert frame["request"]["files"] == [
        {**file, "state": "approved", "held_for": "", "reason": "As agreed."}
    ]
    assert cast.vera.member.id in everybody
    assert told.frame()["file"]["state"] == "approved"
    assert few == reviewers | {cast.carol.member.id}
    assert Api(cast.bob).get("chat/attachments/pending/").json()["results"] == []
    assert download(cast.vera, file["id"]) == 200
    assert AuditEntry.objects.filter(verb="attachment.approved", actor=cast.marta.member).count() == 1


def test_a_held_file_is_rejected_after_the_request_was_decided(
    cast: Cast, request_of_carol: ClientRequest, policy: UploadPolicy
) -> None:
    file = brought(cast.carol, request_of_carol, PLAN)
    assert Api(cast.marta).post(f"client-requests/{request_of_carol.pk}/approve/").status_code == 200
    assert decide(cast.bob, file["id"], "reject").status_code == 200
    seen = request_seen_by(cast.carol, request_of_carol)
    assert (seen["status"], [one["state"] for one in seen["files"]], seen["version"]) == (
        *("approved", ["rejected"]),
        4,
    )
    assert download(cast.carol, file["id"]) == 404


# --- all else that is done with files -------------------------------------------------------------------------------


def test_carol_takes_hers_out(cast: Cast, request_of_carol: ClientRequest, published: Published) -> None:
    file, other = brought(cast.carol, request_of_carol), brought(cast.bob, request_of_carol)
    published()
    assert Api(cast.carol).delete(f"chat/attachments/{other['id']}/").status_code == 403
    assert Api(cast.paula).delete(f"chat/attachments/{file['id']}/").status_code == 404
    assert Api(cast.vera).delete(f"chat/attachments/{file['id']}/").status_code == 403
    assert published() == []
    assert Api(cast.carol).delete(f"chat/attachments/{file['id']}/").status_code == 204
    ((event, _),) = published()
    frame = event.frame()
    assert (frame["event"], frame["request"]["files"]) == ("file", [other])
    assert download(cast.bob, file["id"]) == 404


def test_whoever_may_only_look_by_now_takes_nothing_out(
    cast: Cast, request_of_carol: ClientRequest, published: Published
) -> None:
    file = brought(cast.carol, request_of_carol)
    SpaceAccess.objects.filter(member=cast.carol.member).update(role=SpaceRole.VIEWER)
    published()
    assert Api(cast.carol).delete(f"chat/attachments/{file['id']}/").status_code == 403
    assert published() == []
    assert request_seen_by(cast.carol, request_of_carol)["files"] == [file]
    SpaceAccess.objects.filter(member=cast.carol.member).delete()
    assert Api(cast.carol).delete(f"chat/attachments/{file['id']}/").status_code == 404
    assert request_seen_by(cast.bob, request_of_carol)["files"] == [file]


def test_what_was_decided_on_keeps_its_files_but_from_managers(
    cast: Cast, request_of_carol: ClientRequest
) -> None:
    file = brought(cast.carol, request_of_carol)
    Api(cast.marta).post(f"client-requests/{request_of_carol.pk}/reject/")
    kept = Api(cast.carol).delete(f"chat/attachments/{file['id']}/")
    assert (kept.status_code, kept.json()["error"]["current"]["status"]) == (409, "rejected")
    assert Api(cast.bob).delete(f"chat/attachments/{file['id']}/").status_code == 403
    assert Api(cast.marta).delete(f"chat/attachments/{file['id']}/").status_code == 204
    assert request_seen_by(cast.carol, request_of_carol)["files"] == []
    (trace,) = AuditEntry.objects.filter(verb="attachment.deleted")
    assert (trace.actor, trace.data) == (cast.marta.member, {"request": str(request_of_carol.pk)})


def test_a_held_one_is_taken_out(cast: Cast, request_of_carol: ClientRequest, policy: UploadPolicy) -> None:
    file = brought(cast.carol, request_of_carol, PLAN)
    assert Api(cast.carol).delete(f"chat/attachments/{file['id']}/").status_code == 204
    assert Api(cast.bob).get("chat/attachments/pending/").json()["results"] == []
    assert decide(cast.marta, file["id"], "approve").status_code == 404


def test_bob_shares_one_by_link(cast: Cast, request_of_carol: ClientRequest) -> None:
    file = brought(cast.carol, request_of_carol)
    links = f"chat/attachments/{file['id']}/share_links/"
    assert Api(cast.carol).post(links, {"expires_at": iso(now() + timedelta(days=1))}).status_code == 403
    made = Api(cast.bob).post(links, {"expires_at": iso(now() + timedelta(days=1))})
    assert made.status_code == 201
    path = "/s/" + made.json()["url"].split("/s/")[1]
    assert Client().get(path).status_code == 200
    used = Client().post(path)
    assert used.status_code == 303
    assert Client().get(used["Location"]).getvalue() == b"Hello"

    assert download(cast.carol, file["id"]) == 200
    log = Api(cast.bob).get(f"chat/attachments/{file['id']}/access_log/").json()["results"]
    assert [(one["member"] and one["member"]["name"], one["mode"]) for one in log] == [
        ("Carol", "download"),
        (None, "download"),
    ]
    assert FileAccess.objects.count() == 2
    ClientRequest.objects.all().delete()
    assert Client().get(path).status_code == 404
    assert download(cast.bob, file["id"]) == 404


def test_what_else_is_asked_of_it(cast: Cast, request_of_carol: ClientRequest) -> None:
    file = brought(cast.carol, request_of_carol)
    one = f"chat/attachments/{file['id']}/"
    told = Api(cast.carol).get(one).json()
    assert (told["conversation"], told["message"], told["request"]) == (None, None, str(request_of_carol.pk))
    assert Api(cast.carol).get(f"{one}text/").json() == {"text": "Hello"}
    [version] = Api(cast.carol).get(f"{one}versions/").json()["results"]
    assert version["id"] == file["id"]
    another = Client(headers=cast.carol.bearer).post(
        f"/api/v1/{one}versions/", {"files": [SimpleUploadedFile(*NOTE)]}
    )
    assert another.status_code == 403
    assert Api(cast.bob).patch(f"{one}organise/", {"tags": ["plans"]}).json()["tags"] == ["plans"]
    figures = Api(cast.marta).get("chat/file-figures/").json()
    assert (figures["storage"]["bytes"], figures["storage"]["conversations"]) == (5, [])
