"""Bob sends a plan to somebody who has no account: a link, for a while, so and so often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, Member, Organisation, Role
from attachments.models import Attachment, FileAccess, FileState, ShareLink
from common.clock import iso, now
from messaging.actions import delete_attachment, delete_message
from messaging.models import Conversation, Message, Participant
from tests.attachments.sharing import picture, say_with, taken
from tests.cast import Cast, Person
from tests.clients import Client
from tests.conftest import Api

WORDS = b"The plan of the stairs."


def said(person: Person, conversation: Conversation, name: str = "plan.txt", content: bytes = WORDS) -> str:
    id: str = taken(person, conversation, name, content)["id"]
    say_with(person, conversation, id)
    return id


def shared(person: Person, id: str, **options: Any) -> Any:
    tomorrow = iso(now() + timedelta(days=1))
    return Api(person).post(f"chat/attachments/{id}/share_links/", {"expires_at": tomorrow, **options})


def path_of(response: Any) -> str:
    assert response.status_code == 201, response.content
    url: str = response.json()["url"]
    return url[url.index("/s/") :]


def used(path: str, **form: str) -> Any:
    """Whoever presses the button, and follows."""
    pressed = Client().post(path, form)
    return Client().get(pressed["Location"]) if pressed.status_code == 303 else pressed


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_stranger_downloads_it(cast: Cast, support: Conversation) -> None:
    id = said(cast.bob, support)
    response = shared(cast.bob, id, max_uses=2)
    assert {**response.json(), "url": "", "id": "", "created_at": "", "expires_at": ""} == {
        "id": "",
        "url": "",
        "mode": "download",
        "has_password": False,
        "expires_at": "",
        "max_uses": 2,
        "uses": 0,
        "creator": cast.bob.id,
        "created_at": "",
    }
    path = path_of(response)
    page = Client().get(path)
    assert page.status_code == 200
    assert "plan.txt" in page.text
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("no-referrer", "private, no-store")
    got = used(path)
    assert content(got) == WORDS
    assert got["Content-Disposition"] == 'attachment; filename="plan.txt"'
    assert "sandbox" in got["Content-Security-Policy"]

    [listed] = Api(cast.bob).get(f"chat/attachments/{id}/share_links/").json()["results"]
    assert (listed["uses"], "url" in listed) == (1, False)
    link = ShareLink.objects.get()
    assert path.split("/")[2] not in str(link.__dict__), "the token is kept nowhere"
    [entry] = Api(cast.bob).get(f"chat/attachments/{id}/access_log/").json()["results"]
    assert {**entry, "at": ""} == {"member": None, "link": str(link.pk), "mode": "download", "at": ""}
    assert AuditEntry.objects.get(verb="attachment.shared").actor == cast.bob.member


def test_what_only_the_staff_read_is_not_shared(cast: Cast, support: Conversation) -> None:
    id = taken(cast.bob, support, "plan.txt", WORDS)["id"]
    note = {"client_id": str(uuid4()), "kind": "note", "body": "", "attachments": [id]}
    assert Api(cast.bob).post(f"chat/conversations/{support.pk}/messages/", note).status_code == 201
    response = shared(cast.bob, id)
    assert response.status_code == 409
    assert response.json() == {
        "error": {"code": "conflict", "message": "This file stands where only the staff read."}
    }
    assert not ShareLink.objects.exists()


def test_looking_uses_nothing_up(cast: Cast, support: Conversation) -> None:
    """Programs open every link that is sent, to show what is behind it."""
    path = path_of(shared(cast.bob, said(cast.bob, support), max_uses=1))
    for _ in range(3):
        assert Client().get(path).status_code == Client().head(path).status_code == 200
    used_once = Client().post(path)
    for _ in range(2):
        assert content(Client().get(used_once["Location"])) == WORDS, "a player asks again and again"
    assert Client().get(path).status_code == Client().post(path).status_code == 404


def test_a_part_of_it(cast: Cast, support: Conversation) -> None:
    path = path_of(shared(cast.bob, said(cast.bob, support)))
    address = Client().post(path)["Location"]
    part = Client().get(address, headers={"Range": "bytes=4-7"})
    assert (part.status_code, content(part)) == (206, b"plan")
    assert Client().head(address)["Content-Length"] == str(len(WORDS))
    for foreign in (address.partition("?")[0], address[:-1], address + "0"):
        assert Client().get(foreign).status_code == 404


def test_to_look_at_only(cast: Cast, support: Conversation) -> None:
    image = used(path_of(shared(cast.bob, said(cast.bob, support, "a.jpg", picture()), mode="view")))
    assert image["Content-Disposition"].startswith("inline")
    text = used(path_of(shared(cast.bob, said(cast.bob, support), mode="view")))
    assert (content(text), text["Content-Type"]) == (WORDS, "text/plain; charset=utf-8")
    assert text["Content-Disposition"] == "inline"


def test_with_a_password(cast: Cast, support: Conversation) -> None:
    path = path_of(shared(cast.bob, said(cast.bob, support), password="stairs"))
    page = Client().get(path)
    assert "plan.txt" not in page.text
    for wrong in ("", "Stairs", "x" * 5000):
        refused = used(path, password=wrong)
        assert refused.status_code == 403
        assert "plan.txt" not in refused.text
    assert ShareLink.objects.get().uses == 0
    assert content(used(path, password="stairs")) == WORDS
    assert "stairs" not in ShareLink.objects.get().password
    tries = [used(path, password="wrong").status_code for _ in range(10)]
    assert tries[-1] == 429


def test_a_crowd_of_addresses_tries_no_faster(cast: Cast, support: Conversation, settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    path = path_of(shared(cast.bob, said(cast.bob, support), password="stairs"))

    def tried(number: int, password: str) -> Any:
        return Client(headers={"X-Forwarded-For": f"192.0.2.{number}"}).post(path, {"password": password})

    unlocked = tried(0, "stairs")["Location"]
    assert [tried(100, "stairs").status_code for _ in range(9)] == [303] * 9, "what is right is not counted"
    assert {tried(number, "wrong").status_code for number in range(1, 51)} == {403}
    for password in ("wrong", "stairs"):
        refused = tried(200, password)
        assert refused.status_code == 429
        assert 3000 < int(refused["Retry-After"]) <= 3600
        assert "plan.txt" not in refused.text
    assert content(Client().get(unlocked)) == WORDS, "whoever has unlocked it reads on"
    another = path_of(shared(cast.bob, str(Attachment.objects.get().pk), password="stairs"))
    assert Client().post(another, {"password": "stairs"}).status_code == 303


@pytest.mark.parametrize("end", ["left", "gone", "may no more"])
def test_it_ends_with_its_makers_right(cast: Cast, support: Conversation, end: str) -> None:
    id = said(cast.bob, support)
    Conversation.objects.update(queue_open=False)
    path = path_of(shared(cast.bob, id))
    others = path_of(shared(cast.marta, id))
    address = Client().post(path)["Location"]
    if end == "left":
        Participant.objects.filter(member=cast.bob.member).update(left_at=now())
    if end == "gone":
        Member.objects.filter(pk=cast.bob.member.pk).update(deactivated_at=now())
    if end == "may no more":
        Member.objects.filter(pk=cast.bob.member.pk).update(role=Role.CLIENT)
    for answer in (Client().get(path), Client().post(path), Client().get(address), Client().head(address)):
        assert answer.status_code == 404
    assert Client().get(others).status_code == 200
    [listed] = Api(cast.marta).get(f"chat/attachments/{id}/share_links/").json()["results"]
    assert listed["creator"] == cast.marta.id


@pytest.mark.parametrize(
    "end", ["expires", "revoked", "file deleted", "message deleted", "file rejected", "hotel gone"]
)
def test_it_ends_for_whoever_uses_it_too(cast: Cast, support: Conversation, end: str) -> None:
    id = said(cast.bob, support)
    path = path_of(response := shared(cast.bob, id))
    address = Client().post(path)["Location"]
    if end == "expires":
        ShareLink.objects.update(expires_at=now())
    if end == "revoked":
        link = response.json()["id"]
        assert Api(cast.alice).delete(f"chat/share_links/{link}/").status_code == 204
    if end == "file deleted":
        delete_attachment(cast.bob.actor, attachment_id=Attachment.objects.get().pk)
    if end == "message deleted":
        delete_message(cast.bob.actor, message_id=Message.objects.get(is_adorned=True).pk)
    if end == "file rejected":
        Attachment.objects.update(state=FileState.REJECTED)
    if end == "hotel gone":
        Organisation.objects.filter(pk=cast.hotel.pk).update(is_active=False)
    for answer in (Client().get(path), Client().post(path), Client().get(address), Client().head(address)):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": iso(now() + timedelta(days=400))}, "expires_at"),
        ({"max_uses": 0}, "max_uses"),
        ({"mode": "edit"}, "mode"),
        ({"password": "x"}, "password"),
    ],
)
def test_what_is_wrong(cast: Cast, support: Conversation, wrong: dict[str, object], field: str) -> None:
    response = shared(cast.bob, said(cast.bob, support), **wrong)
    assert response.status_code == 400
    assert set(response.json()["error"]["fields"]) == {field}


def test_who_shares(cast: Cast, support: Conversation) -> None:
    id = said(cast.carol, support)
    assert shared(cast.carol, id).status_code == 403, "clients do not"
    assert [shared(one, id).status_code for one in (cast.mallory, cast.dana)] == [404, 404]
    link = shared(cast.bob, id).json()["id"]
    codes = [Api(one).delete(f"chat/share_links/{link}/").status_code for one in (cast.carol, cast.mallory)]
    assert codes == [403, 404]
    assert Api(cast.carol).get(f"chat/attachments/{id}/access_log/").status_code == 403
    Attachment.objects.update(state=FileState.PENDING)
    assert shared(cast.bob, id).status_code == 409


def test_members_are_logged_too(cast: Cast, support: Conversation) -> None:
    id = said(cast.bob, support, "a.jpg", picture())
    path = f"chat/download/{id}/"
    etag = Api(cast.carol).get(path)["ETag"]
    Api(cast.carol).get(path + "?size=150")
    Api(cast.carol, **{"If-None-Match": etag}).get(path)
    Api(cast.carol, Range="bytes=100-").get(path)
    Api(cast.alice).get(path + "?inline=true")
    seen = FileAccess.objects.order_by("pk").values_list("member__name", "mode")
    assert list(seen) == [("Carol", "download"), ("Alice", "view")]


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"another"'},
        {"Range": "bytes=1-"},
        {"Range": "bytes=-1000"},
        {"Range": "bytes=00-"},
        {"Range": "pages=1-2"},
    ],
    ids=str,
)
def test_nobody_reads_past_the_log(cast: Cast, support: Conversation, headers: dict[str, str]) -> None:
    path = f"chat/download/{said(cast.bob, support)}/"
    for _ in range(2):
        assert WORDS[1:] in content(Api(cast.carol, **headers).get(path))
    logged = FileAccess.objects.values_list("member__name", "mode")
    assert set(logged) == {("Carol", "download")}
    assert len(logged) == (1 if "Range" in headers else 2)


def test_an_address_is_logged_whatever_it_is_asked_with(
    cast: Cast, support: Conversation, settings: Settings
) -> None:
    path = f"/api/v1/chat/download/{said(cast.bob, support)}/"
    etag = Api(cast.bob).client.head(path)["ETag"]
    assert not FileAccess.objects.exists()
    settings.CDN_URL = "https://cdn.example"
    assert Api(cast.carol).client.head(path).status_code == 302
    assert Api(cast.alice, **{"If-None-Match": etag}).client.get(path).status_code == 302
    assert list(FileAccess.objects.order_by("pk").values_list("member__name", flat=True)) == [
        "Carol",
        "Alice",
    ]
