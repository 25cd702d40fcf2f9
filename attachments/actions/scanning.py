"""Asking the antivirus: when a file comes in, and again for as long as it did not answer."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from attachments import antivirus, storage
from attachments.actions.moving import lock_version, move
from attachments.deciding import mime_as_uploaded, state_of
from attachments.inspection.reasons import Reason
from attachments.models import OPEN, Attachment, FileState, Scan
from attachments.queries import is_from_clients, policy_of
from common.clock import now
from common.errors import NotFound

AT_ONCE = 50


def scan_file(file: Attachment, source: BinaryIO) -> Attachment:
    """Its new state. Blocks, without a transaction, for as long as the antivirus takes or may be silent."""
    return _settle(file.pk, antivirus.scan(source))


def scan_waiting(*, older_than: timedelta) -> None:
    """Those whose antivirus was away, and those whose server died while it was asked. The oldest first, until it is
    silent again."""
    waiting = Attachment.objects.filter(scan=Scan.WAITING, deleted_at=None, created_at__lt=now() - older_than)
    for file in waiting.order_by("pk")[:AT_ONCE]:
        try:
            if _scan_kept(file) == Scan.WAITING:
                return
        except (NotFound, FileNotFoundError):
            # Deleted meanwhile.
            continue


def _scan_kept(file: Attachment) -> Scan:
    if not antivirus.is_configured():
        _settle(file.pk, Scan.NONE)
        return Scan.NONE
    with storage.open_kept(file.key) as source:
        found = antivirus.scan_patiently(source)
    _settle(file.pk, found)
    return found


@transaction.atomic
def _settle(id: UUID, found: Scan) -> Attachment:
    """What somebody else has settled meanwhile stays as it is."""
    file, versions = lock_version(id)
    if file.scan != Scan.WAITING or file.state not in OPEN:
        return file
    state = state_of(
        policy_of(file.organisation_id, file.space_id),
        is_from_clients=is_from_clients(file.uploader),
        mime=mime_as_uploaded(file),
        concern=Reason(file.concern),
        scan=found,
    )
    if (state, found) != (file.state, file.scan):
        at = {"reviewed_at": now()} if state == FileState.INFECTED else {}
        move(file, versions, state, scan=found, **at)
    return file
