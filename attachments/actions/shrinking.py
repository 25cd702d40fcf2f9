"""Old pictures made smaller, one after the other: first the new bytes, then the row, then the old ones go.

Whoever dies on the way leaves bytes that no row knows, which are swept (`sweeping`); never a row without bytes.
"""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from attachments import storage
from attachments.actions.keeping import Desk, desk, keep, look, told_of, write_thumbnails
from attachments.actions.moving import lock_version, tell
from attachments.actions.room import give_back
from attachments.filing import new_key
from attachments.inspection.kinds import Kind
from attachments.inspection.reasons import SMALL_ENOUGH, Outcome
from attachments.inspection.report import Report
from attachments.models import Attachment, FileState, UploadPolicy
from attachments.queries import files_under
from common.clock import now
from common.errors import NotFound, Unavailable

logger = logging.getLogger(__name__)

AT_ONCE = 20
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/bmp")


def make_old_ones_smaller() -> None:
    """Those that are as old as their policy says: as many as are done at once. Each is tried once. Publishes through
    `file_changed`: its message tells another size."""
    for policy in UploadPolicy.objects.exclude(recompress_after_days=None):
        for file in _old_under(policy)[:AT_ONCE]:
            try:
                make_smaller(file)
            except (OSError, Unavailable) as error:
                # Of the machine or the bucket, and perhaps of this one only.
                logger.warning("%s is not made smaller for now: %s", file.pk, error)


def _old_under(policy: UploadPolicy) -> QuerySet[Attachment]:
    before = now() - timedelta(days=policy.recompress_after_days or 0)
    pictures = files_under(policy).filter(kind=Kind.IMAGE, mime__in=PICTURES, size__gt=SMALL_ENOUGH)
    untried = pictures.filter(smaller_at=None, state=FileState.APPROVED, created_at__lt=before).exclude(
        key=""
    )
    return untried.order_by("created_at").prefetch_related("thumbnails")


def make_smaller(file: Attachment) -> None:
    """Needs `thumbnails`. Raises OSError where the machine does not do it now: it is tried again then."""
    with desk() as mine:
        path = mine.directory / "kept"
        report = _look_again(file, path, mine)
        if report is None or report.replacing is None:
            Attachment.objects.filter(pk=file.pk, key=file.key).update(smaller_at=now())
            return
        kept = keep(new_key(file.organisation_id, file.place, now(), report.extension), path, report)
        try:
            is_done = _swap(file, kept[0], path, report)
        except BaseException:
            storage.forget(kept)
            raise
    storage.forget(file.keys if is_done else kept)


def _look_again(file: Attachment, path: Path, mine: Desk) -> Report | None:
    """None for what is gone, or is a picture no more in today's eyes."""
    try:
        with storage.open_kept(file.key) as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except FileNotFoundError:
        return None
    # By another name than its uploader's: that may be cut off.
    extension = file.key.rpartition(".")[2]
    report = look(path, f"picture.{extension}", at=mine, smaller=True)
    return None if report.outcome == Outcome.REFUSED else report


@transaction.atomic
def _swap(file: Attachment, key: str, path: Path, report: Report) -> bool:
    """Whether it still is what was looked at."""
    try:
        held, _ = lock_version(file.pk)
    except NotFound:
        return False
    if held.key != file.key or held.state != FileState.APPROVED:
        return False
    fields = {**told_of(key, path, report), "smaller_at": now()}
    give_back(held, held.size - fields["size"])
    Attachment.objects.filter(pk=held.pk).update(**fields)
    held.thumbnails.all().delete()
    write_thumbnails(held, report)
    tell(Attachment.objects.select_related("uploader").prefetch_related("thumbnails").get(pk=held.pk))
    return True
