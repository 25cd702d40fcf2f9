"""News for hosts: noted in the transaction that makes them, sent afterwards, at least once.

A delivery is taken by whoever moves its count of attempts on, so each attempt is made by one worker. It is due again
after `LEASE`, unless the worker said what came of it: who dies on the way has cost one attempt, and lost nothing.
The order in which a host is told is not promised; `version` tells what is newer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from random import random
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from accounts.audit import record_by_itself
from accounts.models import Organisation
from accounts.sealing import unseal
from common import strict_json
from common.clock import ask_the_database, iso
from common.fetching import Fetched, FetchFailed, fetch
from common.ids import new_id
from common.prepared import Prepared
from delivery.hooks import MOST_ATTEMPTS, delay_after, is_given_up, is_wanted, rest_after, sign
from delivery.models import DeliveryState, Webhook, WebhookDelivery
from delivery.rendering import About, data_of
from delivery.turns import Turns

LEASE = timedelta(minutes=2)
SECONDS = 10.0
ANSWER_BYTES = 64 * 1024
# One host has a worker for so long at a time.
SECONDS_AT_ONCE = 30.0
# A host that takes its time keeps a thread of the worker.
TURNS = Turns(max(1, settings.WORKER_THREADS // 2))
DUE_OF_ONE = 50
DUE_WEBHOOKS = 100
KEPT = timedelta(days=30)
GONE = 410
SWITCHED_OFF = "The webhook was switched off."

# A delivery, and how many attempts there were when it was handed out.
Handed = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class News:
    """`about`: ids by name, from which the room that knows the event's noun makes what is told."""

    organisation_id: UUID
    event: str
    about: About


@dataclass(slots=True)
class Batch:
    """What is to be sent to one webhook."""

    webhook_id: UUID
    handed: list[Handed]


# --- noting ---------------------------------------------------------------------------------------------------------


def note_news(news: Sequence[News]) -> list[Batch]:
    """Writes what each webhook is to be told: one query where there is none, and one INSERT where there are some.

    Gives what is to be sent at once. What a host that does not answer is to be told waits for `hand_out_due`.
    """
    webhooks = _webhooks(one.organisation_id for one in news)
    wanted = [
        (one, of_whom)
        for one in news
        for of_whom in webhooks[one.organisation_id]
        if is_wanted(one.event, of_whom.events)
    ]
    if not wanted:
        return []
    at = ask_the_database()()
    batches: dict[UUID, Batch] = {}
    rows = []
    for one, of_whom in wanted:
        id, rests = new_id(), of_whom.resting_until is not None and of_whom.resting_until > at
        rows.append((id, of_whom.id, one.event, dict(one.about), at, at if rests else at + LEASE))
        if not rests:
            batches.setdefault(of_whom.id, Batch(of_whom.id, [])).handed.append((id, 0))
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            id=id, webhook_id=webhook, event=event, about=about, created_at=at, next_attempt_at=due
        )
        for id, webhook, event, about, at, due in rows
    )
    return list(batches.values())


@dataclass(frozen=True, slots=True)
class _Wanting:
    id: UUID
    events: list[str]
    resting_until: datetime | None


def _webhooks(organisations: Iterable[UUID]) -> defaultdict[UUID, list[_Wanting]]:
    found: defaultdict[UUID, list[_Wanting]] = defaultdict(list)
    for organisation, *fields in _ACTIVE([id] for id in set(organisations)):
        found[organisation].append(_Wanting(*fields))
    return found


_ACTIVE = Prepared(
    Organisation,
    ("id",),
    lambda those: Webhook.objects.filter(organisation__in=those, is_active=True).values_list(
        "organisation_id", "id", "events", "resting_until"
    ),
    # Else one that is removed meanwhile takes what is said with it: it could not be committed.
    is_held=True,
)


# --- what is due ----------------------------------------------------------------------------------------------------


@transaction.atomic
def hand_out_due() -> list[Batch]:
    """What was not sent, or not answered, and whose time has come: some of each webhook. It is due again later."""
    at = ask_the_database()()
    due = WebhookDelivery.objects.filter(state=DeliveryState.PENDING, next_attempt_at__lte=at)
    webhooks = (
        Webhook.objects.filter(_may_be_asked(at))
        .filter(Exists(due.filter(webhook=OuterRef("pk"))))
        .values_list("pk", flat=True)
    )
    batches = [Batch(id, _hand_out(due.filter(webhook=id), at)) for id in webhooks[:DUE_WEBHOOKS]]
    return [one for one in batches if one.handed]


def _hand_out(due: QuerySet[WebhookDelivery], at: datetime) -> list[Handed]:
    """What somebody died of at its last attempt has failed."""
    due.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=DeliveryState.FAILED, last_error="Nobody knows what came of it."
    )
    free = due.select_for_update(skip_locked=True).order_by("next_attempt_at")[:DUE_OF_ONE]
    handed = list(free.values_list("pk", "attempts"))
    WebhookDelivery.objects.filter(pk__in=[id for id, _ in handed]).update(next_attempt_at=at + LEASE)
    return handed


def _may_be_asked(at: datetime) -> Q:
    rested = Q(resting_until=None) | Q(resting_until__lte=at)
    return rested & Q(is_active=True, organisation__is_active=True)


# --- sending --------------------------------------------------------------------------------------------------------


