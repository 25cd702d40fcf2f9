"""The hotel looks at what its guests send before others see it: Carol shares, Bob decides."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, Space
from attachments.deciding import state_of
from attachments.models import Approval, Attachment, FileState, Scan, UploadPolicy
from common.clock import now
from delivery.actions import add_webhook
from messaging.actions import delete_message
from messaging.models import Conversation, Message
from tests.attachments.sharing import picture, say_with, taken, upload
from tests.cast import Cast, Person
from tests.conftest import Api, Published, RunTasks
from tests.hosts import Host

WORDS = b"The plan of the stairs."


@pytest.fixture
def policy(cast: Cast) -> UploadPolicy:
    """Texts pass without a look; tables do not."""
    return UploadPolicy.objects.create(organisation=cast.hotel, approval=Approval.CLIENTS)


def held(person: Person, conversation: Conversation, name: str = "plan.csv") -> Any:
    file = taken(person, conversation, name, WORDS)
    say_with(person, conversation, file["id"])
    return file


def decide(person: Person, id: str, decision: str, reason: str = "") -> Any:
    return Api(person).call(
        "put", f"chat/attachments/{id}/approve/", {"decision": decision, "reason": reason}
    )


def test_carol_shares_and_bob_approves(
    cast: Cast, support: Conversation, policy: UploadPolicy, published: Published
) -> None:
    file = taken(cast.carol, support, "plan.csv", WORDS)
    assert (file["state"], file["held_for"], file["name"]) == ("pending", "review", "plan.csv")
    published()
    said = say_with(cast.carol, support, file["id"]).json()
    hidden = {
        "id": file["id"],
        "state": "pending",
        "held_for": "",
        "reason": "",
        "name": None,
        "kind": None,
        "mime": None,
        "size": None,
        "width": None,
        "height": None,
        "pages": None,
        "seconds": None,
        "thumbnails": [],
        "version": 1,
        "waiting": None,
        "uploader": cast.carol.id,
        "created_at": file["created_at"],
    }
    assert said["attachments"] == [hidden]
    (message, everybody), (told, few) = published()
    assert message.frame()["message"]["attachments"] == [hidden]
    whole = {
        **file,
        "by": {"id": cast.carol.id, "name": "Carol", "role": "client"},
        "conversation": str(support.id),
        "message": said["id"],
        "request": None,
        "category": "client",
        "tags": [],
        "reviewer": None,
        "reviewed_at": None,
        "metadata": {},
    }
    assert told.frame() == {"type": "file", "file": whole}
    reviewers = {cast.carol.member.id, cast.bob.member.id, cast.marta.member.id, cast.alice.member.id}
    assert few == reviewers <= everybody | {cast.marta.member.id, cast.alice.member.id}

    [waiting] = Api(cast.bob).get("chat/attachments/pending/").json()["results"]
    assert {**waiting, "metadata": {}} == whole
    answer = decide(cast.bob, file["id"], "approve")
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["reviewer"]) == ("approved", cast.bob.id)
    (message, _), (told, _), *_ = published()
    assert message.frame()["event"] == "attachment"
    assert message.frame()["message"]["attachments"] == [{**file, "state": "approved", "held_for": ""}]
    assert told.frame()["file"]["state"] == "approved"
    assert Api(cast.bob).get("chat/attachments/pending/").json()["results"] == []
    assert AuditEntry.objects.filter(verb="attachment.approved", actor=cast.bob.member).count() == 1


def test_a_rejection_says_why(
    cast: Cast, support: Conversation, policy: UploadPolicy, published: Published
) -> None:
    file = held(cast.carol, support)
    missing = decide(cast.bob, file["id"], "reject")
    assert missing.status_code == 400
    assert missing.json()["error"]["fields"] == {"reason": ["Say why."]}
    published()
    assert decide(cast.bob, file["id"], "reject", "This is an old plan.").json()["state"] == "rejected"
    (message, _), (told, _), (notice, whom) = published()
    assert (notice.frame()["type"], whom) == ("notification", frozenset([cast.carol.member.id]))
    [seen] = message.frame()["message"]["attachments"]
    assert (seen["state"], seen["name"], seen["reason"]) == ("rejected", None, "")
    assert told.frame()["file"]["reason"] == "This is an old plan."
    own = Api(cast.carol).get(f"chat/attachments/{file['id']}/").json()
    assert (own["name"], own["reason"]) == ("plan.csv", "This is an old plan.")
    for person in (cast.carol, cast.bob, cast.alice):
        assert Api(person).get(f"chat/download/{file['id']}/").status_code == 404


def test_carol_is_told_and_so_is_the_host(
    cast: Cast, support: Conversation, policy: UploadPolicy, host: Host, run_tasks: RunTasks
) -> None:
    """As long as her message stands."""
    add_webhook(cast.alice.actor, url=host.url(), events=["file.*"])
    first, second = held(cast.carol, support), held(cast.carol, support)
    decide(cast.bob, first["id"], "reject", "This is an old plan.")
    decide(cast.bob, second["id"], "approve")
    run_tasks()
    bodies = [json.loads(one.body) for one in host.heard]
    assert [one["event"] for one in bodies] == ["file.rejected", "file.approved"]
    assert bodies[0]["data"]["file"]["name"] == "plan.csv"
    assert bodies[0]["data"]["file"]["reason"] == "This is an old plan."

    told = Api(cast.carol).get("notifications/").json()["results"]
    assert [(one["kind"], one["actor"]["name"], one["data"]) for one in told] == [
        ("file_decision", "Bob", {"file": second["id"], "state": "approved"}),
        ("file_decision", "Bob", {"file": first["id"], "state": "rejected"}),
    ]
    for message in Message.objects.filter(is_adorned=True):
        delete_message(cast.carol.actor, message_id=message.pk)
    assert Api(cast.carol).get("notifications/").json()["results"] == []


def test_who_has_left_hears_nothing_more(
    cast: Cast, support: Conversation, policy: UploadPolicy, published: Published
) -> None:
    file = held(cast.carol, support)
    support.participants.filter(member=cast.carol.member).update(left_at=now())
    published()
    assert decide(cast.bob, file["id"], "approve").status_code == 200
    assert [cast.carol.member.id in audience for _, audience in published()] == [False, False]


def test_what_was_decided_stays(cast: Cast, support: Conversation, policy: UploadPolicy) -> None:
    file = held(cast.carol, support)
    assert decide(cast.bob, file["id"], "approve").status_code == 200
    assert decide(cast.marta, file["id"], "approve").status_code == 200, "said again"
    late = decide(cast.marta, file["id"], "reject", "No.")
    assert late.status_code == 409
    assert late.json()["error"]["current"]["state"] == "approved"
    assert AuditEntry.objects.filter(verb__startswith="attachment.").count() == 1


def test_who_does_not_decide(cast: Cast, support: Conversation, policy: UploadPolicy) -> None:
    file = held(cast.carol, support)
    assert decide(cast.carol, file["id"], "approve").status_code == 403
    for person in (cast.mallory, cast.dana, cast.vera):
        assert decide(person, file["id"], "approve").status_code == 404
    assert Api(cast.carol).get("chat/attachments/pending/").status_code == 403
    assert Attachment.objects.get(pk=file["id"]).state == FileState.PENDING


@pytest.mark.parametrize("is_allowed", [False, True])
def test_bobs_own(cast: Cast, support: Conversation, policy: UploadPolicy, is_allowed: bool) -> None:
    UploadPolicy.objects.update(approval=Approval.EVERYONE, may_review_own=is_allowed)
    file = held(cast.bob, support)
    assert decide(cast.bob, file["id"], "approve").status_code == (200 if is_allowed else 403)
    assert decide(cast.marta, held(cast.marta, support)["id"], "approve").status_code == 200, "managers do"
    assert cast.bob.member.user
    client = Client()
    client.force_login(cast.bob.member.user)
    # The page offers what the policy lets him do.
    assert client.get("/chat/files/").context["boot"]["own_reviews"] == {"": is_allowed}


def test_several_at_once(cast: Cast, support: Conversation, policy: UploadPolicy) -> None:
    first, second = held(cast.carol, support)["id"], held(cast.carol, support)["id"]
    decide(cast.bob, second, "approve")
    body = {"ids": [first, second], "decision": "reject", "reason": "Old."}
    one, other = Api(cast.bob).post("chat/attachments/review/", body).json()["results"]
    assert (one["id"], one["state"]) == (first, "rejected")
    assert (other["id"], other["error"]["code"]) == (second, "conflict")
    nothing = Api(cast.bob).post("chat/attachments/review/", {**body, "ids": [second]})
    assert nothing.status_code == 409


def test_a_space_has_its_own_policy(cast: Cast, policy: UploadPolicy) -> None:
    """Whoever works on the other room shares without being asked."""
    UploadPolicy.objects.create(organisation=cast.hotel, space=cast.other_room, quota=100)
    own = conversation_in(cast, cast.other_room)
    assert taken(cast.bob, own, "a.csv", b"1,2\n3,4")["state"] == "approved"
    response = upload(cast.bob, own, ("b.csv", b"5,6\n" * 30))
    assert response.status_code == 413, "its own quota is full, the hotel's is not"


def conversation_in(cast: Cast, space: Space) -> Conversation:
    body = {"kind": "channel", "title": "Lifts", "space": str(space.pk)}
    id = Api(cast.bob).post("chat/channels/", {"name": "Lifts", "space": str(space.pk)} | body).json()["id"]
    return Conversation.objects.get(pk=id)


def test_put_in_order(cast: Cast, support: Conversation, policy: UploadPolicy) -> None:
    mine, theirs = held(cast.bob, support)["id"], held(cast.carol, support)["id"]
    listed = Api(cast.bob).get(f"chat/files/{support.id}/?category=portfolio").json()["results"]
    assert [one["id"] for one in listed] == [mine], "whoever is of the staff shows the portfolio"
    path = f"chat/attachments/{theirs}/organise/"
    changed = Api(cast.bob).patch(path, {"category": "portfolio", "tags": ["plans", "plans", "2026"]}).json()
    assert (changed["category"], changed["tags"]) == ("portfolio", ["plans", "2026"])
    assert Api(cast.carol).patch(path, {"tags": []}).status_code == 403
    assert Api(cast.mallory).patch(path, {"tags": []}).status_code == 404


def test_the_list_of_a_conversation(cast: Cast, support: Conversation, policy: UploadPolicy) -> None:
    """Carol's waits: she and the staff see it there, with what stands in it."""
    waiting = held(cast.carol, support)["id"]
    there = held(cast.bob, support, "rooms.txt")["id"]

    def listed(person: Person, **query: str) -> list[str]:
        path = f"chat/files/{support.id}/?" + "&".join(f"{name}={value}" for name, value in query.items())
        return [one["id"] for one in Api(person).get(path).json()["results"]]

    assert listed(cast.carol) == listed(cast.bob) == [there, waiting]
    assert listed(cast.bob, state="pending") == [waiting]
    assert listed(cast.bob, q="stairs") == [there, waiting]
    assert listed(cast.bob, q="rooms") == [there]
    Attachment.objects.filter(pk=waiting).update(uploader=cast.bob.member)
    assert listed(cast.carol) == [there]


