"""Parley's widget on the pages of a Django project: `{% load parley_widget %}{% parley_widget %}` before `</body>`.

Copy this file into the `templatetags` of one of your apps, with `identity.py` beside it. Settings:
PARLEY = {"url": "https://chat.example", "site": "site_...", "kid": "kid_...", "secret": "..."}
"""

from django import template
from django.conf import settings
from django.utils.html import format_html

from .identity import parley_identity  # noqa: TID252  # wherever it is copied to

register = template.Library()


@register.simple_tag(takes_context=True)
def parley_widget(context):
    """The tag, with who is signed in; with the nonce of your policy, where the request has one."""
    parley, request = settings.PARLEY, context["request"]
    return format_html(
        '<script async src="{}/static/widget/loader.js" data-site="{}" data-identity="{}" nonce="{}"></script>',
        parley["url"],
        parley["site"],
        _identity(request.user, parley),
        getattr(request, "csp_nonce", ""),
    )


def _identity(user, parley):
    if not user.is_authenticated:
        return ""
    person = {"sub": str(user.pk), "name": user.get_full_name() or user.get_username()}
    return parley_identity(parley["site"], parley["kid"], parley["secret"], person)
