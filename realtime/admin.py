"""The epoch, for superusers."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from realtime.models import Epoch


@admin.register(Epoch)
class EpochAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs only
    list_display = ("id", "started_at")
    search_fields = ("id",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)
