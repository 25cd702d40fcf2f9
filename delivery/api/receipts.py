"""REST about delivery: sync for pollers, marks for those without a socket."""

from __future__ import annotations

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from accounts.payloads import member_payload
from common.api import page, read_input
from common.clock import iso_or_none
from delivery import actions, queries
from delivery.serializers import MarkInput, SyncInput
from messaging.access import get_conversation, get_message, participant_of
from presence.actions import note_visit

POLL_AFTER_MS = 5000


class Sync(ActorView):
    def post(self, request: Request) -> Response:
        answer = queries.sync(self.actor, **read_input(SyncInput, request.data))
        note_visit(self.actor)
        return Response({**answer, "poll_after_ms": POLL_AFTER_MS})


class MarkDelivered(ActorView):
    watermark = "delivered"

    def post(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        seq = read_input(MarkInput, request.data)["seq"]
        conversation = actions.move_receipt(
            self.actor, conversation_id=conversation_id, **{self.watermark: seq}
        )
        own = participant_of(self.actor, conversation)
        return Response(
            {
                "conversation": str(conversation.id),
                "receipt_version": conversation.receipt_version,
                "delivered_seq": own.delivered_seq if own else 0,
                "read_seq": own.read_seq if own else 0,
            }
        )


class MarkRead(MarkDelivered):
    watermark = "read"


class Deliveries(ActorView):
    """How a message reached each of its recipients."""

    def get(self, request: Request, message_id: UUID) -> Response:
        message = get_message(self.actor, message_id)
        results = [
            {
                "member": member_payload(one.member),
                "status": one.status,
                "delivered_at": iso_or_none(one.delivered_at),
                "read_at": iso_or_none(one.read_at),
            }
            for one in queries.deliveries(message)
        ]
        return page(results, next_cursor=None)
