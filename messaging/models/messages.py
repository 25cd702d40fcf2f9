"""What is said, and what becomes of it: former texts, reactions, mentions."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Member, Organisation
from common.ids import new_id
from messaging.models.conversations import Conversation
from messaging.models.entities import Entity

MAX_BODY = 5000
# As long as a name can be where each letter is written with its accents apart, and the "@" before it.
MAX_MENTION = 4 * 120 + 1


class MessageKind(models.TextChoices):
    TEXT = "text"
    SYSTEM = "system"
    NOTE = "note"


class Message(models.Model):
    """`system`: what a system message tells, for the reader's language. `is_adorned`: it has, or has had, mentions,
    reactions or a preview; nobody asks for those of one that has none. A pinned message has `pinned_at`.

    `text_version` is the version that its present text came with.
    """

    adornments: Any  # where `queries.bring_adornments` brought them

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Two indexes begin with it already, and a third alone would win over them for "after this seq".
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    # The conversation's, which never changes; checked there. What is searched is told apart by it (`messaging.search`).
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    seq = models.BigIntegerField()
    version = models.BigIntegerField()
    sender = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=6, choices=MessageKind, default=MessageKind.TEXT)
    body = models.TextField(max_length=MAX_BODY, blank=True)
    system = models.JSONField(null=True, blank=True)
    reply_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    link_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    is_adorned = models.BooleanField(default=False, db_default=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    text_version = models.BigIntegerField(default=0, db_default=0)
    pinned_at = models.DateTimeField(null=True, blank=True)
    pinned_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="message_seq_once"),
            models.UniqueConstraint(
                fields=["conversation", "sender", "client_id"], name="message_client_id_once"
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "version"], name="message_by_version"),
            # Of what is rarely there only.
            models.Index(fields=["reply_to"], condition=Q(reply_to__isnull=False), name="message_replying"),
            models.Index(
                fields=["deleted_by"], condition=Q(deleted_by__isnull=False), name="message_deleted_by"
            ),
            models.Index(fields=["id"], condition=~Q(link_url=""), name="message_with_link_url"),
            models.Index(
                fields=["conversation", "-pinned_at"],
                condition=Q(pinned_at__isnull=False),
                name="message_pinned",
            ),
            models.Index(
                fields=["pinned_by"], condition=Q(pinned_by__isnull=False), name="message_pinned_by"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} #{self.seq}"


class MessageRevision(models.Model):
    """A former text. `written_at`: when it was said, `replaced_at`: until when it stood."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="revisions")
    body = models.TextField(max_length=MAX_BODY)
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ("replaced_at", "id")

    def __str__(self) -> str:
        return f"{self.message_id} until {self.replaced_at}"


class Reaction(models.Model):
    """One emoji of one member; `id` tells which came first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "emoji", "member"], name="reaction_once"),
        ]

    def __str__(self) -> str:
        return f"{self.emoji} of {self.member_id}"


class Mention(models.Model):
    """Of a member or of an entity: `text` is how the message's text names it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    entity = models.ForeignKey(
        Entity, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    text = models.CharField(max_length=MAX_MENTION)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "member"], name="mention_of_a_member_once"),
            models.UniqueConstraint(fields=["message", "entity"], name="mention_of_an_entity_once"),
            models.CheckConstraint(
                condition=Q(member=None, entity__isnull=False) | Q(member__isnull=False, entity=None),
                name="mention_of_one_thing",
            ),
        ]
        indexes = [
            # Ids of messages are of version 7: by age.
            models.Index(
                fields=["member", "-message"], condition=Q(member__isnull=False), name="mention_newest"
            ),
            models.Index(fields=["entity"], condition=Q(entity__isnull=False), name="mention_of_an_entity"),
        ]

    def __str__(self) -> str:
        return f"{self.text} in {self.message_id}"
