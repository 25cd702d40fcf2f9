"""Receipts, and what people are told, in the admin: to look at."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin_site import SuperuserAdmin, TenantAdmin
from delivery.models import (
    Look,
    Notification,
    Outgoing,
    Preferences,
    Progress,
    PushSubscription,
    ReceiptMark,
    ServerKey,
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
