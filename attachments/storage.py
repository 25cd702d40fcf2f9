"""Where the bytes are: a private place. Nothing in it has an address of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import Storage, storages

ALIAS = "files"


def bytes_of() -> Storage:
    return storages[ALIAS]


def keep(path: Path, key: str) -> None:
    with path.open("rb") as source:
        bytes_of().save(key, File(source))


def open_kept(key: str) -> BinaryIO:
    return cast("BinaryIO", bytes_of().open(key))


def forget(keys: Iterable[str]) -> None:
    """What is gone already is gone."""
    for key in keys:
        bytes_of().delete(key)


def directories(path: str = "") -> Iterator[tuple[str, list[str]]]:
    """(path, the names of the files in it), one after the other. None where nothing was kept yet."""
    try:
        below, files = bytes_of().listdir(path)
    except FileNotFoundError:
        return
    if files:
        yield path, files
    for name in below:
        yield from directories(f"{path}/{name}" if path else name)
