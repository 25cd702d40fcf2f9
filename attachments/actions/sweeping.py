"""What nobody knows of any more: bytes without a row, and what uploads that were cut off left behind."""

from __future__ import annotations

import shutil
from datetime import timedelta

from django.conf import settings

from attachments import storage
from attachments.filing import stem_of
from attachments.models import Attachment
from common.clock import now


def sweep_orphans(*, older_than: timedelta) -> None:
    """Younger ones may be about to get their row. A place's rows are asked for once a month of it."""
    before = now() - older_than
    for directory, names in storage.directories():
        place = directory.split("/")[1]
        keys = Attachment.objects.filter(place=place).exclude(key="").values_list("key", flat=True)
        known = {stem_of(key) for key in keys}
        for key in (f"{directory}/{name}" for name in names):
            if stem_of(key) not in known and storage.bytes_of().get_modified_time(key) < before:
                storage.forget([key])


def sweep_uploads(*, older_than: timedelta) -> None:
    """On this host."""
    before = (now() - older_than).timestamp()
    for path in settings.UPLOADS_DIR.iterdir():
        if path.stat().st_mtime < before:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
