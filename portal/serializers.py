"""What comes in at the portal."""

from __future__ import annotations

from rest_framework import serializers

from portal.models import MAX_DESCRIPTION, MAX_REASON, MAX_TITLE, RequestKind, RequestStatus


class SpacesQuery(serializers.Serializer[None]):
    q = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class RequestsQuery(serializers.Serializer[None]):
    """`member`: whoever asked."""

    space = serializers.UUIDField(required=False)
    status = serializers.ChoiceField(choices=RequestStatus.choices, required=False)
    member = serializers.UUIDField(required=False)
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class CreateRequestInput(serializers.Serializer[None]):
    client_id = serializers.UUIDField()
    space = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=RequestKind.choices)
    title = serializers.CharField(max_length=MAX_TITLE)
    description = serializers.CharField(
        max_length=MAX_DESCRIPTION, required=False, allow_blank=True, default=""
    )


class ChangeRequestInput(serializers.Serializer[None]):
    kind = serializers.ChoiceField(choices=RequestKind.choices, required=False)
    title = serializers.CharField(max_length=MAX_TITLE, required=False)
    description = serializers.CharField(max_length=MAX_DESCRIPTION, required=False, allow_blank=True)


class DecideInput(serializers.Serializer[None]):
    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class RequestFilesInput(serializers.Serializer[None]):
    """Beside the files."""

    request = serializers.UUIDField()
