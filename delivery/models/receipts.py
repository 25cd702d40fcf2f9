"""When a watermark moved: the only thing stored of deliveries, from which each message's own are read."""

from __future__ import annotations

from django.db import models

from accounts.models import Member
from common.ids import new_id
from messaging.models import Conversation


class MarkKind(models.TextChoices):
    DELIVERED = "delivered"
    READ = "read"


class ReceiptMark(models.Model):
    """Append-only: at `at`, the member had everything up to `up_to_seq`. One row an advance, not one a message."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=MarkKind)
    up_to_seq = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "member", "kind", "up_to_seq"], name="receipt_mark_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.kind} up to {self.up_to_seq}"
