"""The staff page, and those about files."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from accounts.actor import Actor
from accounts.models import Member, User
from accounts.payloads import member_payload, organisation_payload
from accounts.permissions import Permission
from accounts.queries import get_actor_in_session
from attachments.queries import own_reviews_in


class Chat(LoginRequiredMixin, TemplateView):
    """`?organisation=<slug>` chooses among several memberships; the first one is the default."""

    template_name = "messaging/chat.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        memberships = self._memberships()
        if not memberships:
            raise PermissionDenied("You are not a member of any organisation.")
        slug = request.GET.get("organisation") or memberships[0].organisation.slug
        if slug not in {one.organisation.slug for one in memberships}:
            return redirect("chat")
        actor = get_actor_in_session(self._user.pk, request.session.session_key or "", organisation=slug)
        if not self.is_for(actor):
            return redirect("chat")
        boot = {
            "organisation": organisation_payload(actor.member.organisation),
            "member": member_payload(actor.member),
            "user": self._user.pk,
            "organisations": [
                {"slug": one.organisation.slug, "name": one.organisation.name} for one in memberships
            ],
            "api": "/api/v1/",
            "socket": "/ws/chat/",
            "permissions": actor.permissions(),
            "own_reviews": own_reviews_in(actor.organisation_id),
        }
        return self.render_to_response({"boot": boot})

    def is_for(self, actor: Actor) -> bool:
        return True

    @property
    def _user(self) -> User:
        return cast("User", self.request.user)

    def _memberships(self) -> list[Member]:
        return list(
            Member.objects.active()
            .filter(user=self._user)
            .select_related("organisation")
            .order_by("created_at")
        )


class FilesToReview(Chat):
    """What waits for a person. Whoever does not look at files is led to the conversations."""

    template_name = "messaging/review.html"

    def is_for(self, actor: Actor) -> bool:
        return actor.can(Permission.REVIEW_FILES)


class FileFigures(Chat):
    """Files in figures, for whoever manages. Everybody else is led to the conversations."""

    template_name = "messaging/figures.html"

    def is_for(self, actor: Actor) -> bool:
        return actor.can(Permission.SEE_EVERY_CONVERSATION)
