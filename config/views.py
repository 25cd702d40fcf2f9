"""Pages and probes of no one app: the demo's host pages, its one-time login, health."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from csp.constants import NONE
from csp.decorators import csp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import TemplateView

from config import once
from config.demo import TENANTS, client_of, make_demo, sign_demo_identity
from config.realtime import BACKGROUND

# Where the widget's code comes from, and its pictures and styles.
STATIC = settings.CDN or [settings.PUBLIC_URL]
# What an embedding page needs to allow, and no more.
HOST_PAGE_CSP = {
    "default-src": [NONE],
    "script-src": STATIC,
    "style-src": STATIC,
    "img-src": [*STATIC, "blob:"],
    "media-src": ["blob:"],
    "connect-src": [
        settings.PUBLIC_URL,
        settings.PUBLIC_URL.replace("http", "ws", 1),
        *settings.ELSEWHERE,
    ],
    "base-uri": [NONE],
    "form-action": [NONE],
    "require-trusted-types-for": ["'script'"],
}


# Where it is in a frame.
FRAMING_PAGE_CSP = {
    name: value for name, value in HOST_PAGE_CSP.items() if name not in ("connect-src", "media-src")
} | {
    "img-src": STATIC,
    "frame-src": [settings.PUBLIC_URL],
}

CALLS = (
    '["boot"]',
    '["show"]',
    '["showNewMessage", "A towel, please"]',
    '["setLocale", "es"]',
    '["setColorScheme", "dark"]',
    '["update", {"position": "left"}]',
    '["hide"]',
    '["destroy"]',
)


class Demos(TemplateView):
    """Where one finds them all."""

    template_name = "config/demos.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not settings.DEMO:
            raise Http404
        organisations = [
            {"name": tenant.name, "links": links_of(made)}
            for tenant, made in zip(TENANTS, make_demo(), strict=True)
        ]
        return super().get_context_data(organisations=organisations)


def links_of(organisation: dict[str, Any]) -> list[dict[str, str]]:
    client = client_of(organisation)["name"].split()[0]
    here = f"{organisation['site']['origin']}/demo/{organisation['slug']}/"
    return [
        {"label": "As a visitor", "url": here},
        {"label": f"As {client}, signed in", "url": f"{here}?as={client}"},
        {"label": "In a frame", "url": f"{here}framed/"},
        {"label": "Driven by the page", "url": f"{here}?driven"},
    ]


@method_decorator(csp(HOST_PAGE_CSP), name="dispatch")
class DemoPage(TemplateView):
    """A page of another origin that embeds the widget, under the strictest policy a host may have.

    `?as=<name>` plays the client the host has signed in; without it the reader is an anonymous visitor. `?driven` has
    buttons that call the widget, which is not there before one is pressed, and tells what it is told.
    """

    template_name = "config/demo.html"
    mode = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tenant = next((one for one in TENANTS if one.slug == kwargs["organisation"]), None)
        if tenant is None or not settings.DEMO:
            raise Http404
        organisation = next(one for one in make_demo() if one["slug"] == tenant.slug)
        return super().get_context_data(
            site_key=organisation["site"]["key"],
            static_url=urljoin(settings.PUBLIC_URL, settings.STATIC_URL),
            server=settings.PUBLIC_URL if settings.CDN_URL else "",
            organisation_name=tenant.name,
            kind=tenant.kind,
            identity=sign_demo_identity(organisation) if "as" in self.request.GET else "",
            calls=CALLS if "driven" in self.request.GET else [],
            mode=self.mode,
            links=links_of(organisation),
        )


@method_decorator(csp(FRAMING_PAGE_CSP), name="dispatch")
class FramingDemoPage(DemoPage):
    """Whose scripts must not read the chat."""

    mode = "iframe"


class LoginOnce(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        user = once.claim(request.POST.get("once", "")) if settings.DEMO else None
        if user is None:
            messages.error(request, "This link has been used or is too old. Sign in with your password.")
            return redirect("login")
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("chat")


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The process can serve: its database answers, and it is not about to go. Redis may be away: news heals without."""
    if BACKGROUND.is_draining:
        return HttpResponse("draining\n", content_type="text/plain", status=503)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
