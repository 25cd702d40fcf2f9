"""Where the bytes are: a private place. Nothing in it has an address of its own that lasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, cast, runtime_checkable

from django.core.files import File
from django.core.files.storage import Storage, storages

ALIAS = "files"
# Long enough to begin; what has begun goes on.
ADDRESS_SECONDS = 60


@runtime_checkable
class Service(Protocol):
    """A storage that is a server of its own, which people may be sent to."""

    def presign(self, key: str, *, method: str, seconds: int, headers: Mapping[str, str]) -> str: ...

    def cool(self, *, before: datetime, storage_class: str) -> int: ...


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


def address_of(key: str, *, method: str, mime: str, disposition: str, cache: str) -> str | None:
    """Where whoever has the address gets the bytes for a minute, with these headers. None where nobody but us does."""
    service = bytes_of()
    if not isinstance(service, Service):
        return None
    headers = {"ContentType": mime, "ContentDisposition": disposition, "CacheControl": cache}
    return service.presign(key, method=method, seconds=ADDRESS_SECONDS, headers=headers)


def cool(*, before: datetime, storage_class: str) -> int:
    """Moves what is older to where keeping is cheap and fetching is not: how many."""
    service = bytes_of()
    return service.cool(before=before, storage_class=storage_class) if isinstance(service, Service) else 0


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
