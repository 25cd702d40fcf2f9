"""The staff page, those about files, and the contact form."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.generic import FormView, TemplateView

from accounts.actions import meet_visitor
from accounts.actor import Actor
from accounts.http import address_of
from accounts.models import Member, User
from accounts.payloads import member_payload, organisation_payload
from accounts.permissions import Permission
from accounts.queries import client_in_session, get_actor_in_session, get_site, get_visitor
from attachments.payloads import voice_payload
from attachments.queries import policies_of
from common import ratelimit
from common.errors import FilesRefused, InvalidInput, NotFound, ParleyError, RateLimited
from common.ids import new_id
from messaging import actions
from messaging.forms import ContactForm, opened, sealed, words_for

# From one place: a form says no more than a person does.
CONTACTS_PER_ADDRESS = "10/hour"


class Contact(FormView[ContactForm]):
    """A site's contact form, wherever it stood: what is wrong is shown here, with what was written."""

    template_name = "messaging/contact.html"
    form_class = ContactForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.site = get_site(kwargs["key"])
        except NotFound:
            raise Http404 from None
        with translation.override(self.site.organisation.locale):
            response = super().dispatch(request, *args, **kwargs)
            # Its words are made of the language as it is now.
            return response.render() if isinstance(response, TemplateResponse) else response

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": self.site}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        locale = self.site.organisation.locale
        return super().get_context_data(
            site=self.site, words=words_for(locale), language=locale[:2], **kwargs
        )

    def form_valid(self, form: ContactForm) -> HttpResponse:
        if not form.is_by_a_program and (problem := self._send(form)):
            return self._again(form, problem)
        return HttpResponseRedirect(
            reverse("contact-form-thanks", args=[self.site.key]), status=HTTPStatus.SEE_OTHER
        )

    def form_invalid(self, form: ContactForm) -> HttpResponse:
        return self._again(form, InvalidInput())

    def _send(self, form: ContactForm) -> ParleyError | None:
        data, file = form.cleaned_data, form.given_file
        visitor = opened(self.site, data["visitor"]) or new_id()
        try:
            ratelimit.hit(CONTACTS_PER_ADDRESS, "contact from", address_of(self.request))
            # Whoever is new must not become another one with each try.
            form.data = {**self.request.POST.dict(), "visitor": sealed(self.site, visitor)}
            actor = self._actor(visitor)
            actions.contact(
                actor,
                name=data["name"],
                email=data["email"],
                client_id=data["client_id"],
                body=data["text"],
                files=[(Path(file.temporary_file_path()), file.name or "")] if file else [],
            )
        except FilesRefused as error:
            is_of_file = error.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
            form.add_error("file", form.words["file_refused" if is_of_file else "refused"])
            return error
        except RateLimited as error:
            form.add_error(None, form.words["too_fast"])
            return error
        except ParleyError as error:
            form.add_error(None, form.words["refused"])
            return error
        return None

    def _actor(self, visitor: UUID) -> Actor:
        """Who is signed in, who tries again, or somebody new."""
        return (
            client_in_session(self.request, self.site)
            or get_visitor(self.site, visitor)
            or meet_visitor(self.site, id=visitor, address=address_of(self.request))
        )

    def _again(self, form: ContactForm, problem: ParleyError) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(form=form), status=problem.status)
        if problem.retry_after:
            response["Retry-After"] = str(ceil(problem.retry_after))
        return response


class ContactThanks(TemplateView):
    template_name = "messaging/contact_thanks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            organisation = get_site(self.kwargs["key"]).organisation
        except NotFound:
            raise Http404 from None
        words = words_for(organisation.locale)
        text = words["thanks_text" if settings.SENDS_EMAIL else "thanks_plain"].format(
            organisation=organisation.name
        )
        return super().get_context_data(words=words, text=text, language=organisation.locale[:2], **kwargs)


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
        policies = policies_of(actor.organisation_id)
        boot = {
            "organisation": organisation_payload(actor.member.organisation),
            "member": member_payload(actor.member),
            "user": self._user.pk,
            "locale": actor.member.locale,
            "organisations": [
                {"slug": one.organisation.slug, "name": one.organisation.name} for one in memberships
            ],
            "api": "/api/v1/",
            "socket": "/ws/chat/",
            "permissions": actor.permissions(),
            "own_reviews": {space: one.may_review_own for space, one in policies.items()},
            "voice": {space: voice_payload(one) for space, one in policies.items()},
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
            "lang": actor.member.language,
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
