"""What is done by itself: files that nobody said, bytes of deleted ones, bytes that nobody knows of or asks for."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from attachments import actions, storage
from common.clock import now

KEPT = timedelta(hours=settings.UPLOADS_KEPT_HOURS)


def forget_unclaimed() -> None:
    """Every few minutes."""
    actions.delete_unclaimed(older_than=KEPT)


def purge() -> None:
    """Every half minute."""
    actions.purge_files(quarantined_for=timedelta(days=settings.QUARANTINE_DAYS))


def make_smaller() -> None:
    """Every few minutes."""
    actions.make_old_ones_smaller()


def scan() -> None:
    """Every half minute. Younger ones are being asked about by whoever took them in."""
    actions.scan_waiting(older_than=timedelta(seconds=30))


def sweep() -> None:
    """Once a day."""
    actions.sweep_orphans(older_than=KEPT)
    actions.sweep_uploads(older_than=KEPT)


def cool() -> None:
    """Once a day, where there is somewhere cheaper to keep what is old."""
    if settings.FILES_COLD_AFTER_DAYS:
        before = now() - timedelta(days=settings.FILES_COLD_AFTER_DAYS)
        storage.cool(before=before, storage_class=settings.FILES_COLD_CLASS)


def forget_accesses() -> None:
    """Once a day."""
    actions.forget_accesses(older_than=timedelta(days=settings.ACCESS_LOG_DAYS))
