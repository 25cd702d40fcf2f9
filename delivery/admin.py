"""Receipts in the admin: to look at."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin_site import TenantAdmin
from delivery.models import ReceiptMark


@admin.register(ReceiptMark)
class ReceiptMarkAdmin(TenantAdmin):
    organisation_path = "conversation__organisation"
    list_display = ("member", "kind", "up_to_seq", "at", "conversation")
    list_select_related = ("member", "conversation")
    list_filter = ("kind",)
    search_fields = ("member__name",)
