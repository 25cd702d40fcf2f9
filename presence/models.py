"""What is stored of presence: what a member chose and when they were last here, and leases where there is no Redis."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from accounts.models import Member
from common.ids import new_id


class Availability(models.TextChoices):
    AUTO = "auto"
    BUSY = "busy"
    INVISIBLE = "invisible"


class Presence(models.Model):
    """Made when there is something to say. `last_seen_at` stands still while the member is invisible."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="presence")
    availability = models.CharField(max_length=9, choices=Availability, default=Availability.AUTO)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "presence"

    def __str__(self) -> str:
        return f"{self.member}: {self.availability}"


class LeaseRow(models.Model):
    """A lease (see presence.leases) while Redis is away or there is none. Members are named, not referred to: a row
    lives for seconds, and must not stand in the way of a deletion."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member_id = models.UUIDField()
    process = models.UUIDField()
    is_away = models.BooleanField(default=False)
    opened = models.JSONField(default=list)
    expires_at = models.DateTimeField(db_index=True)
    changed_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member_id", "process"], name="lease_once_per_process")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} until {self.expires_at}"
