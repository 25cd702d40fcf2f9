"""What comes in about presence."""

from __future__ import annotations

from rest_framework import serializers

from presence.models import Availability


class AvailabilityInput(serializers.Serializer[None]):
    availability = serializers.ChoiceField(choices=Availability.choices)


class SetPresenceFrame(serializers.Serializer[None]):
    away = serializers.BooleanField()