def test_a_picture_that_waits_has_no_thumbnail_for_others(
    cast: Cast, support: Conversation, policy: UploadPolicy
) -> None:
    UploadPolicy.objects.update(approval=Approval.EVERYONE, auto_approve=[])
    file = taken(cast.bob, support, "stairs.jpg", picture())
    say_with(cast.bob, support, file["id"])
    path = f"chat/download/{file['id']}/?size=150"
    assert [Api(one).get(path).status_code for one in (cast.bob, cast.alice, cast.carol)] == [200, 200, 404]


DEFAULTS = UploadPolicy()
LISTED = UploadPolicy(
    approval=Approval.EVERYONE, auto_approve=["image/*", "text/plain"], require_approval=["image/gif"]
)
OF_CLIENTS = UploadPolicy(approval=Approval.CLIENTS)


@pytest.mark.parametrize(
    ("policy", "is_from_clients", "mime", "concern", "scan", "state"),
    [
        (DEFAULTS, True, "application/pdf", "", Scan.NONE, FileState.APPROVED),
        (DEFAULTS, True, "application/pdf", "", Scan.CLEAN, FileState.APPROVED),
        (DEFAULTS, False, "application/pdf", "", Scan.WAITING, FileState.PENDING),
        (DEFAULTS, False, "application/pdf", "", Scan.UNSCANNABLE, FileState.PENDING),
        (DEFAULTS, False, "application/pdf", "", Scan.INFECTED, FileState.INFECTED),
        (DEFAULTS, False, "application/pdf", "macros", Scan.NONE, FileState.PENDING),
        (OF_CLIENTS, True, "image/jpeg", "", Scan.NONE, FileState.APPROVED),
        (OF_CLIENTS, True, "image/png", "", Scan.NONE, FileState.APPROVED),
        (OF_CLIENTS, True, "text/plain", "", Scan.NONE, FileState.APPROVED),
        (OF_CLIENTS, True, "application/pdf", "", Scan.NONE, FileState.PENDING),
        (OF_CLIENTS, True, "video/mp4", "", Scan.NONE, FileState.PENDING),
        (OF_CLIENTS, True, "audio/mpeg", "", Scan.NONE, FileState.PENDING),
        (OF_CLIENTS, True, "image/png", "macros", Scan.NONE, FileState.PENDING),
        (OF_CLIENTS, False, "application/pdf", "", Scan.NONE, FileState.APPROVED),
        (OF_CLIENTS, False, "application/pdf", "encrypted", Scan.NONE, FileState.PENDING),
        (LISTED, False, "image/png", "", Scan.NONE, FileState.APPROVED),
        (LISTED, False, "image/gif", "", Scan.NONE, FileState.PENDING),
        (LISTED, False, "audio/mpeg", "", Scan.NONE, FileState.PENDING),
        (LISTED, True, "image/png", "", Scan.WAITING, FileState.PENDING),
    ],
)
def test_what_becomes_of_it(
    policy: UploadPolicy, is_from_clients: bool, mime: str, concern: str, scan: Scan, state: FileState
) -> None:
    found = state_of(policy, is_from_clients=is_from_clients, mime=mime, concern=concern, scan=scan)
    assert found == state
