"""One-time logins of the demo: a link that signs in once, and dies with that.

Django's password-reset tokens do just this: they hash the last login, which the login changes. The link carries its
token behind `#`, so that it reaches no server log; the page posts it.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User


class OnceTokens(PasswordResetTokenGenerator):
    key_salt = "config.once"


tokens = OnceTokens()


def link_for(user: User) -> str:
    return f"{settings.PUBLIC_URL}/login/#once={user.pk}.{tokens.make_token(user)}"


def claim(once: str) -> User | None:
    """The user whose link this is, to whoever asks first."""
    id, _, token = once.partition(".")
    try:
        user = User.objects.filter(pk=id, is_active=True).first()
    except ValidationError:
        return None
    if user is None or not tokens.check_token(user, token):
        return None
    # Of many who show it at once, whoever moves the last login has it.
    is_first = User.objects.filter(pk=user.pk, last_login=user.last_login).update(last_login=timezone.now())
    return user if is_first else None
