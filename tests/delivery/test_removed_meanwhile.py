"""Alice removes a webhook while somebody says something: what is said is said, and the webhook is gone with its log."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest
from django.db import connection, transaction

from delivery.actions import remove_webhook
from delivery.models import Webhook, WebhookDelivery
from tests.cast import Cast
from tests.delivery.hosts import hook
from tests.hosts import Host
from tests.messaging.test_held_conversations import apart, somebody_waits_for_us
from tests.messaging.test_send_message import say
from tests.messaging.test_sending_together import group_of, said_in

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")


def test_whoever_speaks_comes_first(committed_cast: Cast, host: Host) -> None:
    bob, alice = committed_cast.bob, committed_cast.alice
    group = group_of(bob, alice)
    webhook, _ = hook(alice, host)
    pause = Event()
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            say(bob, group, "Towels, please")
            removal = other.submit(apart, partial(remove_webhook, alice.actor, webhook_id=webhook.pk))
            while not (removal.done() or somebody_waits_for_us()):
                pause.wait(0.01)
        removal.result()
    assert [body for _, body in said_in(group)] == ["Towels, please"]
    assert (Webhook.objects.count(), WebhookDelivery.objects.count()) == (0, 0)


def test_whoever_removes_it_comes_first(committed_cast: Cast, host: Host) -> None:
    bob, alice = committed_cast.bob, committed_cast.alice
    group = group_of(bob, alice)
    webhook, _ = hook(alice, host)
    pause = Event()
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            remove_webhook(alice.actor, webhook_id=webhook.pk)
            saying = other.submit(apart, partial(say, bob, group, "Towels, please"))
            while not (saying.done() or somebody_waits_for_us()):
                pause.wait(0.01)
        saying.result()
    assert [body for _, body in said_in(group)] == ["Towels, please"]
    assert (Webhook.objects.count(), WebhookDelivery.objects.count()) == (0, 0)