def send_batch(batch: Batch) -> None:
    """One after the other, each outside of any transaction. Stops where the host does not answer: the rest is due
    again later, and its attempts are not counted. So is all of it, where slow hosts of the same organisation have their
    share of this worker already."""
    organisation_id = (
        Webhook.objects.filter(pk=batch.webhook_id).values_list("organisation", flat=True).first()
    )
    if organisation_id is None:
        return
    with TURNS.of(organisation_id) as is_free:
        if is_free:
            _send(batch)
        else:
            _put_back(batch)


def _put_back(batch: Batch) -> None:
    due = [Q(pk=id, attempts=attempts) for id, attempts in batch.handed]
    WebhookDelivery.objects.filter(reduce(or_, due), state=DeliveryState.PENDING).update(
        next_attempt_at=Now()
    )


def _send(batch: Batch) -> None:
    until = monotonic() + SECONDS_AT_ONCE
    for id, attempts in batch.handed:
        at = ask_the_database()()
        webhook = (
            Webhook.objects.select_related("organisation")
            .filter(_may_be_asked(at), pk=batch.webhook_id)
            .first()
        )
        if webhook is None or monotonic() > until:
            return
        delivery = _take(webhook, id, attempts, at)
        if delivery:
            _attempt(webhook, delivery)


def _take(webhook: Webhook, id: UUID, attempts: int, at: datetime) -> WebhookDelivery | None:
    pending = WebhookDelivery.objects.filter(pk=id, webhook=webhook, state=DeliveryState.PENDING)
    taken = pending.filter(attempts=attempts).update(attempts=attempts + 1, next_attempt_at=at + LEASE)
    return WebhookDelivery.objects.get(pk=id) if taken else None


def _attempt(webhook: Webhook, delivery: WebhookDelivery) -> None:
    try:
        answer = _post(webhook, delivery)
    except FetchFailed as problem:
        _note_failure(webhook, delivery, None, str(problem))
        return
    if 200 <= answer.status < 300:
        _note_success(webhook, delivery, answer.status)
        return
    _note_failure(webhook, delivery, answer.status, f"It answered {answer.status}.")


def _post(webhook: Webhook, delivery: WebhookDelivery) -> Fetched:
    at = ask_the_database()()
    body = strict_json.dumps(
        {
            "id": str(delivery.pk),
            "event": delivery.event,
            "organisation": webhook.organisation.slug,
            "created_at": iso(delivery.created_at),
            "data": data_of(delivery.event, webhook.organisation_id, delivery.about),
        }
    ).encode()
    return fetch(
        webhook.url,
        method="POST",
        body=body,
        headers={
            "Content-Type": "application/json",
            "Parley-Event": delivery.event,
            "Parley-Delivery": str(delivery.pk),
            "Parley-Signature": sign(_secrets(webhook, at), int(at.timestamp()), body),
        },
        seconds=SECONDS,
        limit=ANSWER_BYTES,
        https_only=True,
    )


def _secrets(webhook: Webhook, at: datetime) -> list[str]:
    is_rotated = webhook.former_secret and webhook.former_until and webhook.former_until > at
    sealed = [webhook.secret, webhook.former_secret] if is_rotated else [webhook.secret]
    return [unseal(one) for one in sealed]


# --- what came of it ------------------------------------------------------------------------------------------------


def _note_success(webhook: Webhook, delivery: WebhookDelivery, status: int) -> None:
    _settle(
        delivery,
        state=DeliveryState.DELIVERED.value,
        delivered_at=ask_the_database()(),
        last_status=status,
        last_error="",
    )
    if webhook.failures:
        Webhook.objects.filter(pk=webhook.pk).update(failures=0, failing_since=None, resting_until=None)


def _note_failure(webhook: Webhook, delivery: WebhookDelivery, status: int | None, error: str) -> None:
    at = ask_the_database()()
    delay = None if status == GONE else delay_after(delivery.attempts, random())  # noqa: S311
    _settle(
        delivery,
        state=(DeliveryState.PENDING if delay else DeliveryState.FAILED).value,
        next_attempt_at=at + (delay or timedelta()),
        last_status=status,
        last_error=error[:100],
    )
    rest = None if status else at + rest_after(webhook.failures + 1)
    Webhook.objects.filter(pk=webhook.pk).update(
        failures=F("failures") + 1, failing_since=Coalesce("failing_since", at), resting_until=rest
    )
    if status == GONE:
        _disable(webhook, "It answered 410: gone.")
    elif is_given_up(webhook.failures + 1, at - (webhook.failing_since or at)):
        _disable(webhook, "It has failed for days.")


def _settle(delivery: WebhookDelivery, **came: object) -> None:
    """Unless somebody else has it by now: this one took longer than its lease."""
    own = WebhookDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING)
    own.filter(attempts=delivery.attempts).update(**came)


@transaction.atomic
def _disable(webhook: Webhook, reason: str) -> None:
    at = ask_the_database()()
    active = Webhook.objects.filter(pk=webhook.pk, is_active=True)
    if active.update(is_active=False, disabled_at=at, disabled_reason=reason):
        fail_pending(webhook.pk)
        record_by_itself(webhook.organisation_id, "webhook.disabled", webhook, reason=reason)


def fail_pending(webhook_id: UUID) -> None:
    """An admin may have what it was not told redelivered."""
    WebhookDelivery.objects.filter(webhook=webhook_id, state=DeliveryState.PENDING).update(
        state=DeliveryState.FAILED, last_error=SWITCHED_OFF
    )


def forget_old_deliveries() -> None:
    """What is over for a month."""
    over = WebhookDelivery.objects.exclude(state=DeliveryState.PENDING)
    over.filter(created_at__lt=ask_the_database()() - KEPT).delete()
