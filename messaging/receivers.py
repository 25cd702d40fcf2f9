"""What follows from news of the rooms below."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import Organisation
from messaging.models import DEFAULT_TYPES, EntityType


@receiver(post_save, sender=Organisation)
def give_default_types(instance: Organisation, created: bool, raw: bool, **_: Any) -> None:
    if created and not raw:
        EntityType.objects.bulk_create(
            EntityType(organisation=instance, key=key, name=name) for key, name in DEFAULT_TYPES.items()
        )
