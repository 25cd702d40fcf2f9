"""What was said in a conversation, on its way to somebody who asked for it by e-mail."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Member
from common.ids import new_id
from delivery.models.outgoing import State
from messaging.models import Conversation


class Transcript(models.Model):
    """As `Outgoing`, it holds no text: what it says is read when it leaves. `language`: of the words that are ours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=7, choices=State, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="due"), name="transcript_due"),
            models.Index(fields=["created_at"], name="transcript_by_age"),
        ]

    def __str__(self) -> str:
        return f"of {self.conversation_id} to {self.member_id}"
