"""Who is at which task, and when what is done by itself is due: rows, so that any worker may die."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from common.ids import new_id


class TaskLease(models.Model):
    """A worker's word that it is at this task (`id` is the task's), said again before it runs out.

    Tasks are named, not referred to: a lease must not stand in the way of the library that holds them.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    worker = models.UUIDField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.worker} at {self.id} until {self.expires_at}"


class Tick(models.Model):
    """When a job (`work.ticker.Periodic`) is to run next, by the database's clock. Whoever moves it on runs it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100, unique=True)
    due_at = models.DateTimeField(db_default=Now())
    ran_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.due_at}"
