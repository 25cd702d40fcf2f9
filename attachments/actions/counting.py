"""What is counted of files by the day: what came of uploads, and what broke."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from attachments.models import FileCount
from common.clock import now

TAKEN, REFUSED, FAILED = "taken", "refused", "failed"


def count_file(organisation_id: UUID, what: str, key: str) -> None:
    """One more, today (UTC)."""
    today = FileCount.objects.filter(organisation=organisation_id, day=now().date(), what=what, key=key)
    if today.update(number=F("number") + 1):
        return
    row = {"organisation_id": organisation_id, "day": now().date(), "what": what, "key": key}
    try:
        with transaction.atomic():
            FileCount.objects.create(**row, number=1)
    except IntegrityError:
        # Somebody else's was the first of the day.
        today.update(number=F("number") + 1)
