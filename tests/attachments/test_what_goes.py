"""What is deleted or never said goes, with its bytes, and its room is there for others again."""

from __future__ import annotations

from datetime import timedelta
from os import utime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from attachments.actions import delete_unclaimed, purge_files, sweep_orphans, sweep_uploads
from attachments.models import Attachment, StorageUse, Thumbnail, UploadPolicy
from common.clock import now
from messaging.actions import delete_files_of_deleted_messages, delete_message, start_conversation
from messaging.models import Conversation, Kind, Message
from tests.attachments.kept import shared
from tests.attachments.sharing import picture, say_with, taken, upload
from tests.cast import Cast
from tests.conftest import Api

A_DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def _nothing_before(files_directory: Path) -> None:
    for path in kept(files_directory):
        path.unlink()


def kept(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def make_old(path: Path) -> None:
    then = (now() - 2 * A_DAY).timestamp()
    utime(path, (then, then))


def bytes_used(cast: Cast) -> int:
    return StorageUse.objects.get(organisation=cast.hotel).bytes


def test_a_deleted_files_bytes_go(cast: Cast, support: Conversation, files_directory: Path) -> None:
    content = picture()
    file = taken(cast.carol, support, "leak.jpg", content)
    say_with(cast.carol, support, file["id"])
    # The picture, its copy to serve, and three thumbnails.
    assert (len(kept(files_directory)), bytes_used(cast)) == (5, len(content))

    purge_files(quarantined_for=timedelta(days=7))
    assert len(kept(files_directory)) == 5

    Api(cast.carol).delete(f"chat/attachments/{file['id']}/")
    purge_files(quarantined_for=timedelta(days=7))
    assert (kept(files_directory), bytes_used(cast), Thumbnail.objects.count()) == ([], 0, 0)
    purge_files(quarantined_for=timedelta(days=7))
    assert bytes_used(cast) == 0
    [left] = Attachment.objects.all()
    assert (left.name, left.text, left.metadata, left.sha256) == ("", "", {}, "")


def test_what_nobody_says_goes_after_a_day(cast: Cast, support: Conversation, files_directory: Path) -> None:
    said = taken(cast.carol, support, "said.txt", b"Hello")
    say_with(cast.carol, support, said["id"])
    taken(cast.carol, support, "unsaid.txt", b"Hello")
    taken(cast.carol, support, "new.txt", b"Hello")
    Attachment.objects.exclude(name="new.txt").update(created_at=now() - 2 * A_DAY)
    delete_unclaimed(older_than=A_DAY)
    purge_files(quarantined_for=timedelta(days=7))
    there = Attachment.objects.filter(deleted_at=None).order_by("name")
    assert [one.name for one in there] == ["new.txt", "said.txt"]
    assert len(kept(files_directory)) == 2


def test_bytes_that_no_row_knows_are_swept(cast: Cast, support: Conversation, files_directory: Path) -> None:
    """As a process that was killed between the bytes and the row leaves them."""
    taken(cast.carol, support, "leak.jpg", picture())
    [known] = Attachment.objects.all()
    beside = (files_directory / known.key).parent
    old, young = beside / "0ld.served.webp", beside / "y0ung.txt"
    for path in (old, young):
        path.write_bytes(b"lost")
    for path in (*kept(files_directory),):
        if path != young:
            make_old(path)
    sweep_orphans(older_than=A_DAY)
    assert not old.exists()
    assert len(kept(files_directory)) == 6


def test_where_nothing_was_kept_yet_there_is_nothing_to_sweep(
    db: None, settings: Any, tmp_path: Path
) -> None:
    options = {"location": tmp_path / "not made yet", "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "files": {**settings.STORAGES["files"], "OPTIONS": options}}
    sweep_orphans(older_than=A_DAY)


def test_what_cut_off_uploads_left_behind_is_swept(db: None) -> None:
    directory, file = settings.UPLOADS_DIR / "look-cut-off", settings.UPLOADS_DIR / "cut.upload"
    new = settings.UPLOADS_DIR / "new.upload"
    directory.mkdir()
    for path in (directory / "inside", file, new):
        path.write_bytes(b"half of it")
    make_old(directory)
    make_old(file)
    sweep_uploads(older_than=A_DAY)
    assert [directory.exists(), file.exists(), new.exists()] == [False, False, True]
    new.unlink()


def test_a_quota_is_room_for_so_much(cast: Cast, support: Conversation) -> None:
    UploadPolicy.objects.create(organisation=cast.hotel, quota=10)
    first = taken(cast.carol, support, "a.txt", b"123456")
    assert upload(cast.bob, support, ("b.txt", b"12345")).status_code == 413
    Api(cast.carol).delete(f"chat/attachments/{first['id']}/")
    purge_files(quarantined_for=timedelta(days=7))
    assert upload(cast.bob, support, ("b.txt", b"12345")).status_code == 201


def test_what_is_refused_leaves_nothing(cast: Cast, support: Conversation, files_directory: Path) -> None:
    upload(cast.carol, support, ("b.png", b"no picture"), ("c.txt", b""))
    assert (kept(files_directory), list(settings.UPLOADS_DIR.iterdir())) == ([], [])
    assert not StorageUse.objects.exists()


def test_files_of_deleted_messages_stay_for_the_audit_and_then_go(cast: Cast, support: Conversation) -> None:
    """As long as the hotel says, or the room that they belong to; by itself none goes."""
    room = start_conversation(
        cast.bob.actor, kind=Kind.CHANNEL, title="Lifts", space=cast.room.pk
    ).conversation
    ids = [shared(cast.bob, where.pk, "The plan.") for where in (support, room)]
    Attachment.objects.filter(place=room.pk).update(space=cast.room)
    kept = shared(cast.bob, support.pk, "Another plan.")
    for id in ids:
        message = Attachment.objects.get(pk=id).holder
        assert message
        delete_message(cast.bob.actor, message_id=message)

    def gone(after: int) -> list[bool]:
        Message.objects.exclude(deleted_at=None).update(deleted_at=now() - timedelta(days=after, hours=1))
        delete_files_of_deleted_messages()
        return [Attachment.objects.get(pk=id).deleted_at is not None for id in (*ids, kept)]

    assert gone(1000) == [False, False, False]
    UploadPolicy.objects.create(organisation=cast.hotel, deleted_days=30)
    UploadPolicy.objects.create(organisation=cast.hotel, space=cast.room, deleted_days=90)
    assert gone(29) == [False, False, False]
    assert gone(30) == [True, False, False]
    assert gone(90) == [True, True, False]
