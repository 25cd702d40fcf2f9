"""How far everybody has been told by push and e-mail, and each notice on its way out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Member
from common.ids import new_id
from delivery.models.notices import Notification
from delivery.models.push import PushSubscription
from messaging.models import Conversation


class Look(models.Model):
    """How far the search for what is to be told has come. Its row's lock lets one process search at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.name}: {self.at}"


class Progress(models.Model):
    """How far a participant was pushed and mailed, and up to which message it was looked at whether they are to be.

    `due_at`: when to look again, though nothing more is said. Of whom nothing can be told, there is no row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    looked_seq = models.BigIntegerField(default=0)
    pushed_seq = models.BigIntegerField(default=0)
    mailed_seq = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "progress"
        constraints = [models.UniqueConstraint(fields=["conversation", "member"], name="progress_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="progress_due")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.conversation_id}"


class Channel(models.TextChoices):
    PUSH = "push"
    EMAIL = "email"


class State(models.TextChoices):
    """SENDING is written before the first byte leaves: who dies then may have sent it, and it is never tried again."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"


class Outgoing(models.Model):
    """One notice on its way to one browser, or to one mailbox: of a conversation up to `seq`, or a notification.

    It holds no text: what it says is read when it leaves. `leased_until`: a task has it until then. `outcome`: why it
    was dropped, or is tried again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=5, choices=Channel)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    subscription = models.ForeignKey(
        PushSubscription, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=16)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    after_seq = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=7, choices=State, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = "outgoing"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "seq", "subscription"],
                condition=Q(channel="push", notification=None),
                name="pushed_once",
            ),
            models.UniqueConstraint(
                fields=["conversation", "seq", "member"],
                condition=Q(channel="email", notification=None),
                name="mailed_once",
            ),
            models.UniqueConstraint(
                fields=["notification", "subscription"],
                condition=Q(channel="push", notification__isnull=False),
                name="notification_pushed_once",
            ),
            models.UniqueConstraint(
                fields=["notification", "member"],
                condition=Q(channel="email", notification__isnull=False),
                name="notification_mailed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="due"), name="outgoing_due"),
            models.Index(fields=["created_at"], name="outgoing_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel} to {self.member_id}"
