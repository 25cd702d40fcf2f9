"""REST about files: their bytes, to whoever may read what holds them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import PRIVATE, ActorView
from attachments import actions
from attachments.access import NO_FILE, get_readable
from attachments.models import Attachment, FileState, Mode
from attachments.queries import approved_file, link_of
from attachments.serializers import SizeQuery
from attachments.serving import Copy, copy_of, send, serve, show_text, shown_copy_of
from attachments.signing import Grant, is_granted, next_expiry, plain, read_token, token_of
from common.api import read_input
from common.errors import NotFound

NEVER = "no-store"


class BytesView(ActorView):
    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Accept chooses between ways to say JSON; the bytes of a picture are of one type, whatever it says."""
        return super().perform_content_negotiation(request, force=True)


class Download(BytesView):
    """Here or, after the same question, by an address elsewhere that holds for a while."""

    def get(self, request: Request, attachment_id: UUID) -> HttpResponseBase:
        file = get_readable(self.actor, attachment_id)
        query = read_input(SizeQuery, request.query_params)
        size = int(query["size"]) if "size" in query else None
        copy = copy_of(file, size, inline=query["inline"])
        # A cache in between is given only what everybody gets who sees it.
        is_cached = bool(settings.CDN_URL) and file.state == FileState.APPROVED
        if is_cached:
            grant = Grant(file.pk, size, query["inline"], next_expiry())
            response: HttpResponseBase = HttpResponseRedirect(_on_cdn(grant, copy))
        else:
            response = send(copy, request.headers, method=request.method)
        # The head of a file is nothing of it, but an address is all of it.
        if size is None and (is_cached or (request.method == "GET" and _gives_bytes(response))):
            mode = Mode.VIEW if copy.inline else Mode.DOWNLOAD
            actions.log_reading(self.actor, file, mode=mode, goes_on=_goes_on(request))
        return response


class Text(ActorView):
    """The words that were found in it; empty for what has none."""

    def get(self, request: Request, attachment_id: UUID) -> Response:
        file = get_readable(self.actor, attachment_id)
        actions.log_reading(self.actor, file, mode=Mode.VIEW, goes_on=False)
        return Response({"text": file.text})


def _gives_bytes(response: HttpResponseBase) -> bool:
    """Not what a browser has already, nor what lies beyond the end."""
    return response.status_code in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.FOUND)


def _goes_on(request: Request) -> bool:
    """As a player asks for one part after the other, and whoever would not be seen to begin."""
    return request.method == "HEAD" or not request.headers.get("Range", "bytes=0-").startswith("bytes=0-")


def _on_cdn(grant: Grant, copy: Copy) -> str:
    return settings.CDN_URL + reverse("signed-file", args=[token_of(grant), plain(copy.name)])


class SignedFile(BytesView):
    """For a CDN, which asks us once for all who ask it: the signature stands for the question who may read it."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, token: str, name: str) -> HttpResponseBase:
        grant = read_token(token)
        file = approved_file(grant.file) if grant else None
        if grant is None or file is None:
            raise NotFound(NO_FILE)
        copy = copy_of(file, grant.size, inline=grant.inline)
        if name != plain(copy.name):
            raise NotFound(NO_FILE)
        return serve(
            copy,
            request.headers,
            method=request.method,
            cache=f"public, max-age={grant.seconds_left}, immutable",
        )

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """A browser asks before it follows a redirect to here with headers of a client's."""
        allowed = {
            "Access-Control-Allow-Methods": "GET, HEAD",
            "Access-Control-Allow-Headers": "Authorization, Range, X-Organisation",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status=HTTPStatus.NO_CONTENT, headers=allowed)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """For every page: after a redirect a browser does not say any more from which one it comes."""
        response["Access-Control-Allow-Origin"] = "*"
        response.setdefault("Cache-Control", NEVER)
        return super().finalize_response(request, response, *args, **kwargs)


class SharedBytes(BytesView):
    """For whoever has just used a link to a file."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, token: str) -> HttpResponseBase:
        link = link_of(token, is_used=True)
        if link is None or not is_granted(link.pk, request.query_params.get("grant", "")):
            raise NotFound(NO_FILE)
        response = self._bytes(link.attachment, Mode(link.mode), request)
        response["Referrer-Policy"] = "no-referrer"
        return response

    def _bytes(self, file: Attachment, mode: Mode, request: Request) -> HttpResponseBase:
        copy = shown_copy_of(file) if mode == Mode.VIEW else copy_of(file, None, inline=False)
        if copy is None:
            return show_text(file.text)
        return send(copy, request.headers, method=request.method, cache=PRIVATE)
