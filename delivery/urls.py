"""Delivery, under /api/v1/."""

from django.urls import path

from delivery.api import inbox, preferences, push, receipts, transcripts, webhooks

ONE = "chat/conversations/<uuid:conversation_id>"
NOTIFICATION = "notifications/<uuid:notification_id>"
WEBHOOK = "webhooks/<uuid:webhook_id>"

urlpatterns = [
    path("chat/messages/<uuid:message_id>/deliveries/", receipts.Deliveries.as_view(), name="deliveries"),
    path("chat/sync/", receipts.Sync.as_view(), name="sync"),
    path(f"{ONE}/mark_read/", receipts.MarkRead.as_view(), name="mark-read"),
    path(f"{ONE}/mark_delivered/", receipts.MarkDelivered.as_view(), name="mark-delivered"),
    path(f"{ONE}/transcript/", transcripts.TranscriptOf.as_view(), name="transcript"),
    path("notifications/", inbox.Notifications.as_view(), name="notifications"),
    path("notifications/read_all/", inbox.ReadAllNotifications.as_view(), name="read-all-notifications"),
    path(f"{NOTIFICATION}/read/", inbox.ReadNotification.as_view(), name="read-notification"),
    path(f"{NOTIFICATION}/dismiss/", inbox.DismissNotification.as_view(), name="dismiss-notification"),
    path("preferences/", preferences.OwnPreferences.as_view(), name="preferences"),
    path("preferences/defaults/", preferences.Defaults.as_view(), name="default-preferences"),
    path("push-subscriptions/", push.PushSubscriptions.as_view(), name="push-subscriptions"),
    path(
        "push-subscriptions/<uuid:subscription_id>/",
        push.OnePushSubscription.as_view(),
        name="push-subscription",
    ),
    path("webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path(f"{WEBHOOK}/", webhooks.WebhookDetail.as_view(), name="webhook"),
    path(f"{WEBHOOK}/deliveries/", webhooks.WebhookDeliveries.as_view(), name="webhook-deliveries"),
    path(f"{WEBHOOK}/rotate_secret/", webhooks.RotateSecret.as_view(), name="rotate-webhook-secret"),
    path("webhook-deliveries/<uuid:delivery_id>/redeliver/", webhooks.Redeliver.as_view(), name="redeliver"),
]
