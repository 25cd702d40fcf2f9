"""What belongs to no tenant and to no one app, in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult

from accounts.admin_site import SuperuserAdmin
from realtime.models import Epoch
from work.models import TaskLease, Tick

# As the library has registered it, its history page tells every organisation's admin which ids there are.
admin.site.unregister(DBTaskResult)


@admin.register(Epoch)
class EpochAdmin(SuperuserAdmin):
    list_display = ("id", "started_at")
    search_fields = ("id",)


class WorkAdmin(SuperuserAdmin):
    """Only workers write these."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(TaskLease)
class TaskLeaseAdmin(WorkAdmin):
    list_display = ("id", "worker", "expires_at")
    search_fields = ("id",)


@admin.register(Tick)
class TickAdmin(WorkAdmin):
    list_display = ("id", "name", "due_at", "ran_at")
    search_fields = ("name",)


@admin.register(DBTaskResult)
class TaskAdmin(WorkAdmin):
    """What tasks were given is of every tenant."""

    list_display = ("id", "name_of_the_task", "status", "enqueued_at", "started_at", "finished_at")
    list_filter = ("status",)
    search_fields = ("id", "task_path")

    @admin.display(description="task name")
    def name_of_the_task(self, result: Any) -> str:
        return str(result.task_name)
