"""What comes in about who."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from rest_framework import serializers

from accounts.models import Role
from accounts.models.contacts import MAX_PAGE

MOST_ATTRIBUTES, MAX_KEY, MAX_VALUE = 30, 40, 500
# What every client can read back as it was written.
MOST_NUMBER = 2**53


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
    read_private = serializers.BooleanField(required=False)
    locale = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, allow_blank=True)


class Attributes(serializers.Field[dict[str, Any], dict[str, Any], Any, Any]):
    """A flat object of short keys and plain values."""

    default_error_messages = {
        "shape": "An object of at most 30 keys is wanted.",
        "key": "A key has 1 to 40 characters.",
        "value": "“{name}” is to be a text of at most 500 characters, a number, true or false.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict) or len(data) > MOST_ATTRIBUTES:
            self.fail("shape")
        for key, value in data.items():
            if not 1 <= len(key) <= MAX_KEY or not _is_text(key):
                self.fail("key")
            if not _is_plain(value):
                self.fail("value", name=key)
        return data

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_VALUE and _is_text(value)
    return isinstance(value, bool) or (isinstance(value, int | float) and abs(value) <= MOST_NUMBER)


def _is_text(text: str) -> bool:
    """What PostgreSQL keeps: no NUL, no half of a pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class ContactInput(serializers.Serializer[None]):
    page = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    locale = serializers.RegexField(r"^[A-Za-z0-9_-]*$", max_length=35, required=False, allow_blank=True)
    attributes = Attributes(required=False)

    def validate_page(self, address: str) -> str:
        """Without what may be secret: whom it names, its query, its fragment."""
        page = _bare(address) if address else ""
        if page is None:
            raise serializers.ValidationError("Write it as in https://hotel.example/rooms/.")
        return page[:MAX_PAGE]


def _bare(address: str) -> str | None:
    """Where a page is; None for what is no page."""
    try:
        scheme, netloc, path, _, _ = urlsplit(address)
    except ValueError:
        return None
    host = netloc.rpartition("@")[2]
    return f"{scheme}://{host}{path}" if host and scheme in ("http", "https") else None
