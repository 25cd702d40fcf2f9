"""Presence in the admin: to look at."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin_site import SuperuserAdmin, TenantAdmin
from presence.models import LeaseRow, Presence


@admin.register(Presence)
class PresenceAdmin(TenantAdmin):
    organisation_path = "member__organisation"
    list_display = ("member", "availability", "last_seen_at")
    list_select_related = ("member",)
    list_filter = ("availability",)
    search_fields = ("member__name",)


@admin.register(LeaseRow)
class LeaseRowAdmin(SuperuserAdmin):
    list_display = ("member_id", "process", "is_away", "expires_at")
