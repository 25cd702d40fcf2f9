"""Signals of Django and of libraries, answered."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from corsheaders.signals import check_request_enabled
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.actions import recheck_sockets_of, recheck_what_stands_on_sessions
from accounts.models import Member, Organisation, Site, SiteOrigin, Token, User
from accounts.queries import is_origin_of_a_site


@receiver(check_request_enabled, dispatch_uid="allow the origins of sites")
def allow_origins_of_sites(sender: object, request: HttpRequest, **kwargs: Any) -> bool:
    origin = request.headers.get("Origin", "")
    return bool(origin) and request.path.startswith("/api/v1/") and is_origin_of_a_site(origin)


@receiver(post_delete, sender=Session, dispatch_uid="a session ended")
def session_ended(sender: object, instance: Session, **kwargs: Any) -> None:
    """Django's own user_logged_out comes too early: the session still holds when it is sent."""
    user_id = instance.get_decoded().get(SESSION_KEY)
    if user_id:
        recheck_what_stands_on_sessions(user_id)


@receiver(pre_delete, sender=User, dispatch_uid="a user is deleted")
def user_deleted(sender: object, instance: User, **kwargs: Any) -> None:
    recheck_what_stands_on_sessions(str(instance.pk))


@receiver(pre_delete, sender=Member, dispatch_uid="a member is deleted")
def member_deleted(sender: object, instance: Member, **kwargs: Any) -> None:
    recheck_sockets_of(instance)


@receiver(pre_delete, sender=Token, dispatch_uid="a token is deleted")
def token_deleted(sender: object, instance: Token, **kwargs: Any) -> None:
    recheck_sockets_of(instance.member)


@receiver(post_save, sender=User, dispatch_uid="password or activity changed")
def user_changed(
    sender: object, instance: User, update_fields: Collection[str] | None = None, **kwargs: Any
) -> None:
    if update_fields is None or set(update_fields) & {"password", "is_active"}:
        recheck_what_stands_on_sessions(str(instance.pk))


# Before a deletion: afterwards nobody could say any more whose sockets they were.
@receiver([post_save, pre_delete], sender=Organisation, dispatch_uid="an organisation changed")
@receiver([post_save, pre_delete], sender=Site, dispatch_uid="a site changed")
@receiver([post_save, pre_delete], sender=SiteOrigin, dispatch_uid="a site's origins changed")
def reach_changed(sender: object, instance: Organisation | Site | SiteOrigin, **kwargs: Any) -> None:
    """Switched off, deleted, or another origin: whoever came in by it is asked again."""
    recheck_sockets_of(instance)
