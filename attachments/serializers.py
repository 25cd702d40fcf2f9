"""What comes in about files."""

from __future__ import annotations

from django.conf import settings
from rest_framework import serializers


class SizeQuery(serializers.Serializer[None]):
    """Of a thumbnail; without one, all of it. `inline`: to be shown in a page, where it can be."""

    size = serializers.ChoiceField(choices=[str(one) for one in settings.THUMBNAILS], required=False)
    inline = serializers.BooleanField(required=False, default=False)
