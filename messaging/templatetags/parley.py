"""For pages of our own origin: `{% load parley %}{% parley_widget site %}` and `{% parley_contact_form site %}`.

`site` is a Site or its key; one that is not there leaves nothing in the page.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join

from accounts.embed import sign_member
from accounts.models import Site
from accounts.queries import client_in_session, get_site
from common.errors import NotFound
from messaging.forms import ContactForm, words_for

register = template.Library()

# What `data-` says besides: docs/widget.md.
SETTINGS = ("locale", "color_scheme", "position", "boot", "mode")


@register.simple_tag(takes_context=True)
def parley_widget(context: Any, site: Site | str, **wanted: str) -> str:
    """The script's tag, with the nonce of the page's policy and whoever is signed in, unless they are staff."""
    if unknown := set(wanted) - set(SETTINGS):
        raise template.TemplateSyntaxError(f"parley_widget takes {', '.join(SETTINGS)}, not {unknown.pop()}.")
    found, request = _found(site), context["request"]
    if found is None:
        return ""
    src = static("widget/loader.js")
    data = {"site": found.key, **wanted, "identity": _identity(request, found)}
    if "//" in src:
        data["server"] = settings.PUBLIC_URL
    given = ((name.replace("_", "-"), value) for name, value in data.items() if value)
    return format_html(
        '<script async src="{}" nonce="{}"{}></script>',
        src,
        getattr(request, "csp_nonce", None) or "",
        format_html_join("", ' data-{}="{}"', given),
    )


@register.inclusion_tag("messaging/contact_form.html", takes_context=True)
def parley_contact_form(context: Any, site: Site | str) -> dict[str, Any]:
    """A plain form, which works without a script; it shows what is wrong with it on a page of ours."""
    found = _found(site)
    if found is None:
        return {}
    locale = found.organisation.locale
    return {"site": found, "form": ContactForm(found), "words": words_for(locale)}


def _found(site: Site | str) -> Site | None:
    try:
        return get_site(site.key if isinstance(site, Site) else site)
    except NotFound:
        return None


def _identity(request: HttpRequest, site: Site) -> str:
    actor = client_in_session(request, site)
    return sign_member(site, actor) if actor else ""
