"""What comes in about who."""

from __future__ import annotations

from rest_framework import serializers

from accounts.models import Role


class OpenWidgetSessionInput(serializers.Serializer[None]):
    site = serializers.CharField(max_length=60)
    identity = serializers.CharField(max_length=8000, required=False, allow_blank=True, default="")
    visitor_token = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class SiteQuery(serializers.Serializer[None]):
    site = serializers.CharField(max_length=60)


class MembersQuery(serializers.Serializer[None]):
    q = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    role = serializers.ChoiceField(choices=Role.choices, required=False)
    cursor = serializers.CharField(max_length=400, required=False, default="")


class SettingsInput(serializers.Serializer[None]):
    read_private = serializers.BooleanField()
