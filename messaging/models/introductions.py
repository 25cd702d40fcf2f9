"""What somebody was asked, and answered, before a conversation began."""

from __future__ import annotations

from django.db import models

from common.ids import new_id
from messaging.models.conversations import Conversation


class Introduction(models.Model):
    """`answers`: [{"key", "label", "text"}], in the order in which they were asked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"of {self.conversation_id}"
