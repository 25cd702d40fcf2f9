"""The wire shapes of what somebody is told."""

from __future__ import annotations

from typing import Any, TypedDict

from accounts.payloads import MemberPayload, member_payload
from attachments.payloads import attachment_payload
from common.clock import iso, iso_or_none
from delivery.deciding import MEANS_OF, Quiet, Wishes
from delivery.models import DeliveryState, Notification, PushSubscription, Webhook, WebhookDelivery
from messaging.models import Message
from messaging.payloads import EXCERPT


class NotificationPayload(TypedDict):
    """`excerpt`: of the message as it is now; empty when it is deleted. `data`: by kind, never a message's text."""

    id: str
    kind: str
    conversation: str | None
    message: str | None
    seq: int | None
    actor: MemberPayload | None
    excerpt: str
    data: dict[str, Any]
    created_at: str
    read_at: str | None
    dismissed_at: str | None


def notification_payload(notification: Notification) -> NotificationPayload:
    """Needs `message` and `actor`."""
    message = notification.message
    return {
        "id": str(notification.id),
        "kind": notification.kind,
        "conversation": str(notification.conversation_id) if notification.conversation_id else None,
        "message": str(message.id) if message else None,
        "seq": message.seq if message else None,
        "actor": member_payload(notification.actor) if notification.actor else None,
        "excerpt": excerpt_of(message) if message else "",
        "data": notification.data,
        "created_at": iso(notification.created_at),
        "read_at": iso_or_none(notification.read_at),
        "dismissed_at": iso_or_none(notification.dismissed_at),
    }


def excerpt_of(message: Message) -> str:
    return "" if message.deleted_at else message.body[:EXCERPT]


def files_of(message: Message, nameless: str) -> list[str]:
    """By their names, and those that not everybody may see as `nameless`. Needs its adornments."""
    held = message.adornments.files if message.is_adorned else []
    return [attachment_payload(one)["name"] or nameless for one in held]


class SubscriptionPayload(TypedDict):
    """`service`: the host that pushes for this browser. Its endpoint and keys are told to nobody."""

    id: str
    service: str
    created_at: str


def subscription_payload(subscription: PushSubscription) -> SubscriptionPayload:
    return {
        "id": str(subscription.id),
        "service": subscription.service,
        "created_at": iso(subscription.created_at),
    }


class PreferencesPayload(TypedDict):
    """What holds: kind -> means -> whether."""

    kinds: dict[str, dict[str, bool]]
    quiet: dict[str, str] | None


def preferences_payload(wishes: Wishes) -> PreferencesPayload:
    return {
        "kinds": {
            kind.value: {one.value: one in wishes.kinds[kind] for one in sorted(means)}
            for kind, means in MEANS_OF.items()
        },
        "quiet": _quiet_payload(wishes.quiet) if wishes.quiet else None,
    }


def _quiet_payload(quiet: Quiet) -> dict[str, str]:
    return {
        "from": quiet.start.strftime("%H:%M"),
        "until": quiet.end.strftime("%H:%M"),
        "timezone": quiet.timezone,
    }


def webhook_payload(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": str(webhook.pk),
        "url": webhook.url,
        "events": webhook.events,
        "is_active": webhook.is_active,
        "created_at": iso(webhook.created_at),
        "failures": webhook.failures,
        "failing_since": iso_or_none(webhook.failing_since),
        "disabled_at": iso_or_none(webhook.disabled_at),
        "disabled_reason": webhook.disabled_reason,
    }


def delivery_payload(delivery: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": str(delivery.pk),
        "webhook": str(delivery.webhook_id),
        "event": delivery.event,
        "about": delivery.about,
        "created_at": iso(delivery.created_at),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_attempt_at": iso(delivery.next_attempt_at) if delivery.state == DeliveryState.PENDING else None,
        "delivered_at": iso_or_none(delivery.delivered_at),
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
    }
