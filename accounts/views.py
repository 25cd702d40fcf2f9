"""Signing in and out of our own pages, and the page in which the widget is framed."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.generic import TemplateView

from accounts.http import address_of
from accounts.queries import lists
from common import ratelimit
from common.errors import RateLimited

LOGINS_PER_ADDRESS = "20/5 minutes"
LOGINS_PER_NAME = "5/5 minutes"


def name_of(request: HttpRequest) -> str:
    """The name as the form will read it: spaces around it and look-alikes are the same name."""
    return normalize("NFKC", request.POST.get("username", "")[:300]).strip().casefold()


class Login(LoginView):
    """Attempts are counted by address and by name, whether or not the name exists."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            ratelimit.hit(LOGINS_PER_ADDRESS, "login from", address_of(self.request))
            ratelimit.hit(LOGINS_PER_NAME, "login as", name_of(self.request))
        except RateLimited as error:
            return self._too_fast(error)
        return super().post(*args, **kwargs)

    def _too_fast(self, error: RateLimited) -> HttpResponse:
        form = self.get_form()
        form.is_bound = False
        wait = int(error.retry_after or 60)
        context = self.get_context_data(form=form, too_fast=wait)
        response = self.render_to_response(context, status=error.status)
        response["Retry-After"] = str(wait)
        return response


@method_decorator(xframe_options_exempt, name="dispatch")
class WidgetFrame(TemplateView):
    """The widget on a page of ours, for hosts that must not read it: `?site=KEY&origin=` of the page around it.

    Nobody but that page may frame it, and only where the site lists it.
    """

    template_name = "accounts/frame.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key, origin = request.GET.get("site", ""), request.GET.get("origin", "")
        if not (key + origin).isprintable() or not lists(key, origin):
            raise Http404
        response = super().get(request, *args, **kwargs)
        # What the decorators of django-csp set.
        response._csp_replace = {"frame-ancestors": [origin]}  # type: ignore[attr-defined]
        return response
