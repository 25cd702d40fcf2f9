"""An antivirus looks at what is uploaded. As long as it does not answer nothing is approved, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from attachments import antivirus
from attachments.actions import purge_files, scan_waiting
from attachments.models import Attachment, FileState, Scan, UploadPolicy
from messaging.models import Conversation
from tests.attachments.clamd import LARGEST, VIRUS, Clamd
from tests.attachments.sharing import say_with, taken, upload
from tests.cast import Cast
from tests.conftest import Api, Published

AT_ONCE = timedelta(0)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    clamd = Clamd(tmp_path_factory.mktemp("clamd"))
    clamd.start()
    yield clamd
    clamd.kill()


@pytest.fixture
def clamd(running: Clamd, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clamd]:
    settings.CLAMD = running.address
    monkeypatch.setattr(antivirus, "TIMEOUT_SECONDS", 0.5)
    monkeypatch.setattr(antivirus, "PATIENCE_SECONDS", 0.5)
    yield running
    if running.is_down:
        running.start()


def states(id: str) -> tuple[str, str]:
    file = Attachment.objects.get(pk=id)
    return file.state, file.scan


def test_what_is_clean_is_there_at_once(cast: Cast, support: Conversation, clamd: Clamd) -> None:
    file = taken(cast.carol, support, "plan.txt", b"Nothing bad.")
    assert file["state"] == "approved"
    assert states(file["id"]) == (FileState.APPROVED, Scan.CLEAN)


def test_a_virus_is_refused_and_nobody_gets_it(cast: Cast, support: Conversation, clamd: Clamd) -> None:
    response = upload(cast.carol, support, ("plan.txt", b"Once: " + VIRUS))
    assert response.status_code == 415
    [told] = response.json()["results"]
    assert told == {
        "name": "plan.txt",
        "error": {"code": "infected", "message": "There is a virus in this file."},
    }
    file = Attachment.objects.get()
    assert (file.state, file.scan) == (FileState.INFECTED, Scan.INFECTED)
    assert say_with(cast.carol, support, str(file.pk)).status_code == 404
    assert Api(cast.carol).get(f"chat/download/{file.pk}/").status_code == 404


def silent(clamd: Clamd, how: str) -> None:
    clamd.kill() if how == "killed" else clamd.pause()


@pytest.mark.parametrize("how", ["killed", "paused"])
@pytest.mark.parametrize("content", [b"Nothing bad.", b"Once: " + VIRUS], ids=["clean", "infected"])
def test_silence_is_no_answer(
    cast: Cast, support: Conversation, clamd: Clamd, published: Published, how: str, content: bytes
) -> None:
    silent(clamd, how)
    file = taken(cast.carol, support, "plan.txt", content)
    assert (file["state"], file["held_for"]) == ("pending", "not_scanned")
    said = say_with(cast.carol, support, file["id"]).json()
    assert said["attachments"][0]["state"] == "pending"
    assert Api(cast.bob).get(f"chat/download/{file['id']}/").status_code == 200, "he reviews it"

    scan_waiting(older_than=AT_ONCE)
    assert states(file["id"]) == (FileState.PENDING, Scan.WAITING)
    approval = {"decision": "approve"}
    refused = Api(cast.alice).call("put", f"chat/attachments/{file['id']}/approve/", approval)
    assert refused.status_code == 409
    assert refused.json()["error"]["message"] == "The antivirus has not looked at this file yet."

    clamd.start() if how == "killed" else clamd.go_on()
    published()
    scan_waiting(older_than=AT_ONCE)
    is_clean = VIRUS not in content
    becomes = "approved" if is_clean else "infected"
    assert states(file["id"]) == (becomes, Scan.CLEAN if is_clean else Scan.INFECTED)
    frames: list[Any] = [event.frame() for event, _ in published()]
    told = ["message", "file"] if is_clean else ["message", "file", "notification"]
    assert [one["type"] for one in frames] == told
    [shown] = frames[0]["message"]["attachments"]
    assert (shown["state"], shown["name"]) == (becomes, "plan.txt" if is_clean else None)
    assert frames[1]["file"]["name"] == "plan.txt"
    readable = 200 if is_clean else 404
    for person in (cast.carol, cast.bob, cast.alice):
        assert Api(person).get(f"chat/download/{file['id']}/").status_code == readable


def test_what_is_too_long_for_it_waits_for_a_person(cast: Cast, support: Conversation, clamd: Clamd) -> None:
    file = taken(cast.carol, support, "plan.txt", b"Long. " * (LARGEST // 4))
    assert (file["state"], file["held_for"]) == ("pending", "not_scannable")
    say_with(cast.carol, support, file["id"])
    scan_waiting(older_than=AT_ONCE)
    assert states(file["id"]) == (FileState.PENDING, Scan.UNSCANNABLE)
    answer = Api(cast.bob).call("put", f"chat/attachments/{file['id']}/approve/", {"decision": "approve"})
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")


def test_a_server_that_died_while_it_asked(cast: Cast, support: Conversation, clamd: Clamd) -> None:
    file = taken(cast.carol, support, "plan.txt", b"Nothing bad.")
    Attachment.objects.update(state=FileState.SCANNING, scan=Scan.WAITING)
    say_with(cast.carol, support, file["id"])
    assert Api(cast.bob).get(f"chat/attachments/{file['id']}/").json()["state"] == "scanning"
    scan_waiting(older_than=AT_ONCE)
    assert states(file["id"]) == (FileState.APPROVED, Scan.CLEAN)


def test_clean_is_not_approved_where_people_look_first(
    cast: Cast, support: Conversation, clamd: Clamd
) -> None:
    UploadPolicy.objects.create(organisation=cast.hotel, approval="everyone", auto_approve=[])
    file = taken(cast.carol, support, "plan.txt", b"Nothing bad.")
    assert (file["state"], file["held_for"]) == ("pending", "review")


def test_an_antivirus_that_is_given_up(
    cast: Cast, support: Conversation, clamd: Clamd, settings: Settings
) -> None:
    clamd.kill()
    file = taken(cast.carol, support, "plan.txt", b"Nothing bad.")
    settings.CLAMD = ""
    scan_waiting(older_than=AT_ONCE)
    assert states(file["id"]) == (FileState.APPROVED, Scan.NONE)


def test_quarantine_ends(cast: Cast, support: Conversation, clamd: Clamd, files_directory: Path) -> None:
    upload(cast.carol, support, ("plan.txt", b"Once: " + VIRUS))
    file = Attachment.objects.get()
    purge_files(quarantined_for=timedelta(days=7))
    assert (files_directory / file.key).exists()
    purge_files(quarantined_for=AT_ONCE)
    assert not (files_directory / file.key).exists()
    file.refresh_from_db()
    assert (file.key, file.name, file.state) == ("", "plan.txt", FileState.INFECTED)
