"""What comes in about delivery."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from rest_framework import serializers

from accounts.languages import SPOKEN
from delivery.deciding import EVERYWHERE, MEANS_OF, Means
from delivery.models import DeliveryState
from messaging.serializers import SeqField

MAX_CURSORS = 2000


class TranscriptInput(serializers.Serializer[None]):
    """`language`: the one that the reader's page speaks, else the organisation's."""

    language = serializers.ChoiceField(choices=SPOKEN, required=False, allow_blank=True, default="")


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


# --- webhooks -------------------------------------------------------------------------------------------------------


class AddWebhookInput(serializers.Serializer[None]):
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.CharField(max_length=40), max_length=40)


class ChangeWebhookInput(serializers.Serializer[None]):
    url = serializers.CharField(max_length=500, required=False)
    events = serializers.ListField(child=serializers.CharField(max_length=40), max_length=40, required=False)
    is_active = serializers.BooleanField(required=False)


class LogQuery(serializers.Serializer[None]):
    state = serializers.ChoiceField(choices=DeliveryState.choices, required=False)
    cursor = serializers.CharField(max_length=400, required=False, default="")


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


class StrictSerializer(serializers.Serializer[None]):
    """What it does not know is a mistake: somebody would believe that they had switched something off."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else ()
        if unknown:
            raise serializers.ValidationError({str(name): ["There is no such thing."] for name in unknown})
        return super().to_internal_value(data)


class MeansInput(StrictSerializer):
    def __init__(self, means: Collection[Means] = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._means = means

    def get_fields(self) -> dict[str, Any]:
        return {one: serializers.BooleanField(required=False) for one in sorted(self._means)}


class KindsInput(StrictSerializer):
    def get_fields(self) -> dict[str, Any]:
        return {kind.value: MeansInput(means, required=False) for kind, means in MEANS_OF.items()}


class QuietInput(StrictSerializer):
    def get_fields(self) -> dict[str, Any]:
        times = {name: serializers.TimeField(input_formats=["%H:%M"]) for name in ("from", "until")}
        timezone = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
        return {**times, "timezone": timezone}

    def validate_timezone(self, name: str) -> str:
        if name and name not in available_timezones():
            raise serializers.ValidationError("Write it as in Europe/Madrid.")
        return name


class PreferencesInput(StrictSerializer):
    kinds = KindsInput(required=False)
    quiet = QuietInput(required=False, allow_null=True)


class SubscriptionKeys(serializers.Serializer[None]):
    """As a browser gives them: a point of the curve P-256, and 16 bytes, in base64url."""

    p256dh = serializers.RegexField(r"^[\w-]{86,88}=?$", max_length=100)
    auth = serializers.RegexField(r"^[\w-]{22}(==)?$", max_length=40)


class PushSubscriptionInput(serializers.Serializer[None]):
    endpoint = serializers.CharField(max_length=1000)
    keys = SubscriptionKeys()
