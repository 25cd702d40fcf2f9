"""Conversations in the admin: to look at, for they change through their actions only; and what a host tells of."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.admin_site import EditableTenantAdmin, TenantAdmin, actor_in, organisations_of
from accounts.audit import record
from messaging.actions import texts_of
from messaging.models import (
    Conversation,
    Entity,
    EntityType,
    Introduction,
    LinkPreview,
    Mention,
    Message,
    MessageRevision,
    Participant,
    Reaction,
)


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
        "deleted_at",
        "organisation",
    )
    list_select_related = ("client", "space", "organisation")
    list_filter = ("kind", "status", "queue_open", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("title", "client__name")


@admin.register(Participant)
class ParticipantAdmin(TenantAdmin):
    organisation_path = "conversation__organisation"
    list_display = ("member", "conversation", "role", "delivered_seq", "read_seq", "joined_at", "left_at")
    list_select_related = ("member", "conversation")
    list_filter = ("role", ("left_at", admin.EmptyFieldListFilter))
    search_fields = ("member__name", "conversation__title")


@admin.register(Introduction)
class IntroductionAdmin(TenantAdmin):
    organisation_path = "conversation__organisation"
    list_display = ("conversation", "created_at")
    list_select_related = ("conversation",)
    search_fields = ("conversation__client__name",)


# --- what is said ---------------------------------------------------------------------------------------------------


@admin.register(Message)
class MessageAdmin(TenantAdmin):
    """Lists show what everybody sees. A message's own page shows the admins of its organisation what it said before,
    too, and what is deleted; each such look is audited."""

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
        "system",
        "reply_to",
        "created_at",
        "edited_at",
        "pinned_at",
        "pinned_by",
        "deleted_at",
        "deleted_by",
    )

    @admin.display(description="body")
    def excerpt(self, message: Message) -> str:
        return "" if message.deleted_at else message.body[:200]

    @admin.display(description="texts")
    def texts(self, message: Message) -> SafeString:
        """Every one that it had, the present one last."""
        return format_html_join(
            "", "<p>{}<br>{}</p>", ((one.written_at, one.body) for one in texts_of(message))
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Superusers are no members, and read nobody's messages here."""
        may_read = obj and obj.conversation.organisation_id in organisations_of(request)
        return (*self.fields, "texts") if may_read else self.fields

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj and (obj.edited_at or obj.deleted_at) and "texts" in self.get_fields(request, obj):
            actor = actor_in(request, obj.conversation.organisation_id)
            record(actor, "message.revisions_read", obj, conversation=str(obj.conversation_id))
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(MessageRevision)
class MessageRevisionAdmin(TenantAdmin):
    """That there was another text; what it said is on the message's page."""

    organisation_path = "message__conversation__organisation"
    list_display = ("message", "written_at", "replaced_at")
    list_select_related = ("message",)
    search_fields = ("message__sender__name", "message__conversation__title")
    fields = ("message", "written_at", "replaced_at")


@admin.register(Reaction)
class ReactionAdmin(TenantAdmin):
    organisation_path = "message__conversation__organisation"
    list_display = ("message", "member", "emoji")
    list_select_related = ("message", "member")
    search_fields = ("member__name", "message__conversation__title")


@admin.register(Mention)
class MentionAdmin(TenantAdmin):
    organisation_path = "message__conversation__organisation"
    list_display = ("message", "member", "entity")
    list_select_related = ("message", "member", "entity__type")
    search_fields = ("member__name", "entity__label", "message__conversation__title")
    fields = ("message", "member", "entity")


@admin.register(LinkPreview)
class LinkPreviewAdmin(TenantAdmin):
    organisation_path = "message__conversation__organisation"
    list_display = ("url", "title", "site", "message")
    list_select_related = ("message",)
    search_fields = ("url", "title")
    fields = ("message", "url", "title", "description", "site")


# --- what a host tells of -------------------------------------------------------------------------------------------


@admin.register(EntityType)
class EntityTypeAdmin(EditableTenantAdmin):
    list_display = ("key", "name", "organisation")
    list_select_related = ("organisation",)
    search_fields = ("key", "name")
    autocomplete_fields = ("organisation",)


@admin.register(Entity)
class EntityAdmin(EditableTenantAdmin):
    """Its type, and with it its organisation, stays."""

    organisation_path = "type__organisation"
    list_display = ("type", "ref", "label", "space")
    list_select_related = ("type", "space")
    search_fields = ("ref", "label", "type__key")
    autocomplete_fields = ("type", "space")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "type") if obj else fixed

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "url":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)
