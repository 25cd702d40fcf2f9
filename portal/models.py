"""What clients ask for, and what was decided about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Member, Organisation, Space
from attachments.models import REQUEST
from common.ids import new_id

MAX_TITLE, MAX_DESCRIPTION, MAX_REASON = 200, 5000, 1000
# What requests are called by the files that they hold, and that are uploaded to them.
HOLDER = REQUEST


class RequestKind(models.TextChoices):
    MATERIAL = "material"
    CHANGE_ORDER = "change_order"
    INFO = "info"


class RequestStatus(models.TextChoices):
    """It is pending, or it has ended: decided by the staff, or taken back by whoever asked."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


DECIDED = (RequestStatus.APPROVED, RequestStatus.REJECTED)


class ClientRequest(models.Model):
    """Something that somebody asks for in a space. `version` moves with each change; `client_id` says which of their
    own it is, however often they send it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=RequestKind)
    title = models.CharField(max_length=MAX_TITLE)
    description = models.TextField(max_length=MAX_DESCRIPTION, blank=True)
    status = models.CharField(max_length=9, choices=RequestStatus, default=RequestStatus.PENDING)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    client_id = models.UUIDField()
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=MAX_REASON, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["created_by", "client_id"], name="client_request_once"),
            models.CheckConstraint(
                condition=Q(status__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                | (~Q(status__in=DECIDED) & Q(decided_by=None, decided_at=None)),
                name="client_request_decided_by_somebody",
            ),
        ]
        # Ids are of version 7: the newest first.
        indexes = [
            models.Index(fields=["organisation", "-id"], name="client_request_newest"),
            models.Index(fields=["organisation", "status", "-id"], name="client_request_by_status"),
            models.Index(fields=["space", "-id"], name="client_request_of_a_space"),
            models.Index(fields=["created_by", "-id"], name="client_request_of_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.status})"
