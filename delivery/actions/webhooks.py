"""What an organisation's admins do about webhooks. Each leaves a trace."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.sealing import seal
from common.clock import ask_the_database
from common.errors import Conflict, InvalidInput
from common.fetching import FetchFailed, must_be_fetchable
from common.ids import new_secret
from delivery.access import get_delivery, get_webhook, webhooks_of
from delivery.actions.telling_hosts import fail_pending
from delivery.hooks import SUBSCRIBABLE
from delivery.models import DeliveryState, Webhook, WebhookDelivery

MOST_WEBHOOKS = 20
# Both secrets sign for so long: the host has the new one by then.
ROTATION = timedelta(hours=24)


@transaction.atomic
def add_webhook(actor: Actor, *, url: str, events: Collection[str]) -> tuple[Webhook, str]:
    """With its secret, which is told this once."""
    if webhooks_of(actor).count() >= MOST_WEBHOOKS:
        raise Conflict(f"An organisation has at most {MOST_WEBHOOKS} webhooks.")
    secret = _new_secret()
    webhook = Webhook.objects.create(
        organisation_id=actor.organisation_id,
        url=_fetchable(url),
        events=_known(events),
        secret=seal(secret),
    )
    record(actor, "webhook.added", webhook, host=_host(webhook), events=webhook.events)
    return webhook, secret


@transaction.atomic
def change_webhook(
    actor: Actor,
    *,
    webhook_id: UUID,
    url: str | None = None,
    events: Collection[str] | None = None,
    is_active: bool | None = None,
) -> Webhook:
    """What waits to be sent by one that is switched off has failed; switched on, it begins anew."""
    webhook = get_webhook(actor, webhook_id, lock=True)
    changes: dict[str, Any] = {}
    if url is not None:
        changes["url"] = _fetchable(url)
    if events is not None:
        changes["events"] = _known(events)
    if is_active is not None and is_active != webhook.is_active:
        changes |= {"is_active": is_active, "disabled_at": None, "disabled_reason": ""}
        changes |= {"failures": 0, "failing_since": None}
    if not changes:
        return webhook
    # Another address is another host.
    for name, value in {**changes, "resting_until": None}.items():
        setattr(webhook, name, value)
    webhook.save(update_fields=[*changes, "resting_until"])
    if not webhook.is_active:
        fail_pending(webhook.pk)
    record(actor, "webhook.changed", webhook, host=_host(webhook), changed=sorted(changes))
    return webhook


@transaction.atomic
def remove_webhook(actor: Actor, *, webhook_id: UUID) -> None:
    """With its log."""
    webhook = get_webhook(actor, webhook_id, to_remove=True)
    record(actor, "webhook.removed", webhook, host=_host(webhook))
    webhook.delete()


@transaction.atomic
def rotate_secret(actor: Actor, *, webhook_id: UUID) -> tuple[Webhook, str]:
    """A new secret, told this once; the former one signs beside it for a day, the one before that no more."""
    webhook = get_webhook(actor, webhook_id, lock=True)
    secret = _new_secret()
    webhook.former_secret, webhook.secret = webhook.secret, seal(secret)
    webhook.former_until = ask_the_database()() + ROTATION
    webhook.save(update_fields=["secret", "former_secret", "former_until"])
    record(actor, "webhook.secret_rotated", webhook, host=_host(webhook))
    return webhook, secret


@transaction.atomic
def redeliver(actor: Actor, *, delivery_id: UUID) -> WebhookDelivery:
    """Once more, under its id, with what is there now. Conflict while it is on its way, or its webhook is off."""
    delivery = get_delivery(actor, delivery_id)
    over = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.PENDING)
    again = {"state": DeliveryState.PENDING.value, "attempts": 0, "next_attempt_at": ask_the_database()()}
    if not over.filter(webhook__is_active=True).update(**again):
        raise Conflict("It is on its way, or its webhook is switched off.")
    delivery.refresh_from_db()
    record(actor, "webhook.redelivered", delivery, event=delivery.event)
    return delivery


def _fetchable(url: str) -> str:
    try:
        must_be_fetchable(url, https_only=True)
    except FetchFailed as problem:
        raise InvalidInput(fields={"url": [str(problem)]}) from None
    return url


def _known(events: Collection[str]) -> list[str]:
    wanted = list(dict.fromkeys(events))
    unknown = [one for one in wanted if one not in SUBSCRIBABLE]
    if unknown or not wanted:
        raise InvalidInput(fields={"events": [f"Name some of {', '.join(SUBSCRIBABLE)}."]})
    return wanted


def _host(webhook: Webhook) -> str:
    """The rest of a URL may be a secret."""
    return urlsplit(webhook.url).hostname or ""


def _new_secret() -> str:
    return f"whsec_{new_secret()}"
