"""The bytes of a file: looked into, put where they stay, and what its row says of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from attachments import storage
from attachments.filing import EXTENSIONS, beside
from attachments.inspection.cores import Cores
from attachments.inspection.inspector import inspect
from attachments.inspection.report import Report
from attachments.models import Attachment, Thumbnail

_cores = Cores(settings.INSPECTIONS_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Desk:
    """For the work on one file: a directory for what is made of it, and the core that looks into it."""

    directory: Path
    core: int | None


@contextmanager
def desk() -> Iterator[Desk]:
    """Waits for one. It is had until the file is kept and has its row: what is left to do after a look is work of this
    process, and beside the next look a message would wait for both."""
    with _cores.one() as core, TemporaryDirectory(dir=settings.UPLOADS_DIR, prefix="look-") as directory:
        yield Desk(Path(directory), core)


def look(path: Path, name: str, *, at: Desk, smaller: bool = False) -> Report:
    return inspect(
        path, name, into=at.directory, thumbnails=settings.THUMBNAILS, smaller=smaller, core=at.core
    )


def keep(key: str, path: Path, report: Report) -> list[str]:
    """Puts the file under its key and what was made of it beside that; or, where its copy replaces it, that copy only.
    Their keys, the file's first; none of them is there where one could not be put.
    """
    made = {beside(key, one.name, EXTENSIONS[one.mime]): one.path for one in report.files}
    replacing = report.replacing
    first = {beside(key, "served", EXTENSIONS[replacing.mime]): replacing.path} if replacing else {key: path}
    kept = {**first, **made}
    try:
        for one, source in kept.items():
            storage.keep(source, one)
    except BaseException:
        storage.forget(kept)
        raise
    return list(kept)


def told_of(key: str, path: Path, report: Report) -> dict[str, Any]:
    """The fields of a row about bytes that were kept."""
    replacing = report.replacing
    return {
        "key": key,
        "mime": replacing.mime if replacing else report.mime,
        "size": replacing.size if replacing else path.stat().st_size,
        "sha256": digest_of_file(replacing.path if replacing else path),
        "served_extension": EXTENSIONS[report.served.mime] if report.served else "",
        "width": report.width,
        "height": report.height,
    }


def write_thumbnails(file: Attachment, report: Report) -> None:
    Thumbnail.objects.bulk_create(
        Thumbnail(
            attachment=file,
            size=int(one.name),
            width=one.width,
            height=one.height,
            extension=EXTENSIONS[one.mime],
        )
        for one in report.thumbnails
    )


def digest_of_file(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
