"""The notification inbox: what somebody is told of. None holds what a message says."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Member
from common.ids import new_id
from messaging.models import Conversation, Message


class NoticeKind(models.TextChoices):
    """New messages have no rows: the conversation list tells of them, the others of what it cannot tell."""

    MENTION = "mention"
    NEW_MESSAGE = "new_message"
    ASSIGNMENT = "assignment"
    URGENT = "urgent"
    SLA_WARNING = "sla_warning"
    SLA_BREACH = "sla_breach"
    FILE_DECISION = "file_decision"
    NEW_REQUEST = "new_request"
    REQUEST_STATUS = "request_status"
    STORAGE = "storage"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> Self:
        return self.filter(read_at=None, dismissed_at=None)


class Notification(models.Model):
    """`key` says what it is about, so that nobody is told the same thing twice. `data` says how, never with a text of
    a message. `due_at`: when to see again whether it is to be pushed or mailed; None when that is settled."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=NoticeKind)
    key = models.CharField(max_length=80)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    actor = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    is_pushed = models.BooleanField(default=False)
    is_mailed = models.BooleanField(default=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "key"], name="notification_once"),
        ]
        indexes = [
            # Ids are of version 7: by age.
            models.Index(
                fields=["member", "-id"], condition=Q(dismissed_at=None), name="notification_newest"
            ),
            models.Index(
                fields=["member", "conversation"],
                condition=Q(read_at=None, dismissed_at=None),
                name="notification_unread",
            ),
            models.Index(
                fields=["message"], condition=Q(message__isnull=False), name="notification_of_a_message"
            ),
            models.Index(
                fields=["conversation"],
                condition=Q(conversation__isnull=False),
                name="notification_of_conversation",
            ),
            models.Index(fields=["actor"], condition=Q(actor__isnull=False), name="notification_by_actor"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="notification_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}"
