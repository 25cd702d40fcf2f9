"""Where hosts want to be told what happens, and what each was told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from common.ids import new_id


class Webhook(models.Model):
    """`secret`, and while it is rotated `former_secret`, are sealed. `failures`: attempts in a row that failed, since
    `failing_since`. `resting_until`: it did not answer at all, and nobody is to wait for it again before then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    events = models.JSONField(default=list)
    secret = models.TextField(editable=False)
    former_secret = models.TextField(blank=True, editable=False)
    former_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    resting_until = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(models.Model):
    """`about`: the ids of what it tells of, never a text: what is told is what is there when it is sent.

    `next_attempt_at`: when it is due. Whoever takes a due one moves that on first, so it is due again should they die.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event = models.CharField(max_length=40)
    about = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        indexes = [
            # Ids are of version 7: by age.
            models.Index(fields=["webhook", "-id"], name="webhook_delivery_newest"),
            models.Index(
                fields=["webhook", "next_attempt_at"],
                condition=Q(state="pending"),
                name="webhook_delivery_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.id}"
