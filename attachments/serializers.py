"""What comes in about files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from rest_framework import serializers

from attachments.actions import Decision
from attachments.models import MAX_REASON, MAX_TAG, MAX_TAGS, Category, Mode

MAX_TOGETHER = 100
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


class SizeQuery(serializers.Serializer[None]):
    """Of a thumbnail; without one, all of it. `inline`: to be shown in a page, where it can be."""

    size = serializers.ChoiceField(choices=[str(one) for one in settings.THUMBNAILS], required=False)
    inline = serializers.BooleanField(required=False, default=False)


class ReviewInput(serializers.Serializer[None]):
    decision = serializers.ChoiceField(choices=list(Decision))
    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class ReviewTogetherInput(ReviewInput):
    ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MAX_TOGETHER)


class OrganiseInput(serializers.Serializer[None]):
    category = serializers.ChoiceField(choices=Category.choices, required=False)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=MAX_TAG), max_length=MAX_TAGS, required=False
    )


class ShareInput(serializers.Serializer[None]):
    mode = serializers.ChoiceField(choices=Mode.choices, required=False, default=Mode.DOWNLOAD)
    expires_at = serializers.DateTimeField()
    max_uses = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, allow_null=True)
    password = serializers.CharField(min_length=4, max_length=200, required=False, trim_whitespace=False)


class FiguresQuery(serializers.Serializer[None]):
    """Days, of UTC."""

    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        since, until = query.get("since"), query.get("until")
        if since and until and since > until:
            raise serializers.ValidationError({"since": "This is after `until`."})
        for name in ("since", "until"):
            if name in query and not EARLIEST <= query[name] <= LATEST:
                raise serializers.ValidationError({name: "There is nothing to count then."})
        return query


class AccessQuery(serializers.Serializer[None]):
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)
