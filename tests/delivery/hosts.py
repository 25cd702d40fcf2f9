"""Words for stories in which a host is told something."""

from __future__ import annotations

import json
from typing import Any

from common.clock import now
from delivery.actions import add_webhook
from delivery.models import Webhook, WebhookDelivery
from tests.cast import Person
from tests.hosts import Host


def hook(person: Person, host: Host, *events: str) -> tuple[Webhook, str]:
    return add_webhook(person.actor, url=host.url("/hook"), events=events or ["message.*"])


def told(host: Host) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in host.heard]


def later() -> None:
    """All that waits is due: its lease is over, its delay, its host's rest."""
    WebhookDelivery.objects.update(next_attempt_at=now())
    Webhook.objects.filter(resting_until__isnull=False).update(resting_until=now())


def the_delivery() -> WebhookDelivery:
    return WebhookDelivery.objects.get()
