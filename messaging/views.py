"""The staff page, and those about files."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
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
        return self.answer(actor, memberships)

    def answer(self, actor: Actor, memberships: list[Member]) -> HttpResponse:
        boot = {
            "organisation": organisation_payload(actor.member.organisation),
            "member": member_payload(actor.member),
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


class Manifest(Chat):
    """What a browser needs to install the staff page as an app, named after the organisation."""

    def answer(self, actor: Actor, memberships: list[Member]) -> HttpResponse:
        organisation = actor.member.organisation
        chosen = "organisation" in self.request.GET
        start = reverse("chat") + (f"?{urlencode({'organisation': organisation.slug})}" if chosen else "")
        manifest = {
            "id": start,
            "name": organisation.name,
            "short_name": organisation.name,
            "lang": organisation.locale,
            "start_url": start,
            "scope": reverse("chat"),
            "display": "standalone",
            "theme_color": "#f5f7f9",
            "background_color": "#fbfdfe",
            "icons": [
                _icon("app-192.png", 192),
                _icon("app-512.png", 512),
                _icon("app-maskable-512.png", 512, purpose="maskable"),
                {"src": static("img/parley.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            ],
        }
        response = JsonResponse(manifest, content_type="application/manifest+json")
        # Whose it is, is known by the cookie.
        response["Cache-Control"] = "private, no-cache"
        return response


def _icon(name: str, size: int, purpose: str = "any") -> dict[str, str]:
    return {
        "src": static(f"img/{name}"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


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
