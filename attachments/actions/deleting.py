"""Files that go: first from everybody's sight, then their bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.actor import Actor
from attachments import storage
from attachments.models import Attachment, FileState, StorageUse
from common.clock import now

AT_ONCE = 200


def delete_files(files: Iterable[Attachment], *, by: Actor) -> None:
    """Out of everybody's sight, in the caller's transaction. Their bytes go by `purge_files`."""
    _delete(Attachment.objects.filter(pk__in=[one.pk for one in files]), by=by)


def delete_unclaimed(*, older_than: timedelta) -> None:
    """What was uploaded and then not said."""
    _delete(Attachment.objects.filter(holder=None, created_at__lt=now() - older_than))


def _delete(files: QuerySet[Attachment], *, by: Actor | None = None) -> None:
    present = files.filter(deleted_at=None)
    present.update(deleted_at=now(), deleted_by=by and by.member, state=FileState.DELETED, text="")


def purge_files() -> None:
    """The bytes of what was deleted, as many as are done at once. Whoever dies on the way is followed by another."""
    gone = Attachment.objects.exclude(key="").filter(deleted_at__isnull=False)
    for file in gone.order_by("deleted_at").prefetch_related("thumbnails")[:AT_ONCE]:
        storage.forget(file.keys)
        _purged(file)


@transaction.atomic
def _purged(file: Attachment) -> None:
    """One of two who purge the same counts it. What is left says that there was a file, and nothing of it."""
    there = Attachment.objects.filter(pk=file.pk, key=file.key)
    if there.update(key="", served_extension="", name="", sha256="", metadata={}):
        file.thumbnails.all().delete()
        StorageUse.objects.filter(organisation=file.organisation_id).update(bytes=F("bytes") - file.size)
