"""Who serves a support conversation, and who has served it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Member, Organisation
from common.ids import new_id
from messaging.models import Conversation


class State(models.TextChoices):
    """It is active, or it has ended: given back to the queue, passed on to somebody else, or done."""

    ACTIVE = "active"
    RELEASED = "released"
    PASSED_ON = "passed_on"
    RESOLVED = "resolved"


class Assignment(models.Model):
    """A conversation that somebody serves, from one moment to another. Whoever took it, `assigned_by` themself.

    `queued_at`: since when its client had waited for it, and `place`, which they had in the queue at first; None where
    nobody waited, or had been served before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="assignments", db_index=False
    )
    assignee = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.ACTIVE)
    queued_at = models.DateTimeField(null=True, blank=True)
    place = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state="active"), name="one_active_assignment"
            ),
            models.CheckConstraint(
                condition=Q(state="active", ended_at=None) | (~Q(state="active") & Q(ended_at__isnull=False)),
                name="assignment_ends_with_its_state",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "-id"], name="assignment_newest"),
            models.Index(
                fields=["organisation", "-created_at"],
                condition=Q(queued_at__isnull=False),
                name="assignment_waited_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.state} {self.assignee}"
