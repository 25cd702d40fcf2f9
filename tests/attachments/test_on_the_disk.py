"""A file that was taken in is on the disk when its row is: after a power cut there is no row without bytes."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from attachments import storage
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


def test_what_was_looked_into_is_kept_without_a_copy(files_directory: Path, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"The heating is off.")

    storage.keep(path, "seen/a.txt")

    kept = files_directory / "seen" / "a.txt"
    assert path.samefile(kept)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    path.unlink()
    assert kept.read_bytes() == b"The heating is off."
    assert list(tmp_path.glob("upload*")) == []


def test_a_copy_is_kept_where_a_file_has_one_name_only(
    files_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"The heating is off.")

    def link(source: str, second: str) -> None:
        raise OSError(errno.EPERM, "not on this disk")

    monkeypatch.setattr(os, "link", link)
    storage.keep(path, "copied/a.txt")

    kept = files_directory / "copied" / "a.txt"
    assert not path.samefile(kept)
    assert kept.read_bytes() == path.read_bytes()
    assert list(tmp_path.glob("upload*")) == [path]


def test_nothing_is_left_of_what_found_no_place(
    files_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"The heating is off.")
    # A file, where a directory is to be.
    (files_directory / "taken").write_bytes(b"")

    with pytest.raises(OSError, match="is not a directory"):
        storage.keep(path, "taken/a.txt")

    assert list(tmp_path.glob("upload*")) == [path]
