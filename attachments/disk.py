"""Files on a disk of this machine, as good as the rows that name them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class DiskStorage(FileSystemStorage):
    """What was kept is on the disk, and not on its way there: its row is, too, and outlives a power cut."""

    def _save(self, name: str, content: Any) -> str:
        with _linked(content) as movable:
            kept: str = super()._save(name, movable)  # type: ignore[misc]  # not in the stubs
        path = Path(self.path(kept))
        # The directories may be new, and then their names stand in those above.
        for one in (path, *path.parents[: len(Path(kept).parts)]):
            _reach_the_disk(one)
        return kept


class _Movable(File):  # type: ignore[type-arg]
    """Whatever says where it lies is moved by Django, and not copied."""

    def __init__(self, file: Any, path: Path) -> None:
        super().__init__(file)
        self.path = path

    def temporary_file_path(self) -> str:
        return str(self.path)


@contextmanager
def _linked(content: Any) -> Iterator[Any]:
    """Under a second name, which can be moved: to read and write megabytes once more would take the interpreter from
    those who talk. As it is where it has no name, or the disk knows no second ones.
    """
    name = getattr(content.file, "name", None)
    if not isinstance(name, str | os.PathLike):
        yield content
        return
    second = Path(f"{os.fspath(name)}.{uuid4().hex}")
    try:
        os.link(name, second)
    except OSError:
        yield content
        return
    try:
        yield _Movable(content.file, second)
    finally:
        second.unlink(missing_ok=True)


def _reach_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
