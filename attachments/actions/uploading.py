"""Taking a file in: measured, looked into by a process of its own, put where the bytes are, and only then a row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.actor import Actor
from accounts.permissions import Permission
from attachments import storage
from attachments.filing import EXTENSIONS, beside, new_key
from attachments.inspection.inspector import inspect
from attachments.inspection.kinds import extension_of
from attachments.inspection.reasons import Outcome, Reason
from attachments.inspection.report import Report
from attachments.models import MAX_NAME, Attachment, FileState, StorageUse, Thumbnail, UploadPolicy
from attachments.queries import policy_of
from common.clock import now
from common.errors import FileRefused, Forbidden, TooLarge, Unavailable

NO_ROOM = "There is no room for this file: delete some, or ask for more."
# Each takes a core for as long as it lasts.
_inspections = BoundedSemaphore(settings.INSPECTIONS_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is uploaded to: what kind of thing it is, its id, and the space it lies in."""

    kind: str
    id: UUID
    space_id: UUID | None = None


def upload(actor: Actor, *, place: Place, path: Path, name: str) -> Attachment:
    """Takes in the file at `path`, which was called `name`. Whether the actor may write in `place` was asked before.

    Forbidden where an organisation takes no files, TooLarge for one that is too large or finds no room in the quota,
    FileRefused with the reason for one that is not what it says, or not what is taken here; Unavailable where nobody
    can look into it now. Blocks for as long as that takes, without a transaction.
    """
    actor.must(Permission.SEND)
    policy, size = policy_of(actor.organisation_id), path.stat().st_size
    _must_be_taken(policy, name, size)
    with TemporaryDirectory(dir=settings.UPLOADS_DIR, prefix="look-") as directory:
        report = _look(path, name, Path(directory))
        kept = _to_keep(new_key(actor.organisation_id, place.id, now(), report.extension), path, report)
        try:
            for key, source in kept.items():
                storage.keep(source, key)
            return _write(actor, place, name, path, report, next(iter(kept)), policy.quota)
        except BaseException:
            storage.forget(kept)
            raise


def _must_be_taken(policy: UploadPolicy, name: str, size: int) -> None:
    """What can be told without a look inside."""
    if not policy.is_enabled:
        raise Forbidden("No files are shared here.")
    if policy.extensions and extension_of(name) not in policy.extensions:
        raise FileRefused(Reason.TYPE_NOT_ALLOWED, REASONS[Reason.TYPE_NOT_ALLOWED])
    if size > policy.max_bytes:
        raise TooLarge(f"A file may have {policy.max_bytes} bytes.")
    _must_have_room(policy.organisation_id, size, policy.quota)


def _look(path: Path, name: str, directory: Path) -> Report:
    try:
        with _inspections:
            report = inspect(path, name, into=directory, thumbnails=settings.THUMBNAILS)
    except OSError as error:
        # Of the machine, not of the file.
        raise Unavailable("This file could not be looked into. Try again in a moment.") from error
    # What somebody should look at first is not taken as long as nobody can.
    if report.outcome != Outcome.ACCEPTED:
        raise FileRefused(report.reason, REASONS[report.reason])
    return report


def _to_keep(key: str, path: Path, report: Report) -> dict[str, Path]:
    """key -> the file, then what was made of it."""
    made = {beside(key, one.name, EXTENSIONS[one.mime]): one.path for one in report.files}
    return {key: path, **made}


@transaction.atomic
def _write(
    actor: Actor, place: Place, name: str, path: Path, report: Report, key: str, quota: int
) -> Attachment:
    size = path.stat().st_size
    _count(actor.organisation_id, size, quota)
    file = Attachment.objects.create(
        organisation_id=actor.organisation_id,
        space_id=place.space_id,
        place_kind=place.kind,
        place=place.id,
        uploader=actor.member,
        name=name[:MAX_NAME],
        kind=report.kind,
        mime=report.mime,
        size=size,
        sha256=digest_of_file(path),
        key=key,
        served_extension=EXTENSIONS[report.served.mime] if report.served else "",
        width=report.width,
        height=report.height,
        pages=report.pages,
        seconds=report.duration,
        metadata=report.metadata,
        text=report.text,
        state=FileState.APPROVED,
        created_at=now(),
    )
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
    return file


def digest_of_file(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


# --- how much there is ----------------------------------------------------------------------------------------------


def _must_have_room(organisation_id: UUID, size: int, quota: int) -> None:
    """Whoever is over the quota already is told before anybody looks into the file."""
    if (
        size > quota
        or StorageUse.objects.filter(organisation=organisation_id, bytes__gt=quota - size).exists()
    ):
        raise TooLarge(NO_ROOM)


def _count(organisation_id: UUID, size: int, quota: int) -> None:
    """By one conditional update, in the transaction that makes the row: two at once do not pass the quota together."""
    StorageUse.objects.get_or_create(organisation_id=organisation_id)
    use = StorageUse.objects.filter(organisation=organisation_id, bytes__lte=quota - size)
    if not use.update(bytes=F("bytes") + size):
        raise TooLarge(NO_ROOM)


REASONS = {
    Reason.EMPTY: "This file is empty.",
    Reason.UNSAFE_NAME: "The name of this file holds signs that no name should.",
    Reason.TYPE_NOT_ALLOWED: "Files of this type are not taken here.",
    Reason.TYPE_MISMATCH: "This file is not what its name says.",
    Reason.BROKEN: "This file cannot be read.",
    Reason.TOO_LARGE_INSIDE: "There is too much in this file.",
    Reason.UNSAFE_ARCHIVE: "This file is put together in a way that is not safe.",
    Reason.POLYGLOT: "There are two files in this one.",
    Reason.MACROS: "This file holds macros.",
    Reason.ENCRYPTED: "This file is encrypted, so nobody can look into it.",
    Reason.ACTIVE_CONTENT: "This file does things when it is opened.",
    Reason.EXTERNAL_CONTENT: "This file fetches things from elsewhere when it is opened.",
    Reason.DOUBLE_EXTENSION: "This file has two extensions.",
}
