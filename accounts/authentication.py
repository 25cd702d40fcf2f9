"""How an HTTP request becomes an Actor: a bearer token, or Django's session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from rest_framework import authentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actor import Actor
from accounts.models import User
from accounts.origins import foreign_origin
from accounts.queries import get_actor_by_token, get_actor_in_session

if TYPE_CHECKING:  # DRF's views import this very module, by its settings
    from rest_framework.views import APIView

Principal = tuple[User | None, Actor]


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <API or widget token>`."""

    def authenticate(self, request: Request) -> Principal | None:
        shown = shown_by(request)
        return (None, get_actor_by_token(shown[0], origin=shown[1])) if shown else None


def shown_by(request: HttpRequest | Request) -> tuple[str, str] | None:
    """The bearer token of a request, and the page it comes from."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return token.strip(), foreign_origin(request.headers.get("Origin", ""), request.get_host())


class SessionAuthentication(authentication.SessionAuthentication):
    """Django's session with its CSRF token; the X-Organisation header chooses among several memberships, or
    `?organisation=` where a browser asks by itself: for a frame, or a link."""

    def authenticate(self, request: Request) -> Principal | None:
        found = super().authenticate(request)
        if found is None:
            return None
        user: User = found[0]
        session_key = request.session.session_key or ""
        chosen = request.headers.get("X-Organisation") or request.query_params.get("organisation", "")
        return user, get_actor_in_session(user.pk, session_key, organisation=chosen)


class IsMember(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Actor)
