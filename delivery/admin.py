"""Receipts, and what people are told, in the admin: to look at; webhooks, and what they told."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_site import SuperuserAdmin, TenantAdmin, actor_in
from common.errors import ParleyError
from delivery import actions
from delivery.models import (
    Look,
    Notification,
    Outgoing,
    Preferences,
    Progress,
    PushSubscription,
    ReceiptMark,
    ServerKey,
    Transcript,
    Webhook,
    WebhookDelivery,
)


@admin.register(ReceiptMark)
class ReceiptMarkAdmin(TenantAdmin):
    organisation_path = "conversation__organisation"
    list_display = ("member", "kind", "up_to_seq", "at", "conversation")
    list_select_related = ("member", "conversation")
    list_filter = ("kind",)
    search_fields = ("member__name",)


@admin.register(Notification)
class NotificationAdmin(TenantAdmin):
    organisation_path = "member__organisation"
    list_display = ("member", "kind", "actor", "conversation", "created_at", "read_at", "dismissed_at")
    list_select_related = ("member", "actor", "conversation")
    list_filter = ("kind", ("read_at", admin.EmptyFieldListFilter))
    search_fields = ("member__name",)


@admin.register(Preferences)
class PreferencesAdmin(TenantAdmin):
    """Those of members; the organisation's are told by the API to its admins."""

    organisation_path = "member__organisation"
    list_display = ("member", "quiet_from", "quiet_until", "timezone")
    list_select_related = ("member",)
    search_fields = ("member__name",)


@admin.register(PushSubscription)
class PushSubscriptionAdmin(TenantAdmin):
    """Endpoint and keys are not shown: whoever has them can push to that browser."""

    organisation_path = "member__organisation"
    list_display = ("member", "service", "created_at")
    list_select_related = ("member",)
    list_filter = ("service",)
    search_fields = ("member__name", "service")
    fields = ("member", "service", "created_at")


@admin.register(Progress)
class ProgressAdmin(TenantAdmin):
    organisation_path = "member__organisation"
    list_display = ("member", "conversation", "looked_seq", "pushed_seq", "mailed_seq", "due_at")
    list_select_related = ("member", "conversation")
    search_fields = ("member__name",)


@admin.register(Outgoing)
class OutgoingAdmin(TenantAdmin):
    organisation_path = "member__organisation"
    list_display = ("member", "channel", "kind", "state", "attempts", "outcome", "due_at", "created_at")
    list_select_related = ("member",)
    list_filter = ("channel", "state", "kind")
    search_fields = ("member__name", "outcome")


@admin.register(Transcript)
class TranscriptAdmin(TenantAdmin):
    organisation_path = "member__organisation"
    list_display = ("member", "conversation", "state", "attempts", "outcome", "created_at")
    list_select_related = ("member", "conversation")
    list_filter = ("state",)
    search_fields = ("member__name", "outcome")


@admin.register(Look)
class LookAdmin(SuperuserAdmin):
    list_display = ("name", "at")
    search_fields = ("name",)


@admin.register(ServerKey)
class ServerKeyAdmin(SuperuserAdmin):
    list_display = ("name", "created_at")
    search_fields = ("name",)
    fields = ("name", "created_at")
    readonly_fields = ("name", "created_at")


# --- webhooks -------------------------------------------------------------------------------------------------------


@admin.register(Webhook)
class WebhookAdmin(TenantAdmin):
    """They change by the API, which tells a secret once."""

    list_display = ("url", "is_active", "failures", "disabled_at", "disabled_reason", "organisation")
    list_select_related = ("organisation",)
    list_filter = ("is_active",)
    search_fields = ("url",)
    fields = (
        *("organisation", "url", "events", "is_active", "created_at", "former_until"),
        *("failures", "failing_since", "resting_until", "disabled_at", "disabled_reason"),
    )


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(TenantAdmin):
    organisation_path = "webhook__organisation"
    list_display = ("id", "event", "webhook", "state", "attempts", "last_status", "last_error", "created_at")
    list_select_related = ("webhook",)
    list_filter = ("state",)
    search_fields = ("event", "webhook__url")
    actions = ("redeliver",)

    @admin.action(description="Redeliver: what is there now is sent once more", permissions=["view"])
    def redeliver(self, request: HttpRequest, deliveries: QuerySet[Any]) -> None:
        for one in deliveries.select_related("webhook"):
            try:
                actions.redeliver(actor_in(request, one.webhook.organisation_id), delivery_id=one.pk)
            except ParleyError as error:
                messages.error(request, str(error))
