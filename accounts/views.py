"""Signing in and out of our own pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpResponse

from accounts.http import address_of
from common import ratelimit
from common.errors import RateLimited

LOGINS_PER_ADDRESS = "20/5 minutes"
LOGINS_PER_NAME = "5/5 minutes"


class Login(LoginView):
    """Attempts are counted by address and by name, whether or not the name exists."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            ratelimit.hit(LOGINS_PER_ADDRESS, "login from", address_of(self.request))
            ratelimit.hit(LOGINS_PER_NAME, "login as", self.request.POST.get("username", "")[:150])
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
