"""What belongs to no tenant and to no one app, in the admin."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin_site import SuperuserAdmin
from realtime.models import Epoch


@admin.register(Epoch)
class EpochAdmin(SuperuserAdmin):
    list_display = ("id", "started_at")
    search_fields = ("id",)
