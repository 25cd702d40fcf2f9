"""What comes in about conversations: the same input for REST and socket."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from messaging.models import MAX_BODY, Kind

MAX_SEQ = 2**63 - 1
MAX_WATCHED = 200


class SeqField(serializers.IntegerField):
    """A place in a timeline, as the database can hold it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=MAX_SEQ, **kwargs)


class DirectionField(serializers.ChoiceField):
    """Which way a page of a timeline goes on."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=["after", "before"], **kwargs)


class SendMessageInput(serializers.Serializer[None]):
    client_id = serializers.UUIDField()
    body = serializers.CharField(max_length=MAX_BODY, trim_whitespace=False)
    reply_to = serializers.UUIDField(required=False, allow_null=True, default=None)
    link_url = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    attachments = serializers.ListField(
        child=serializers.UUIDField(), max_length=20, required=False, default=list
    )

    def validate_body(self, body: str) -> str:
        if not body.strip():
            raise serializers.ValidationError("This field may not be blank.")
        return body

    def validate_attachments(self, ids: list[Any]) -> list[Any]:
        if ids:
            raise serializers.ValidationError("There are no such files.")
        return ids


class SendMessageFrame(SendMessageInput):
    conversation = serializers.UUIDField()


class StartConversationInput(serializers.Serializer[None]):
    kind = serializers.ChoiceField(choices=Kind.choices)
    member = serializers.UUIDField(required=False, allow_null=True, default=None)
    members = serializers.ListField(
        child=serializers.UUIDField(), max_length=500, required=False, default=list
    )
    title = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    space = serializers.UUIDField(required=False, allow_null=True, default=None)


class RenameConversationInput(serializers.Serializer[None]):
    title = serializers.CharField(max_length=120)


class SetTypingInput(serializers.Serializer[None]):
    typing = serializers.BooleanField()


class SwitchFrame(serializers.Serializer[None]):
    """Something about a conversation begins, or is over: typing, watching."""

    conversation = serializers.UUIDField()
    on = serializers.BooleanField()


class WatchedField(serializers.ListField):
    """Whose presence is asked for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.UUIDField(), max_length=MAX_WATCHED, **kwargs)


class CommaSeparatedField(WatchedField):
    """The same in a query: `?members=<id>,<id>`."""

    def to_internal_value(self, data: list[str]) -> list[UUID]:
        ids: list[UUID] = super().to_internal_value([one for one in ",".join(data).split(",") if one])
        return ids


class WatchPresenceFrame(serializers.Serializer[None]):
    members = WatchedField()


class PresenceQuery(serializers.Serializer[None]):
    members = CommaSeparatedField(allow_empty=False)


class ConversationsQuery(serializers.Serializer[None]):
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    space = serializers.UUIDField(required=False)
    archived = serializers.BooleanField(required=False, default=False)
    q = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class TimelineQuery(serializers.Serializer[None]):
    after = SeqField(required=False)
    since_id = SeqField(required=False)
    before = SeqField(required=False)
    around = SeqField(required=False)
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=100)

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        if "since_id" in query:
            query.setdefault("after", query.pop("since_id"))
        if len({"after", "before", "around"} & set(query)) + bool(query["cursor"]) > 1:
            raise serializers.ValidationError("Use one of after, before, around, cursor.")
        return query
