"""Files on their way from one state to the next: one locked document a move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from attachments import signals
from attachments.access import NO_FILE
from attachments.models import Attachment, FileState
from common.errors import NotFound


def lock_document(file: Attachment) -> list[Attachment]:
    """All its versions, the first one first, held until the transaction ends. NotFound when it is gone meanwhile.

    The first version is locked before the others: a version that is being added is not among them yet.
    """
    first = file.original_id or file.pk
    held = Attachment.objects.select_for_update(of=("self",), no_key=True)
    if not held.filter(pk=first, deleted_at=None).exists():
        raise NotFound(NO_FILE)
    versions = held.filter(Q(pk=first) | Q(original=first), deleted_at=None).order_by("version")
    return list(versions.select_related("uploader").prefetch_related("thumbnails"))


def lock_version(id: UUID) -> tuple[Attachment, list[Attachment]]:
    """It, and all versions of its document."""
    file = Attachment.objects.filter(pk=id).only("original").first()
    versions = lock_document(file) if file else []
    found = next((one for one in versions if one.pk == id), None)
    if found is None:
        raise NotFound(NO_FILE)
    return found, versions


def move(file: Attachment, versions: Sequence[Attachment], state: FileState, **fields: Any) -> None:
    """`file` is one of its document's `versions`, which are locked."""
    file.state = state
    for name, value in fields.items():
        setattr(file, name, value)
    file.save(update_fields=["state", *fields])
    choose_current(versions)
    tell(file)


def choose_current(versions: Sequence[Attachment]) -> None:
    """The newest that is approved; while none is, the newest."""
    approved = [one for one in versions if one.state == FileState.APPROVED]
    current = (approved or versions)[-1]
    for one in versions:
        if one.is_current != (one is current):
            one.is_current = one is current
            one.save(update_fields=["is_current"])


def tell(file: Attachment) -> None:
    """What nobody has said yet nobody is told of."""
    if file.holder:
        signals.file_changed.send(Attachment, file=file)
