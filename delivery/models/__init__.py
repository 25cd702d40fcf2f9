"""How a message reached each recipient, and what they, and hosts, are told of."""

from delivery.models.notices import NoticeKind, Notification
from delivery.models.outgoing import Channel, Look, Outgoing, Progress, State
from delivery.models.preferences import Preferences
from delivery.models.push import PushSubscription, ServerKey
from delivery.models.receipts import MarkKind, ReceiptMark
from delivery.models.transcripts import Transcript
from delivery.models.webhooks import DeliveryState, Webhook, WebhookDelivery

__all__ = [
    "Channel",
    "DeliveryState",
    "Look",
    "MarkKind",
    "NoticeKind",
    "Notification",
    "Outgoing",
    "Preferences",
    "Progress",
    "PushSubscription",
    "ReceiptMark",
    "ServerKey",
    "State",
    "Transcript",
    "Webhook",
    "WebhookDelivery",
]
