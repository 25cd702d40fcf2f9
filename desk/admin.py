"""The desk in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actor import Actor
from accounts.admin_site import EditableTenantAdmin, TenantAdmin, actor_in
from common.errors import NotFound
from desk import actions
from desk.models import Assignment, CannedReply, Rating
from desk.models.canned import folded


class CannedReplyForm(forms.ModelForm[CannedReply]):
    def clean(self) -> dict[str, Any]:
        """Django does not ask where the organisation is not to be changed."""
        cleaned = super().clean() or {}
        organisation = cleaned.get("organisation") or self.instance.organisation_id
        cleaned["shortcut"] = folded(cleaned.get("shortcut", ""))
        same = CannedReply.objects.filter(organisation=organisation, shortcut=cleaned["shortcut"])
        if organisation and same.exclude(pk=self.instance.pk).exists():
            self.add_error("shortcut", "Another canned reply has this shortcut.")
        return cleaned


@admin.register(CannedReply)
class CannedReplyAdmin(EditableTenantAdmin):
    """Written by the same actions as by the API."""

    form = CannedReplyForm
    list_display = ("shortcut", "body_begins", "language", "updated_at", "organisation")
    list_select_related = ("organisation",)
    list_filter = ("language",)
    search_fields = ("shortcut", "body")
    autocomplete_fields = ("organisation",)

    @admin.display(description="body")
    def body_begins(self, reply: CannedReply) -> str:
        return reply.body[:80]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def save_model(self, request: HttpRequest, obj: CannedReply, form: Any, change: bool) -> None:
        actor = _actor(request, obj)
        wanted = {"shortcut": obj.shortcut, "body": obj.body, "language": obj.language}
        if change:
            actions.change_canned_reply(actor, reply_id=obj.pk, **wanted)
        else:
            obj.pk = actions.create_canned_reply(actor, **wanted).pk

    def delete_model(self, request: HttpRequest, obj: CannedReply) -> None:
        actions.remove_canned_reply(_actor(request, obj), reply_id=obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CannedReply]) -> None:
        for one in queryset:
            self.delete_model(request, one)


def _actor(request: HttpRequest, reply: CannedReply) -> Actor:
    try:
        return actor_in(request, reply.organisation_id)
    except NotFound:
        raise PermissionDenied from None


# --- who serves whom, to look at ----------------------------------------------------------------------------------


@admin.register(Assignment)
class AssignmentAdmin(TenantAdmin):
    list_display = (
        "conversation",
        "assignee",
        "assigned_by",
        "state",
        "created_at",
        "ended_at",
        "organisation",
    )
    list_select_related = ("conversation", "assignee", "assigned_by", "organisation")
    list_filter = ("state",)
    search_fields = ("assignee__name", "conversation__title")


@admin.register(Rating)
class RatingAdmin(TenantAdmin):
    organisation_path = "assignment__organisation"
    list_display = ("assignment", "score", "comment", "created_at", "changed_at")
    list_select_related = ("assignment__assignee",)
    list_filter = ("score",)
    search_fields = ("assignment__assignee__name",)
