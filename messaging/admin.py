"""Conversations in the admin: to look at; they change through their actions only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from accounts.admin_site import TenantAdmin
from messaging.models import Conversation, Message, Participant


@admin.register(Conversation)
class ConversationAdmin(TenantAdmin):
    list_display = (
        "id",
        "kind",
        "title",
        "client",
        "space",
        "status",
        "last_seq",
        "active_at",
        "organisation",
    )
    list_select_related = ("client", "space", "organisation")
    list_filter = ("kind", "status", "queue_open")
    search_fields = ("title", "client__name")


@admin.register(Participant)
class ParticipantAdmin(TenantAdmin):
    organisation_path = "conversation__organisation"
    list_display = ("member", "conversation", "role", "delivered_seq", "read_seq", "joined_at", "left_at")
    list_select_related = ("member", "conversation")
    list_filter = ("role", ("left_at", admin.EmptyFieldListFilter))
    search_fields = ("member__name", "conversation__title")


@admin.register(Message)
class MessageAdmin(TenantAdmin):
    """Deleted text is not shown here: reading it is a right of its own, and audited."""

    organisation_path = "conversation__organisation"
    list_display = ("conversation", "seq", "sender", "kind", "excerpt", "created_at", "deleted_at")
    list_select_related = ("conversation", "sender")
    list_filter = ("kind", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("sender__name", "conversation__title")
    fields = (
        "conversation",
        "seq",
        "version",
        "sender",
        "kind",
        "excerpt",
        "reply_to",
        "created_at",
        "edited_at",
        "deleted_at",
        "deleted_by",
    )

    @admin.display(description="body")
    def excerpt(self, message: Any) -> str:
        return "" if message.deleted_at else message.body[:200]
