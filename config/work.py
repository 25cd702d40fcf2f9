"""The clock's table of contents: what is done by itself, again and again, and how often."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.actions import forget_old_tickets
from attachments.tasks import cool, forget_accesses, forget_unclaimed, make_smaller, purge, scan, sweep
from delivery.tasks import (
    forget_old_webhooks,
    forget_what_was_told,
    send_due_transcripts,
    send_due_webhooks,
    tell_due_messages,
)
from messaging.tasks import forget_files_of_deleted_messages
from work.holding import forget_finished_tasks, take_back_from_the_dead
from work.ticker import Periodic
from work.worker import Worker

PERIODIC = (
    Periodic("take tasks back from the dead", 5.0, take_back_from_the_dead),
    Periodic("tell of what is unread", 2.0, tell_due_messages),
    Periodic("send due transcripts", 2.0, send_due_transcripts),
    Periodic("send due webhooks", 5.0, send_due_webhooks),
    Periodic("forget old tickets", 60.0, forget_old_tickets),
    Periodic("forget what was uploaded and not said", 60.0 * 10, forget_unclaimed),
    Periodic("forget files of deleted messages", 60.0 * 60 * 24, forget_files_of_deleted_messages),
    Periodic("purge deleted files", 30.0, purge),
    Periodic("make old pictures smaller", 60.0 * 5, make_smaller),
    Periodic("ask the antivirus again", 30.0, scan),
    Periodic("sweep bytes that nobody knows", 60.0 * 60 * 24, sweep),
    Periodic("keep old bytes where it is cheap", 60.0 * 60 * 24, cool),
    Periodic("forget who read which file long ago", 60.0 * 60 * 24, forget_accesses),
    Periodic("forget finished tasks", 60.0 * 60, forget_finished_tasks),
    Periodic("forget what was told", 60.0 * 60, forget_what_was_told),
    Periodic("forget old webhook deliveries", 60.0 * 60 * 24, forget_old_webhooks),
)


def make_worker() -> Worker:
    return Worker(import_string(settings.PERIODIC))
