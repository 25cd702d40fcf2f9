"""What comes in about delivery."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from messaging.serializers import MAX_SEQ

MAX_CURSORS = 2000


class MarkInput(serializers.Serializer[None]):
    seq = serializers.IntegerField(min_value=0, max_value=MAX_SEQ)


class MoveReceiptFrame(serializers.Serializer[None]):
    conversation = serializers.UUIDField()
    delivered = serializers.IntegerField(min_value=0, max_value=MAX_SEQ, required=False, default=0)
    read = serializers.IntegerField(min_value=0, max_value=MAX_SEQ, required=False, default=0)


class SyncInput(serializers.Serializer[None]):
    """`cursors`: conversation -> [version, receipt_version], as the client has them."""

    cursors = serializers.DictField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=0, max_value=MAX_SEQ), min_length=2, max_length=2
        ),
        required=False,
        default=dict,
    )
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)

    def validate_cursors(self, cursors: dict[str, list[int]]) -> dict[UUID, tuple[int, int]]:
        if len(cursors) > MAX_CURSORS:
            raise serializers.ValidationError(f"At most {MAX_CURSORS} conversations at once.")
        return {_uuid(id): (version, receipt) for id, (version, receipt) in cursors.items()}


def _uuid(text: Any) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise serializers.ValidationError(f"{text[:40]!r} is not a conversation's id.") from None
