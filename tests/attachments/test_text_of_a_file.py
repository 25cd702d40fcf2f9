"""What stands in a document, for a look without saving it; and the page where files are looked at."""

from __future__ import annotations

from django.test import Client

from attachments.models import UploadPolicy
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind
from tests.attachments.sharing import picture, say_with, taken
from tests.cast import Cast
from tests.conftest import Api


def test_bob_reads_what_stands_in_it(cast: Cast, support: Conversation) -> None:
    file = taken(cast.carol, support, "notes.txt", b"Since Monday.")
    leak = taken(cast.carol, support, "leak.jpg", picture())
    say_with(cast.carol, support, file["id"], leak["id"])
    answer = Api(cast.bob).get(f"chat/attachments/{file['id']}/text/")
    assert (answer.status_code, answer.json()) == (200, {"text": "Since Monday."})
    assert Api(cast.bob).get(f"chat/attachments/{leak['id']}/text/").json() == {"text": ""}
    for person in (cast.mallory, cast.dana, cast.vera):
        assert Api(person).get(f"chat/attachments/{file['id']}/text/").status_code == 404


def test_of_what_waits_only_its_uploader_and_its_reviewers(cast: Cast) -> None:
    members = [cast.carol.member.id, cast.vera.member.id]
    group = start_conversation(cast.bob.actor, kind=Kind.GROUP, members=members).conversation
    UploadPolicy.objects.create(organisation=cast.hotel, approval="clients", auto_approve=[])
    file = taken(cast.carol, group, "notes.txt", b"Since Monday.")
    say_with(cast.carol, group, file["id"])
    status = {
        person.member.name: Api(person).get(f"chat/attachments/{file['id']}/text/").status_code
        for person in (cast.carol, cast.bob, cast.vera)
    }
    assert status == {"Carol": 200, "Bob": 200, "Vera": 404}


def test_the_page_is_for_whoever_looks_at_files(cast: Cast) -> None:
    for person, is_let_in in ((cast.bob, True), (cast.marta, True), (cast.vera, False)):
        client = Client()
        assert person.member.user
        client.force_login(person.member.user)
        response = client.get("/chat/files/")
        assert response.status_code == (200 if is_let_in else 302)
        assert is_let_in or response["Location"] == "/chat/"


def test_figures_are_for_whoever_manages(cast: Cast) -> None:
    for person, is_let_in in ((cast.marta, True), (cast.bob, False)):
        client = Client()
        assert person.member.user
        client.force_login(person.member.user)
        assert client.get("/chat/files/figures/").status_code == (200 if is_let_in else 302)


def test_who_has_not_signed_in_is_asked_to() -> None:
    assert Client().get("/chat/files/")["Location"] == "/login/?next=/chat/files/"
