"""What comes in at the desk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from desk.models import MAX_COMMENT, MAX_REPLY, MAX_SHORTCUT, SHORTCUT
from messaging.serializers import check_body


class ReplyField(serializers.CharField):
    """What is said: as it is written, but not only blanks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_REPLY, trim_whitespace=False, **kwargs)


class CannedReplyInput(serializers.Serializer[None]):
    shortcut = serializers.RegexField(rf"\A{SHORTCUT}\Z", max_length=MAX_SHORTCUT)
    body = ReplyField()
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, allow_blank=True, default=""
    )

    def validate_body(self, body: str) -> str:
        return check_body(body)


class ChangeCannedReplyInput(serializers.Serializer[None]):
    shortcut = serializers.RegexField(rf"\A{SHORTCUT}\Z", max_length=MAX_SHORTCUT, required=False)
    body = ReplyField(required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, allow_blank=True)

    def validate_body(self, body: str) -> str:
        return check_body(body)


class CannedRepliesQuery(serializers.Serializer[None]):
    """`conversation`: where they are to be said."""

    q = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    conversation = serializers.UUIDField(required=False)
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


# --- who serves whom ----------------------------------------------------------------------------------------------


class QueueQuery(serializers.Serializer[None]):
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class AssignInput(serializers.Serializer[None]):
    """Without a `member`: the actor takes it."""

    conversation = serializers.UUIDField()
    member = serializers.UUIDField(required=False, allow_null=True, default=None)


class AssignmentsQuery(serializers.Serializer[None]):
    conversation = serializers.UUIDField()
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=20)


class RateInput(serializers.Serializer[None]):
    score = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(max_length=MAX_COMMENT, required=False, allow_blank=True, default="")
