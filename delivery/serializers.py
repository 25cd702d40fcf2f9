"""What comes in about delivery."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from messaging.serializers import SeqField

MAX_CURSORS = 2000


class MarkInput(serializers.Serializer[None]):
    seq = SeqField()


class MoveReceiptFrame(serializers.Serializer[None]):
    conversation = serializers.UUIDField()
    delivered = SeqField(required=False, default=0)
    read = SeqField(required=False, default=0)


class PairsField(serializers.DictField):
    """conversation -> two numbers, as tuples by UUID."""

    child = serializers.ListField(child=SeqField(), min_length=2, max_length=2)

    def to_internal_value(self, data: Any) -> dict[UUID, tuple[int, int]]:
        if isinstance(data, dict) and len(data) > MAX_CURSORS:
            raise serializers.ValidationError(f"At most {MAX_CURSORS} conversations at once.")
        pairs = super().to_internal_value(data)
        return {_uuid(id): (first, second) for id, (first, second) in pairs.items()}


class HelloInput(serializers.Serializer[None]):
    """`cursors`: conversation -> [version, receipt_version], as the client has them. `read`: conversation ->
    [delivered, read], the client's own watermarks: one side may have missed what the other knows."""

    cursors = PairsField(required=False, default=dict)
    read = PairsField(required=False, default=dict)


class SyncInput(HelloInput):
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)


def _uuid(text: Any) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise serializers.ValidationError(f"{text[:40]!r} is not a conversation's id.") from None


class NotificationsQuery(serializers.Serializer[None]):
    unread = serializers.BooleanField(required=False, default=False)
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)
    cursor = serializers.CharField(max_length=400, required=False, default="")


class NotificationFrame(serializers.Serializer[None]):
    notification = serializers.UUIDField()
