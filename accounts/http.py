"""The view every endpoint stands on, and where a request came from."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from common.errors import NotAuthenticated

PRIVATE = "private, no-store"


class ActorView(APIView):
    """A view whose caller is a member. Answers are private, and never cached where they do not say otherwise."""

    @property
    def actor(self) -> Actor:
        if not isinstance(self.request.auth, Actor):
            raise NotAuthenticated
        return self.request.auth

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final.setdefault("Cache-Control", PRIVATE)
        return final


def address_of(request: HttpRequest | Request) -> str:
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    return client_address(forwarded, str(request.META.get("REMOTE_ADDR", "")))


def client_address(forwarded: str, peer: str) -> str:
    """Behind our proxy, what nginx wrote last into X-Forwarded-For; nobody else is believed."""
    return forwarded.rpartition(",")[2].strip() if settings.BEHIND_PROXY else peer
