"""REST about links to files, and about who has read one."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from rest_framework.fields import UUIDField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from accounts.permissions import Permission
from attachments import actions, queries
from attachments.access import get_attachment
from attachments.models import Mode
from attachments.payloads import access_payload, link_payload
from attachments.serializers import AccessQuery, ShareInput
from common.api import cut, page, read_input, unpack_cursor


class ShareLinks(ActorView):
    """Those that hold; and another."""

    def get(self, request: Request, attachment_id: UUID) -> Response:
        file = get_attachment(self.actor, attachment_id)
        self.actor.must(Permission.SHARE_FILES)
        return page([link_payload(one) for one in queries.working_links(file)], next_cursor=None)

    def post(self, request: Request, attachment_id: UUID) -> Response:
        get_attachment(self.actor, attachment_id)
        data = read_input(ShareInput, request.data)
        link, token = actions.share_file(
            self.actor,
            attachment_id=attachment_id,
            mode=Mode(data["mode"]),
            expires_at=data["expires_at"],
            max_uses=data.get("max_uses"),
            password=data.get("password", ""),
        )
        url = settings.PUBLIC_URL + reverse("shared-file", args=[token])
        return Response({**link_payload(link), "url": url}, status=HTTPStatus.CREATED)


class ShareLinkDetail(ActorView):
    def delete(self, request: Request, link_id: UUID) -> Response:
        actions.revoke_link(self.actor, link_id=link_id)
        return Response(status=HTTPStatus.NO_CONTENT)


class AccessLog(ActorView):
    """The newest first."""

    def get(self, request: Request, attachment_id: UUID) -> Response:
        file = get_attachment(self.actor, attachment_id)
        self.actor.must(Permission.REVIEW_FILES)
        query = read_input(AccessQuery, request.query_params)
        accesses = queries.accesses_of(file)
        if query["cursor"]:
            (before,) = unpack_cursor(query["cursor"], UUIDField)
            accesses = accesses.filter(pk__lt=before)
        found = list(accesses[: query["limit"] + 1])
        shown, next_cursor = cut(found, query["limit"], lambda last: (last.pk,))
        return page([access_payload(one) for one in shown], next_cursor=next_cursor)
