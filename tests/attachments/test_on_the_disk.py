"""A file that was taken in is on the disk when its row is: after a power cut there is no row without bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from attachments.models import Attachment
from messaging.models import Conversation
from tests.attachments.sharing import picture, taken
from tests.cast import Cast


def test_bytes_and_their_names_reach_the_disk_before_the_row(
    cast: Cast, support: Conversation, files_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[tuple[str, int]] = []
    really = os.fsync

    def fsync(descriptor: int) -> None:
        really(descriptor)
        reached.append((os.readlink(f"/proc/self/fd/{descriptor}"), Attachment.objects.count()))

    monkeypatch.setattr(os, "fsync", fsync)
    taken(cast.carol, support, "leak.jpg", picture())

    assert {rows for _, rows in reached} == {0}
    file = Attachment.objects.prefetch_related("thumbnails").get()
    kept = {files_directory / key for key in file.keys}
    above = {parent for path in kept for parent in path.parents if parent.is_relative_to(files_directory)}
    assert {Path(path) for path, _ in reached} == kept | above
