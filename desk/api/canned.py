"""REST about canned replies."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from rest_framework.fields import CharField, IntegerField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from common.api import cut, page, read_input, unpack_cursor
from desk import actions, queries
from desk.models import CannedReply
from desk.payloads import CannedReplyPayload, canned_reply_payload
from desk.serializers import CannedRepliesQuery, CannedReplyInput, ChangeCannedReplyInput
from messaging.access import get_conversation
from messaging.api.limits import count_change


class CannedReplies(ActorView):
    """By shortcut; with `q` those whose shortcut begins so, then those whose text has its words. With `conversation`
    each has its `text`, as it is said there."""

    def get(self, request: Request) -> Response:
        replies = queries.canned_replies_of(self.actor)
        query = read_input(CannedRepliesQuery, request.query_params)
        place = get_conversation(self.actor, query["conversation"]) if "conversation" in query else None
        found = queries.matching(replies, query["q"])
        if query["cursor"]:
            found = queries.after(found, *unpack_cursor(query["cursor"], IntegerField, CharField))
        rows = list(found[: query["limit"] + 1])
        shown, next_cursor = cut(rows, query["limit"], _place_of)
        names = queries.names_in(self.actor, place) if place and shown else None
        results = [
            canned_reply_payload(one, queries.filled(one.body, names) if names else None) for one in shown
        ]
        return page(results, next_cursor=next_cursor)

    def post(self, request: Request) -> Response:
        count_change(self.actor)
        reply = actions.create_canned_reply(self.actor, **read_input(CannedReplyInput, request.data))
        return Response(_told(reply), status=HTTPStatus.CREATED)


class CannedReplyDetail(ActorView):
    def get(self, request: Request, reply_id: UUID) -> Response:
        return Response(_told(queries.get_canned_reply(self.actor, reply_id)))

    def patch(self, request: Request, reply_id: UUID) -> Response:
        queries.get_canned_reply(self.actor, reply_id)
        count_change(self.actor)
        changes = read_input(ChangeCannedReplyInput, request.data)
        return Response(_told(actions.change_canned_reply(self.actor, reply_id=reply_id, **changes)))

    def delete(self, request: Request, reply_id: UUID) -> Response:
        count_change(self.actor)
        actions.remove_canned_reply(self.actor, reply_id=reply_id)
        return Response(status=HTTPStatus.NO_CONTENT)


def _place_of(reply: Any) -> tuple[int, str]:
    """In the list: as `queries.matching` has ranked it."""
    return reply.rank, reply.shortcut


def _told(reply: CannedReply) -> CannedReplyPayload:
    return canned_reply_payload(reply)
