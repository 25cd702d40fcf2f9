"""REST about the notification inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.fields import UUIDField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common import ratelimit
from common.api import cut, read_input, unpack_cursor
from delivery import actions
from delivery.notifications import notifications_of, unread_counts
from delivery.payloads import notification_payload
from delivery.serializers import NotificationsQuery

CHANGES_PER_MEMBER = "120/minute"


class Notifications(ActorView):
    """Newest first; `unread` only on demand."""

    def get(self, request: Request) -> Response:
        query = read_input(NotificationsQuery, request.query_params)
        found = notifications_of(self.actor).order_by("-pk")
        if query["unread"]:
            found = found.filter(read_at=None)
        if query["cursor"]:
            [last] = unpack_cursor(query["cursor"], UUIDField)
            found = found.filter(pk__lt=last)
        shown, next_cursor = cut(list(found[: query["limit"] + 1]), query["limit"], lambda last: (last.pk,))
        return Response(
            {
                "results": [notification_payload(one) for one in shown],
                "next": next_cursor,
                "unread": unread_counts([self.actor.id])[self.actor.id],
            }
        )


class _Change(ActorView):
    change: Any

    def post(self, request: Request, notification_id: UUID) -> Response:
        ratelimit.hit(CHANGES_PER_MEMBER, "notifications", self.actor.id)
        notification, unread = self.change(self.actor, notification_id=notification_id)
        return Response({"notification": notification_payload(notification), "unread": unread})


class ReadNotification(_Change):
    change = staticmethod(actions.read_notification)


class DismissNotification(_Change):
    change = staticmethod(actions.dismiss_notification)


class ReadAllNotifications(ActorView):
    def post(self, request: Request) -> Response:
        ratelimit.hit(CHANGES_PER_MEMBER, "notifications", self.actor.id)
        return Response({"read": actions.read_all_notifications(self.actor), "unread": 0})
