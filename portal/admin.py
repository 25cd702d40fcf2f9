"""Requests in the admin, to look at."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin_site import TenantAdmin
from portal.models import ClientRequest


@admin.register(ClientRequest)
class ClientRequestAdmin(TenantAdmin):
    list_display = (
        "title",
        "kind",
        "status",
        "space",
        "created_by",
        "created_at",
        "decided_by",
        "organisation",
    )
    list_select_related = ("space", "created_by", "decided_by", "organisation")
    list_filter = ("kind", "status")
    search_fields = ("title", "created_by__name", "space__name")
