"""What is done in the background: the ticker's jobs, and the tasks that they enqueue."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django_tasks import task

from delivery import actions
from delivery.actions import Batch, News

KEEP_OUTGOING = timedelta(days=14)
KEEP_NOTIFICATIONS = timedelta(days=90)


@task()
def send_notice(outgoing_id: str) -> None:
    actions.send_notice(UUID(outgoing_id))


@task()
def send_transcript(transcript_id: str) -> None:
    actions.send_transcript(UUID(transcript_id))


def send_due_transcripts() -> None:
    """Every second or two; as `tell_due_messages`."""
    with transaction.atomic():
        for id in actions.lease_due_transcripts():
            send_transcript.enqueue(str(id))


def tell_due_messages() -> None:
    """Every second or two, in one process: whoever is not first finds nothing to do. Whom it finds and the tasks that
    tell them are one transaction."""
    with transaction.atomic():
        actions.plan_notices()
        for id in actions.lease_due_notices():
            send_notice.enqueue(str(id))


def forget_what_was_told() -> None:
    """Once an hour."""
    actions.forget_old_notices(older_than=KEEP_OUTGOING)
    actions.forget_old_notifications(older_than=KEEP_NOTIFICATIONS)


# --- hosts ----------------------------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def tell_hosts(*news: News) -> None:
    """The one way for every room: call it in the transaction that makes the news. One task a webhook."""
    _enqueue(actions.note_news(news))


# A host that takes its time to answer must not keep people waiting for theirs.
@task(priority=-10)
def send_webhooks(webhook: str, handed: list[tuple[str, int]]) -> None:
    actions.send_batch(Batch(UUID(webhook), [(UUID(id), attempts) for id, attempts in handed]))


@transaction.atomic
def send_due_webhooks() -> None:
    """Every few seconds."""
    _enqueue(actions.hand_out_due())


def forget_old_webhooks() -> None:
    """Once a day."""
    actions.forget_old_deliveries()


def _enqueue(batches: list[Batch]) -> None:
    for batch in batches:
        send_webhooks.enqueue(str(batch.webhook_id), [(str(id), attempts) for id, attempts in batch.handed])
